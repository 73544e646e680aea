/* checker.h: what the files of the type checker share. Private to them. */
#ifndef SEMA_CHECKER_H
#define SEMA_CHECKER_H

#include "base/ptrmap.h"
#include "sema/heads.h"
#include "sema/program.h"

/* A name's meaning before a scope changed it. */
struct binding_undo {
    const struct symbol *name;
    struct local *previous;
};

struct checker {
    struct program *program;
    struct func *func; /* NULL for solve */
    struct body *body;
    struct value_type result;
    struct ptrmap bindings; /* symbol -> struct local */
    struct binding_undo *undo;
    size_t undo_count;
    size_t undo_capacity;
    uint32_t scope; /* id of the innermost open scope */
    uint32_t scope_count;
    unsigned unsafe_depth;
    unsigned task_scopes; /* around what is being checked */
};

/* What to restore when a scope closes. */
struct scope_mark {
    size_t undo_count;
    uint32_t scope;
};

struct scope_mark scope_open(struct checker *checker);
void scope_close(struct checker *checker, struct scope_mark mark);
struct local *scope_lookup(const struct checker *checker, const struct symbol *name);
/* Declares a local in the innermost scope. NULL when the limit on locals is exceeded (failure is set). */
struct local *scope_declare(struct checker *checker, struct symbol *name, struct value_type type);

struct node *node_new(struct checker *checker, enum node_kind kind, enum type type,
                      const struct ast_expr *expr, uint32_t count);

/* All return NULL after setting the failure. */
struct node *check_value(struct checker *checker, const struct ast_expr *expr);
struct node *check_statement(struct checker *checker, const struct ast_expr *expr);
/* In a scope of its own. */
struct node *check_scoped(struct checker *checker, const struct ast_expr *expr, bool statement);

struct node *check_form(struct checker *checker, int form, const struct ast_expr *expr, bool statement);
struct node *check_operator(struct checker *checker, int op, const struct ast_expr *expr);
struct node *check_head(struct checker *checker, int head, const struct ast_expr *expr);
struct node *check_cast(struct checker *checker, int form, const struct ast_expr *expr);
struct node *check_call(struct checker *checker, struct func *callee, const struct ast_expr *expr);
/* Tasks (check_tasks.c): scopes, selects and their descriptors. */
struct node *check_task_form(struct checker *checker, int form, const struct ast_expr *expr);
/* Whether the body being checked is that of an asynchronous function. */
bool check_in_task(const struct checker *checker);
/* False after an error: the head stands outside of every task scope. */
bool check_in_task_scope(struct checker *checker, int head);
/* A head that takes a call of an asynchronous function: the demands on the expression, and on what it became.
 */
bool check_starts_task(int head);
bool check_is_task_call(struct checker *checker, const struct ast_expr *expr);
bool check_task_kind(struct checker *checker, int head, const struct node *node);
/* Whether an expression is a call of an asynchronous function. */
bool check_calls_task(const struct checker *checker, const struct ast_expr *expr);
/* Whether a value may stand where `want` is: a task's handle is as good as an i32, but not straight from the
 * call that starts the task. False: *called is that function, or NULL. */
bool check_stands_for(enum type want, const struct node *value, const struct func **called);

/* What the table of heads does not say of raw pointers (check_pointers.c). */
struct node *check_pointer_cast(struct checker *checker, const struct ast_expr *expr);
struct node *check_address(struct checker *checker, int head, const struct ast_expr *expr);
/* The result's type of a head that keeps or changes that of its pointer operand; nothing for other heads. */
void check_pointer_result(int head, struct node *node);
/* Whether a pointer may stand where an extern wants `want`. */
bool check_pointer_converts(enum type want, enum type got);
/* Gates: false after setting the failure, which names `what`. */
bool check_unsafe_capability(struct checker *checker, const char *what);
bool check_ffi_capability(struct checker *checker, const char *what);
bool check_unsafe_block(struct checker *checker, const char *what);

/* Wraps an owned value that stands where a view is wanted. */
struct node *check_implicit_view(struct checker *checker, struct node *value);

/* Types the function's contract clauses; its parameters are declared. False: the failure is set. */
bool check_contracts(struct checker *checker);

struct node *check_fail(struct checker *checker, const char *kind, const char *message);
/* "<head> expects <n> args" unless expr has that many operands. */
bool check_arity(struct checker *checker, const struct ast_expr *expr, const char *name, uint32_t want);

#endif
