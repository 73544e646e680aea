/* json.h: the JSON that x07AST documents are written in, as a compact read-only tree.
 *
 * The toolchain has its own reader for this because the error texts and the positions in them are part of its
 * contract. Knows JSON; knows nothing of x07AST. Not thread-safe in one arena. */
#ifndef AST_JSON_H
#define AST_JSON_H

#include "base/arena.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum ast_json_kind {
    JSON_NULL,
    JSON_FALSE,
    JSON_TRUE,
    JSON_INTEGER, /* fits int64_t */
    JSON_NATURAL, /* does not, but fits uint64_t */
    JSON_REAL,    /* every other number, and -0 */
    JSON_STRING,
    JSON_ARRAY,
    JSON_OBJECT
};

struct ast_json {
    enum ast_json_kind kind;
    uint32_t count; /* bytes of a string, items of an array, members of an object */
    union {
        int64_t integer;
        uint64_t natural;
        double real;
        const char *text; /* not NUL-terminated */
        const struct ast_json *items;
        const struct ast_json_member *members; /* as written, duplicates included */
    };
};

struct ast_json_member {
    const char *name; /* not NUL-terminated */
    uint32_t name_len;
    struct ast_json value;
};

/* Reads one JSON text, which must be valid UTF-8. Strings without escapes point into `data`, everything else
 * is in `arena`: both must outlive the tree. Returns false and appends "<text> at line <l> column <c>" when
 * the text is not JSON, is nested deeper than 127 or is not below 4 GiB. Time and memory are linear in `len`.
 */
bool ast_json_read(struct arena *arena, const char *data, size_t len, struct ast_json *value,
                   struct text *message);

/* The last member of that name, or NULL. `object` must be a JSON_OBJECT. */
const struct ast_json *ast_json_get(const struct ast_json *object, const char *name);

/* Whether a value is this string. */
bool ast_json_is(const struct ast_json *value, const char *string);

/* A copy that lives in `arena` alone, with each object's members sorted by the bytes of their names and only
 * the last of equal ones kept. */
struct ast_json ast_json_copy_sorted(struct arena *arena, const struct ast_json *value);

/* Compact JSON, members in the order of the tree. */
void ast_json_write(const struct ast_json *value, struct text *out);

/* The same with two spaces of indentation, one item or member per line; empty containers are [] and {}. */
void ast_json_write_pretty(const struct ast_json *value, struct text *out);

/* A string as JSON, in quotes. Only what must be escaped is. */
void ast_json_write_string(const char *data, size_t len, struct text *out);

/* Value as error messages show it: Null, Bool(true), Number(1), String("v"), Array [..], Object {"k": ..}. */
void ast_json_display(struct arena *arena, const struct ast_json *value, struct text *out);

/* A number as error messages show it: 1.0, 1e20, 18446744073709551615. */
void ast_json_display_number(const struct ast_json *value, struct text *out);

#endif
