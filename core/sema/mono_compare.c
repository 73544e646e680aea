/* mono_compare.c: ty.lt and ty.cmp. Their operands are evaluated once and identifiers are not consumed,
 * except where evaluating the other operand could change them. */
#include "base/sha256.h"
#include "sema/heads.h"
#include "sema/mono_inside.h"

/* Operands of at most so many nodes are written twice rather than bound to a local: that is cheaper, and the
 * limit keeps nested comparisons from doubling at every level. */
enum { MAX_REPEATED = 24 };

/* Heads whose operands are neither moved nor changed. */
static bool
is_repeatable_head(int id)
{
    struct head_operand operands[HEAD_MAX_OPERANDS];

    if (id == FORM_BEGIN || id == FORM_IF || (id >= 0 && head_is_operator(id)))
        return true;
    if (id < 0 || !head_is_call(id) || (head_row(id)->effect == HEAD_EFFECT_CALL && id != HEAD_BYTES_EQ))
        return false;
    for (int i = head_operands(head_row(id), operands); i > 0; i--)
        if (type_is_owned(operands[i - 1].type) && operands[i - 1].mode != OPERAND_PEEK &&
            operands[i - 1].mode != OPERAND_OWNER)
            return false;
    return true;
}

/* Whether evaluating a small expression twice, or later, is the same as evaluating it once and now. */
static bool
is_repeatable(const struct ast_expr *expr, uint32_t *budget)
{
    if (!*budget)
        return false;
    --*budget;
    if (expr->kind != AST_LIST)
        return true;
    if (!is_repeatable_head(head_of(expr)))
        return false;
    for (uint32_t i = 1; i < expr->count; i++)
        if (!is_repeatable(expr->items[i], budget))
            return false;
    return true;
}

static bool
is_small_and_repeatable(const struct ast_expr *expr)
{
    uint32_t budget = MAX_REPEATED;

    return is_repeatable(expr, &budget);
}

/* ---- locals ---- */

/* "_x07_cmp_<what>_<hash of the place>": no other local of the function is called that. */
static struct symbol *
local_name(struct mono_work *work, const struct ast_loc *loc, const char *what)
{
    struct text pointer = {0};
    struct text name = {0};
    char hex[SHA256_HEX];

    ast_loc_write(loc, &pointer);
    sha256_hex(text_string(&pointer), pointer.len, hex);
    text_printf(&name, "_x07_cmp_%s_%.8s", what, hex);
    struct symbol *symbol = ast_intern(work->program->context, name.data, name.len);
    text_free(&pointer);
    text_free(&name);
    return symbol;
}

/* A block under construction: bindings, then a result. */
struct block {
    struct mono_work *work;
    const struct ast_loc *loc;
    struct ast_expr *items[5];
    uint32_t count;
};

/* Adds a binding and returns an atom that reads it. */
static struct ast_expr *
block_bind(struct block *block, const char *what, struct ast_expr *value)
{
    struct symbol *name = local_name(block->work, block->loc, what);
    struct ast_expr *atom = mono_atom(block->work, block->loc, name);

    block->items[block->count++] =
        mono_list(block->work, block->loc, "let", 2, (struct ast_expr *[]){atom, value});
    return atom;
}

static struct ast_expr *
block_end(struct block *block, struct ast_expr *result)
{
    block->items[block->count++] = result;
    return mono_list(block->work, block->loc, "begin", block->count, block->items);
}

/* ---- words ---- */

/* if a < b then -1 else if a = b then 0 else 1 */
static struct ast_expr *
compare_twice(struct mono_work *work, const struct ast_loc *loc, bool is_signed, struct ast_expr *a,
              struct ast_expr *b)
{
    struct ast_expr *both[] = {a, b};
    struct ast_expr *otherwise[] = {mono_list(work, loc, "=", 2, both), mono_int(work, loc, 0),
                                    mono_int(work, loc, 1)};
    struct ast_expr *parts[] = {mono_list(work, loc, is_signed ? "<" : "<u", 2, both),
                                mono_int(work, loc, -1), mono_list(work, loc, "if", 3, otherwise)};

    return mono_list(work, loc, "if", 3, parts);
}

struct ast_expr *
mono_compare_words(struct mono_work *work, const struct ast_loc *loc, bool is_signed, struct ast_expr *a,
                   struct ast_expr *b)
{
    struct block block = {.work = work, .loc = loc};
    bool repeat_b = is_small_and_repeatable(b);

    if (repeat_b && is_small_and_repeatable(a))
        return compare_twice(work, loc, is_signed, a, b);
    a = block_bind(&block, "a", a);
    if (!repeat_b)
        b = block_bind(&block, "b", b);
    return block_end(&block, compare_twice(work, loc, is_signed, a, b));
}

/* ---- bytes ---- */

/* An identifier that a binding would empty. */
static bool
is_owner_to_keep(bool is_owned, const struct ast_expr *expr, const struct ast_expr *evaluated_after)
{
    return is_owned && expr->kind == AST_ATOM &&
           (!evaluated_after || is_small_and_repeatable(evaluated_after));
}

struct ast_expr *
mono_compare_bytes(struct mono_work *work, const struct ast_loc *loc, bool is_owned, struct ast_expr *a,
                   struct ast_expr *b)
{
    struct block block = {.work = work, .loc = loc};

    if (!is_owner_to_keep(is_owned, a, b))
        a = block_bind(&block, "a", a);
    if (!is_owner_to_keep(is_owned, b, NULL))
        b = block_bind(&block, "b", b);
    struct ast_expr *a_len =
        block_bind(&block, "la", mono_list(work, loc, "bytes.len", 1, (struct ast_expr *[]){a}));
    struct ast_expr *b_len =
        block_bind(&block, "lb", mono_list(work, loc, "bytes.len", 1, (struct ast_expr *[]){b}));
    struct ast_expr *operands[] = {a, mono_int(work, loc, 0), a_len, b, mono_int(work, loc, 0), b_len};

    return block_end(&block, mono_list(work, loc, "bytes.cmp_range", 6, operands));
}
