/* temporaries.c: see temporaries.h. Knows the tree; nothing of how its values are emitted. */
#include "sema/temporaries.h"

#include "base/text.h"

static bool
temporaries_is_peek(const struct node *operand)
{
    return operand->kind == NODE_LOCAL && (operand->use == USE_PEEK || operand->use == USE_CONSUME);
}

/* Of an operand of a head or call: an implicit view is one, and so is what it looks at unless that has a
 * name. */
static uint64_t
temporaries_operand(const struct node *operand)
{
    if (operand->kind == NODE_VIEW)
        return temporaries_is_peek(operand->kids[0]) ? 1 : 2;
    return temporaries_is_peek(operand) ? 0 : 1;
}

static uint64_t
temporaries_own(const struct node *node)
{
    uint64_t count = 0;

    switch (node->kind) {
    case NODE_BEGIN:
    case NODE_RETURN:
        return 0;
    case NODE_LET:
    case NODE_IF:
        return 1;
    case NODE_SET:
        return type_is_owned(node->local->type.type) || type_is_view(node->local->type.type);
    case NODE_FOR:
        return 1u + node->fresh + node->statement;
    case NODE_OP:
    case NODE_HEAD:
    case NODE_CALL:
    case NODE_CAST:
        for (uint32_t i = 0; i < node->count; i++)
            count += temporaries_operand(node->kids[i]);
        break;
    default:
        break;
    }
    return count + node->statement;
}

uint64_t
temporaries_count(const struct node *node)
{
    uint64_t count = temporaries_own(node);

    for (uint32_t i = 0; i < node->count; i++)
        count += temporaries_count(node->kids[i]);
    return count;
}

bool
temporaries_exceeded(struct program *program, const struct func *func)
{
    struct text number = {0};

    text_printf(&number, "%llu", (unsigned long long)program->limits.max_locals);
    failure_set(program->failure, KIND_BUDGET, "max locals exceeded: %s (fn=%s)", text_string(&number),
                func ? func->name->text : "solve");
    failure_append(program->failure, " (hint: split this function body (extract helper defn/defasync) or "
                                     "raise X07_MAX_LOCALS)");
    text_free(&number);
    return false;
}
