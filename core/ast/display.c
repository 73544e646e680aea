/* display.c: type references as error messages show them. */
#include "ast/ast.h"

#include "base/quote.h"

void
ast_type_display(const struct ast_type *type, struct text *out)
{
    static const char *const openings[] = {
        [AST_TYPE_NAMED] = "Named(", [AST_TYPE_VAR] = "Var(", [AST_TYPE_APP] = "App { head: "};

    text_puts(out, openings[type->kind]);
    text_append_quoted(out, type->name->text, type->name->len);
    if (type->kind != AST_TYPE_APP) {
        text_putc(out, ')');
        return;
    }
    text_puts(out, ", args: [");
    for (uint32_t i = 0; i < type->count; i++) {
        text_puts(out, i ? ", " : "");
        ast_type_display(type->args[i], out);
    }
    text_puts(out, "] }");
}
