/* count.c: the size of expressions, as the node limit counts it. */
#include "ast/ast.h"

uint64_t
ast_count_nodes(const struct ast_expr *expr)
{
    uint64_t count = 1;

    if (expr->kind == AST_LIST) {
        for (uint32_t i = 0; i < expr->count; i++)
            count += ast_count_nodes(expr->items[i]);
    }
    return count;
}
