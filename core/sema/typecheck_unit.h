/* typecheck_unit.h: what the files of the document type checker share. Private to them. */
#ifndef SEMA_TYPECHECK_UNIT_H
#define SEMA_TYPECHECK_UNIT_H

#include "sema/typecheck.h"

enum term_kind { TERM_NAMED, TERM_APP, TERM_PARAM, TERM_META, TERM_NEVER };

/* A type while it is being inferred. */
struct term {
    enum term_kind kind;
    struct symbol *name; /* NAMED, PARAM; head of an APP */
    uint32_t number;     /* META */
    uint32_t count;      /* APP */
    struct term **args;
    struct term *bound; /* META: what solving found, or NULL */
};

/* What type parameters stand for. */
struct term_env {
    const struct ast_type_param *params;
    struct term **args;
    uint32_t count;
};

/* In the order in which constraints on one place are solved. */
enum origin {
    ORIGIN_CALL_ARG,
    ORIGIN_CONTRACT,
    ORIGIN_EXPRESSION,
    ORIGIN_BRANCH,
    ORIGIN_CONDITION,
    ORIGIN_RETURN,
    ORIGIN_SET,
};

/* Terms share their parts, so that a few calls can build one that is astronomically large when written out.
 * Nothing walks more than this many parts of a term: larger ones count as a failure to infer. */
enum { TERM_MAX_PARTS = 8192 };

struct constraint {
    struct term *got;
    struct term *want;
    const struct ast_loc *loc;
    const char *ptr; /* of loc, written when solving starts */
    enum origin origin;
    struct symbol *name;           /* callee of CALL_ARG, local of SET */
    uint32_t index;                /* argument of CALL_ARG */
    const struct ast_func *callee; /* its declaration, or NULL */
    uint32_t sequence;
};

struct binding {
    struct symbol *name;
    struct term *type;
    struct binding *shadowed; /* what the name meant before */
    struct binding *previous; /* declared before this one */
};

/* A call of a generic function without its type arguments. */
struct implicit_tapp {
    const struct ast_expr *call;
    const struct ast_func *callee;
    struct term **args;
    struct implicit_tapp *next;
};

struct witness {
    const struct ast_expr *expr;
    struct term *type;
    struct witness *next;
};

/* One file's check; the second half is of the function at hand. */
struct unit {
    struct ast_context *context;
    struct arena *arena; /* lives for the file's check only */
    const struct ast_doc *doc;
    const struct typecheck_signatures *visible;
    struct diagnostics *out;
    struct symbol *input, *result_name, *tapp, *tys;
    struct term *i32, *bytes, *view, *vec, *never;

    struct term *result;
    struct ptrmap bindings; /* symbol -> struct binding */
    struct binding *top;
    uint32_t meta_count;
    uint32_t steps; /* taken for the constraint that is being solved */
    struct constraint *constraints;
    uint32_t constraint_count;
    uint32_t constraint_capacity;
    struct implicit_tapp *implicit, **implicit_end;
    struct witness *witnesses, **witness_end;
};

/* ---- typecheck_term.c ---- */
struct term *term_named(struct unit *unit, const char *name);
struct term *term_meta(struct unit *unit);
struct term *term_of_type(struct unit *unit, const struct ast_type *type, const struct term_env *env);
/* The type that an expression denotes where a type is written among operands; NULL when it is none. */
struct term *term_of_expr(struct unit *unit, const struct ast_expr *expr);
/* Follows what metavariables were bound to. */
struct term *term_resolve(struct term *term);
/* Whether no metavariable is left, and the term is not too large. */
bool term_is_resolved(struct term *term);
/* As data: "i32", ["t","A"], ["meta",0], "never", ["vec","i32"]; null for a term that is too large. */
void term_write(struct term *term, struct text *out);
/* In messages: i32, A, ?0, never, vec. */
void term_brief(struct term *term, struct text *out);

/* ---- typecheck_unify.c ---- */
/* NULL when the terms could be made equal; else the reason, with the innermost pair that differs. */
const char *unify(struct unit *unit, struct term **got, struct term **want);
/* Records that two types must be equal. `name`, `index` and `callee` are those of struct constraint. */
void constrain(struct unit *unit, struct constraint constraint);
/* Solves what was recorded and reports the first failure. */
void unify_solve(struct unit *unit);

/* ---- typecheck_infer.c ---- */
void bind(struct unit *unit, struct symbol *name, struct term *type);
void unbind(struct unit *unit, struct binding *mark);
/* The type of an expression. `want` NULL: nothing is expected of it. */
struct term *infer(struct unit *unit, const struct ast_expr *expr, struct term *want);
/* Infers, and demands `rule.want`; the rest of `rule` says why. */
void expect(struct unit *unit, const struct ast_expr *expr, struct constraint rule);
/* What a form that has a type of its own adds when another is expected of it. */
struct term *infer_known(struct unit *unit, const struct ast_expr *expr, struct term *got, struct term *want);

/* ---- typecheck_call.c ---- */
struct term *infer_call(struct unit *unit, const struct ast_expr *expr, struct term *want);
/* After solving: reports the calls that lack type arguments. */
void report_implicit(struct unit *unit);

/* ---- typecheck_type_head.c ---- */
/* Whether a head is one of ty.*; those take a type as their first operand. */
bool is_type_head(const struct symbol *head);
struct term *infer_type_head(struct unit *unit, const struct ast_expr *expr, struct term *want);

/* ---- typecheck_contract.c ---- */
void contract_clauses(struct unit *unit, const struct ast_func *func);
/* After solving: reports witnesses of types that cannot be shown. */
void contract_witnesses(struct unit *unit);

#endif
