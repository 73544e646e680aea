/* clean.c: see clean.h. */
#include "registry/clean.h"

#include "base/text.h"
#include "base/utf8.h"

#include <string.h>

json_object *
clean_string(const char *text)
{
    struct text clean = {0};

    if (!text)
        return NULL;
    for (size_t len = strlen(text); len;) {
        size_t good = utf8_prefix(text, len);

        text_append(&clean, text, good);
        text += good;
        len -= good;
        if (len) {
            text_puts(&clean, "\xef\xbf\xbd");
            text++;
            len--;
        }
    }
    json_object *value = json_object_new_string_len(text_string(&clean), (int)clean.len);
    text_free(&clean);
    return value;
}
