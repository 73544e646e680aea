/* ownership.c: walks a typed body in evaluation order and applies the move and borrow rules.
 *
 * A view borrows from at most one owner, a local of an owned type. Unlike the rule for view variables, a
 * temporary view holds its owner only until the operation that uses it has finished. */
#include "sema/ownership.h"

#include "sema/heads.h"
#include "sema/ownership_walk.h"

#include <stdlib.h>
#include <string.h>

static bool
walk_moved(struct walk *walk, const struct local *local, const struct ast_loc *loc)
{
    struct failure *failure = walk->failure;
    const struct func *func = walk->body->func;

    if (loc && func && func->ast->kind == AST_DEFASYNC)
        failure_set(failure, KIND_TYPING, "use after move: %Q ptr=%L moved_ptr=", local->name, loc);
    else if (loc)
        failure_set_at(failure, KIND_TYPING, loc, "use after move: %Q moved_ptr=", local->name);
    else
        failure_set(failure, KIND_TYPING, "use after move: %Q moved_ptr=", local->name);
    if (local->moved_unknown)
        failure_append(failure, "<unknown>");
    else
        failure_append(failure, "%L", local->moved_loc);
    return false;
}

/* A value use of an owned local. `loc` is NULL where the message carries no pointer. */
static bool
walk_move(struct walk *walk, struct local *local, const struct ast_loc *mover, const struct ast_loc *loc)
{
    if (local->moved)
        return walk_moved(walk, local, loc);
    if (!walk_clause_may_take(walk, local, mover))
        return false;
    if (local->borrows) {
        if (loc)
            return failure_set_at(walk->failure, KIND_TYPING, loc, "move while borrowed: %Q", local->name);
        return failure_set(walk->failure, KIND_TYPING, "move while borrowed: %Q", local->name);
    }
    owner_move(&walk->state, local, mover);
    return true;
}

static bool
walk_while_borrowed(struct walk *walk, const char *what, const struct local *local, bool with_borrower)
{
    const char *name;
    const struct ast_loc *loc;

    failure_set(walk->failure, KIND_TYPING, "%s while borrowed: %Q", what, local->name);
    if (!with_borrower || !owner_borrower(&walk->state, local, &name, &loc))
        return false;
    failure_append(walk->failure, " borrowed_by=\"%s\" borrowed_ptr=", name);
    if (loc)
        failure_append(walk->failure, "%L", loc);
    else
        failure_append(walk->failure, "<unknown>");
    return false;
}

static bool
walk_local(struct walk *walk, struct node *node, struct local **owner)
{
    struct local *local = node->local;

    if (type_is_view(local->type.type))
        *owner = local->owner;
    if (node->use == USE_MOVE)
        return walk_move(walk, local, node->loc, node->loc);
    if (node->use == USE_PEEK && local->moved)
        return walk_moved(walk, local, node->loc);
    return true;
}

static bool
walk_same_owner(struct walk *walk, enum type type, struct local *a, struct local *b, struct local **owner)
{
    if (a && b && a != b)
        return failure_set(walk->failure, KIND_TYPING, "%s must have a single borrow source across branches",
                           type_source_name(type));
    *owner = a ? a : b;
    return true;
}

static bool
walk_scope(struct walk *walk, struct node *const *kids, uint32_t count, struct local **owner)
{
    size_t start = walk->state.scope_count;
    size_t outer = walk->state.scope_start;
    const struct ast_loc *asker = walk->asker;
    struct local *last = NULL;

    walk->state.scope_start = start;
    for (uint32_t i = 0; i < count; i++) {
        last = NULL;
        if (!walk_node(walk, kids[i], &last))
            return false;
    }
    bool used = count && !kids[count - 1]->statement && type_is_view(kids[count - 1]->type.type);
    if (!owner_close_scope(&walk->state, start, outer, walk->failure))
        return false;
    if (used && last && !last->live)
        return failure_set_at(walk->failure, KIND_TYPING, asker, "unknown identifier: %Q", last->name);
    *owner = used ? last : NULL;
    return true;
}

/* let, set and task scopes yield views whose owner cannot be told. */
static bool
walk_owner_is_known(struct walk *walk, const struct node *operand)
{
    if (!type_is_view(operand->type.type) ||
        (operand->kind != NODE_LET && operand->kind != NODE_SET && operand->kind != NODE_SCOPE))
        return true;
    return failure_set(walk->failure, KIND_TYPING, "cannot infer borrow source for %s expression",
                       type_source_name(operand->type.type));
}

static bool
walk_let(struct walk *walk, struct node *node, struct local **owner)
{
    struct node *value = node->kids[0];
    struct local *source = NULL;

    (void)owner;
    if (value->kind == NODE_LOCAL && value->use == USE_MOVE) {
        if (!walk_move(walk, value->local, value->loc, NULL))
            return false;
    } else {
        walk->asker = node->loc;
        if (!walk_node(walk, value, &source) || !walk_owner_is_known(walk, value))
            return false;
    }
    if (!node->statement && type_is_owned(node->type.type))
        return failure_set(walk->failure, KIND_UNSUPPORTED,
                           "let expression cannot produce an owned value; use (begin (let ...) <var>)");
    owner_declare(&walk->state, node->local);
    if (type_is_view(node->type.type))
        owner_borrow(&walk->state, node->local, source, value->loc);
    return true;
}

static bool
walk_set(struct walk *walk, struct node *node, struct local **owner)
{
    struct local *local = node->local;
    struct local *source = NULL;

    (void)owner;
    if (local->borrows)
        return walk_while_borrowed(walk, "set", local, true);
    walk->asker = node->loc;
    if (!walk_node(walk, node->kids[0], &source) || !walk_owner_is_known(walk, node->kids[0]))
        return false;
    if (node->kind == NODE_SET && !node->statement && type_is_owned(local->type.type))
        return failure_set(walk->failure, KIND_UNSUPPORTED,
                           "set expression cannot produce an owned value; use (begin (set ...) <var>)");
    owner_revive(&walk->state, local);
    if (type_is_view(local->type.type))
        owner_borrow(&walk->state, local, source, node->kids[0]->loc);
    return true;
}

static bool
walk_branches(struct walk *walk, struct node *node, struct local **owner)
{
    struct node *then_node = node->kids[1];
    struct node *else_node = node->kids[2];
    struct local *then_owner = NULL;
    struct local *else_owner = NULL;
    size_t mark = walk->state.journal_count;
    struct owner_snapshot *then_states = NULL;
    const struct ast_loc *asker = walk->asker;

    if (!walk_scope(walk, &then_node, 1, &then_owner))
        return false;
    size_t count = owner_collect(&walk->state, mark, &then_states);
    owner_rollback(&walk->state, mark);
    walk->asker = asker;
    bool ok = walk_scope(walk, &else_node, 1, &else_owner);
    if (ok && else_node->type.type == TYPE_NEVER) {
        owner_rollback(&walk->state, mark);
        for (size_t i = 0; i < count && then_node->type.type != TYPE_NEVER; i++)
            owner_apply(&walk->state, &then_states[i]);
    } else if (ok && then_node->type.type != TYPE_NEVER) {
        ok = owner_merge(&walk->state, mark, then_states, count, walk->failure);
    }
    free(then_states);
    if (!ok || node->statement || !type_is_view(node->type.type))
        return ok;
    return walk_same_owner(walk, node->type.type, then_owner, else_owner, owner);
}

static bool
walk_if(struct walk *walk, struct node *node, struct local **owner)
{
    struct local *unused = NULL;
    const struct ast_loc *asker = walk->asker;

    if (!walk_node(walk, node->kids[0], &unused))
        return false;
    walk->asker = asker;
    return walk_branches(walk, node, owner);
}

static bool
walk_for(struct walk *walk, struct node *node, struct local **owner)
{
    struct local *unused = NULL;

    (void)owner;
    if (!walk_node(walk, node->kids[0], &unused))
        return false;
    if (node->fresh)
        owner_declare(&walk->state, node->local);
    return walk_node(walk, node->kids[1], &unused) && walk_scope(walk, &node->kids[2], 1, &unused);
}

static bool
walk_return(struct walk *walk, struct node *node, struct local **owner)
{
    size_t mark = walk->state.journal_count;
    struct local *source = NULL;

    (void)owner;
    walk->asker = node->loc;
    if (!walk_node(walk, node->kids[0], &source))
        return false;
    if (source && !source->parameter)
        return failure_set(walk->failure, KIND_TYPING,
                           "function %Q returns %s borrowed from local owned buffer %Q",
                           walk->body->func->name, type_source_name(walk->body->result.type), source->name);
    if (!walk_exit_contracts(walk, source, node->kids[0]->loc))
        return false;
    owner_rollback(&walk->state, mark);
    return true;
}

/* Heads that name the call node when they look at a moved option or result. */
static const struct ast_loc *
walk_peek_loc(const struct node *call)
{
    switch (call->kids[0]->type.type) {
    case TYPE_VEC:
    case TYPE_BYTES:
        return NULL;
    default:
        return call->loc;
    }
}

static bool
walk_in_place_check(struct walk *walk, const struct node *call, struct local *local)
{
    if (local->moved)
        return walk_moved(walk, local, NULL);
    if (local->borrows)
        return walk_while_borrowed(walk, head_row(call->head)->name, local, call->head == HEAD_VEC_SET);
    return true;
}

static bool
walk_default(struct walk *walk, const struct node *call, struct local *local)
{
    if (local->moved)
        return walk_moved(walk, local, call->loc);
    if (!walk_clause_may_take(walk, local, call->loc))
        return false;
    if (local->borrows)
        return failure_set_at(walk->failure, KIND_TYPING, call->loc, "move while borrowed: %Q", local->name);
    return true;
}

/* An operand that stays with its local while the operation runs. */
static bool
walk_held_operand(struct walk *walk, struct node *call, struct node *operand, struct local **owner)
{
    struct local *local = operand->local;

    switch (operand->use) {
    case USE_CONSUME:
        return walk_in_place_check(walk, call, local);
    case USE_DEFAULT:
        return walk_default(walk, call, local);
    default:
        if (local->moved)
            return walk_moved(walk, local, walk_peek_loc(call));
        if (call->type.type == TYPE_VIEW)
            *owner = local;
        return true;
    }
}

static bool
walk_is_held(const struct node *operand)
{
    return operand->kind == NODE_LOCAL && operand->use != USE_COPY && operand->use != USE_MOVE;
}

/* Walks operands in order, holding the owners of views until the operation is done. owners[] may be NULL. */
static bool
walk_operands(struct walk *walk, struct node *call, struct local **owners)
{
    for (uint32_t i = 0; i < call->count; i++) {
        struct node *operand = call->kids[i];
        struct local *owner = NULL;

        walk->asker = call->loc;
        if (walk_is_held(operand)) {
            if (!walk_held_operand(walk, call, operand, &owner))
                return false;
        } else {
            if (!walk_node(walk, operand, &owner) || !walk_owner_is_known(walk, operand))
                return false;
            owner_hold(&walk->state, owner, operand->loc);
        }
        if (owners)
            owners[i] = owner;
    }
    return true;
}

/* In-place operands are consumed only now that the others have been evaluated. */
static void
walk_consume(struct walk *walk, const struct node *call)
{
    for (uint32_t i = 0; i < call->count; i++)
        if (call->kids[i]->kind == NODE_LOCAL && call->kids[i]->use == USE_CONSUME)
            owner_move(&walk->state, call->kids[i]->local, call->loc);
}

static bool
walk_head(struct walk *walk, struct node *node, struct local **owner)
{
    struct local *owners[HEAD_MAX_OPERANDS] = {NULL};
    size_t held = walk->state.temporary_count;
    const struct head *row = head_row(node->head);

    if (!walk_operands(walk, node, owners))
        return false;
    owner_release(&walk->state, held);
    walk_consume(walk, node);
    if (!type_is_view(node->type.type) || row->owner == HEAD_OWNER_NONE)
        return true;
    if (row->owner == HEAD_OWNER_MERGE)
        return walk_same_owner(walk, node->type.type, owners[0], owners[1], owner);
    *owner = owners[0];
    if (*owner && (*owner)->moved)
        return walk_moved(walk, *owner, NULL);
    return true;
}

static bool
walk_view_source(struct walk *walk, const struct node *call, struct local **owners, struct local **owner)
{
    int source = call->callee->view_source;

    if (!type_is_view(call->type.type) || source < 0)
        return true;
    const struct node *argument = call->kids[source];
    if (argument->kind == NODE_VIEW && argument->kids[0]->kind != NODE_LOCAL)
        return failure_set(walk->failure, KIND_TYPING, "%s borrow source requires an identifier owner",
                           type_source_name(call->type.type));
    *owner = owners[source];
    return true;
}

static bool
walk_call(struct walk *walk, struct node *node, struct local **owner)
{
    struct local *few[8];
    struct local **owners = node->count <= 8 ? few : calloc(node->count, sizeof *owners);
    size_t held = walk->state.temporary_count;

    if (!owners)
        return failure_set(walk->failure, KIND_INTERNAL, "out of memory");
    bool ok = walk_operands(walk, node, owners) && walk_view_source(walk, node, owners, owner);
    if (ok)
        owner_release(&walk->state, held);
    if (owners != few)
        free(owners);
    return ok;
}

/* An implicit view: an identifier is borrowed, another value becomes a temporary of the scope. */
static bool
walk_view(struct walk *walk, struct node *node, struct local **owner)
{
    struct node *value = node->kids[0];
    struct local *unused = NULL;

    if (value->kind != NODE_LOCAL)
        return walk_node(walk, value, &unused);
    if (value->local->moved)
        return walk_moved(walk, value->local, value->type.type == TYPE_BYTES ? value->loc : NULL);
    *owner = value->local;
    return true;
}

/* Operators and casts: operands, then the owner of the first. */
static bool
walk_plain(struct walk *walk, struct node *node, struct local **owner)
{
    struct local *owners[2] = {NULL, NULL};
    size_t held = walk->state.temporary_count;

    if (!walk_operands(walk, node, owners))
        return false;
    owner_release(&walk->state, held);
    if (type_is_view(node->type.type))
        *owner = owners[0];
    return true;
}

static bool
walk_try(struct walk *walk, struct node *node, struct local **owner)
{
    return walk_plain(walk, node, owner) && walk_exit_contracts(walk, NULL, node->loc);
}

static bool
walk_block(struct walk *walk, struct node *node, struct local **owner)
{
    return walk_scope(walk, node->kids, node->count, owner);
}

/* No lexical scope: only its tasks end with it. */
static bool
walk_task_scope(struct walk *walk, struct node *node, struct local **owner)
{
    return walk_node(walk, node->kids[0], owner);
}

static bool
walk_select(struct walk *walk, struct node *node, struct local **owner)
{
    (void)owner;
    return walk_operands(walk, node, NULL);
}

static bool
walk_leaf(struct walk *walk, struct node *node, struct local **owner)
{
    (void)walk;
    (void)node;
    (void)owner;
    return true;
}

bool
walk_node(struct walk *walk, struct node *node, struct local **owner)
{
    static bool (*const table[])(struct walk *, struct node *, struct local **) = {
        [NODE_INT] = walk_leaf,         [NODE_LOCAL] = walk_local,   [NODE_INPUT] = walk_leaf,
        [NODE_BEGIN] = walk_block,      [NODE_UNSAFE] = walk_block,  [NODE_LET] = walk_let,
        [NODE_SET] = walk_set,          [NODE_SET0] = walk_set,      [NODE_IF] = walk_if,
        [NODE_FOR] = walk_for,          [NODE_RETURN] = walk_return, [NODE_TRY] = walk_try,
        [NODE_OP] = walk_plain,         [NODE_HEAD] = walk_head,     [NODE_CALL] = walk_call,
        [NODE_CAST] = walk_plain,       [NODE_VIEW] = walk_view,     [NODE_SILENT] = walk_leaf,
        [NODE_SCOPE] = walk_task_scope, [NODE_SELECT] = walk_select,
    };

    return table[node->kind](walk, node, owner);
}

bool
ownership_check(struct program *program, struct body *body)
{
    struct walk walk = {.failure = program->failure, .body = body};
    struct local *owner = NULL;

    for (uint32_t i = 0; i < body->param_count; i++)
        owner_declare(&walk.state, body->params[i]);
    bool ok = walk_entry_contracts(&walk);
    walk.asker = body->tree->loc;
    ok = ok && walk_node(&walk, body->tree, &owner);
    if (ok && body->tree->type.type != TYPE_NEVER)
        ok = walk_exit_contracts(&walk, owner, body->tree->loc);
    ok = ok && owner_close_scope(&walk.state, 0, 0, program->failure);
    owner_state_free(&walk.state);
    return ok;
}
