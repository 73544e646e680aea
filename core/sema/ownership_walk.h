/* ownership_walk.h: what the files of the ownership check share. Private to them. */
#ifndef SEMA_OWNERSHIP_WALK_H
#define SEMA_OWNERSHIP_WALK_H

#include "sema/owner_state.h"

struct walk {
    struct failure *failure;
    struct body *body;
    struct owner_state state;
    const struct ast_loc *asker; /* the construct that needs the owner of the view being looked at */
    bool in_clause;              /* of a contract */
};

/* All return false after setting the failure. */

/* Walks one expression. For view types, *owner is what the value borrows from, or NULL. */
bool walk_node(struct walk *walk, struct node *node, struct local **owner);

/* The clauses that run when the function is entered. */
bool walk_entry_contracts(struct walk *walk);
/* The clauses that run at one exit, with the state of its moves. `source` is what the result borrows from. */
bool walk_exit_contracts(struct walk *walk, struct local *source, const struct ast_loc *loc);
/* Clauses may look at parameters and the result, but not take them. */
bool walk_clause_may_take(struct walk *walk, const struct local *local, const struct ast_loc *loc);

#endif
