/* json_out.h: the host's reports are written with the writer that plugins get, x07/json_writer.h. This adds
 * what only the host needs. */
#ifndef BASE_JSON_OUT_H
#define BASE_JSON_OUT_H

#include "base/text.h"

#include <x07/json_writer.h>

/* Moves what was written to the end of `out` and empties the writer. */
static inline void
json_out_take(x07_json *json, struct text *out)
{
    text_append(out, json->data ? json->data : "", (size_t)json->len);
    x07_json_free(json);
}

#endif
