/* emit_scope.c: C blocks, their variables, and what is dropped at their ends. */
#include "base/memory.h"
#include "emit/emitter.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

void
emit_line(struct emitter *emitter, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    text_vprintf(&emitter->scope->code, format, args);
    va_end(args);
    text_putc(&emitter->scope->code, '\n');
}

void
emit_open_scope(struct emitter *emitter, struct emit_scope *scope)
{
    *scope = (struct emit_scope){.outer = emitter->scope};
    emitter->scope = scope;
}

static void
emit_drops(const struct emit_scope *scope, struct text *out)
{
    for (size_t i = 0; i < scope->drop_count; i++)
        text_printf(out, "x07_drop_%s(rt, %s);\n", type_owned_suffix(scope->drops[i].type),
                    scope->drops[i].name);
}

void
emit_discard_scope(struct emitter *emitter, struct emit_scope *scope)
{
    emitter->scope = scope->outer;
    text_free(&scope->declarations);
    text_free(&scope->code);
    free(scope->drops);
}

void
emit_leave_scope(struct emitter *emitter, struct emit_scope *scope)
{
    emitter->scope = scope->outer;
}

void
emit_close_scope(struct emitter *emitter, struct emit_scope *scope, const char *prefix)
{
    struct text *out = &scope->outer->code;

    text_printf(out, "{\n%s", prefix);
    text_append(out, text_string(&scope->declarations), scope->declarations.len);
    text_append(out, text_string(&scope->code), scope->code.len);
    emit_drops(scope, out);
    text_puts(out, "}\n");
    emit_discard_scope(emitter, scope);
}

bool
emit_scope_is_plain(const struct emit_scope *scope)
{
    return !scope->declarations.len && !scope->code.len;
}

struct text
emit_divert(struct emitter *emitter)
{
    struct text saved = emitter->scope->code;

    emitter->scope->code = (struct text){0};
    return saved;
}

struct text
emit_restore(struct emitter *emitter, struct text saved)
{
    struct text diverted = emitter->scope->code;

    emitter->scope->code = saved;
    return diverted;
}

const char *
emit_empty(enum type type)
{
    switch (type) {
    case TYPE_BYTES:
        return "X07_EMPTY_BYTES";
    case TYPE_VEC:
        return "X07_EMPTY_VEC";
    case TYPE_OPTION_BYTES:
        return "X07_EMPTY_OPTION_BYTES";
    case TYPE_RESULT_BYTES:
        return "X07_EMPTY_RESULT_BYTES";
    case TYPE_SELECT_EVT:
        return "X07_EMPTY_SELECT_EVT";
    case TYPE_OPTION_SELECT_EVT:
        return "X07_EMPTY_OPTION_SELECT_EVT";
    default:
        return "X07_EMPTY_RESULT_RESULT_BYTES";
    }
}

static void
emit_declare(struct emitter *emitter, const char *name, enum type type)
{
    struct text *out = &emitter->scope->declarations;

    if (type_is_owned(type))
        text_printf(out, "%s %s = %s;\n", type_c_name(type), name, emit_empty(type));
    else
        text_printf(out, "%s %s;\n", type_c_name(type), name);
}

const char *
emit_temporary(struct emitter *emitter, enum type type)
{
    const char *name = arena_printf(emitter->arena, "t%u", emitter->next_temporary++);

    emit_declare(emitter, name, type);
    return name;
}

void
emit_register(struct emitter *emitter, const char *name, enum type type)
{
    struct emit_scope *scope = emitter->scope;

    if (scope->drop_count == scope->drop_capacity) {
        scope->drop_capacity = scope->drop_capacity ? scope->drop_capacity * 2 : 8;
        scope->drops = memory_resize(scope->drops, scope->drop_capacity * sizeof *scope->drops);
    }
    scope->drops[scope->drop_count++] = (struct droppable){name, type};
}

/* The readable part of a C name: the x07 name with everything that C does not allow left out. */
static const char *
emit_plain_name(struct emitter *emitter, const struct symbol *symbol)
{
    size_t len = symbol->len > 40 ? 40 : symbol->len;
    char *name = arena_copy(emitter->arena, symbol->text, len);

    for (size_t i = 0; i < len; i++)
        if (!isalnum((unsigned char)name[i]) || (unsigned char)name[i] >= 0x80)
            name[i] = '_';
    return name;
}

const char *
emit_local_name(struct emitter *emitter, const struct local *local)
{
    return arena_printf(emitter->arena, "v%u_%s", local->id, emit_plain_name(emitter, local->name));
}

const char *
emit_function_name(struct emitter *emitter, const struct func *func)
{
    return arena_printf(emitter->arena, "f%u_%s", func->number, emit_plain_name(emitter, func->name));
}

void
emit_declare_local(struct emitter *emitter, const struct local *local)
{
    const char *name = emit_local_name(emitter, local);

    if (local->type.type == TYPE_NEVER)
        return;
    emit_declare(emitter, name, local->type.type);
    if (type_is_owned(local->type.type))
        emit_register(emitter, name, local->type.type);
}

void
emit_drop_all(struct emitter *emitter)
{
    for (const struct emit_scope *scope = emitter->scope; scope; scope = scope->outer)
        emit_drops(scope, &emitter->scope->code);
}
