/* json_decode.h: JSON documents into C structs, by a table of their members.
 * For documents that are not programs: manifests, lock files, reports of others. Knows JSON and the tables;
 * knows nothing of what the members mean.
 *
 * Members that no table row names are ignored. Strings become NUL-terminated copies in the arena; one that
 * contains a NUL is refused. Everything decoded lives as long as the arena. Not thread-safe in one arena. */
#ifndef AST_JSON_DECODE_H
#define AST_JSON_DECODE_H

#include "ast/json.h"

enum json_shape_kind {
    SHAPE_STRING,   /* const char *, NULL when absent */
    SHAPE_FLAG,     /* struct json_flag */
    SHAPE_NATURAL,  /* struct json_natural */
    SHAPE_STRINGS,  /* struct json_strings */
    SHAPE_NATURALS, /* struct json_naturals */
    SHAPE_OBJECT,   /* the struct of `shape` itself */
    SHAPE_LIST,     /* struct json_list of structs of `shape` */
    SHAPE_MAP,      /* the same from an object: the struct begins with a const char * that gets the name */
    SHAPE_TEXTS,    /* an object of strings: struct json_list of struct json_text */
    SHAPE_ANY       /* const struct ast_json *, NULL when absent */
};

struct json_flag {
    bool given;
    bool value;
};

struct json_natural {
    bool given;
    uint64_t value;
};

struct json_strings {
    const char **items;
    size_t count;
};

struct json_naturals {
    uint64_t *items;
    size_t count;
};

struct json_list {
    bool given; /* the member was there */
    void *items;
    size_t count;
};

struct json_text {
    const char *name;
    const char *text;
};

struct json_shape;

struct json_shape_field {
    const char *name;
    enum json_shape_kind kind;
    size_t offset; /* in the struct */
    const struct json_shape *shape;
    bool required;
    bool nullable;      /* null counts as absent */
    bool trim;          /* white space at both ends of its strings is dropped */
    uint64_t max;       /* of numbers: UINT16_MAX, UINT32_MAX; 0: any that fits uint64_t */
    uint64_t otherwise; /* value of a flag or number that is absent; `given` stays false */
};

struct json_shape {
    const char *name; /* for messages: "struct <name>" */
    const struct json_shape_field *fields;
    size_t field_count;
    size_t size; /* of the struct */
};

/* The table row of a member, or NULL. */
const struct json_shape_field *json_shape_find(const struct json_shape *shape,
                                               const struct ast_json_member *member);

/* Reads the text and fills `out`, which must be zeroed. `data` must outlive SHAPE_ANY values. *document,
 * unless NULL, gets the whole tree. False: `message` got e.g. "missing field `entry` at line 8 column 1" or
 * "invalid type: null, expected a sequence at line 9 column 22", and `out` may be filled in part. */
bool json_decode(struct arena *arena, const char *data, size_t len, const struct json_shape *shape, void *out,
                 struct ast_json *document, struct text *message);

#endif
