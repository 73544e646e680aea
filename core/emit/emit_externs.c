/* emit_externs.c: C functions that a program declares, and calls of them.
 *
 * The program's C knows such a function by a name of its own and an assembler label that gives the linker
 * the function's name: so it cannot disagree with a prototype of the C library, nor with the compiler's own
 * idea of it. */
#include "emit/emitter.h"

#include "base/memory.h"

#include <ctype.h>
#include <stdlib.h>

/* Blanks around a link name are legal and mean nothing. */
static const char *
extern_label(struct emitter *emitter, const struct symbol *link_name)
{
    char *label = arena_copy(emitter->arena, link_name->text, link_name->len);
    char *to = label;

    for (const char *p = label; *p; p++)
        if (isalnum((unsigned char)*p) || *p == '_')
            *to++ = *p;
    *to = 0;
    return label;
}

static const char *
extern_name(struct emitter *emitter, const struct func *func)
{
    return arena_printf(emitter->arena, "x%s", emit_function_name(emitter, func));
}

static void
extern_prototype(struct emitter *emitter, const struct func *func, struct text *out)
{
    const char *result = func->ast->result ? type_c_name(func->result) : "void";

    text_printf(out, "extern %s %s(", result, extern_name(emitter, func));
    for (uint32_t i = 0; i < func->param_count; i++)
        text_printf(out, "%s%s", i ? ", " : "", type_c_name(func->param_types[i]));
    text_printf(out, "%s) __asm__(\"%s\");\n", func->param_count ? "" : "void",
                extern_label(emitter, func->ast->link_name));
}

void
emit_extern_prototypes(struct emitter *emitter, struct text *out)
{
    const struct program *program = emitter->program;

    for (size_t i = 0; i < program->func_count; i++) {
        const struct func *func = program->funcs[i];

        if (func->reachable && func->ast->kind == AST_EXTERN)
            extern_prototype(emitter, func, out);
    }
}

/* A call yields 0 where the function yields nothing. */
static const char *
extern_call_text(struct emitter *emitter, const struct node *node, const struct value *values)
{
    bool nothing = !node->callee->ast->result;
    struct text text = {0};

    text_printf(&text, "%s%s(", nothing ? "(" : "", extern_name(emitter, node->callee));
    for (uint32_t i = 0; i < node->count; i++)
        text_printf(&text, "%s%s", i ? ", " : "", values[i].text);
    text_puts(&text, nothing ? "), 0u)" : ")");
    const char *copy = arena_copy(emitter->arena, text.data, text.len);
    text_free(&text);
    return copy;
}

struct value
emit_extern_call(struct emitter *emitter, struct node *node)
{
    struct value *values = memory_alloc(node->count * sizeof *values);
    enum value_level level = VALUE_EXPR;
    const char *text = "";

    emit_charge(emitter, 1);
    emit_operands(emitter, node->kids, node->count, values);
    for (uint32_t i = 0; i < node->count; i++)
        if (values[i].level == VALUE_NONE)
            level = VALUE_NONE;
    if (level != VALUE_NONE)
        text = extern_call_text(emitter, node, values);
    free(values);
    return emit_simple(level, node->type.type, text);
}
