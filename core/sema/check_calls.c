/* check_calls.c: typing of calls of the program's own functions (language chapter, sections 5.1 to 5.3). */
#include "sema/checker.h"

static bool
call_brand(struct checker *checker, const struct func *callee, uint32_t index, struct value_type got)
{
    struct brand want = callee->param_brands[index];
    struct brand have = got.type == TYPE_BYTES ? got.brand : (struct brand){BRAND_NONE, NULL};

    if (want.kind != BRAND_NAMED || brand_equal(want, have))
        return true;
    failure_set(checker->program->failure, KIND_TYPING,
                "E_BRAND_MISMATCH: call %Q arg %d expected BytesView@%s, got ", callee->name, (int)index,
                brand_display(want));
    failure_append(checker->program->failure, "%s@%s", type_display(got.type), brand_display(have));
    return false;
}

/* Turns an argument into what the parameter takes; NULL after an error. */
static struct node *
call_argument(struct checker *checker, const struct func *callee, uint32_t index, struct node *value)
{
    enum type want = callee->param_types[index];
    enum type got = value->type.type;

    if (want == got || (want == TYPE_I32 && type_is_task(got)) ||
        (callee->ast->kind == AST_EXTERN && check_pointer_converts(want, got)))
        return value;
    if (want == TYPE_VIEW && (got == TYPE_BYTES || got == TYPE_VEC))
        return call_brand(checker, callee, index, value->type) ? check_implicit_view(checker, value) : NULL;
    failure_set(checker->program->failure, KIND_TYPING, "call %Q arg %d expects %s", callee->name, (int)index,
                type_display(want));
    return NULL;
}

/* The gates of an extern's call. */
static bool
call_is_allowed(struct checker *checker, const struct func *callee)
{
    const char *name = callee->name->text;

    return check_ffi_capability(checker, name) && check_unsafe_capability(checker, name) &&
           check_unsafe_block(checker, name);
}

struct node *
check_call(struct checker *checker, struct func *callee, const struct ast_expr *expr)
{
    if (callee->ast->kind == AST_EXTERN && !call_is_allowed(checker, callee))
        return NULL;
    if (expr->count - 1 != callee->param_count) {
        failure_set(checker->program->failure, KIND_PARSE, "call %Q expects %d args", callee->name,
                    (int)callee->param_count);
        return NULL;
    }
    struct node *node = node_new(checker, NODE_CALL, callee->result, expr, callee->param_count);
    node->callee = callee;
    node->type.brand = callee->result_brand;
    if (callee->ast->kind == AST_DEFASYNC)
        node->type.type = callee->result == TYPE_BYTES ? TYPE_TASK_BYTES : TYPE_TASK_RESULT;
    for (uint32_t i = 0; i < callee->param_count; i++) {
        struct node *value = check_value(checker, expr->items[i + 1]);

        if (!value || !(node->kids[i] = call_argument(checker, callee, i, value)))
            return NULL;
    }
    return node;
}
