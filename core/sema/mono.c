/* mono.c: the generics stage: names and bounds of all functions, then all bodies in their order, then the
 * specialisations that they asked for. */
#include "sema/mono.h"

#include "base/memory.h"
#include "sema/functions.h"
#include "sema/load.h"
#include "sema/mono_inside.h"

#include <stdlib.h>
#include <string.h>

/* ---- imports of ty.* ---- */

static bool
import_for(struct program *program, struct module *module, const struct ast_expr *expr)
{
    if (expr->kind != AST_LIST)
        return true;
    const char *id = mono_intrinsic_module(expr->items[0]->symbol);
    if (id && !load_implicit_import(program, module, ast_intern_string(program->context, id)))
        return false;
    for (uint32_t i = 1; i < expr->count; i++)
        if (!import_for(program, module, expr->items[i]))
            return false;
    return true;
}

static bool
import_for_clauses(struct program *program, struct module *module, const struct ast_func *func)
{
    for (int kind = 0; kind < AST_CONTRACT_KINDS; kind++) {
        for (uint32_t c = 0; c < func->clause_count[kind]; c++) {
            const struct ast_clause *clause = &func->clauses[kind][c];

            if (!import_for(program, module, clause->expr))
                return false;
            for (uint32_t w = 0; w < clause->witness_count; w++)
                if (!import_for(program, module, clause->witness[w]))
                    return false;
        }
    }
    return true;
}

/* The list of modules grows while it is walked. */
static bool
import_all(struct program *program)
{
    for (size_t m = 0; m < program->module_count; m++) {
        struct module *module = program->modules[m];
        const struct ast_doc *doc = module->doc;

        if (doc->solve && !import_for(program, module, doc->solve))
            return false;
        for (uint32_t i = 0; i < doc->func_count; i++) {
            const struct ast_func *func = doc->funcs[i];

            if (func->body && !import_for(program, module, func->body))
                return false;
            if (!import_for_clauses(program, module, func))
                return false;
        }
    }
    return true;
}

/* ---- names and bounds ---- */

static int
module_compare(const void *a, const void *b)
{
    const struct module *const *left = a;
    const struct module *const *right = b;

    return strcmp((*left)->id->text, (*right)->id->text);
}

static bool
check_bounds(const struct program *program, const struct ast_func *func)
{
    for (uint32_t i = 0; i < func->type_param_count; i++) {
        const struct symbol *bound = func->type_params[i].bound;

        if (bound && !mono_bound_find(bound->text))
            return failure_set(program->failure, KIND_TYPING, "X07-TY-0103: unknown bound name: %Q", bound);
    }
    return true;
}

static bool
check_name(struct mono_work *work, struct module *module, struct ast_func *ast)
{
    struct failure *failure = work->program->failure;

    if (strstr(ast->name->text, "__x07_mono_v1__"))
        return failure_set(failure, KIND_PARSE, "reserved function name: %Q", ast->name);
    if (ptrmap_get(&work->functions, ast->name))
        return failure_set(failure, KIND_PARSE, "duplicate function name: %Q", ast->name);
    struct mono_func *func = ARENA_NEW(work->program->context->arena, struct mono_func);
    func->ast = ast;
    func->module = module;
    ptrmap_set(&work->functions, ast->name, func);
    work->result->generic_count += ast->type_param_count > 0;
    return true;
}

static bool
check_functions(struct mono_work *work)
{
    const struct program *program = work->program;

    for (size_t m = 0; m < program->module_count; m++)
        for (uint32_t i = 0; i < program->modules[m]->doc->func_count; i++)
            if (!check_bounds(program, program->modules[m]->doc->funcs[i]))
                return false;
    for (size_t m = 0; m < program->module_count; m++)
        for (uint32_t i = 0; i < program->modules[m]->doc->func_count; i++)
            if (!check_name(work, program->modules[m], program->modules[m]->doc->funcs[i]))
                return false;
    return true;
}

/* ---- functions ---- */

/* Parameters and result, with the caller's type arguments; they must be real types then. */
static bool
rewrite_signature(struct mono_work *work, const struct mono_caller *caller, struct ast_func *func)
{
    struct ast_param *params =
        ARENA_ARRAY(work->program->context->arena, struct ast_param, func->param_count);
    enum type ignored;

    for (uint32_t i = 0; i < func->param_count; i++) {
        params[i] = func->params[i];
        params[i].type = mono_type_substitute(work, caller, params[i].type);
        if (!params[i].type || !function_type(work->program, params[i].type, &ignored))
            return false;
    }
    func->params = params;
    if (!func->result)
        return true;
    func->result = mono_type_substitute(work, caller, func->result);
    return func->result && function_type(work->program, func->result, &ignored);
}

static bool
rewrite_clause(struct mono_work *work, const struct mono_caller *caller, struct ast_clause *clause)
{
    struct ast_expr **witness =
        ARENA_ARRAY(work->program->context->arena, struct ast_expr *, clause->witness_count);

    if (!(clause->expr = mono_rewrite(work, caller, clause->expr)))
        return false;
    for (uint32_t w = 0; w < clause->witness_count; w++)
        if (!(witness[w] = mono_rewrite(work, caller, clause->witness[w])))
            return false;
    clause->witness = witness;
    return true;
}

static bool
rewrite_clauses(struct mono_work *work, const struct mono_caller *caller, struct ast_func *func)
{
    for (int kind = 0; kind < AST_CONTRACT_KINDS; kind++) {
        uint32_t count = func->clause_count[kind];

        if (!count)
            continue;
        struct ast_clause *clauses = ARENA_ARRAY(work->program->context->arena, struct ast_clause, count);
        memcpy(clauses, func->clauses[kind], count * sizeof *clauses);
        func->clauses[kind] = clauses;
        for (uint32_t c = 0; c < count; c++)
            if (!rewrite_clause(work, caller, &clauses[c]))
                return false;
    }
    return true;
}

/* `func` is a copy of a document's function; what it points at is replaced, not changed. */
static bool
rewrite_function(struct mono_work *work, const struct mono_caller *caller, struct ast_func *func)
{
    if (!rewrite_signature(work, caller, func))
        return false;
    if (func->body && !(func->body = mono_rewrite(work, caller, func->body)))
        return false;
    return rewrite_clauses(work, caller, func);
}

/* ---- documents ---- */

/* Gives the module a document of its own: copies of the functions that are not generic. */
static void
copy_document(const struct program *program, struct module *module)
{
    struct arena *arena = program->context->arena;
    struct ast_doc *doc = ARENA_NEW(arena, struct ast_doc);

    *doc = *module->doc;
    doc->funcs = ARENA_ARRAY(arena, struct ast_func *, doc->func_count);
    doc->func_count = 0;
    for (uint32_t i = 0; i < module->doc->func_count; i++) {
        const struct ast_func *func = module->doc->funcs[i];

        if (func->type_param_count)
            continue;
        doc->funcs[doc->func_count] = ARENA_NEW(arena, struct ast_func);
        *doc->funcs[doc->func_count++] = *func;
    }
    module->doc = doc;
}

static bool
rewrite_kind(struct mono_work *work, enum ast_func_kind kind)
{
    for (size_t m = 0; m < work->program->module_count; m++) {
        struct module *module = work->program->modules[m];

        for (uint32_t i = 0; i < module->doc->func_count; i++) {
            struct ast_func *func = module->doc->funcs[i];
            struct mono_caller caller = {.module = module, .name = func->name};

            if (func->kind == kind && !rewrite_function(work, &caller, func))
                return false;
        }
    }
    return true;
}

static bool
rewrite_documents(struct mono_work *work)
{
    struct module *entry = work->program->modules[0];
    struct mono_caller caller = {.module = entry, .name = entry->id};

    for (size_t m = 0; m < work->program->module_count; m++)
        copy_document(work->program, work->program->modules[m]);
    entry->doc->solve = mono_rewrite(work, &caller, entry->doc->solve);
    return entry->doc->solve && rewrite_kind(work, AST_DEFN) && rewrite_kind(work, AST_DEFASYNC);
}

/* ---- specialisations ---- */

static bool
generate_pending(struct mono_work *work)
{
    while (work->pending_count) {
        struct mono_item *item = work->pending[--work->pending_count];
        struct mono_caller caller = {item->module, item->func->name, item->generic, item->args};

        if (!rewrite_function(work, &caller, item->func))
            return false;
    }
    return true;
}

static int
item_compare(const void *a, const void *b)
{
    const struct mono_item *const *left = a;
    const struct mono_item *const *right = b;

    return strcmp((*left)->key->text, (*right)->key->text);
}

bool
mono_run(struct program *program)
{
    if (!import_all(program))
        return false;
    qsort(program->modules + 1, program->module_count - 1, sizeof(struct module *), module_compare);

    struct mono_work *work = memory_alloc(sizeof *work);
    work->program = program;
    work->result = program->mono = ARENA_NEW(program->context->arena, struct mono);
    work->tapp = ast_intern_string(program->context, "tapp");
    work->tys = ast_intern_string(program->context, "tys");
    bool ok = check_functions(work) && rewrite_documents(work) && generate_pending(work);
    if (work->result->item_count)
        qsort(work->result->items, work->result->item_count, sizeof(struct mono_item *), item_compare);
    ptrmap_free(&work->functions);
    ptrmap_free(&work->items);
    ptrmap_free(&work->item_names);
    free(work);
    return ok;
}
