/* tree.h: checked expressions. Names are resolved, every node has a type, and every use of a local says what
 * it does to it. The checker builds it, the ownership check annotates it, the simplifier rewrites it, the
 * emitter walks it once. */
#ifndef SEMA_TREE_H
#define SEMA_TREE_H

#include "ast/ast.h"
#include "sema/types.h"

#include <stdbool.h>
#include <stdint.h>

struct func;

enum node_kind {
    NODE_INT,    /* value */
    NODE_LOCAL,  /* local, use */
    NODE_INPUT,  /* the program's input */
    NODE_BEGIN,  /* kids; opens a scope */
    NODE_UNSAFE, /* the same for an unsafe block */
    NODE_LET,    /* local, kids[0] */
    NODE_SET,    /* local, kids[0]; yields the new value */
    NODE_SET0,   /* local, kids[0]; yields 0 */
    NODE_IF,     /* kids: condition, then, else; the branches open scopes */
    NODE_FOR,    /* local, kids: start, end, body; fresh says whether the loop declares the local */
    NODE_RETURN, /* kids[0] */
    NODE_TRY,    /* kids[0] */
    NODE_OP,     /* head (an operator), kids: two */
    NODE_HEAD,   /* head (a call head), kids: operands; text for literals */
    NODE_CALL,   /* callee, kids: arguments */
    NODE_CAST,   /* head (a cast form), callee: the validator, kids[0]: the value */
    NODE_VIEW,   /* implicit view of kids[0], which has an owned type */
    NODE_SCOPE,  /* kids[0], with the tasks that it starts; terms */
    NODE_SELECT, /* kids: the operands of the cases; terms */
    NODE_SILENT, /* kids[0] is evaluated for its effects, its own nodes free of fuel; then kids[1], if any */
};

/* What reading a local does. */
enum local_use {
    USE_COPY,    /* copyable types, and views */
    USE_MOVE,    /* the local is empty afterwards */
    USE_PEEK,    /* looked at; costs no fuel */
    USE_CONSUME, /* in-place operand: read after the other operands, then empty; costs no fuel */
    USE_DEFAULT, /* option_bytes.unwrap_or default: emptied only if used; costs no fuel */
};

struct local {
    struct symbol *name;
    struct value_type type;
    uint32_t id;    /* unique in its function */
    uint32_t scope; /* of the declaration, while checking */
    bool parameter;
    bool loop_variable;
    bool addressed; /* its address is taken: it may change where nothing names it */
    bool known;     /* simplifier: an i32 that can be computed again without effects */

    /* State of the ownership check (ownership.c). */
    bool moved;
    bool moved_unknown;              /* moved in a branch that was merged */
    const struct ast_loc *moved_loc; /* the moving node */
    bool live;                       /* in scope */
    struct local *owner;             /* of a view: what it borrows, or NULL */
    const struct ast_loc *borrow_loc;
    uint32_t borrows; /* of an owner: views in scope that point at it */
    uint32_t stamp;   /* last merge that looked at it */
};

/* What the descriptors of a task scope or a select say. */
enum { TASK_TERMS = 5 };

struct task_terms {
    uint32_t values[TASK_TERMS]; /* in the order of x07_task_scope_limits, or of x07_select_terms */
    bool tries;                  /* select_try_v1 */
    bool *channels;              /* by case: it is a channel, else a slot */
    uint64_t nodes;              /* x07AST nodes of the descriptors */
};

struct node {
    enum node_kind kind;
    enum local_use use;
    bool statement; /* the value is discarded and the form is charged as a statement */
    bool exits;     /* contains return or try */
    bool open;      /* NODE_BEGIN: made by the simplifier; what it declares belongs to the scope around it */
    bool fresh;     /* NODE_FOR and NODE_BEGIN: declares `local` beside itself; NODE_SET: stands for a let */
    int head;       /* NODE_OP, NODE_HEAD, NODE_CAST */
    int32_t value;  /* NODE_INT */
    uint32_t count;
    struct value_type type;
    struct local *local;
    struct func *callee;
    struct symbol *text;
    const struct task_terms *terms;
    struct node **kids;
    const struct ast_loc *loc;
};

/* A checked contract clause. */
struct clause {
    const struct ast_clause *ast;
    struct node *expr;
    struct node **witness;
};

/* A checked function body, or solve. */
struct body {
    struct func *func; /* NULL for solve */
    struct node *tree;
    struct local **params;
    uint32_t param_count;
    struct value_type result;
    uint32_t local_count;
    uint64_t temporaries;                       /* see temporaries.h; set by the simplifier */
    struct clause *clauses[AST_CONTRACT_KINDS]; /* as many as the function has */
    struct local *result_local;                 /* __result of ensures clauses; NULL without any */
};

#endif
