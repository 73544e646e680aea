/* loc.c: places in a document, printed as JSON Pointers. */
#include "ast/ast.h"

const struct ast_loc *
ast_loc_member(struct ast_context *context, const struct ast_loc *parent, const char *name)
{
    struct ast_loc *loc = ARENA_NEW(context->arena, struct ast_loc);

    loc->parent = parent;
    loc->name = name;
    return loc;
}

const struct ast_loc *
ast_loc_index(struct ast_context *context, const struct ast_loc *parent, uint32_t index)
{
    struct ast_loc *loc = ARENA_NEW(context->arena, struct ast_loc);

    loc->parent = parent;
    loc->index = index;
    return loc;
}

void
ast_loc_write(const struct ast_loc *loc, struct text *out)
{
    if (!loc)
        return;
    ast_loc_write(loc->parent, out);
    if (loc->name)
        text_printf(out, "/%s", loc->name);
    else
        text_printf(out, "/%u", loc->index);
}
