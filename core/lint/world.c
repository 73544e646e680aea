/* world.c: imports, declarations and heads that the world does not have. */
#include "lint/unit.h"

#include "sema/types.h"

#include <string.h>

#define COMPILE_FOR "Compile with --world run-os or --world run-os-sandboxed for "

static bool
starts_with(const struct symbol *symbol, const char *prefix)
{
    size_t len = strlen(prefix);

    return symbol->len >= len && memcmp(symbol->text, prefix, len) == 0;
}

static bool
is_named(const struct symbol *symbol, const char *name)
{
    return symbol->len == strlen(name) && memcmp(symbol->text, name, symbol->len) == 0;
}

/* ---- imports ---- */

/* Standard modules that stand for a capability. */
struct capability {
    const char *module;
    bool allowed;
};

enum { CAPABILITIES = 3 };

static void
list_capabilities(const struct lint_options *options, struct capability out[CAPABILITIES])
{
    out[0] = (struct capability){"std.fs", options->fs};
    out[1] = (struct capability){"std.rr", options->rr};
    out[2] = (struct capability){"std.kv", options->kv};
}

static bool
is_forbidden(const struct lint_unit *unit, const struct symbol *import)
{
    struct capability capabilities[CAPABILITIES];

    list_capabilities(unit->options, capabilities);
    for (int i = 0; i < CAPABILITIES; i++)
        if (!capabilities[i].allowed && is_named(import, capabilities[i].module))
            return true;
    return false;
}

static bool
is_os_module(const struct lint_unit *unit, const struct symbol *import)
{
    return unit->options->eval && starts_with(import, "std.os.");
}

typedef bool import_test(const struct lint_unit *unit, const struct symbol *import);

static bool
any_import(const struct lint_unit *unit, import_test *test)
{
    for (uint32_t i = 0; i < unit->doc->import_count; i++)
        if (test(unit, unit->doc->imports[i]))
            return true;
    return false;
}

/* Replaces the imports by those that pass. */
static void
fix_imports(struct lint_unit *unit, struct diagnostic *found, import_test *test, const char *note)
{
    struct text value = {0};
    const char *separator = "";

    text_putc(&value, '[');
    for (uint32_t i = 0; i < unit->doc->import_count; i++) {
        if (test(unit, unit->doc->imports[i]))
            continue;
        text_puts(&value, separator);
        lint_write_symbol(unit->doc->imports[i], &value);
        separator = ",";
    }
    text_putc(&value, ']');
    lint_fix(unit, found, "replace", ast_loc_member(unit->context, NULL, "imports"), &value);
    lint_fix_note(unit, found, "%s", note);
}

static void
note_forbidden(struct lint_unit *unit, struct diagnostic *found)
{
    struct capability capabilities[CAPABILITIES];

    list_capabilities(unit->options, capabilities);
    for (int i = 0; i < CAPABILITIES; i++) {
        for (uint32_t k = 0; k < unit->doc->import_count; k++) {
            if (capabilities[i].allowed || !is_named(unit->doc->imports[k], capabilities[i].module))
                continue;
            struct text note = {0};
            text_printf(&note, "forbidden import in this world: %s", capabilities[i].module);
            lint_note(unit, found, text_string(&note));
            text_free(&note);
        }
    }
}

void
lint_world_imports(struct lint_unit *unit)
{
    const struct ast_loc *loc = ast_loc_member(unit->context, NULL, "imports");

    if (any_import(unit, is_os_module)) {
        struct diagnostic *found =
            lint_add(unit, CODE_WORLD_OS_IMPORT, loc, "std.os.* modules are not allowed in solve-* worlds");
        lint_note(unit, found, "Use solve-* world adapters (std.fs/std.rr/std.kv) in evaluation.");
        lint_note(unit, found, "std.os.* is standalone-only (run-os / run-os-sandboxed).");
        fix_imports(unit, found, is_os_module, "Remove std.os.* imports");
    }
    if (any_import(unit, is_forbidden)) {
        struct diagnostic *found =
            lint_add(unit, CODE_WORLD_IMPORT, loc, "program imports modules not allowed in this world");
        note_forbidden(unit, found);
        fix_imports(unit, found, is_forbidden, "Remove forbidden imports");
    }
}

/* ---- declarations ---- */

static void
check_pointer(struct lint_unit *unit, const struct ast_func *func, const struct ast_type *ref,
              const struct ast_loc *loc)
{
    enum type type;

    if (!ref || !type_resolve(ref, &type) || !type_is_pointer(type))
        return;
    struct diagnostic *found =
        lint_add(unit, CODE_WORLD_UNSAFE_DECL, loc,
                 "unsafe capability is not enabled in this world: raw pointer type in signature of %s",
                 func->name->text);
    lint_note(unit, found, COMPILE_FOR "raw pointers.");
}

static void
check_signature(struct lint_unit *unit, const struct ast_func *func)
{
    for (uint32_t i = 0; i < func->param_count; i++)
        check_pointer(unit, func, func->params[i].type,
                      ast_loc_member(unit->context, func->params[i].loc, "ty"));
    check_pointer(unit, func, func->result, ast_loc_member(unit->context, func->loc, "result"));
}

void
lint_world_decls(struct lint_unit *unit)
{
    for (uint32_t i = 0; i < unit->doc->func_count; i++) {
        const struct ast_func *func = unit->doc->funcs[i];

        if (func->kind == AST_EXTERN && !unit->options->ffi) {
            struct diagnostic *found =
                lint_add(unit, CODE_WORLD_FFI, ast_loc_member(unit->context, func->loc, "name"),
                         "ffi capability is not enabled in this world: extern decl %s", func->name->text);
            lint_note(unit, found, COMPILE_FOR "extern C interop.");
        }
        if (!unit->options->unsafe)
            check_signature(unit, func);
    }
}

/* ---- heads ---- */

static bool
is_unsafe_head(const struct ast_expr *list)
{
    int head = head_of(list);

    return head == FORM_UNSAFE || (head_is_call(head) && head_row(head)->flags & HEAD_FLAG_RAW) ||
           starts_with(list->items[0]->symbol, "ptr.");
}

/* A built-in head that works in every world whatever its name: the database of time zones. */
static bool
is_of_every_world(const struct ast_expr *list)
{
    int head = head_of(list);

    return head >= 0 && head_is_call(head) && head_gate(head) == GATE_ANY;
}

static void
add_head(struct lint_unit *unit, const struct ast_expr *list, enum code_id code, const char *message,
         const char *note)
{
    struct diagnostic *found =
        lint_add(unit, code, list->loc, "%s: %s", message, list->items[0]->symbol->text);

    if (note)
        lint_note(unit, found, note);
}

void
lint_world_head(struct lint_unit *unit, const struct ast_expr *list, const struct lint_place *place)
{
    const struct lint_options *options = unit->options;
    const struct symbol *head = list->items[0]->symbol;
    const struct gate {
        const char *prefix, *module_prefix;
        bool closed;
        enum code_id code;
        const char *message, *note;
    } gates[] = {
        {"os.", "std.os.", options->eval, CODE_WORLD_OS_HEAD,
         "OS capability is not allowed in solve-* worlds", COMPILE_FOR "os.* builtins."},
        {"fs.", "std.fs.", !options->fs, CODE_WORLD_FS, "filesystem capability is not enabled in this world",
         NULL},
        {"rr.", "std.rr.", !options->rr, CODE_WORLD_RR,
         "request/response capability is not enabled in this world", NULL},
        {"kv.", "std.kv.", !options->kv, CODE_WORLD_KV, "key/value capability is not enabled in this world",
         NULL},
    };

    (void)place;
    if (!options->unsafe && is_unsafe_head(list))
        add_head(unit, list, CODE_WORLD_UNSAFE_HEAD, "unsafe capability is not enabled in this world",
                 COMPILE_FOR "unsafe operations.");
    for (size_t i = 0; i < sizeof gates / sizeof gates[0]; i++)
        if (gates[i].closed && !is_of_every_world(list) &&
            (starts_with(head, gates[i].prefix) || starts_with(head, gates[i].module_prefix)))
            add_head(unit, list, gates[i].code, gates[i].message, gates[i].note);
}
