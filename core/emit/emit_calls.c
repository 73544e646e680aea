/* emit_calls.c: calls of the program's own functions, and brand casts, which call a validator. */
#include "emit/emitter.h"

#include "base/memory.h"

#include <stdlib.h>

void
emit_spill_fuel(struct emitter *emitter)
{
    if (emitter->local_fuel)
        emit_line(emitter, "rt->fuel = fuel;");
}

void
emit_reload_fuel(struct emitter *emitter)
{
    if (emitter->local_fuel)
        emit_line(emitter, "fuel = rt->fuel;");
}

static const char *
call_text(struct emitter *emitter, const struct node *node, const struct value *values)
{
    struct text text = {0};

    text_printf(&text, "%s(rt", emit_function_name(emitter, node->callee));
    for (uint32_t i = 0; i < node->count; i++)
        text_printf(&text, ", %s", values[i].text);
    text_putc(&text, ')');
    const char *copy = arena_copy(emitter->arena, text.data, text.len);
    text_free(&text);
    return copy;
}

static struct value
call_with(struct emitter *emitter, struct node *node, struct value *values)
{
    for (uint32_t i = 0; i < node->count; i++)
        if (values[i].level == VALUE_NONE)
            return emit_simple(VALUE_NONE, node->type.type, "");
    if (!emit_call_terms(emitter, node->callee) || !emitter->local_fuel) {
        struct value result = emit_simple(VALUE_EXPR, node->type.type, call_text(emitter, node, values));
        return emit_operation(emitter, result, values, node->count);
    }
    /* Arguments that charge fuel must have done so before it is handed over. */
    for (uint32_t i = 0; i < node->count; i++)
        if (values[i].level == VALUE_EXPR)
            values[i] = emit_save(emitter, values[i]);
    emit_spill_fuel(emitter);
    struct value result =
        emit_save(emitter, emit_simple(VALUE_EXPR, node->type.type, call_text(emitter, node, values)));
    emit_reload_fuel(emitter);
    emit_resets(emitter, values, node->count, NULL);
    return result;
}

struct value
emit_call(struct emitter *emitter, struct node *node)
{
    if (node->callee->ast->kind == AST_EXTERN)
        return emit_extern_call(emitter, node);
    emit_charge_looks(emitter, node);
    if (node->callee->ast->kind == AST_DEFASYNC)
        return emit_task_call(emitter, node);

    struct value *values = memory_alloc(node->count * sizeof *values);
    emit_charge(emitter, 1);
    emit_operands(emitter, node->kids, node->count, values);
    struct value result = call_with(emitter, node, values);
    free(values);
    return result;
}

/* The cast's value when the validator accepted, and what is done when it did not. */
static void
cast_result(struct emitter *emitter, const struct node *node, struct value operand, const char *verdict,
            const char *result)
{
    const char *error =
        arena_printf(emitter->arena, "(%s){0, %s.value, X07_EMPTY_%s}", type_c_name(node->type.type), verdict,
                     node->type.type == TYPE_RESULT_VIEW ? "VIEW" : "BYTES");

    switch (node->head) {
    case FORM_CAST_BYTES:
        emit_line(emitter,
                  "%s = %s;\nif (%s.tag)\n%s = x07_result_bytes_ok(rt, %s);\nelse\nx07_drop_bytes(rt, %s);",
                  result, error, verdict, result, operand.text, operand.text);
        emit_resets(emitter, &operand, 1, NULL);
        break;
    case FORM_CAST_VIEW_COPY:
        emit_line(emitter, "%s = %s;\nif (%s.tag)\n%s = x07_result_bytes_ok(rt, x07_view_to_bytes(rt, %s));",
                  result, error, verdict, result, operand.text);
        break;
    default:
        emit_line(emitter, "%s = %s;\nif (%s.tag)\n%s = x07_result_bytes_view_ok(rt, %s);", result, error,
                  verdict, result, operand.text);
    }
}

struct value
emit_cast(struct emitter *emitter, struct node *node)
{
    emit_charge(emitter, 1);
    struct value operand = emit_save(emitter, emit_value(emitter, node->kids[0]));
    if (operand.level == VALUE_NONE)
        return operand;
    const char *verdict = emit_temporary(emitter, TYPE_RESULT_I32);
    const char *result = emit_temporary(emitter, node->type.type);
    const char *view = operand.type == TYPE_BYTES
                           ? arena_printf(emitter->arena, "x07_view_of(%s)", operand.text)
                           : operand.text;
    bool takes_fuel = emit_call_terms(emitter, node->callee);
    if (takes_fuel)
        emit_spill_fuel(emitter);
    emit_line(emitter, "%s = %s(rt, %s);", verdict, emit_function_name(emitter, node->callee), view);
    if (takes_fuel)
        emit_reload_fuel(emitter);
    cast_result(emitter, node, operand, verdict, result);
    return (struct value){.level = VALUE_STABLE,
                          .type = node->type.type,
                          .text = result,
                          .variable = type_is_owned(node->type.type)};
}
