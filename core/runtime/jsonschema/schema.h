/* schema.h: a compiled schema and what the files of the validator share. Knows JSON Schema (drafts 4, 6, 7,
 * 2019-09 and 2020-12), and no documents of programs. Memory lies in arenas outside the program's heap. Not
 * thread-safe. */
#ifndef RUNTIME_JSONSCHEMA_SCHEMA_H
#define RUNTIME_JSONSCHEMA_SCHEMA_H

#include "ast/json.h"
#include "base/arena.h"
#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

enum dialect { DIALECT_2020 = 1, DIALECT_2019 = 2, DIALECT_4 = 4, DIALECT_6 = 6, DIALECT_7 = 7 };

enum schema_code { SCHEMA_OK = 0, SCHEMA_NOT_JSON = 1, SCHEMA_UNKNOWN_DIALECT = 2, SCHEMA_INVALID = 3 };

/* A schema that a reference can name. */
struct resource {
    struct resource *next;
    const char *uri; /* with its fragment */
    const struct ast_json *schema;
};

/* The base URI of a schema that has an $id. */
struct base {
    struct base *next;
    const struct ast_json *schema;
    const char *uri;
};

/* A compiled regular expression. */
struct expression {
    struct expression *next;
    const struct ast_json *source;
    void *code;
};

struct schema {
    struct arena *arena;
    struct ast_json root;
    enum dialect dialect;
    struct resource *resources;
    struct base *bases;
    struct expression *expressions;
};

/* Compiles a text; NULL with a code and a message when it is no schema. Free it with schema_free. */
struct schema *schema_new(const char *text, size_t len, enum schema_code *code, struct text *message);
void schema_free(struct schema *schema);

/* Walks a schema and its subschemas: checks what keywords hold, notes names and expressions. False with a
 * message. */
bool schema_collect(struct schema *schema, const struct ast_json *node, const char *base,
                    struct text *message);

/* `reference` seen from `base`: an absolute URI, in the arena. */
const char *schema_resolve(struct arena *arena, const char *base, const char *reference, size_t len);

/* The schema with that URI, or NULL; *base becomes its base URI, in the arena. */
const struct ast_json *schema_find(struct arena *arena, const struct schema *schema, const char *uri,
                                   const char **base);

/* Whether the expression that `source` holds is found in a text. */
bool schema_matches(const struct schema *schema, const struct ast_json *source, const char *text, size_t len);

/* ---- validation ---- */

/* Where in the instance: a list from the inside to the outside. */
struct place {
    const struct place *outer; /* NULL: the whole instance, and nothing below counts */
    const char *name;          /* of a member; NULL: an item */
    uint32_t name_len, index;
};

struct finding {
    const char *pointer, *keyword, *message;
};

struct findings {
    struct finding *items;
    size_t count, cap;
};

/* One validation. */
struct check {
    const struct schema *schema;
    struct arena *arena;
    struct findings *findings; /* NULL: only whether it is valid counts */
    const char *base;
    unsigned depth;
    const char *segment; /* the last segment of where the schema stands */
};

/* One schema on one instance. */
struct frame {
    struct check *check;
    const struct ast_json *schema, *instance;
    const struct place *place;
    uint8_t *seen; /* by member or item of the instance: some keyword has looked at it */
};

/* Validates all errors into check->findings. `seen` has a byte for each item or member of the instance. */
bool check_schema(struct check *check, const struct ast_json *schema, const struct ast_json *instance,
                  const struct place *place, uint8_t *seen);

/* Notes an error; false. */
bool check_fail(struct frame *frame, const char *keyword, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Compact JSON, in the arena. */
const char *check_show(struct check *check, const struct ast_json *value);

typedef bool keyword_check(struct frame *frame, const struct ast_json *value);

/* The check of a keyword in one of the two tables; NULL when it has none. */
keyword_check *keyword_assertion(const char *name, size_t len);
keyword_check *keyword_applicator(const char *name, size_t len, bool last);

bool json_equal(const struct ast_json *a, const struct ast_json *b);
bool json_is_number(const struct ast_json *value);
double json_number(const struct ast_json *value);
int json_compare_numbers(const struct ast_json *a, const struct ast_json *b);
bool json_is_integer(const struct ast_json *value);
size_t json_characters(const struct ast_json *string);

/* A keyword of the schema beside the one that is checked, or NULL. */
static inline const struct ast_json *
frame_get(const struct frame *frame, const char *name)
{
    return ast_json_get(frame->schema, name);
}

#endif
