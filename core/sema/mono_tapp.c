/* mono_tapp.c: calls of generic functions: their checks, in the order of section 7.3, and the specialisation
 * that each stands for. */
#include "base/sha256.h"
#include "sema/mono_inside.h"

#include <string.h>

/* Types of polymorphic recursion can double at every step, long before they are deep. */
enum { MAX_TYPE_NODES = 4096 };

static bool
type_arg(struct mono_work *work, const struct mono_caller *caller, const struct symbol *callee,
         const struct ast_expr *expr, struct ast_type **out)
{
    struct failure *failure = work->program->failure;
    struct ast_type *type = mono_type_read(work, expr);
    uint32_t budget = MAX_TYPE_NODES;

    if (!type || !(type = mono_type_substitute(work, caller, type)))
        return false;
    if (!caller->generic && !mono_type_is_concrete(type))
        return mono_fail_type(work, "X07-TY-0107: non-concrete type arg in tapp to %Q: ", callee, type);
    if (mono_type_depth(type, &budget) > MONO_MAX_DEPTH)
        return failure_set(failure, KIND_BUDGET,
                           "X07-TY-0109: type expression too deep in tapp to %Q: max_depth=%d", callee,
                           MONO_MAX_DEPTH);
    if (!budget)
        return failure_set(failure, KIND_BUDGET,
                           "X07-TY-0109: type expression too large in tapp to %Q: max_nodes=%d", callee,
                           MAX_TYPE_NODES);
    *out = type;
    return true;
}

bool
mono_type_args(struct mono_work *work, const struct mono_caller *caller, const struct ast_expr *tapp,
               uint32_t want, struct ast_type **args, uint32_t *first_value)
{
    struct failure *failure = work->program->failure;
    const struct symbol *callee = tapp->items[1]->symbol;
    const struct ast_expr *tys = tapp->items[2];
    bool listed = tys->kind == AST_LIST && tys->items[0]->symbol == work->tys;

    if (listed && tys->count - 1 != want)
        return failure_set(failure, KIND_TYPING,
                           "X07-TY-0105: tapp arity mismatch for %Q: expected %d type args got %d", callee,
                           (int)want, (int)tys->count - 1);
    if (!listed && tapp->count - 2 < want)
        return failure_set(failure, KIND_TYPING,
                           "X07-TY-0105: tapp arity mismatch for %Q: expected %d type args", callee,
                           (int)want);
    struct ast_expr *const *operands = listed ? tys->items + 1 : tapp->items + 2;
    for (uint32_t i = 0; i < want; i++)
        if (!type_arg(work, caller, callee, operands[i], &args[i]))
            return false;
    *first_value = listed ? 3 : 2 + want;
    return true;
}

static bool
check_bounds(struct mono_work *work, const struct ast_func *generic, struct ast_type *const *args)
{
    for (uint32_t i = 0; i < generic->type_param_count; i++) {
        const struct ast_type_param *param = &generic->type_params[i];

        if (param->bound &&
            !mono_bound_check(work, mono_bound_find(param->bound->text), param->name, args[i]))
            return false;
    }
    return true;
}

static bool
check_export(struct mono_work *work, const struct mono_caller *caller, const struct mono_func *func)
{
    const struct ast_doc *doc = func->module->doc;
    bool visible = func->module == caller->module;

    /* An entry's exports mean nothing. */
    for (uint32_t i = 0; doc->kind == AST_MODULE && i < doc->export_count && !visible; i++)
        visible = doc->exports[i] == func->ast->name;
    return visible || failure_set(work->program->failure, KIND_PARSE,
                                  "function %Q is not exported by module %Q (required by tapp)",
                                  func->ast->name, func->module->id);
}

/* ---- specialisations ---- */

/* "<generic> <type arguments as JSON>": no name contains a space, so keys sort by name, then by arguments. */
static struct symbol *
item_key(struct mono_work *work, const struct ast_func *generic, struct ast_type *const *args,
         struct text *json)
{
    struct text key = {0};

    for (uint32_t i = 0; i < generic->type_param_count; i++) {
        text_putc(json, i ? ',' : '[');
        mono_type_write(args[i], json);
    }
    text_putc(json, ']');
    text_append(&key, generic->name->text, generic->name->len);
    text_putc(&key, ' ');
    text_append(&key, json->data, json->len);
    struct symbol *symbol = ast_intern(work->program->context, key.data, key.len);
    text_free(&key);
    return symbol;
}

static struct symbol *
item_name(struct mono_work *work, const struct ast_func *generic, struct ast_type *const *args,
          const struct text *json)
{
    struct text name = {0};
    char hex[SHA256_HEX];

    text_append(&name, generic->name->text, generic->name->len);
    text_puts(&name, "__x07_mono_v1__");
    for (uint32_t i = 0; i < generic->type_param_count; i++) {
        text_puts(&name, i ? "__" : "");
        mono_type_write_name(args[i], &name);
    }
    sha256_hex(json->data, json->len, hex);
    text_printf(&name, "__h%.8s", hex);
    struct symbol *symbol = ast_intern(work->program->context, name.data, name.len);
    text_free(&name);
    return symbol;
}

static void
item_keep(struct mono_work *work, struct mono_item *item)
{
    struct mono *result = work->result;

    if (result->item_count == work->item_capacity) {
        work->item_capacity = work->item_capacity ? work->item_capacity * 2 : 16;
        struct mono_item **bigger =
            ARENA_ARRAY(work->program->context->arena, struct mono_item *, work->item_capacity);

        if (result->item_count)
            memcpy(bigger, result->items, result->item_count * sizeof *bigger);
        result->items = bigger;
    }
    result->items[result->item_count++] = item;
    ptrmap_set(&work->items, item->key, item);
    ptrmap_set(&work->item_names, item->func->name, item);
}

/* Puts the item among the pending ones, which stay sorted with the smallest key last. */
static void
item_wait(struct mono_work *work, struct mono_item *item)
{
    uint32_t low = 0;
    uint32_t high = work->pending_count;

    while (low < high) {
        uint32_t middle = (low + high) / 2;

        if (strcmp(work->pending[middle]->key->text, item->key->text) > 0)
            low = middle + 1;
        else
            high = middle;
    }
    memmove(work->pending + low + 1, work->pending + low,
            (work->pending_count - low) * sizeof work->pending[0]);
    work->pending[low] = item;
    work->pending_count++;
}

static struct mono_item *
item_new(struct mono_work *work, const struct mono_func *func, struct symbol *key, struct symbol *name,
         struct ast_type **args)
{
    struct arena *arena = work->program->context->arena;

    if (work->result->item_count >= MONO_MAX_SPECIALISATIONS) {
        failure_set(work->program->failure, KIND_BUDGET,
                    "X07-TY-0106: monomorphization explosion: max_specializations=%d",
                    MONO_MAX_SPECIALISATIONS);
        return NULL;
    }
    if (ptrmap_get(&work->functions, name) || ptrmap_get(&work->item_names, name)) {
        failure_set(work->program->failure, KIND_PARSE,
                    "generated specialization collides with existing symbol: %Q", name);
        return NULL;
    }
    struct mono_item *item = ARENA_NEW(arena, struct mono_item);
    item->key = key;
    item->generic = func->ast;
    item->module = func->module;
    item->args = args;
    item->func = ARENA_NEW(arena, struct ast_func);
    *item->func = *func->ast;
    item->func->name = name;
    item->func->type_params = NULL;
    item->func->type_param_count = 0;
    item_keep(work, item);
    item_wait(work, item);
    return item;
}

static struct mono_item *
item_of(struct mono_work *work, const struct mono_func *func, struct ast_type **args)
{
    struct text json = {0};
    struct symbol *key = item_key(work, func->ast, args, &json);
    struct mono_item *item = ptrmap_get(&work->items, key);

    if (!item)
        item = item_new(work, func, key, item_name(work, func->ast, args, &json), args);
    text_free(&json);
    return item;
}

static void
item_add_site(struct mono_item *item, const struct mono_caller *caller, const struct ast_loc *loc)
{
    if (item->site_count < MONO_MAX_SITES)
        item->sites[item->site_count++] = (struct mono_site){caller->name, caller->module->id, loc};
}

/* ---- the call ---- */

static struct ast_expr *
tapp_generic(struct mono_work *work, const struct mono_caller *caller, const struct mono_func *func,
             const struct ast_expr *tapp)
{
    uint32_t count = func->ast->type_param_count;
    struct ast_type **args = ARENA_ARRAY(work->program->context->arena, struct ast_type *, count);
    uint32_t first = 0;

    if (!mono_type_args(work, caller, tapp, count, args, &first) || !check_bounds(work, func->ast, args) ||
        !check_export(work, caller, func))
        return NULL;
    struct mono_item *item = item_of(work, func, args);
    if (!item)
        return NULL;
    item_add_site(item, caller, tapp->loc);
    work->result->tapp_sites++;
    struct ast_expr *call = mono_rewrite_rest(work, caller, tapp, first, item->func->name, 0);
    if (call)
        call->items[0]->loc = tapp->items[1]->loc;
    return call;
}

static struct ast_expr *
tapp_fail(struct mono_work *work, const char *format, const struct symbol *callee)
{
    failure_set(work->program->failure, KIND_TYPING, format, callee);
    return NULL;
}

struct ast_expr *
mono_tapp(struct mono_work *work, const struct mono_caller *caller, const struct ast_expr *tapp)
{
    struct failure *failure = work->program->failure;

    if (tapp->count < 3) {
        failure_set(failure, KIND_PARSE, "X07-TY-0105: tapp requires at least 2 args (got %d)",
                    (int)tapp->count - 1);
        return NULL;
    }
    if (tapp->items[1]->kind != AST_ATOM) {
        failure_set(failure, KIND_PARSE, "X07-TY-0105: tapp callee must be an identifier");
        return NULL;
    }
    const struct symbol *callee = tapp->items[1]->symbol;
    const struct mono_func *func = ptrmap_get(&work->functions, callee);
    if (func && func->ast->kind == AST_EXTERN)
        return tapp_fail(work, "X07-TY-0105: tapp is not allowed on extern symbol: %Q", callee);
    const struct mono_container *container = mono_container_find(callee);
    if (container)
        return mono_container_call(work, caller, container, tapp);
    if (!func)
        return tapp_fail(work, "X07-TY-0100: unknown function: %Q", callee);
    if (!func->ast->type_param_count)
        return tapp_fail(work, "X07-TY-0105: tapp used on non-generic function: %Q", callee);
    return tapp_generic(work, caller, func, tapp);
}
