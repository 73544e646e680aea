/* check_pointers.c: typing of raw pointers (language chapter, sections 3.7 and 13.2) where a row of the table
 * of heads cannot say it: types that depend on an operand, names instead of operands, and the gates. */
#include "sema/checker.h"

#include <string.h>

static bool
gate_fail(struct checker *checker, const char *what, const char *capability)
{
    if (!checker->program->world->os)
        return failure_set(
            checker->program->failure, KIND_UNSUPPORTED,
            "%s requires %s capability; compile with --world run-os or --world run-os-sandboxed", what,
            capability);
    return failure_set(checker->program->failure, KIND_UNSUPPORTED,
                       "%s requires %s capability; %s is disabled (allow_%s=false)", what, capability,
                       capability, capability);
}

bool
check_unsafe_capability(struct checker *checker, const char *what)
{
    return checker->program->allow_unsafe || gate_fail(checker, what, "unsafe");
}

bool
check_ffi_capability(struct checker *checker, const char *what)
{
    return checker->program->allow_ffi || gate_fail(checker, what, "ffi");
}

bool
check_unsafe_block(struct checker *checker, const char *what)
{
    return checker->unsafe_depth ||
           failure_set(checker->program->failure, KIND_TYPING, "unsafe-required: %s", what);
}

/* The const pointer to the same thing; other types are returned as they are. */
static enum type
pointer_const(enum type type)
{
    switch (type) {
    case TYPE_PTR_MUT_U8:
        return TYPE_PTR_CONST_U8;
    case TYPE_PTR_MUT_VOID:
        return TYPE_PTR_CONST_VOID;
    case TYPE_PTR_MUT_I32:
        return TYPE_PTR_CONST_I32;
    default:
        return type;
    }
}

bool
check_pointer_converts(enum type want, enum type got)
{
    return type_is_pointer(got) && pointer_const(got) == want;
}

void
check_pointer_result(int head, struct node *node)
{
    switch (head) {
    case HEAD_PTR_AS_CONST:
        node->type.type = pointer_const(node->kids[0]->type.type);
        break;
    case HEAD_PTR_ADD:
    case HEAD_PTR_SUB:
    case HEAD_PTR_OFFSET:
        node->type.type = node->kids[0]->type.type;
        break;
    default:
        break;
    }
}

/* The type that a cast names. */
static bool
cast_target(struct checker *checker, const struct ast_expr *expr, enum type *out)
{
    struct failure *failure = checker->program->failure;

    if (expr->kind != AST_ATOM)
        return failure_set(failure, KIND_PARSE, "ptr.cast target type must be an identifier");
    struct ast_type named = {.kind = AST_TYPE_NAMED, .name = expr->symbol};
    if (!type_resolve(&named, out))
        return failure_set(failure, KIND_TYPING, "ptr.cast unknown type: %Q", expr->symbol);
    return type_is_pointer(*out) ||
           failure_set(failure, KIND_TYPING, "ptr.cast target must be a pointer type, got %s",
                       type_display(*out));
}

struct node *
check_pointer_cast(struct checker *checker, const struct ast_expr *expr)
{
    enum type target;

    if (expr->count != 3)
        return check_fail(checker, KIND_PARSE, "ptr.cast form: (ptr.cast <ptr_ty> <ptr>)");
    if (!cast_target(checker, expr->items[1], &target))
        return NULL;
    struct node *node = node_new(checker, NODE_HEAD, target, expr, 1);
    node->head = HEAD_PTR_CAST;
    if (!(node->kids[0] = check_value(checker, expr->items[2])))
        return NULL;
    if (!type_is_pointer(node->kids[0]->type.type)) {
        struct text got = {0};

        value_type_display(node->kids[0]->type, &got);
        failure_set(checker->program->failure, KIND_TYPING, "ptr.cast expects a pointer, got %s",
                    text_string(&got));
        text_free(&got);
        return NULL;
    }
    return node;
}

struct node *
check_address(struct checker *checker, int head, const struct ast_expr *expr)
{
    const struct head *row = head_row(head);

    if (!check_arity(checker, expr, row->name, 1))
        return NULL;
    if (expr->items[1]->kind != AST_ATOM) {
        failure_set(checker->program->failure, KIND_PARSE, "%s expects an identifier", row->name);
        return NULL;
    }
    struct node *node = node_new(checker, NODE_HEAD, row->result, expr, 1);
    node->head = head;
    if (!(node->kids[0] = check_value(checker, expr->items[1])))
        return NULL;
    if (node->kids[0]->kind == NODE_LOCAL) {
        node->kids[0]->use = USE_PEEK;
        node->kids[0]->local->addressed = true;
    }
    return node;
}
