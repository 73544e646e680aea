/* json_reader.h: what the parts of the JSON reader share; private to json*.c. */
#ifndef AST_JSON_READER_H
#define AST_JSON_READER_H

#include "ast/json.h"

/* Values of open arrays and objects wait on `stack` until their container closes and its size is known. */
struct json_reader {
    const char *data;
    const char *at;
    const char *end;
    struct arena *arena;
    struct text *message;
    struct text stack;
    unsigned depth;
};

/* Appends the error text with the position of `at`, whose column is the number of bytes before it in its
 * line. Returns false. */
bool json_fail(struct json_reader *reader, const char *at, const char *text);

/* The same for a byte that was looked at and not taken: it counts in the column, the end of input does not.
 */
bool json_fail_peek(struct json_reader *reader, const char *text);

/* Reads the rest of a string whose opening quote has been taken. */
bool json_read_string(struct json_reader *reader, const char **text, uint32_t *len);

/* Reads a number; the next byte is '-' or a digit. */
bool json_read_number(struct json_reader *reader, struct ast_json *value);

#endif
