/* owner_state.c: see owner_state.h. */
#include "sema/owner_state.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

void
owner_state_free(struct owner_state *state)
{
    free(state->journal);
    free(state->scope);
    free(state->temporaries);
}

static struct owner_snapshot
owner_look(struct local *local)
{
    return (struct owner_snapshot){local,        local->moved,     local->moved_unknown, local->moved_loc,
                                   local->owner, local->borrow_loc};
}

static void
owner_record(struct owner_state *state, struct local *local)
{
    if (state->journal_count == state->journal_capacity) {
        state->journal_capacity = state->journal_capacity ? state->journal_capacity * 2 : 64;
        state->journal = memory_resize(state->journal, state->journal_capacity * sizeof *state->journal);
    }
    state->journal[state->journal_count++] = owner_look(local);
}

static void
owner_point(struct local *view, struct local *owner)
{
    if (view->owner)
        view->owner->borrows--;
    if (owner)
        owner->borrows++;
    view->owner = owner;
}

static void
owner_restore(const struct owner_snapshot *snapshot)
{
    struct local *local = snapshot->local;

    local->moved = snapshot->moved;
    local->moved_unknown = snapshot->moved_unknown;
    local->moved_loc = snapshot->moved_loc;
    local->borrow_loc = snapshot->borrow_loc;
    owner_point(local, snapshot->owner);
}

void
owner_declare(struct owner_state *state, struct local *local)
{
    if (state->scope_count == state->scope_capacity) {
        state->scope_capacity = state->scope_capacity ? state->scope_capacity * 2 : 32;
        state->scope = memory_resize(state->scope, state->scope_capacity * sizeof *state->scope);
    }
    state->scope[state->scope_count++] = local;
    local->live = true;
    local->moved = false; /* a contract clause is walked once for each exit */
}

void
owner_move(struct owner_state *state, struct local *local, const struct ast_loc *loc)
{
    owner_record(state, local);
    local->moved = true;
    local->moved_unknown = false;
    local->moved_loc = loc;
}

void
owner_revive(struct owner_state *state, struct local *local)
{
    if (!local->moved)
        return;
    owner_record(state, local);
    local->moved = false;
}

void
owner_borrow(struct owner_state *state, struct local *view, struct local *owner, const struct ast_loc *loc)
{
    owner_record(state, view);
    owner_point(view, owner);
    view->borrow_loc = loc;
}

void
owner_hold(struct owner_state *state, struct local *owner, const struct ast_loc *loc)
{
    if (!owner)
        return;
    if (state->temporary_count == state->temporary_capacity) {
        state->temporary_capacity = state->temporary_capacity ? state->temporary_capacity * 2 : 16;
        state->temporaries =
            memory_resize(state->temporaries, state->temporary_capacity * sizeof *state->temporaries);
    }
    state->temporaries[state->temporary_count++] = (struct owner_temporary){owner, loc, state->scope_start};
    owner->borrows++;
}

void
owner_release(struct owner_state *state, size_t count)
{
    while (state->temporary_count > count)
        state->temporaries[--state->temporary_count].owner->borrows--;
}

void
owner_rollback(struct owner_state *state, size_t mark)
{
    while (state->journal_count > mark)
        owner_restore(&state->journal[--state->journal_count]);
}

size_t
owner_collect(struct owner_state *state, size_t mark, struct owner_snapshot **out)
{
    size_t changes = state->journal_count - mark;
    size_t count = 0;

    *out = memory_alloc(changes * sizeof **out);
    state->stamp++;
    for (size_t i = mark; i < state->journal_count; i++) {
        struct local *local = state->journal[i].local;

        if (local->stamp == state->stamp)
            continue;
        local->stamp = state->stamp;
        (*out)[count++] = owner_look(local);
    }
    return count;
}

void
owner_apply(struct owner_state *state, const struct owner_snapshot *snapshot)
{
    owner_record(state, snapshot->local);
    owner_restore(snapshot);
}

/* Merges the state `other` of a local, left by the other branch, into its present state. */
static bool
owner_merge_one(struct owner_state *state, const struct owner_snapshot *other, struct failure *failure)
{
    struct local *local = other->local;

    if (!local->live)
        return true;
    owner_record(state, local);
    if (local->moved != other->moved || (local->moved && local->moved_loc != other->moved_loc)) {
        local->moved = true;
        local->moved_unknown = true;
    }
    if (!other->owner || other->owner == local->owner)
        return true;
    if (local->owner)
        return failure_set(failure, KIND_TYPING, "%s must have a single borrow source across branches",
                           type_display(local->type.type));
    local->borrow_loc = other->borrow_loc;
    owner_point(local, other->owner);
    return true;
}

static bool
owner_merged_is_sound(const struct local *local, struct failure *failure)
{
    bool moved = local->moved && local->borrows > 0;

    if (local->live && (moved || (local->owner && local->owner->moved)))
        return failure_set(failure, KIND_TYPING, "borrow of moved value");
    return true;
}

bool
owner_merge(struct owner_state *state, size_t mark, const struct owner_snapshot *then_states, size_t count,
            struct failure *failure)
{
    size_t end = state->journal_count;
    uint32_t stamp = ++state->stamp;

    for (size_t i = 0; i < count; i++) {
        then_states[i].local->stamp = stamp;
        if (!owner_merge_one(state, &then_states[i], failure))
            return false;
    }
    /* What only the else branch changed: its first journal entry is the state of the other branch. */
    for (size_t i = mark; i < end; i++) {
        struct owner_snapshot before = state->journal[i];

        if (before.local->stamp == stamp)
            continue;
        before.local->stamp = stamp;
        if (!owner_merge_one(state, &before, failure))
            return false;
    }
    for (size_t i = end; i < state->journal_count; i++)
        if (!owner_merged_is_sound(state->journal[i].local, failure))
            return false;
    return true;
}

static bool
owner_borrower_in(const struct owner_state *state, const struct local *owner, size_t start, size_t end,
                  const char **name, const struct ast_loc **loc)
{
    bool found = false;

    for (size_t i = 0; i < state->temporary_count; i++) {
        if (state->temporaries[i].owner == owner && state->temporaries[i].scope_start == start) {
            *name = "t_view";
            *loc = state->temporaries[i].loc;
            found = true;
            break;
        }
    }
    for (size_t i = start; i < end; i++) {
        const struct local *view = state->scope[i];

        if (view->owner == owner && (!found || strcmp(view->name->text, *name) < 0)) {
            *name = view->name->text;
            *loc = view->borrow_loc;
            found = true;
        }
    }
    return found;
}

bool
owner_borrower(const struct owner_state *state, const struct local *owner, const char **name,
               const struct ast_loc **loc)
{
    size_t end = state->scope_count;
    size_t start = state->scope_start;

    if (owner_borrower_in(state, owner, start, end, name, loc))
        return true;
    /* Outer scopes: locals know the scope that declared them. */
    while (start > 0) {
        end = start;
        uint32_t scope = state->scope[end - 1]->scope;
        while (start > 0 && state->scope[start - 1]->scope == scope)
            start--;
        if (owner_borrower_in(state, owner, start, end, name, loc))
            return true;
    }
    return false;
}

bool
owner_close_scope(struct owner_state *state, size_t start, size_t outer, struct failure *failure)
{
    for (size_t i = start; i < state->scope_count; i++)
        if (state->scope[i]->owner)
            owner_borrow(state, state->scope[i], NULL, NULL);
    for (size_t i = start; i < state->scope_count; i++) {
        if (state->scope[i]->borrows)
            return failure_set(failure, KIND_TYPING, "drop while borrowed: %Q", state->scope[i]->name);
        state->scope[i]->live = false;
    }
    state->scope_count = start;
    state->scope_start = outer;
    return true;
}
