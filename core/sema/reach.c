/* reach.c: what of a program is reachable from solve, and the checks that apply to that part only. */
#include "base/memory.h"
#include "sema/functions.h"
#include "sema/heads.h"

#include <stdlib.h>

/* Called for every list of an expression, outermost first; false stops the walk. */
typedef bool list_visitor(void *context, const struct ast_expr *list);

static bool
visit_lists(const struct ast_expr *expr, list_visitor *visit, void *context)
{
    if (expr->kind != AST_LIST)
        return true;
    if (!visit(context, expr))
        return false;
    for (uint32_t i = 1; i < expr->count; i++)
        if (!visit_lists(expr->items[i], visit, context))
            return false;
    return true;
}

static bool
visit_clauses(const struct ast_func *func, list_visitor *visit, void *context)
{
    for (int kind = 0; kind < AST_CONTRACT_KINDS; kind++) {
        for (uint32_t i = 0; i < func->clause_count[kind]; i++) {
            const struct ast_clause *clause = &func->clauses[kind][i];

            if (!visit_lists(clause->expr, visit, context))
                return false;
            for (uint32_t w = 0; w < clause->witness_count; w++)
                if (!visit_lists(clause->witness[w], visit, context))
                    return false;
        }
    }
    return true;
}

struct reach {
    struct program *program;
    struct func **queue;
    size_t count;
};

static void
reach_name(struct reach *reach, const struct symbol *name)
{
    struct func *func = program_func(reach->program, name);

    if (!func || func->reachable)
        return;
    func->reachable = true;
    reach->queue[reach->count++] = func;
}

static bool
reach_list(void *context, const struct ast_expr *list)
{
    struct reach *reach = context;
    int head = head_of(list);

    if (head < 0)
        reach_name(reach, list->items[0]->symbol);
    bool cast = head == FORM_CAST_BYTES || head == FORM_CAST_VIEW || head == FORM_CAST_VIEW_COPY;
    if (cast && list->count > 2 && list->items[2]->kind == AST_ATOM)
        reach_name(reach, list->items[2]->symbol);
    return true;
}

void
functions_reach(struct program *program)
{
    struct reach reach = {.program = program};

    reach.queue = memory_alloc(program->func_count * sizeof *reach.queue);
    visit_lists(program->modules[0]->doc->solve, reach_list, &reach);
    for (size_t i = 0; i < reach.count; i++) {
        const struct ast_func *func = reach.queue[i]->ast;

        if (func->body)
            visit_lists(func->body, reach_list, &reach);
        visit_clauses(func, reach_list, &reach);
    }
    free(reach.queue);
}

/* ---- worlds ---- */

struct gate_search {
    enum head_gate gate;
    int found; /* the lowest head index, which is the order of the table */
};

static bool
gate_list(void *context, const struct ast_expr *list)
{
    struct gate_search *search = context;
    int head = head_of(list);

    if (head >= 0 && head_gate(head) == search->gate && (search->found < 0 || head < search->found))
        search->found = head;
    return true;
}

static bool
gate_check(struct program *program, enum head_gate gate)
{
    struct gate_search search = {.gate = gate, .found = -1};

    visit_lists(program->modules[0]->doc->solve, gate_list, &search);
    for (size_t i = 0; i < program->func_count; i++) {
        if (!program->funcs[i]->reachable)
            continue;
        if (program->funcs[i]->ast->body)
            visit_lists(program->funcs[i]->ast->body, gate_list, &search);
        visit_clauses(program->funcs[i]->ast, gate_list, &search);
    }
    return search.found < 0 || failure_set(program->failure, KIND_TYPING, "%s is disabled in this world",
                                           head_name(search.found));
}

static bool
world_pointer_type(struct program *program, const struct func *func, enum type type)
{
    if (!type_is_pointer(type))
        return true;
    return failure_set(program->failure, KIND_UNSUPPORTED,
                       "raw pointer type %s in signature of %Q requires unsafe capability; %s",
                       type_display(type), func->name,
                       program->world->os ? "unsafe is disabled (allow_unsafe=false)"
                                          : "compile with --world run-os or --world run-os-sandboxed");
}

static bool
world_pointers(struct program *program)
{
    for (int kind = AST_DEFN; kind <= AST_EXTERN; kind++) {
        for (size_t i = 0; i < program->func_count; i++) {
            struct func *func = program->funcs[i];

            if (!func->reachable || func->ast->kind != (enum ast_func_kind)kind)
                continue;
            for (uint32_t p = 0; p < func->param_count; p++)
                if (!world_pointer_type(program, func, func->param_types[p]))
                    return false;
            if (!world_pointer_type(program, func, func->result))
                return false;
        }
    }
    return true;
}

bool
functions_check_world(struct program *program)
{
    const struct world *world = program->world;

    if (!world->fs && !gate_check(program, GATE_FS))
        return false;
    if (!world->rr && !gate_check(program, GATE_RR))
        return false;
    if (!world->kv && !gate_check(program, GATE_KV))
        return false;
    for (size_t i = 0; !program->allow_ffi && i < program->func_count; i++) {
        const struct func *func = program->funcs[i];

        if (func->reachable && func->ast->kind == AST_EXTERN)
            return failure_set(program->failure, KIND_UNSUPPORTED,
                               "extern decl %Q requires ffi capability; %s", func->name,
                               world->os ? "ffi is disabled (allow_ffi=false)"
                                         : "compile with --world run-os or --world run-os-sandboxed");
    }
    return program->allow_unsafe || world_pointers(program);
}

/* ---- visibility ---- */

struct visibility {
    struct program *program;
    const struct module *caller;
};

static bool
module_imports(const struct module *module, const struct symbol *id)
{
    for (uint32_t i = 0; i < module->doc->import_count; i++)
        if (module->doc->imports[i] == id)
            return true;
    return false;
}

static bool
module_exports(const struct module *module, const struct symbol *name)
{
    for (uint32_t i = 0; i < module->doc->export_count; i++)
        if (module->doc->exports[i] == name)
            return true;
    return false;
}

static bool
visible_list(void *context, const struct ast_expr *list)
{
    const struct visibility *visibility = context;
    struct program *program = visibility->program;
    const struct symbol *name = list->items[0]->symbol;
    const struct func *callee = head_of(list) < 0 ? program_func(program, name) : NULL;

    if (!callee || callee->module == visibility->caller)
        return true;
    struct symbol *id = callee->module->id;
    if (!module_imports(visibility->caller, id)) {
        failure_set(program->failure, KIND_PARSE, "call to %Q requires (import %s) in module %Q", name,
                    id->text, visibility->caller->id);
        return false;
    }
    if (callee->module == program->modules[0] || !module_exports(callee->module, callee->exported_as))
        return failure_set(program->failure, KIND_PARSE, "function %Q is not exported by module %Q", name,
                           id);
    return true;
}

bool
functions_check_visibility(struct program *program)
{
    struct visibility visibility = {program, program->modules[0]};

    if (!visit_lists(program->modules[0]->doc->solve, visible_list, &visibility))
        return false;
    for (int kind = AST_DEFN; kind <= AST_DEFASYNC; kind++) {
        for (size_t i = 0; i < program->func_count; i++) {
            struct func *func = program->funcs[i];

            visibility.caller = func->module;
            if (func->reachable && func->ast->kind == (enum ast_func_kind)kind &&
                !visit_lists(func->ast->body, visible_list, &visibility))
                return false;
        }
    }
    return true;
}
