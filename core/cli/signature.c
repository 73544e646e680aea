/* signature.c: see signature.h. */
#include "cli/signature.h"

const char *
signature_type(const struct ast_type *type)
{
    if (!type)
        return "void";
    return type->kind == AST_TYPE_NAMED ? type->name->text : "";
}

const char *
signature_kind(const struct ast_func *func)
{
    static const char *const kinds[] = {
        [AST_DEFN] = "defn", [AST_DEFASYNC] = "defasync", [AST_EXTERN] = "export"};

    return kinds[func->kind];
}

void
signature_write(const struct ast_func *func, struct text *out)
{
    text_printf(out, "%s(", func->name->text);
    for (uint32_t i = 0; i < func->param_count; i++)
        text_printf(out, "%s%s: %s", i ? ", " : "", func->params[i].name->text,
                    signature_type(func->params[i].type));
    text_printf(out, ") -> %s", signature_type(func->result));
}

const struct ast_func *
signature_find(const struct ast_doc *doc, const struct symbol *name)
{
    for (uint32_t i = 0; i < doc->func_count; i++)
        if (doc->funcs[i]->name == name)
            return doc->funcs[i];
    return NULL;
}
