/* utf8.h: whether bytes are UTF-8. */
#ifndef RUNTIME_UTF8_H
#define RUNTIME_UTF8_H

#include <stdbool.h>
#include <stdint.h>

static inline bool
utf8_is_valid(const uint8_t *text, uint32_t len)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};

    for (uint32_t i = 0; i < len;) {
        uint32_t size = text[i] < 0x80       ? 1
                        : text[i] >> 5 == 6  ? 2
                        : text[i] >> 4 == 14 ? 3
                        : text[i] >> 3 == 30 ? 4
                                             : 0;

        if (!size || size > len - i)
            return false;
        uint32_t c = size == 1 ? text[i] : text[i] & (0x7fU >> size);
        for (uint32_t k = 1; k < size; k++) {
            if (text[i + k] >> 6 != 2)
                return false;
            c = c << 6 | (text[i + k] & 0x3f);
        }
        if (c < least[size] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
            return false;
        i += size;
    }
    return true;
}

#endif
