/* utf8.h: UTF-8 text: validity, code points, white space.
 * Knows nothing of languages built on it. Pure functions, safe from any thread; nothing is allocated but what
 * a caller's struct text grows by. But for utf8_check, utf8_prefix and utf8_append_lossy, text given to these
 * calls must be valid. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { UTF8_MAX_BYTES = 4 };

/* Returns whether `data` is valid. If not, appends what is wrong with the first bad sequence, e.g.
 * "invalid utf-8 sequence of 1 bytes from index 3" or "incomplete utf-8 byte sequence from index 3". */
bool utf8_check(const char *data, size_t len, struct text *message);

/* Appends the text with U+FFFD for every byte that does not belong to it. */
void utf8_append_lossy(struct text *out, const char *data, size_t len);

/* How many bytes at the start of `data` are valid; `len` when all are. */
size_t utf8_prefix(const char *data, size_t len);

/* Stores the first code point and returns its length in bytes; `len` must not be 0. */
size_t utf8_decode(const char *data, size_t len, uint32_t *code);

/* Writes a code point (not a surrogate) to `out`, of UTF8_MAX_BYTES, and returns its length. */
size_t utf8_encode(uint32_t code, char *out);

/* Unicode property White_Space. */
bool utf8_is_space(uint32_t code);

/* Whether any code point of the text is white space. */
bool utf8_has_space(const char *data, size_t len);

/* Narrows the range to leave out white space at its start and at its end. */
void utf8_trim(const char **data, size_t *len);

#endif
