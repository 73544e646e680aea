/* check_heads.c: typing of built-in call heads, from their rows in heads.def, and of brand casts. */
#include "sema/checker.h"

struct node *
check_implicit_view(struct checker *checker, struct node *value)
{
    struct ast_expr place = {.loc = value->loc};
    struct node *node = node_new(checker, NODE_VIEW, TYPE_VIEW, &place, 1);

    node->type.brand = value->type.brand;
    node->exits = value->exits;
    node->kids[0] = value;
    if (value->kind == NODE_LOCAL)
        value->use = USE_PEEK;
    return node;
}

static struct node *
head_fail(struct checker *checker, const struct head *row, int index, const char *kind)
{
    struct text message = {0};

    head_mismatch(row, index, &message);
    check_fail(checker, kind, text_string(&message));
    text_free(&message);
    return NULL;
}

/* A text or a name that is not evaluated. */
static bool
head_word(struct checker *checker, const struct head *row, int index, const struct ast_expr *expr,
          struct head_operand operand, struct node *node)
{
    struct text message = {0};

    if (expr->kind != AST_ATOM)
        return head_fail(checker, row, index, KIND_PARSE);
    node->text = expr->symbol;
    if (operand.mode == OPERAND_NAME && !ast_check_symbol(expr->symbol->text, expr->symbol->len, &message)) {
        check_fail(checker, KIND_PARSE, text_string(&message));
        text_free(&message);
        return false;
    }
    return true;
}

static bool
head_accepts(struct head_operand operand, enum type type)
{
    switch (operand.mode) {
    case OPERAND_VIEWED:
        return type == TYPE_VIEW || type == TYPE_BYTES;
    case OPERAND_VIEWED_ANY:
    case OPERAND_READER:
        return type == TYPE_VIEW || type == TYPE_BYTES || type == TYPE_VEC;
    case OPERAND_ONE_OF:
        return operand.types >> type & 1;
    default: /* an optional event is read as the option of a word that it is */
        return type == operand.type || (operand.type == TYPE_OPTION_I32 && type == TYPE_OPTION_SELECT_EVT);
    }
}

static void
head_take(struct checker *checker, struct head_operand operand, struct node **kid)
{
    struct node *value = *kid;
    bool local = value->kind == NODE_LOCAL;

    switch (operand.mode) {
    case OPERAND_VIEWED:
    case OPERAND_VIEWED_ANY:
        if (value->type.type != TYPE_VIEW)
            *kid = check_implicit_view(checker, value);
        break;
    case OPERAND_PEEK:
    case OPERAND_OWNER:
        if (local)
            value->use = USE_PEEK;
        break;
    case OPERAND_IN_PLACE:
        if (local)
            value->use = USE_CONSUME;
        break;
    case OPERAND_DEFAULT:
        if (local)
            value->use = USE_DEFAULT;
        break;
    default:
        break;
    }
}

static struct node *
head_operand(struct checker *checker, const struct head *row, struct head_operand operand,
             const struct ast_expr *expr)
{
    if (operand.mode == OPERAND_OWNER && expr->kind != AST_ATOM) {
        failure_set(checker->program->failure, KIND_TYPING,
                    "%s requires an identifier owner (bind the value to a local with let first)", row->name);
        return NULL;
    }
    return operand.mode == OPERAND_LAZY ? check_scoped(checker, expr, false) : check_value(checker, expr);
}

static struct brand
head_result_brand(const struct head *row, const struct node *node)
{
    struct brand none = {BRAND_NONE, NULL};
    const struct node *first = node->count ? node->kids[0] : node;
    const struct node *last = node->count ? node->kids[node->count - 1] : node;

    switch (row->brand) {
    case HEAD_BRAND_ARG0:
        return first->type.brand;
    case HEAD_BRAND_ANY:
        return (struct brand){BRAND_ANY, NULL};
    case HEAD_BRAND_LAST:
        return type_takes_brand(last->type.type) ? last->type.brand : none;
    case HEAD_BRAND_UNWRAP:
        if (!type_takes_brand(last->type.type))
            return none;
        if (first->type.brand.kind == BRAND_ANY)
            return last->type.brand;
        return brand_join(row->result, first->type.brand, last->type.brand);
    case HEAD_BRAND_NONE:
        break;
    }
    return none;
}

/* Of a list of slices of a text. */
#define SLICES_BRAND "std.text.slices.x7sl_v1"

/* What the table's columns do not say: full views and the brand-changing heads. */
static void
head_special_type(const struct checker *checker, int id, struct node *node)
{
    const struct node *first = node->count ? node->kids[0] : node;

    switch (id) {
    case HEAD_BYTES_VIEW:
    case HEAD_BRAND_VIEW:
    case HEAD_BYTES_VIEW_LIT:
        node->type.view_full = true;
        break;
    case HEAD_BRAND_ASSUME_VIEW:
        node->type.brand = (struct brand){BRAND_NAMED, node->text};
        node->type.view_full = first->type.view_full;
        break;
    case HEAD_BRAND_ERASE_VIEW:
        node->type.view_full = first->type.view_full;
        break;
    case HEAD_BRAND_ASSUME_BYTES:
        node->type.brand = (struct brand){BRAND_NAMED, node->text};
        break;
    case HEAD_REGEX_FIND_ALL:
    case HEAD_REGEX_SPLIT:
        node->type.brand =
            (struct brand){BRAND_NAMED, ast_intern_string(checker->program->context, SLICES_BRAND)};
        break;
    case HEAD_TASK_SPAWN:
        node->type.type = first->type.type;
        break;
    case HEAD_OPTION_I32_UNWRAP_OR:
        if (first->type.type == TYPE_OPTION_SELECT_EVT)
            node->type.type = TYPE_SELECT_EVT;
        break;
    case HEAD_BRAND_TO_BYTES_IF_FULL:
        if (first->type.brand.kind == BRAND_NAMED && first->type.view_full)
            node->type.brand = first->type.brand;
        break;
    default:
        check_pointer_result(id, node);
        break;
    }
}

/* Types the operands and stores those that are evaluated; false after an error. */
static bool
head_type_operands(struct checker *checker, const struct head *row, const struct ast_expr *expr,
                   const struct head_operand *operands, int count, struct node *node)
{
    bool together = row->flags & HEAD_FLAG_BOTH;

    for (int i = 0; i < count; i++) {
        const struct ast_expr *item = expr->items[i + 1];

        if (operands[i].mode == OPERAND_TEXT || operands[i].mode == OPERAND_NAME) {
            if (!head_word(checker, row, i, item, operands[i], node))
                return false;
            continue;
        }
        struct node *kid = head_operand(checker, row, operands[i], item);
        if (!kid)
            return false;
        node->kids[node->count++] = kid;
        if (!together && !head_accepts(operands[i], kid->type.type))
            return head_fail(checker, row, i, KIND_TYPING);
    }
    for (int i = 0; together && i < count; i++)
        if (!head_accepts(operands[i], node->kids[i]->type.type))
            return head_fail(checker, row, i, KIND_TYPING);
    return true;
}

struct node *
check_head(struct checker *checker, int head, const struct ast_expr *expr)
{
    const struct head *row = head_row(head);
    struct head_operand operands[HEAD_MAX_OPERANDS];
    int count = head_operands(row, operands);

    if (((row->flags & HEAD_FLAG_RAW) && !check_unsafe_capability(checker, row->name)) ||
        ((row->flags & HEAD_FLAG_UNSAFE) && !check_unsafe_block(checker, row->name)))
        return NULL;
    if ((row->flags & HEAD_FLAG_SCOPED) && !check_in_task_scope(checker, head))
        return NULL;
    if (head == HEAD_PTR_CAST)
        return check_pointer_cast(checker, expr);
    if (head == HEAD_ADDR_OF || head == HEAD_ADDR_OF_MUT)
        return check_address(checker, head, expr);
    if (!check_arity(checker, expr, row->name, (uint32_t)count))
        return NULL;
    struct node *node = node_new(checker, NODE_HEAD, row->result, expr, (uint32_t)count);
    node->head = head;
    node->count = 0;
    if (check_starts_task(head) && !check_is_task_call(checker, expr->items[1]))
        return NULL;
    if (!head_type_operands(checker, row, expr, operands, count, node))
        return NULL;
    if (check_starts_task(head) && !check_task_kind(checker, head, node))
        return NULL;
    node->type.brand = head_result_brand(row, node);
    head_special_type(checker, head, node);
    uint32_t kid = 0;
    for (int i = 0; i < count; i++)
        if (operands[i].mode != OPERAND_TEXT && operands[i].mode != OPERAND_NAME)
            head_take(checker, operands[i], &node->kids[kid++]);
    return node;
}

static const struct {
    enum type operand, result;
    const char *operand_name;
} casts[] = {
    [FORM_CAST_BYTES] = {TYPE_BYTES, TYPE_RESULT_BYTES, "bytes"},
    [FORM_CAST_VIEW_COPY] = {TYPE_VIEW, TYPE_RESULT_BYTES, "bytes_view"},
    [FORM_CAST_VIEW] = {TYPE_VIEW, TYPE_RESULT_VIEW, "bytes_view"},
};

/* An atom that follows the symbol rule, or NULL after an error. */
static struct symbol *
cast_symbol(struct checker *checker, const char *name, const struct ast_expr *expr, const char *what)
{
    struct text message = {0};

    if (expr->kind != AST_ATOM) {
        failure_set(checker->program->failure, KIND_PARSE, "%s expects a %s", name, what);
        return NULL;
    }
    if (ast_check_symbol(expr->symbol->text, expr->symbol->len, &message))
        return expr->symbol;
    check_fail(checker, KIND_PARSE, text_string(&message));
    text_free(&message);
    return NULL;
}

static struct func *
cast_validator(struct checker *checker, const struct symbol *name)
{
    struct failure *failure = checker->program->failure;
    struct func *func = program_func(checker->program, name);

    if (!func || func->ast->kind != AST_DEFN) {
        failure_set(failure, KIND_TYPING, "unknown identifier: %Q", name);
        return NULL;
    }
    if (func->param_count != 1 || func->param_types[0] != TYPE_VIEW || func->result != TYPE_RESULT_I32 ||
        func->param_brands[0].kind != BRAND_NONE) {
        failure_set(failure, KIND_TYPING, "validator must have signature (bytes_view)->result_i32: %Q", name);
        return NULL;
    }
    return func;
}

struct node *
check_cast(struct checker *checker, int form, const struct ast_expr *expr)
{
    const char *name = head_name(form);

    if (!check_arity(checker, expr, name, 3))
        return NULL;
    struct symbol *brand = cast_symbol(checker, name, expr->items[1], "brand_id string");
    if (!brand)
        return NULL;
    struct symbol *validator = cast_symbol(checker, name, expr->items[2], "validator symbol");
    if (!validator)
        return NULL;
    struct node *node = node_new(checker, NODE_CAST, casts[form].result, expr, 1);
    node->head = form;
    node->type.brand = (struct brand){BRAND_NAMED, brand};
    if (!(node->callee = cast_validator(checker, validator)) ||
        !(node->kids[0] = check_value(checker, expr->items[3])))
        return NULL;
    if (node->kids[0]->type.type != casts[form].operand) {
        failure_set(checker->program->failure, KIND_TYPING, "%s expects %s", name, casts[form].operand_name);
        return NULL;
    }
    return node;
}
