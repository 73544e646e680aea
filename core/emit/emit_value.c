/* emit_value.c: values, how they are kept in order, and the simplest expressions. */
#include "emit/emitter.h"

#include <string.h>

struct value
emit_simple(enum value_level level, enum type type, const char *text)
{
    return (struct value){.level = level, .type = type, .text = text};
}

static struct value
emit_variable(const char *name, enum type type)
{
    return (struct value){.level = VALUE_STABLE, .type = type, .text = name, .variable = type_is_owned(type)};
}

struct value
emit_save(struct emitter *emitter, struct value value)
{
    if (value.level == VALUE_STABLE || value.level == VALUE_NONE)
        return value;
    const char *name = emit_temporary(emitter, value.type);
    emit_line(emitter, "%s = %s;", name, value.text);
    return emit_variable(name, value.type);
}

/* Inserts at `position` of the current code what saving `value` appends. */
static struct value
emit_save_at(struct emitter *emitter, size_t position, struct value value, size_t *inserted)
{
    struct text *code = &emitter->scope->code;
    size_t old = code->len;
    struct value saved = emit_save(emitter, value);
    size_t added = code->len - old;
    char *copy = arena_copy(emitter->arena, code->data + old, added);

    memmove(code->data + position + added, code->data + position, old - position);
    memcpy(code->data + position, copy, added);
    *inserted = added;
    return saved;
}

/* Whether a value that has not been placed yet must be saved before what comes after it: statements, or an
 * expression with effects. */
static bool
emit_must_save(struct value value, bool statements)
{
    return value.level == VALUE_EXPR || (value.level == VALUE_PURE && statements);
}

static void
emit_protect(struct emitter *emitter, size_t position, struct value *values, uint32_t count, bool statements,
             bool exits)
{
    for (uint32_t i = 0; i < count; i++) {
        size_t inserted = 0;

        if (emit_must_save(values[i], statements))
            values[i] = emit_save_at(emitter, position, values[i], &inserted);
        position += inserted;
        if (exits && values[i].variable && !values[i].registered) {
            emit_register(emitter, values[i].text, values[i].type);
            values[i].registered = true;
        }
    }
}

void
emit_operands(struct emitter *emitter, struct node *const *kids, uint32_t count, struct value *values)
{
    for (uint32_t i = 0; i < count; i++) {
        if (kids[i]->exits) /* its drops must know of all that is held by then */
            emit_protect(emitter, emitter->scope->code.len, values, i, true, true);
        size_t position = emitter->scope->code.len;

        values[i] = emit_value(emitter, kids[i]);
        bool statements = emitter->scope->code.len != position;
        if (statements || values[i].level == VALUE_EXPR)
            emit_protect(emitter, position, values, i, statements, kids[i]->exits);
    }
}

bool
emit_needs_reset(const struct value *values, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (values[i].registered || values[i].consume)
            return true;
    return false;
}

void
emit_resets(struct emitter *emitter, const struct value *values, uint32_t count, const struct local *kept)
{
    for (uint32_t i = 0; i < count; i++) {
        if (values[i].registered)
            emit_line(emitter, "%s = %s;", values[i].text, emit_empty(values[i].type));
        if (values[i].consume && values[i].consume != kept)
            emit_line(emitter, "%s = %s;", values[i].text, emit_empty(values[i].type));
    }
}

struct value
emit_operation(struct emitter *emitter, struct value result, const struct value *values, uint32_t count)
{
    if (!emit_needs_reset(values, count))
        return result;
    result = emit_save(emitter, result);
    emit_resets(emitter, values, count, NULL);
    return result;
}

static struct value
emit_int(struct emitter *emitter, struct node *node)
{
    emit_charge(emitter, 1);
    return emit_simple(VALUE_STABLE, TYPE_I32, arena_printf(emitter->arena, "%uu", (uint32_t)node->value));
}

/* A local whose address is taken may change with any effect, so it is read in order like an effect. */
struct value
emit_read(struct emitter *emitter, const struct local *local)
{
    return emit_simple(local->addressed ? VALUE_EXPR : VALUE_PURE, local->type.type,
                       emit_local_name(emitter, local));
}

static struct value
emit_local(struct emitter *emitter, struct node *node)
{
    enum type type = node->local->type.type;
    const char *name = emit_local_name(emitter, node->local);

    switch (node->use) {
    case USE_COPY:
        emit_charge(emitter, 1);
        return emit_read(emitter, node->local);
    case USE_MOVE: {
        emit_charge(emitter, 1);
        const char *taken = emit_temporary(emitter, type);
        emit_line(emitter, "%s = %s;\n%s = %s;", taken, name, name, emit_empty(type));
        return emit_variable(taken, type);
    }
    case USE_CONSUME:
        return (struct value){.level = VALUE_HELD, .type = type, .text = name, .consume = node->local};
    case USE_PEEK:
    case USE_DEFAULT:
        break;
    }
    return emit_simple(VALUE_HELD, type, name);
}

static struct value
emit_input(struct emitter *emitter, struct node *node)
{
    (void)node;
    emit_charge(emitter, 1);
    emitter->input_used = true;
    return emit_simple(VALUE_STABLE, TYPE_VIEW, "input");
}

/* The implicit view of an owned value: of a local, or of a temporary that lives as long as the scope. */
static struct value
emit_implicit_view(struct emitter *emitter, struct node *node)
{
    struct value owner = emit_value(emitter, node->kids[0]);

    if (owner.level == VALUE_NONE)
        return owner;
    enum value_level level = owner.level == VALUE_HELD ? VALUE_HELD : VALUE_STABLE;
    if (level != VALUE_HELD) {
        owner = emit_save(emitter, owner);
        if (!owner.registered)
            emit_register(emitter, owner.text, owner.type);
    }
    const char *text = owner.type == TYPE_VEC
                           ? arena_printf(emitter->arena, "x07_vec_u8_as_view(rt, %s)", owner.text)
                           : arena_printf(emitter->arena, "x07_view_of(%s)", owner.text);
    return emit_simple(level, TYPE_VIEW, text);
}

static struct value
emit_operator(struct emitter *emitter, struct node *node)
{
    struct value values[2];

    if (node->head == OP_LAND || node->head == OP_LOR)
        return emit_logical(emitter, node);
    emit_charge(emitter, 1);
    emit_operands(emitter, node->kids, 2, values);
    if (values[0].level == VALUE_NONE || values[1].level == VALUE_NONE)
        return emit_simple(VALUE_NONE, TYPE_I32, "0u");
    struct text text = {0};
    const char *c = operator_c(node->head);
    bool compares = node->head >= OP_EQ && node->head <= OP_GEU;
    text_puts(&text, compares ? "(uint32_t)(" : "(");
    for (uint32_t i = 0; *c; c++) {
        if (*c != '%') {
            text_putc(&text, *c);
            continue;
        }
        c++;
        text_puts(&text, values[i++].text);
    }
    text_putc(&text, ')');
    const char *copy = arena_copy(emitter->arena, text.data, text.len);
    text_free(&text);
    bool effects = values[0].level == VALUE_EXPR || values[1].level == VALUE_EXPR;
    return emit_simple(effects ? VALUE_EXPR : VALUE_PURE, TYPE_I32, copy);
}

/* A condition whose effects remain while its own node costs nothing, then the value. */
static struct value
emit_silent(struct emitter *emitter, struct node *node)
{
    emitter->silent++;
    emit_statement(emitter, node->kids[0]);
    emitter->silent--;
    if (node->statement || node->count == 1) {
        if (node->count == 2)
            emit_statement(emitter, node->kids[1]);
        return emit_simple(VALUE_NONE, TYPE_I32, "0u");
    }
    return emit_value(emitter, node->kids[1]);
}

struct value
emit_value(struct emitter *emitter, struct node *node)
{
    static struct value (*const table[])(struct emitter *, struct node *) = {
        [NODE_INT] = emit_int,          [NODE_LOCAL] = emit_local,        [NODE_INPUT] = emit_input,
        [NODE_BEGIN] = emit_block,      [NODE_UNSAFE] = emit_block,       [NODE_LET] = emit_let,
        [NODE_SET] = emit_set,          [NODE_SET0] = emit_set,           [NODE_IF] = emit_if,
        [NODE_FOR] = emit_for,          [NODE_RETURN] = emit_return,      [NODE_TRY] = emit_try,
        [NODE_OP] = emit_operator,      [NODE_HEAD] = emit_head,          [NODE_CALL] = emit_call,
        [NODE_CAST] = emit_cast,        [NODE_VIEW] = emit_implicit_view, [NODE_SILENT] = emit_silent,
        [NODE_SCOPE] = emit_task_scope, [NODE_SELECT] = emit_select,
    };

    return table[node->kind](emitter, node);
}

struct value
emit_number(struct emitter *emitter, struct node *node)
{
    struct value value = emit_value(emitter, node);

    return value.level == VALUE_NONE ? emit_simple(VALUE_STABLE, TYPE_I32, "0u") : value;
}

/* Evaluates for effects. An owned value lives until the scope ends. */
static void
emit_discarded(struct emitter *emitter, struct node *node)
{
    struct value value = emit_value(emitter, node);

    if (value.level == VALUE_NONE || value.type == TYPE_NEVER)
        return;
    if (type_is_owned(value.type) && value.level != VALUE_HELD) {
        value = emit_save(emitter, value);
        if (!value.registered)
            emit_register(emitter, value.text, value.type);
    } else if (value.level == VALUE_EXPR || value.level == VALUE_PURE) {
        emit_line(emitter, "(void)%s;", value.text);
    }
}

void
emit_statement(struct emitter *emitter, struct node *node)
{
    switch (node->kind) {
    case NODE_BEGIN:
        emit_block(emitter, node);
        break;
    case NODE_IF:
        emit_if_statement(emitter, node);
        break;
    case NODE_LET:
        emit_let(emitter, node);
        break;
    case NODE_SET:
    case NODE_SET0:
        emit_set(emitter, node);
        break;
    default:
        emit_discarded(emitter, node);
    }
}
