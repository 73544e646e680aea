/* typecheck.c: checks a document function by function. */
#include "sema/typecheck.h"

#include "sema/typecheck_unit.h"

enum { MAX_ITEMS = 8 };

void
typecheck_signatures_add(struct typecheck_signatures *signatures, const struct ast_doc *doc)
{
    for (uint32_t i = 0; i < doc->func_count; i++)
        if (!ptrmap_get(&signatures->funcs, doc->funcs[i]->name))
            ptrmap_set(&signatures->funcs, doc->funcs[i]->name, doc->funcs[i]);
}

void
typecheck_signatures_free(struct typecheck_signatures *signatures)
{
    ptrmap_free(&signatures->funcs);
}

static void
unit_begin(struct unit *unit, struct term *result)
{
    unit->result = result;
    unit->meta_count = 0;
    unit->constraint_count = 0;
    unit->implicit = NULL;
    unit->implicit_end = &unit->implicit;
    unit->witnesses = NULL;
    unit->witness_end = &unit->witnesses;
    bind(unit, unit->input, unit->view);
}

static void
unit_end(struct unit *unit)
{
    unify_solve(unit);
    report_implicit(unit);
    contract_witnesses(unit);
    unbind(unit, NULL);
}

static void
check_function(struct unit *unit, const struct ast_func *func)
{
    unit_begin(unit, term_of_type(unit, func->result, NULL));
    for (uint32_t i = 0; i < func->param_count; i++)
        bind(unit, func->params[i].name, term_of_type(unit, func->params[i].type, NULL));
    contract_clauses(unit, func);
    infer(unit, func->body, unit->result);
    unit_end(unit);
}

static void
check_functions(struct unit *unit, enum ast_func_kind kind)
{
    for (uint32_t i = 0; i < unit->doc->func_count; i++)
        if (unit->doc->funcs[i]->kind == kind)
            check_function(unit, unit->doc->funcs[i]);
}

static void
check_document(struct unit *unit)
{
    if (unit->doc->solve) {
        unit_begin(unit, unit->bytes);
        infer(unit, unit->doc->solve, unit->bytes);
        unit_end(unit);
    }
    check_functions(unit, AST_DEFN);
    check_functions(unit, AST_DEFASYNC);
}

static void
unit_init(struct unit *unit)
{
    static const struct term never = {.kind = TERM_NEVER};

    unit->input = ast_intern_string(unit->context, "input");
    unit->result_name = ast_intern_string(unit->context, "__result");
    unit->tapp = ast_intern_string(unit->context, "tapp");
    unit->tys = ast_intern_string(unit->context, "tys");
    unit->i32 = term_named(unit, "i32");
    unit->bytes = term_named(unit, "bytes");
    unit->view = term_named(unit, "bytes_view");
    unit->vec = term_named(unit, "vec_u8");
    unit->never = ARENA_NEW(unit->arena, struct term);
    *unit->never = never;
}

void
typecheck_file(struct ast_context *context, const struct ast_doc *doc,
               const struct typecheck_signatures *visible, struct diagnostics *out)
{
    struct unit unit = {.context = context, .arena = arena_new(), .doc = doc, .out = out};
    struct typecheck_signatures own = {0};

    if (!visible)
        typecheck_signatures_add(&own, doc);
    unit.visible = visible ? visible : &own;
    unit_init(&unit);
    check_document(&unit);
    ptrmap_free(&unit.bindings);
    typecheck_signatures_free(&own);
    arena_free(unit.arena);
}

bool
typecheck_has_contracts(const struct ast_doc *doc)
{
    for (uint32_t i = 0; i < doc->func_count; i++)
        for (int kind = 0; kind < AST_CONTRACT_KINDS; kind++)
            if (doc->funcs[i]->clause_count[kind])
                return true;
    return false;
}

static void
write_items(const struct diagnostics *found, const char *label, struct text *message)
{
    text_printf(message, "%s: typecheck failed: ", label);
    for (size_t i = 0; i < found->count && i < MAX_ITEMS; i++) {
        const struct diagnostic *item = found->items[i];

        text_printf(message, "%s%s: %s", i ? "; " : "", item->code, item->message);
        if (*item->ptr)
            text_printf(message, " (ptr=%s)", item->ptr);
    }
    if (found->count > MAX_ITEMS)
        text_printf(message, "; ... and %zu more", found->count - MAX_ITEMS);
}

bool
typecheck_contracts(struct ast_context *context, const struct ast_doc *doc, const char *label,
                    struct text *message)
{
    if (doc->minor < 5 || !typecheck_has_contracts(doc))
        return true;
    struct diagnostics found = {.arena = arena_new()};
    typecheck_file(context, doc, NULL, &found); /* finds nothing but errors */
    diagnostics_sort(&found);
    bool ok = !found.count;
    if (!ok)
        write_items(&found, label, message);
    arena_free(found.arena);
    return ok;
}
