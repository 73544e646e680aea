/* functions.c: collects the functions of all loaded documents and resolves their signatures. */
#include "sema/functions.h"

#include "base/memory.h"
#include "sema/mono.h"

#include <stdlib.h>
#include <string.h>

bool
function_type(struct program *program, const struct ast_type *ref, enum type *out)
{
    struct text display = {0};

    if (type_resolve(ref, out))
        return true;
    ast_type_display(ref, &display);
    failure_set(program->failure, KIND_PARSE, "unsupported non-monomorphic type expression: %s",
                text_string(&display));
    text_free(&display);
    return false;
}

static struct brand
func_brand(const struct symbol *name)
{
    return name ? (struct brand){BRAND_NAMED, name} : (struct brand){BRAND_NONE, NULL};
}

static bool
func_signature(struct program *program, struct func *func)
{
    struct arena *arena = program->context->arena;
    const struct ast_func *ast = func->ast;

    func->param_count = ast->param_count;
    func->param_types = ARENA_ARRAY(arena, enum type, ast->param_count);
    func->param_brands = ARENA_ARRAY(arena, struct brand, ast->param_count);
    for (uint32_t i = 0; i < ast->param_count; i++) {
        if (!function_type(program, ast->params[i].type, &func->param_types[i]))
            return false;
        func->param_brands[i] = func_brand(ast->params[i].brand);
    }
    func->result = TYPE_I32;
    func->result_brand = func_brand(ast->result_brand);
    return !ast->result || function_type(program, ast->result, &func->result);
}

static void
func_append(struct program *program, struct func *func)
{
    if (program->func_count == program->func_capacity) {
        program->func_capacity = program->func_capacity ? program->func_capacity * 2 : 64;
        struct func **bigger = ARENA_ARRAY(program->context->arena, struct func *, program->func_capacity);

        if (program->func_count)
            memcpy(bigger, program->funcs, program->func_count * sizeof(struct func *));
        program->funcs = bigger;
    }
    program->funcs[program->func_count++] = func;
    ptrmap_set(&program->func_of, func->name, func);
}

static bool
func_add(struct program *program, struct module *module, struct ast_func *ast, struct symbol *exported_as)
{
    if (strstr(ast->name->text, ".__std_stream_pipe_v1_") && !module->builtin)
        return failure_set(program->failure, KIND_PARSE, "reserved function name: %Q", ast->name);
    struct func *func = ARENA_NEW(program->context->arena, struct func);
    func->ast = ast;
    func->name = ast->name;
    func->exported_as = exported_as;
    func->module = module;
    func->view_source = -1;
    func_append(program, func);
    return func_signature(program, func);
}

static int
func_compare(const void *a, const void *b)
{
    const struct func *const *left = a;
    const struct func *const *right = b;

    return strcmp((*left)->name->text, (*right)->name->text);
}

bool
functions_collect(struct program *program)
{
    const struct mono *mono = program->mono;

    for (size_t m = 0; m < program->module_count; m++) {
        struct module *module = program->modules[m];

        for (uint32_t i = 0; i < module->doc->func_count; i++)
            if (!func_add(program, module, module->doc->funcs[i], module->doc->funcs[i]->name))
                return false;
    }
    for (uint32_t i = 0; i < mono->item_count; i++)
        if (!func_add(program, mono->items[i]->module, mono->items[i]->func, mono->items[i]->generic->name))
            return false;
    if (program->func_count)
        qsort(program->funcs, program->func_count, sizeof(struct func *), func_compare);
    return true;
}
