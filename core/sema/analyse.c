/* analyse.c: runs the stages of the front end in order. */
#include "sema/analyse.h"

#include "sema/check.h"
#include "sema/functions.h"
#include "sema/heads.h"
#include "sema/load.h"
#include "sema/mono.h"
#include "sema/ownership.h"
#include "sema/returns.h"
#include "sema/simplify.h"

/* Adds " (fn=...)" or " (fn=... ptr=...)" to an error found in a body. */
static bool
analyse_suffix(struct program *program, const struct func *func)
{
    struct failure *failure = program->failure;
    const char *name = func ? func->name->text : "solve";

    if (failure->has_loc)
        failure_append(failure, " (fn=%s ptr=%L)", name, failure->loc);
    else
        failure_append(failure, " (fn=%s)", name);
    return false;
}

static bool
analyse_body(struct program *program, struct func *func)
{
    if (!check_body(program, func) || !ownership_check(program, func ? func->body : program->solve))
        return analyse_suffix(program, func);
    return true;
}

static bool
analyse_bodies(struct program *program)
{
    static const enum ast_func_kind kinds[] = {AST_DEFASYNC, AST_DEFN};

    for (size_t kind = 0; kind < sizeof kinds / sizeof kinds[0]; kind++) {
        for (size_t i = 0; i < program->func_count; i++) {
            struct func *func = program->funcs[i];

            if (func->reachable && func->ast->kind == kinds[kind] && !analyse_body(program, func))
                return false;
        }
    }
    return analyse_body(program, NULL);
}

bool
analyse_program(struct program *program, const char *source, size_t len)
{
    heads_register(program->context);
    if (!load_program(program, source, len) || !mono_run(program) || !functions_collect(program))
        return false;
    functions_reach(program);
    return functions_check_world(program) && returns_analyse(program) && analyse_bodies(program) &&
           functions_check_visibility(program) && simplify_program(program);
}

void
analyse_free(struct program *program)
{
    ptrmap_free(&program->module_of);
    ptrmap_free(&program->func_of);
}
