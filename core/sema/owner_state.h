/* owner_state.h: which locals are moved and what views borrow, at one point of a body. Private to the
 * ownership check.
 *
 * Every change is journalled, so that the two branches of an if can start from the same state and be merged
 * at the cost of what they changed. */
#ifndef SEMA_OWNER_STATE_H
#define SEMA_OWNER_STATE_H

#include "sema/failure.h"
#include "sema/tree.h"

#include <stddef.h>

/* The part of a local's state that branches can change. */
struct owner_snapshot {
    struct local *local;
    bool moved;
    bool moved_unknown;
    const struct ast_loc *moved_loc;
    struct local *owner;
    const struct ast_loc *borrow_loc;
};

/* A view that exists while an operation evaluates its operands. */
struct owner_temporary {
    struct local *owner;
    const struct ast_loc *loc;
    size_t scope_start;
};

struct owner_state {
    struct owner_snapshot *journal;
    size_t journal_count, journal_capacity;
    struct local **scope; /* locals in scope, outermost first */
    size_t scope_count, scope_capacity;
    size_t scope_start; /* where the innermost scope begins in `scope` */
    struct owner_temporary *temporaries;
    size_t temporary_count, temporary_capacity;
    uint32_t stamp;
};

void owner_state_free(struct owner_state *state);

void owner_declare(struct owner_state *state, struct local *local);
void owner_move(struct owner_state *state, struct local *local, const struct ast_loc *loc);
void owner_revive(struct owner_state *state, struct local *local);
/* Makes a view local borrow from `owner` (or from nothing: NULL) since `loc`. */
void owner_borrow(struct owner_state *state, struct local *view, struct local *owner,
                  const struct ast_loc *loc);

/* A temporary view of `owner`; NULL is allowed and counts nothing. */
void owner_hold(struct owner_state *state, struct local *owner, const struct ast_loc *loc);
/* Ends all temporaries but the first `count`. */
void owner_release(struct owner_state *state, size_t count);

/* Undoes all changes since the journal had `mark` entries. */
void owner_rollback(struct owner_state *state, size_t mark);

/* The final states of what changed since `mark`, each local once. The caller frees *out. */
size_t owner_collect(struct owner_state *state, size_t mark, struct owner_snapshot **out);
void owner_apply(struct owner_state *state, const struct owner_snapshot *snapshot);

/* After the else branch, whose changes start at `mark`: merges with the final states of the then branch. */
bool owner_merge(struct owner_state *state, size_t mark, const struct owner_snapshot *then_states,
                 size_t count, struct failure *failure);

/* The first borrower of `owner`, searching from the innermost scope, by name within one. False: none. */
bool owner_borrower(const struct owner_state *state, const struct local *owner, const char **name,
                    const struct ast_loc **loc);

/* Ends the scope whose locals start at `start`; `outer` is the start of the enclosing one. */
bool owner_close_scope(struct owner_state *state, size_t start, size_t outer, struct failure *failure);

#endif
