/* emit_pointers.c: the raw pointer heads that only compute a pointer, as C expressions. Those that touch
 * memory are calls of the runtime like other heads. */
#include "emit/emitter.h"

/* The level of a value computed from `operand` without trap or effect. */
static enum value_level
pointer_level(struct value operand)
{
    return operand.level == VALUE_EXPR ? VALUE_EXPR : VALUE_PURE;
}

/* bytes.as_ptr and its relatives: the owner stays alive until the scope ends. */
static struct value
pointer_data(struct emitter *emitter, struct node *node)
{
    struct value owner = emit_value(emitter, node->kids[0]);

    if (owner.level == VALUE_NONE)
        return owner;
    if (type_is_owned(owner.type)) {
        owner = emit_save(emitter, owner);
        if (!owner.registered)
            emit_register(emitter, owner.text, owner.type);
    }
    return emit_simple(pointer_level(owner), node->type.type,
                       arena_printf(emitter->arena, "(%s)%s.ptr", type_c_name(node->type.type), owner.text));
}

static struct value
pointer_address(struct emitter *emitter, struct node *node)
{
    const struct node *named = node->kids[0];
    const char *name = "input";

    if (named->kind == NODE_LOCAL)
        name = emit_local_name(emitter, named->local);
    else
        emitter->input_used = true;
    return emit_simple(VALUE_STABLE, node->type.type,
                       arena_printf(emitter->arena, "(%s)&%s", type_c_name(node->type.type), name));
}

static struct value
pointer_null(struct emitter *emitter, struct node *node)
{
    return emit_simple(VALUE_STABLE, node->type.type,
                       arena_printf(emitter->arena, "((%s)0)", type_c_name(node->type.type)));
}

/* ptr.cast and ptr.as_const. */
static struct value
pointer_cast(struct emitter *emitter, struct node *node)
{
    struct value operand = emit_value(emitter, node->kids[0]);

    if (operand.level == VALUE_NONE)
        return operand;
    return emit_simple(pointer_level(operand), node->type.type,
                       arena_printf(emitter->arena, "((%s)%s)", type_c_name(node->type.type), operand.text));
}

/* ptr.add, ptr.sub and ptr.offset: the distance is unsigned, but for ptr.offset. */
static struct value
pointer_move(struct emitter *emitter, struct node *node)
{
    bool words = node->type.type == TYPE_PTR_CONST_I32 || node->type.type == TYPE_PTR_MUT_I32;
    struct value values[2];

    emit_operands(emitter, node->kids, 2, values);
    if (values[0].level == VALUE_NONE || values[1].level == VALUE_NONE)
        return emit_simple(VALUE_NONE, node->type.type, "");
    bool effects = values[0].level == VALUE_EXPR || values[1].level == VALUE_EXPR;
    const char *sign = node->head == HEAD_PTR_OFFSET ? "(int32_t)" : "";
    return emit_simple(effects ? VALUE_EXPR : VALUE_PURE, node->type.type,
                       arena_printf(emitter->arena, "((%s)x07_ptr_move(%s, (int64_t)%s%s * %s%d))",
                                    type_c_name(node->type.type), values[0].text, sign, values[1].text,
                                    node->head == HEAD_PTR_SUB ? "-" : "", words ? 4 : 1));
}

struct value
emit_pointer(struct emitter *emitter, struct node *node)
{
    emit_charge(emitter, 1);
    emitter->headers |= HEAD_FLAG_RAW;
    switch (node->head) {
    case HEAD_ADDR_OF:
    case HEAD_ADDR_OF_MUT:
        return pointer_address(emitter, node);
    case HEAD_PTR_NULL:
        return pointer_null(emitter, node);
    case HEAD_PTR_CAST:
    case HEAD_PTR_AS_CONST:
        return pointer_cast(emitter, node);
    case HEAD_PTR_ADD:
    case HEAD_PTR_SUB:
    case HEAD_PTR_OFFSET:
        return pointer_move(emitter, node);
    default:
        return pointer_data(emitter, node);
    }
}
