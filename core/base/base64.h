/* base64.h: reading base64 (standard alphabet, padded) as users type it. Writing it is x07/json_writer.h's.
 */
#ifndef BASE_BASE64_H
#define BASE_BASE64_H

#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>

/* Appends the decoded bytes to `out`. Returns false and appends why to `message` when the data is wrong:
 * "Invalid symbol 33, offset 0.", "Invalid input length: 1", "Invalid last symbol 66, offset 1.",
 * "Invalid padding"; `out` may then hold a part. Any thread. */
bool base64_decode(const char *data, size_t len, struct text *out, struct text *message);

#endif
