/* emit_heads.c: built-in call heads as calls of the runtime. What is not said by a head's row is here. */
#include "emit/emitter.h"

#include <ctype.h>
#include <string.h>

/* x07_<head with every character that is not alphanumeric replaced by _> */
static const char *
head_function(struct emitter *emitter, const struct head *row)
{
    char *name = arena_printf(emitter->arena, "x07_%s", row->name);

    for (char *p = name; *p; p++)
        if (!isalnum((unsigned char)*p))
            *p = '_';
    return name;
}

const char *
emit_literal(struct emitter *emitter, const char *data, size_t len)
{
    struct text text = {0};

    text_putc(&text, '"');
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)data[i];

        if (c == '"' || c == '\\' || c == '?')
            text_printf(&text, "\\%c", c);
        else if (c >= 0x20 && c < 0x7f)
            text_putc(&text, (char)c);
        else
            text_printf(&text, "\\%03o", c);
    }
    text_putc(&text, '"');
    const char *copy = arena_copy(emitter->arena, text.data, text.len);
    text_free(&text);
    return copy;
}

static const char *
head_place(struct emitter *emitter, const struct node *node)
{
    struct text pointer = {0};

    ast_loc_write(node->loc, &pointer);
    const char *literal = emit_literal(emitter, text_string(&pointer), pointer.len);
    text_free(&pointer);
    return literal;
}

static struct value
head_text(struct emitter *emitter, struct node *node)
{
    const char *literal = emit_literal(emitter, node->text->text, node->text->len);

    emit_charge(emitter, 1);
    if (node->head == HEAD_BYTES_VIEW_LIT)
        return emit_simple(VALUE_STABLE, TYPE_VIEW,
                           arena_printf(emitter->arena, "x07_view_lit(%s, %u)", literal, node->text->len));
    return emit_simple(VALUE_EXPR, TYPE_BYTES,
                       arena_printf(emitter->arena, "x07_bytes_lit(rt, %s, %u)", literal, node->text->len));
}

/* An owned operand that is only looked at and dropped when the scope ends. */
static const char *
head_kept(struct emitter *emitter, struct value *value)
{
    *value = emit_save(emitter, *value);
    if (!value->registered)
        emit_register(emitter, value->text, value->type);
    value->registered = false; /* nothing is taken from it */
    return arena_printf(emitter->arena, "x07_view_of(%s)", value->text);
}

/* bytes.concat keeps both operands, bytes.copy its source, until the scope ends. */
static struct value
head_keeping(struct emitter *emitter, struct node *node)
{
    struct value values[2];

    emit_charge(emitter, 1);
    emit_operands(emitter, node->kids, 2, values);
    if (values[0].level == VALUE_NONE || values[1].level == VALUE_NONE)
        return emit_simple(VALUE_NONE, node->type.type, "");
    bool concat = node->head == HEAD_BYTES_CONCAT;
    if (values[1].level == VALUE_EXPR) { /* the source must be saved before it */
        values[1] = emit_save(emitter, values[1]);
    }
    const char *first = head_kept(emitter, &values[0]);
    const char *second = concat ? head_kept(emitter, &values[1]) : values[1].text;
    const char *text =
        arena_printf(emitter->arena, "%s(rt, %s, %s)",
                     concat ? "x07_bytes_concat_views" : "x07_bytes_copy_views", first, second);
    return emit_operation(emitter, emit_simple(VALUE_EXPR, TYPE_BYTES, text), values, 2);
}

/* unwrap_or of views: the default is evaluated only when it is needed. */
static struct value
head_lazy(struct emitter *emitter, struct node *node)
{
    emit_charge(emitter, 1);
    struct value subject = emit_save(emitter, emit_value(emitter, node->kids[0]));
    if (subject.level == VALUE_NONE)
        return subject;
    return emit_choice(emitter, arena_printf(emitter->arena, "%s.tag", subject.text),
                       arena_printf(emitter->arena, "%s.value", subject.text), node->kids[1], TYPE_VIEW);
}

/* unwrap_or of bytes: a default that is not needed is kept until the scope ends, an identifier keeps its
 * value. */
static struct value
head_default(struct emitter *emitter, struct node *node)
{
    struct value values[2];

    emit_charge(emitter, 1);
    emit_operands(emitter, node->kids, 2, values);
    if (values[0].level == VALUE_NONE || values[1].level == VALUE_NONE)
        return emit_simple(VALUE_NONE, TYPE_NEVER, "");
    const char *subject = emit_temporary(emitter, values[0].type);
    const char *result = emit_temporary(emitter, TYPE_BYTES);
    emit_line(emitter, "%s = %s;", subject, values[0].text);
    emit_resets(emitter, values, 1, NULL);
    if (values[1].level != VALUE_HELD)
        head_kept(emitter, &values[1]);
    emit_line(emitter, "%s = %s.value;\nif (!%s.tag)\n{\n%s = %s;\n%s = X07_EMPTY_BYTES;\n}", result, subject,
              subject, result, values[1].text, values[1].text);
    return (struct value){.level = VALUE_STABLE, .type = TYPE_BYTES, .text = result, .variable = true};
}

static const char *
head_reader_function(enum type type)
{
    switch (type) {
    case TYPE_VIEW:
        return "x07_io_open_read_bytes_view";
    case TYPE_VEC:
        return "x07_io_open_read_bytes_vec";
    default:
        return "x07_io_open_read_bytes";
    }
}

static const char *
head_call_name(struct emitter *emitter, const struct node *node, const struct head *row)
{
    if (node->head == HEAD_IO_OPEN_READ_BYTES)
        return head_reader_function(node->kids[0]->type.type);
    if (row->flags & HEAD_FLAG_COPY)
        return "x07_view_to_bytes";
    if (row->flags & HEAD_FLAG_VIEW)
        return "x07_bytes_view";
    return head_function(emitter, row);
}

/* With debug borrow checks: whether a head's views must be looked after here. The heads of the containers of
 * values keep views rather than read them; where they do read, the runtime asks. */
static bool
head_is_watched(const struct emitter *emitter, const struct head *row)
{
    const unsigned elsewhere = HEAD_FLAG_CHECKED | HEAD_FLAG_COPY | HEAD_FLAG_VALUE;

    return emitter->check_borrows && row->effect != HEAD_EFFECT_PURE && row->owner == HEAD_OWNER_NONE &&
           !(row->flags & elsewhere);
}

/* The C call of a head on its operands' values; *level is raised by what they are. */
static const char *
head_call_text(struct emitter *emitter, const struct node *node, const struct head *row,
               const struct value *values, enum value_level *level)
{
    bool watch = head_is_watched(emitter, row);
    struct text text = {0};

    text_printf(&text, "%s(rt", head_call_name(emitter, node, row));
    for (uint32_t i = 0; i < node->count; i++) {
        bool watched = watch && node->kids[i]->type.type == TYPE_VIEW;

        text_printf(&text, watched ? ", x07_watched(rt, %s)" : ", %s", values[i].text);
        if (values[i].level == VALUE_EXPR)
            *level = VALUE_EXPR;
    }
    if (row->flags & HEAD_FLAG_SCOPED)
        text_printf(&text, ", &%s", emitter->task_scope->name);
    if (row->flags & HEAD_FLAG_AT)
        text_printf(&text, ", %s", head_place(emitter, node));
    text_putc(&text, ')');
    const char *copy = arena_copy(emitter->arena, text.data, text.len);
    text_free(&text);
    return copy;
}

/* Evaluates the operands; false when one of them never yields a value. */
static bool
head_values(struct emitter *emitter, struct node *node, struct value *values)
{
    emit_charge(emitter, emit_head_cost(emitter, node));
    emit_charge_looks(emitter, node);
    emit_operands(emitter, node->kids, node->count, values);
    for (uint32_t i = 0; i < node->count; i++)
        if (values[i].level == VALUE_NONE)
            return false;
    return true;
}

/* What is only looked at is left to others: a temporary is dropped when the scope ends. */
static void
head_keep_peeked(struct emitter *emitter, const struct head *row, struct value *values)
{
    struct head_operand operands[HEAD_MAX_OPERANDS];
    int count = head_operands(row, operands);
    uint32_t kid = 0;

    for (int i = 0; i < count; i++) {
        if (operands[i].mode == OPERAND_TEXT || operands[i].mode == OPERAND_NAME)
            continue;
        struct value *value = &values[kid++];
        if (operands[i].mode == OPERAND_PEEK && value->level != VALUE_HELD && type_is_owned(value->type))
            head_kept(emitter, value);
    }
}

/* A head that lets tasks run. */
static struct value
head_waiting(struct emitter *emitter, const struct node *node, const char *call, const struct value *values)
{
    const char *name = emit_temporary(emitter, node->type.type);

    emit_wait(emitter, node, arena_printf(emitter->arena, "%s = %s;", name, call));
    emit_resets(emitter, values, node->count, NULL);
    return (struct value){.level = VALUE_STABLE,
                          .type = node->type.type,
                          .text = name,
                          .variable = type_is_owned(node->type.type)};
}

static struct value
head_plain(struct emitter *emitter, struct node *node, const struct local *target)
{
    const struct head *row = head_row(node->head);
    struct value values[HEAD_MAX_OPERANDS];
    enum value_level level = row->effect == HEAD_EFFECT_PURE ? VALUE_PURE : VALUE_EXPR;

    emitter->headers |= row->flags;
    emitter->used[node->head] = true;
    if (!head_values(emitter, node, values))
        return emit_simple(VALUE_NONE, node->type.type, "");
    head_keep_peeked(emitter, row, values);
    if (emit_lets_tasks_run(emitter, row)) /* operands charge fuel before it is handed over */
        for (uint32_t i = 0; i < node->count; i++)
            if (values[i].level == VALUE_EXPR)
                values[i] = emit_save(emitter, values[i]);
    const char *text = head_call_text(emitter, node, row, values, &level);
    if (emit_lets_tasks_run(emitter, row))
        return head_waiting(emitter, node, text, values);
    struct value result = emit_simple(level, node->type.type, text);
    for (uint32_t i = 0; i < node->count; i++)
        if (target && values[i].consume == target)
            values[i].consume = NULL;
    return emit_operation(emitter, result, values, node->count);
}

/* os.process.exit: no value arrives and nothing is dropped. */
static struct value
head_final(struct emitter *emitter, struct node *node)
{
    struct value result = head_plain(emitter, node, NULL);

    if (result.level == VALUE_NONE)
        return result;
    emit_line(emitter, "%s;", result.text);
    emit_begin_region(emitter, CHARGE_STATEMENT);
    return emit_simple(VALUE_NONE, TYPE_NEVER, "");
}

struct value
emit_head_into(struct emitter *emitter, struct node *node, const struct local *target)
{
    return head_plain(emitter, node, target);
}

struct value
emit_head(struct emitter *emitter, struct node *node)
{
    const struct head *row = head_row(node->head);

    switch (node->head) {
    case HEAD_BYTES_LIT:
    case HEAD_BYTES_VIEW_LIT:
        return head_text(emitter, node);
    case HEAD_BYTES_CONCAT:
    case HEAD_BYTES_COPY:
        return head_keeping(emitter, node);
    case HEAD_OPTION_VIEW_UNWRAP_OR:
    case HEAD_RESULT_VIEW_UNWRAP_OR:
        return head_lazy(emitter, node);
    case HEAD_OPTION_BYTES_UNWRAP_OR:
    case HEAD_RESULT_BYTES_UNWRAP_OR:
        return head_default(emitter, node);
    case HEAD_OS_PROCESS_EXIT:
        return head_final(emitter, node);
    default:
        break;
    }
    if ((row->flags & HEAD_FLAG_RAW) && row->effect == HEAD_EFFECT_PURE)
        return emit_pointer(emitter, node);
    if (row->flags & HEAD_FLAG_SAME) {
        emit_charge(emitter, 1);
        return emit_value(emitter, node->kids[0]);
    }
    return head_plain(emitter, node, NULL);
}
