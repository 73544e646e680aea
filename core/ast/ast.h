/* ast.h: x07AST documents in memory (reference chapter "language", section 1).
 * Knows the document's shape and its text forms; knows nothing of types' meaning, heads or files.
 *
 * Everything here lives in the arena of an ast_context and is immutable once read. Later stages build new
 * nodes (simplifier, generics) in the same arena; they share subtrees freely. Not thread-safe. */
#ifndef AST_AST_H
#define AST_AST_H

#include "base/arena.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* An interned string: two symbols with the same bytes are the same pointer. May contain NUL bytes. */
struct symbol {
    const char *text; /* NUL-terminated */
    uint32_t len;
    int32_t head; /* set and read by sema: index of the built-in head of this name, or -1 */
    struct symbol *next;
    uint64_t hash;
};

/* What documents of one compilation share. */
struct ast_context {
    struct arena *arena;
    struct symbol **buckets;
    size_t bucket_count;
    size_t symbol_count;
};

/* `arena` must outlive the context. Nothing else to free but ast_context_free's table. */
void ast_context_init(struct ast_context *context, struct arena *arena);
void ast_context_free(struct ast_context *context);
struct symbol *ast_intern(struct ast_context *context, const char *text, size_t len);
struct symbol *ast_intern_string(struct ast_context *context, const char *string);

/* Where a node stands in its document as written: a chain that prints as a JSON Pointer. NULL prints as "".
 */
struct ast_loc {
    const struct ast_loc *parent;
    const char *name; /* object member, or NULL for an array index */
    uint32_t index;
};

const struct ast_loc *ast_loc_member(struct ast_context *context, const struct ast_loc *parent,
                                     const char *name);
const struct ast_loc *ast_loc_index(struct ast_context *context, const struct ast_loc *parent,
                                    uint32_t index);
/* Appends the pointer, e.g. "/decls/0/body/2". */
void ast_loc_write(const struct ast_loc *loc, struct text *out);

enum ast_kind { AST_INT, AST_ATOM, AST_LIST };

/* One expression node. A list's items[0] is always an AST_ATOM, its head. The text operand of bytes.lit and
 * bytes.view_lit is an AST_ATOM too. */
struct ast_expr {
    enum ast_kind kind;
    int32_t value;             /* AST_INT */
    uint32_t count;            /* AST_LIST: number of items, >= 1 */
    struct symbol *symbol;     /* AST_ATOM */
    struct ast_expr **items;   /* AST_LIST */
    const struct ast_loc *loc; /* NULL for nodes that no document contains */
};

enum ast_type_kind { AST_TYPE_NAMED, AST_TYPE_VAR, AST_TYPE_APP };

/* A type_ref. NAMED: name; VAR: name of the variable; APP: name is the head, args its arguments. */
struct ast_type {
    enum ast_type_kind kind;
    struct symbol *name;
    uint32_t count;
    struct ast_type **args;
};

struct ast_param {
    struct symbol *name;
    struct ast_type *type;
    struct symbol *brand; /* or NULL */
    const struct ast_loc *loc;
};

struct ast_type_param {
    struct symbol *name;
    struct symbol *bound; /* or NULL */
    const struct ast_loc *loc;
};

struct ast_clause {
    struct symbol *id; /* as written, or NULL when absent */
    struct ast_expr *expr;
    struct ast_expr **witness;
    uint32_t witness_count;
    const struct ast_loc *loc;
};

enum ast_contract { AST_REQUIRES, AST_ENSURES, AST_INVARIANT, AST_CONTRACT_KINDS };
enum ast_func_kind { AST_DEFN, AST_DEFASYNC, AST_EXTERN };

struct ast_func {
    enum ast_func_kind kind;
    struct symbol *name;
    struct ast_type_param *type_params;
    uint32_t type_param_count;
    struct ast_param *params;
    uint32_t param_count;
    struct ast_type *result;     /* NULL: extern returning void */
    struct symbol *result_brand; /* or NULL */
    struct ast_clause *clauses[AST_CONTRACT_KINDS];
    uint32_t clause_count[AST_CONTRACT_KINDS];
    struct ast_expr *body;     /* NULL for extern */
    struct symbol *link_name;  /* extern only */
    const struct ast_loc *loc; /* /decls/<i> as written */
};

struct ast_meta; /* private to the reader and the writer */

enum ast_doc_kind { AST_ENTRY, AST_MODULE };

struct ast_doc {
    struct symbol *schema_version;
    int minor; /* 3, 4 or 5 of x07.x07ast@0.<minor>.0 */
    enum ast_doc_kind kind;
    struct symbol *module_id;
    struct symbol **imports; /* sorted by bytes, no duplicates */
    uint32_t import_count;
    struct symbol **exports; /* sorted by bytes, no duplicates */
    uint32_t export_count;
    struct ast_func **funcs; /* in the order of the document */
    uint32_t func_count;
    struct ast_expr *solve;      /* or NULL */
    const struct ast_meta *meta; /* or NULL */
};

/* Reads one document. Returns NULL and appends "<message> at <pointer>" to `message` when it is not one: JSON
 * syntax errors, every field rule of sections 1.1 to 1.7, in the order of the reference. `data` need not be
 * NUL-terminated and may go away afterwards. `data` must be valid UTF-8 (see ast_check_text). */
struct ast_doc *ast_read(struct ast_context *context, const char *data, size_t len, struct text *message);

/* The checks before parsing (section 0.3, steps 3 and 4): UTF-8, and the first non-blank character is '{'.
 * Returns false and appends the message, without any file label: "program must be UTF-8: ..." or
 * "<what> must be x07AST JSON (*.x07.json); legacy S-expr is not supported", where `what` is e.g. "program".
 */
bool ast_check_text(const char *data, size_t len, const char *what, struct text *message);

/* The canonical form (section 1.9), with its final line feed. */
void ast_write(const struct ast_doc *doc, struct text *out);

/* One expression as compact canonical JSON, without line feed. */
void ast_write_expr(const struct ast_expr *expr, struct text *out);

/* Symbol rule of section 1.3 (module ids, symbols, brands). Returns false and appends the message. */
bool ast_check_symbol(const char *text, size_t len, struct text *message);

/* Node count of section 10.1: atoms and integers 1, lists 1 plus their items. */
uint64_t ast_count_nodes(const struct ast_expr *expr);

/* Display of a type_ref as in compile errors: Named("i32"), Var("A"), App { head: "option", args: [...] }. */
void ast_type_display(const struct ast_type *type, struct text *out);

#endif
