/* mono_containers.c: the generic callees of vec_value and map_value, which are not functions: a tapp of one
 * is a plain head for the element types. */
#include "sema/mono_inside.h"

#include <string.h>

enum { MAX_TYPES = 2 };

struct mono_container {
    const char *callee;
    const char *head;  /* what the lowered head begins with */
    const char *types; /* one letter per type parameter: T and V values, K a hashable key */
    uint32_t values;   /* value arguments */
    bool ids;          /* the types are passed as numbers; otherwise they are part of the head's name */
};

static const struct mono_container containers[] = {
    {"vec_value.with_capacity", "vec_value.with_capacity_v1", "T", 1, true},
    {"vec_value.push", "vec_value.push", "T", 2, false},
    {"vec_value.get", "vec_value.get", "T", 3, false},
    {"vec_value.set", "vec_value.set", "T", 3, false},
    {"map_value.new", "map_value.new_v1", "KV", 1, true},
    {"map_value.contains", "map_value.contains", "K", 2, false},
    {"map_value.remove", "map_value.remove", "K", 2, false},
    {"map_value.get", "map_value.get", "KV", 3, false},
    {"map_value.set", "map_value.set", "KV", 3, false},
};

static const struct element {
    const char *type;
    int32_t id;
    const char *suffix;
} elements[] = {
    {"i32", 1, "i32"},
    {"u32", 2, "i32"},
    {"bytes", 3, "bytes"},
    {"bytes_view", 4, "bytes_view"},
};

const struct mono_container *
mono_container_find(const struct symbol *callee)
{
    for (size_t i = 0; i < sizeof containers / sizeof containers[0]; i++)
        if (!strcmp(containers[i].callee, callee->text))
            return &containers[i];
    return NULL;
}

static const struct element *
element_of(struct mono_work *work, const struct symbol *callee, const struct ast_type *type)
{
    for (size_t i = 0; type->kind == AST_TYPE_NAMED && i < sizeof elements / sizeof elements[0]; i++)
        if (!strcmp(elements[i].type, type->name->text))
            return &elements[i];
    mono_fail_type(work, "X07-TY-0101: unsupported type expression in tapp to %Q: ", callee, type);
    return NULL;
}

static bool
check_types(struct mono_work *work, const struct mono_container *container, const struct symbol *callee,
            struct ast_type *const *args, const struct element **out)
{
    for (uint32_t i = 0; container->types[i]; i++) {
        const struct symbol *name = ast_intern(work->program->context, &container->types[i], 1);
        const char *bound = container->types[i] == 'K' ? "hashable" : "value";

        if (!mono_bound_check(work, mono_bound_find(bound), name, args[i]))
            return false;
    }
    for (uint32_t i = 0; container->types[i]; i++)
        if (!(out[i] = element_of(work, callee, args[i])))
            return false;
    return true;
}

static bool
check_values(struct mono_work *work, const struct mono_container *container, const struct symbol *callee,
             uint32_t got)
{
    if (got == container->values)
        return true;
    if (container->values == 1)
        return failure_set(work->program->failure, KIND_PARSE, "%s expects 1 argument", container->callee);
    return failure_set(work->program->failure, KIND_PARSE, "%Q expects %d arguments", callee,
                       (int)container->values);
}

static struct symbol *
lowered_head(struct mono_work *work, const struct mono_container *container, const struct element **types)
{
    struct text name = {0};

    text_puts(&name, container->head);
    for (uint32_t i = 0; !container->ids && container->types[i]; i++)
        text_printf(&name, "_%s", types[i]->suffix);
    text_puts(&name, container->ids ? "" : "_v1");
    struct symbol *symbol = ast_intern(work->program->context, name.data, name.len);
    text_free(&name);
    return symbol;
}

struct ast_expr *
mono_container_call(struct mono_work *work, const struct mono_caller *caller,
                    const struct mono_container *container, const struct ast_expr *tapp)
{
    const struct symbol *callee = tapp->items[1]->symbol;
    uint32_t count = (uint32_t)strlen(container->types);
    struct ast_type *args[MAX_TYPES];
    const struct element *types[MAX_TYPES] = {NULL};
    uint32_t first = 0;

    if (!mono_type_args(work, caller, tapp, count, args, &first) ||
        !check_types(work, container, callee, args, types) ||
        !check_values(work, container, callee, tapp->count - first))
        return NULL;
    work->result->tapp_sites++;
    struct ast_expr *call = mono_rewrite_rest(work, caller, tapp, first, lowered_head(work, container, types),
                                              container->ids ? count : 0);
    for (uint32_t i = 0; call && container->ids && i < count; i++)
        call->items[1 + i] = mono_int(work, tapp->loc, types[i]->id);
    return call;
}
