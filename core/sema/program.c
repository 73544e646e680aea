/* program.c: lookups in a program. */
#include "sema/program.h"

#include "sema/heads.h"

struct func *
program_func(const struct program *program, const struct symbol *name)
{
    return ptrmap_get(&program->func_of, name);
}

struct module *
program_module(const struct program *program, const struct symbol *id)
{
    return ptrmap_get(&program->module_of, id);
}

bool
program_has_tasks(const struct program *program)
{
    for (size_t i = 0; i < program->func_count; i++)
        if (program->funcs[i]->reachable && program->funcs[i]->ast->kind == AST_DEFASYNC)
            return true;
    return false;
}

static bool
node_waits(const struct node *node)
{
    switch (node->kind) {
    case NODE_HEAD:
        return head_row(node->head)->flags & HEAD_FLAG_WAITS;
    case NODE_SELECT:
        return !node->terms->tries;
    default:
        return node->kind == NODE_SCOPE;
    }
}

bool
program_node_exits(const struct func *func, const struct node *node)
{
    bool task = func && func->ast->kind == AST_DEFASYNC;

    return node->kind == NODE_RETURN || node->kind == NODE_TRY || (task && node_waits(node));
}
