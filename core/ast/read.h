/* read.h: what the parts of the document reader share; private to read_*.c.
 *
 * Each part returns false (or NULL) once it has put the error's message where ast_read wants it. */
#ifndef AST_READ_H
#define AST_READ_H

#include "ast/ast.h"
#include "ast/json.h"
#include "ast/symbol_set.h"

struct ast_reader {
    struct ast_context *context;
    struct arena *scratch; /* lives until ast_read returns */
    struct text *message;
    struct ast_doc *doc;
    struct symbol_set functions; /* names that the document has declared so far */
};

/* The only member of the document that outlives its JSON as JSON. */
struct ast_meta {
    struct ast_json value;
};

/* Writes the message and " at <pointer>". Returns false. */
bool ast_read_fail(struct ast_reader *reader, const struct ast_loc *loc, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Ends a message that a check has begun: appends " at <pointer>". Returns false. */
bool ast_read_fail_here(struct ast_reader *reader, const struct ast_loc *loc);

/* A JSON string or a symbol in quoted form, for messages. */
const char *ast_read_quote(struct ast_reader *reader, const char *text, size_t len);

/* A member that must be there and be a string; NULL on failure. `loc` is the object's. */
const struct ast_json *ast_read_string(struct ast_reader *reader, const struct ast_json *object,
                                       const struct ast_loc *loc, const char *name);

/* A member that may be absent (then *value is NULL) but must else be a string. */
bool ast_read_optional_string(struct ast_reader *reader, const struct ast_json *object,
                              const struct ast_loc *loc, const char *name, const struct ast_json **value);

typedef bool ast_name_rule(const char *text, size_t len, struct text *message);

/* Checks a string against a rule for names and interns it as written; NULL on failure. */
struct symbol *ast_read_name(struct ast_reader *reader, const struct ast_json *value,
                             const struct ast_loc *loc, ast_name_rule *rule);

/* Whether the string, without white space around it, is this word. */
bool ast_read_is_word(const struct ast_json *value, const char *word);

/* An array of names as a sorted set. */
void ast_read_sort_names(struct symbol **names, uint32_t *count);

struct ast_type *ast_read_type(struct ast_reader *reader, const struct ast_json *value,
                               const struct ast_loc *loc);

/* Whether a type may carry a brand. */
bool ast_type_takes_brand(const struct ast_type *type);

/* Whether a type may cross to foreign code: i32, u32 or a raw pointer. */
bool ast_type_is_foreign(const struct ast_type *type);

struct ast_expr *ast_read_expr(struct ast_reader *reader, const struct ast_json *value,
                               const struct ast_loc *loc);

/* One declaration: a function is added to the document's, an export's names to its exports. */
bool ast_read_decl(struct ast_reader *reader, const struct ast_json *value, const struct ast_loc *loc,
                   uint32_t index);

/* The fields of a function of the kind that `func` says; its name is read. */
bool ast_read_func(struct ast_reader *reader, struct ast_func *func, const struct ast_json *decl);

/* Params of any function; `kind` is its word in messages. */
bool ast_read_params(struct ast_reader *reader, struct ast_func *func, const struct ast_json *decl,
                     const char *kind);

#endif
