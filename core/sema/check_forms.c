/* check_forms.c: typing of the core forms (language chapter, sections 3.2 to 3.7). */
#include "sema/checker.h"

static struct symbol *
form_name(struct checker *checker, const struct ast_expr *expr, const char *message)
{
    if (expr->items[1]->kind == AST_ATOM)
        return expr->items[1]->symbol;
    check_fail(checker, KIND_PARSE, message);
    return NULL;
}

static bool
form_arity(struct checker *checker, const struct ast_expr *expr, uint32_t operands, const char *message)
{
    if (expr->count == operands + 1)
        return true;
    check_fail(checker, KIND_PARSE, message);
    return false;
}

/* Items of begin or unsafe, in a scope of their own. */
static struct node *
form_block(struct checker *checker, enum node_kind kind, const struct ast_expr *expr, bool all_statements)
{
    struct node *node = node_new(checker, kind, TYPE_I32, expr, expr->count - 1);
    struct scope_mark mark = scope_open(checker);

    for (uint32_t i = 0; i < node->count; i++) {
        bool last = i + 1 == node->count;

        node->kids[i] = last && !all_statements ? check_value(checker, expr->items[i + 1])
                                                : check_statement(checker, expr->items[i + 1]);
        if (!node->kids[i])
            return NULL;
    }
    scope_close(checker, mark);
    node->type = node->kids[node->count - 1]->type;
    return node;
}

static struct node *
form_begin(struct checker *checker, const struct ast_expr *expr, bool statement)
{
    if (expr->count < 2)
        return check_fail(checker, KIND_PARSE, "(begin ...) requires at least 1 expression");
    return form_block(checker, NODE_BEGIN, expr, statement);
}

static struct node *
form_unsafe(struct checker *checker, const struct ast_expr *expr, bool statement)
{
    (void)statement; /* an unsafe block's last item is a value even where the block is a statement */
    if (!check_unsafe_capability(checker, "unsafe"))
        return NULL;
    if (expr->count < 2)
        return check_fail(checker, KIND_PARSE, "(unsafe ...) requires at least 1 expression");
    checker->unsafe_depth++;
    struct node *node = form_block(checker, NODE_UNSAFE, expr, false);
    checker->unsafe_depth--;
    return node;
}

static struct node *
form_let(struct checker *checker, const struct ast_expr *expr, bool statement)
{
    (void)statement;
    if (!form_arity(checker, expr, 2, "let form: (let <name> <expr>)"))
        return NULL;
    struct symbol *name = form_name(checker, expr, "let name must be an identifier");
    if (!name)
        return NULL;
    if (checker->task_scopes && check_calls_task(checker, expr->items[2]))
        return check_fail(checker, KIND_TYPING,
                          "X07E_SCOPE_003: illegal spawn pattern inside task.scope_v1 (use "
                          "task.scope.start_soon_v1 or task.scope.async_let_*_v1)");
    struct node *value = check_value(checker, expr->items[2]);
    if (!value)
        return NULL;
    struct local *old = scope_lookup(checker, name);
    if (old && old->scope == checker->scope && !check_in_task(checker)) {
        failure_set(checker->program->failure, KIND_TYPING, "duplicate let binding in same scope: %Q", name);
        return NULL;
    }
    struct node *node = node_new(checker, NODE_LET, value->type.type, expr, 1);
    node->type = value->type;
    node->kids[0] = value;
    node->local = scope_declare(checker, name, value->type);
    return node->local ? node : NULL;
}

/* set and set0. */
static struct node *
form_assign(struct checker *checker, const struct ast_expr *expr, enum node_kind kind)
{
    const char *word = kind == NODE_SET ? "set" : "set0";
    struct failure *failure = checker->program->failure;

    if (!form_arity(checker, expr, 2,
                    kind == NODE_SET ? "set form: (set <name> <expr>)" : "set0 form: (set0 <name> <expr>)"))
        return NULL;
    struct symbol *name =
        form_name(checker, expr,
                  kind == NODE_SET ? "set name must be an identifier" : "set0 name must be an identifier");
    if (!name)
        return NULL;
    struct local *local = scope_lookup(checker, name);
    if (!local) {
        failure_set(failure, KIND_TYPING, "%s of unknown variable: %Q", word, name);
        return NULL;
    }
    struct node *value = check_value(checker, expr->items[2]);
    if (!value)
        return NULL;
    const struct func *called;
    if (!check_stands_for(local->type.type, value, &called)) {
        if (called) {
            failure_set(failure, KIND_TYPING, "async call %Q returns %s", called->name,
                        type_display(value->type.type));
            return NULL;
        }
        failure_set(failure, KIND_TYPING, "type mismatch in %s for variable %Q", word, name);
        return NULL;
    }
    struct node *node = node_new(checker, kind, kind == NODE_SET ? local->type.type : TYPE_I32, expr, 1);
    if (kind == NODE_SET)
        node->type = local->type;
    node->kids[0] = value;
    node->local = local;
    return node;
}

static struct node *
form_set(struct checker *checker, const struct ast_expr *expr, bool statement)
{
    (void)statement;
    return form_assign(checker, expr, NODE_SET);
}

static struct node *
form_set0(struct checker *checker, const struct ast_expr *expr, bool statement)
{
    (void)statement;
    return form_assign(checker, expr, NODE_SET0);
}

/* The type of a value that is one of two branches; false when they do not agree. */
static bool
form_join(struct value_type a, struct value_type b, struct value_type *out)
{
    if (a.type == TYPE_NEVER || b.type == TYPE_NEVER) {
        *out = a.type == TYPE_NEVER ? b : a;
        return true;
    }
    *out = (struct value_type){a.type, brand_join(a.type, a.brand, b.brand), a.view_full && b.view_full};
    return a.type == b.type;
}

static struct node *
form_branch_mismatch(struct checker *checker, struct value_type a, struct value_type b)
{
    struct text left = {0};
    struct text right = {0};

    value_type_display(a, &left);
    value_type_display(b, &right);
    failure_set(checker->program->failure, KIND_TYPING, "if branches must have same type (then=%s, else=%s)",
                text_string(&left), text_string(&right));
    text_free(&left);
    text_free(&right);
    return NULL;
}

static struct node *
form_if(struct checker *checker, const struct ast_expr *expr, bool statement)
{
    if (!form_arity(checker, expr, 3, "if form: (if <cond:i32> <then:any> <else:any>)"))
        return NULL;
    struct node *node = node_new(checker, NODE_IF, TYPE_I32, expr, 3);
    if (!(node->kids[0] = check_value(checker, expr->items[1])))
        return NULL;
    if (node->kids[0]->type.type != TYPE_I32)
        return check_fail(checker, KIND_TYPING, "if condition must be i32");
    if (!(node->kids[1] = check_scoped(checker, expr->items[2], statement)) ||
        !(node->kids[2] = check_scoped(checker, expr->items[3], statement)))
        return NULL;
    struct value_type a = node->kids[1]->type;
    struct value_type b = node->kids[2]->type;
    if (!form_join(a, b, &node->type)) {
        if (!statement)
            return form_branch_mismatch(checker, a, b);
        node->type = (struct value_type){.type = TYPE_I32};
    }
    return node;
}

/* The loop's variable: one in scope is used, otherwise one is declared beside the loop. */
static bool
form_loop_variable(struct checker *checker, struct symbol *name, struct node *node)
{
    if (node->local)
        return true;
    node->local = scope_declare(checker, name, (struct value_type){.type = TYPE_I32});
    node->fresh = true;
    if (node->local)
        node->local->loop_variable = true;
    return node->local;
}

static struct node *
form_for(struct checker *checker, const struct ast_expr *expr, bool statement)
{
    (void)statement;
    if (!form_arity(checker, expr, 4, "for form: (for <i> <start:i32> <end:i32> <body:any>)"))
        return NULL;
    struct symbol *name = form_name(checker, expr, "for variable must be an identifier");
    if (!name)
        return NULL;
    struct node *node = node_new(checker, NODE_FOR, TYPE_I32, expr, 3);
    node->local = scope_lookup(checker, name);
    if (node->local && node->local->type.type != TYPE_I32) {
        failure_set(checker->program->failure, KIND_TYPING, "for variable must be i32: %Q", name);
        return NULL;
    }
    if (!(node->kids[0] = check_value(checker, expr->items[2])))
        return NULL;
    if (node->kids[0]->type.type != TYPE_I32)
        return check_fail(checker, KIND_TYPING, "for bounds must be i32");
    if (!form_loop_variable(checker, name, node) || !(node->kids[1] = check_value(checker, expr->items[3])))
        return NULL;
    if (node->kids[1]->type.type != TYPE_I32)
        return check_fail(checker, KIND_TYPING, "for bounds must be i32");
    node->kids[2] = check_scoped(checker, expr->items[4], true);
    return node->kids[2] ? node : NULL;
}

static struct node *
form_return(struct checker *checker, const struct ast_expr *expr, bool statement)
{
    (void)statement;
    if (!form_arity(checker, expr, 1, "return form: (return <expr>)"))
        return NULL;
    struct node *node = node_new(checker, NODE_RETURN, TYPE_NEVER, expr, 1);
    if (!(node->kids[0] = check_value(checker, expr->items[1])))
        return NULL;
    if (node->kids[0]->type.type != checker->result.type &&
        !(checker->result.type == TYPE_I32 && type_is_task(node->kids[0]->type.type))) {
        struct text want = {0};

        value_type_display(checker->result, &want);
        failure_set(checker->program->failure, KIND_TYPING, "return expression must evaluate to %s",
                    text_string(&want));
        text_free(&want);
        return NULL;
    }
    return node;
}

static const struct {
    enum type operand, payload;
    enum type results[2];
    const char *error;
} tries[] = {
    {TYPE_RESULT_I32,
     TYPE_I32,
     {TYPE_RESULT_I32, TYPE_RESULT_BYTES},
     "try(result_i32) requires function return type result_i32 or result_bytes"},
    {TYPE_RESULT_BYTES,
     TYPE_BYTES,
     {TYPE_RESULT_BYTES, TYPE_RESULT_I32},
     "try(result_bytes) requires function return type result_bytes or result_i32"},
    {TYPE_RESULT_VIEW,
     TYPE_VIEW,
     {TYPE_RESULT_VIEW, TYPE_RESULT_I32},
     "try(result_bytes_view) requires function return type result_bytes_view or result_i32"},
};

static struct node *
form_try(struct checker *checker, const struct ast_expr *expr, bool statement)
{
    (void)statement;
    if (!check_arity(checker, expr, "try", 1))
        return NULL;
    struct node *operand = check_value(checker, expr->items[1]);
    if (!operand)
        return NULL;
    for (size_t i = 0; i < sizeof tries / sizeof tries[0]; i++) {
        if (operand->type.type != tries[i].operand)
            continue;
        if (checker->result.type != tries[i].results[0] && checker->result.type != tries[i].results[1])
            return check_fail(checker, KIND_TYPING, tries[i].error);
        struct node *node = node_new(checker, NODE_TRY, tries[i].payload, expr, 1);
        node->type.brand = operand->type.brand;
        node->kids[0] = operand;
        return node;
    }
    failure_set(checker->program->failure, KIND_TYPING,
                "try expects result_i32, result_bytes, or result_bytes_view, got %s",
                type_display(operand->type.type));
    return NULL;
}

struct node *
check_form(struct checker *checker, int form, const struct ast_expr *expr, bool statement)
{
    static struct node *(*const table[])(struct checker *, const struct ast_expr *, bool) = {
        [FORM_BEGIN] = form_begin, [FORM_UNSAFE] = form_unsafe, [FORM_LET] = form_let,
        [FORM_SET] = form_set,     [FORM_SET0] = form_set0,     [FORM_IF] = form_if,
        [FORM_FOR] = form_for,     [FORM_RETURN] = form_return, [FORM_TRY] = form_try,
    };

    return table[form](checker, expr, statement);
}

struct node *
check_operator(struct checker *checker, int op, const struct ast_expr *expr)
{
    const char *name = operator_name(op);

    if (!check_arity(checker, expr, name, 2))
        return NULL;
    struct node *node = node_new(checker, NODE_OP, TYPE_I32, expr, 2);
    node->head = op;
    for (uint32_t i = 0; i < 2; i++) {
        if (!(node->kids[i] = check_value(checker, expr->items[i + 1])))
            return NULL;
        if (node->kids[i]->type.type != TYPE_I32) {
            failure_set(checker->program->failure, KIND_TYPING, "%s expects i32 args", name);
            return NULL;
        }
    }
    bool zero = expr->items[2]->kind == AST_INT && expr->items[2]->value == 0 && !check_in_task(checker);
    if (zero && op == OP_LTU)
        return check_fail(
            checker, KIND_TYPING,
            "semantic error: `(<u x 0)` is always false (unsigned comparison). Use a signed "
            "comparison like `(< x 0)` when checking for negatives, or guard before decrementing.");
    if (zero && op == OP_GEU)
        return check_fail(checker, KIND_TYPING,
                          "semantic error: `(>=u x 0)` is always true (unsigned comparison). Use a signed "
                          "comparison like `(>= x 0)` when checking for negatives, or remove the check.");
    return node;
}
