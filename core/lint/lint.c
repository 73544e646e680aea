/* lint.c: walks a document and asks every rule. */
#include "lint/lint.h"

#include "ast/json.h"
#include "lint/unit.h"
#include "sema/failure.h"
#include "sema/typecheck.h"
#include "sema/world.h"

#include <stdlib.h>
#include <string.h>

bool
lint_options_of_world(const char *world, struct lint_options *options)
{
    const struct world *found = world_find(world);

    if (!found)
        return false;
    /* A sandboxed program may have both by its policy, which is not known here. */
    bool raw = found->os && strcmp(world, "run-os") == 0;
    *options = (struct lint_options){
        .fs = found->fs, .rr = found->rr, .kv = found->kv, .unsafe = raw, .ffi = raw, .eval = !found->os};
    return true;
}

static struct ast_doc *
read_document(struct lint_source *source, const char *text, size_t len, struct text *message)
{
    source->arena = arena_new();
    ast_context_init(&source->context, source->arena);
    return ast_read(&source->context, text, len, message);
}

static void
close_document(struct lint_source *source)
{
    ast_context_free(&source->context);
    arena_free(source->arena);
}

bool
lint_open(struct lint_source *source, const char *text, size_t len, struct text *message)
{
    source->text = (struct text){0};
    source->doc = read_document(source, text, len, message);
    if (!source->doc) {
        close_document(source);
        return false;
    }
    ast_write(source->doc, &source->text);
    if (source->text.len == len && memcmp(source->text.data, text, len) == 0)
        return true;
    /* Places must be those of the canonical text. */
    close_document(source);
    source->doc = read_document(source, source->text.data, source->text.len, message);
    if (source->doc)
        return true;
    lint_close(source);
    return false;
}

void
lint_close(struct lint_source *source)
{
    close_document(source);
    text_free(&source->text);
}

/* ---- findings ---- */

struct diagnostic *
lint_add(struct lint_unit *unit, enum code_id code, const struct ast_loc *loc, const char *format, ...)
{
    const struct code *row = code_row(code);
    struct text message = {0};
    va_list args;

    va_start(args, format);
    failure_format(&message, format, &args);
    va_end(args);
    struct diagnostic *found =
        diagnostics_add(unit->out, row->code, row->severity, row->stage, loc, "%s", text_string(&message));
    text_free(&message);
    return found;
}

void
lint_note(struct lint_unit *unit, struct diagnostic *found, const char *note)
{
    diagnostic_note(unit->out, found, note);
}

void
lint_fix(struct lint_unit *unit, struct diagnostic *found, const char *op, const struct ast_loc *loc,
         struct text *value)
{
    diagnostic_fix(unit->out, found, op, loc, value ? text_string(value) : NULL);
    if (value)
        text_free(value);
}

void
lint_fix_note(struct lint_unit *unit, struct diagnostic *found, const char *format, ...)
{
    struct text note = {0};
    va_list args;

    va_start(args, format);
    text_vprintf(&note, format, args);
    va_end(args);
    found->fix_note = arena_copy(unit->out->arena, text_string(&note), note.len);
    text_free(&note);
}

void
lint_note_fixable(struct lint_unit *unit, struct diagnostic *found)
{
    lint_note(unit, found, "Auto-fix available: run `x07 fix --input <file> --write`.");
}

void
lint_write_item(const struct ast_expr *expr, struct text *out)
{
    text_putc(out, ',');
    ast_write_expr(expr, out);
}

void
lint_write_symbol(const struct symbol *symbol, struct text *out)
{
    struct ast_expr atom = {.kind = AST_ATOM, .symbol = (struct symbol *)(uintptr_t)symbol};

    ast_write_expr(&atom, out);
}

/* Whether the document has the name. */
static bool
is_taken(struct lint_unit *unit, const char *name, struct symbol **symbol)
{
    size_t before = unit->context->symbol_count;

    *symbol = ast_intern_string(unit->context, name);
    if (unit->context->symbol_count != before)
        ptrmap_set(&unit->invented, *symbol, *symbol);
    return !ptrmap_get(&unit->invented, *symbol);
}

const struct symbol *
lint_fresh_name(struct lint_unit *unit, const char *wish)
{
    struct symbol *symbol;
    const char *name = wish;

    for (unsigned i = 2; is_taken(unit, name, &symbol); i++)
        name = arena_printf(unit->context->arena, "%s_%u", wish, i);
    return symbol;
}

const struct ast_expr *
lint_find(const struct ast_expr *expr, int head, const struct symbol *item)
{
    const struct ast_expr *found = NULL;

    if (expr->kind != AST_LIST)
        return NULL;
    if (head_of(expr) == head &&
        (!item || (expr->count == 2 && expr->items[1]->kind == AST_ATOM && expr->items[1]->symbol == item)))
        return expr;
    for (uint32_t i = 0; i < expr->count && !found; i++)
        found = lint_find(expr->items[i], head, item);
    return found;
}

/* ---- the walk ---- */

void
lint_func_roots(const struct ast_func *func, void (*visit)(void *context, const struct ast_expr *root),
                void *context)
{
    for (int kind = 0; kind < AST_CONTRACT_KINDS; kind++)
        for (uint32_t i = 0; i < func->clause_count[kind]; i++) {
            const struct ast_clause *clause = &func->clauses[kind][i];
            visit(context, clause->expr);
            for (uint32_t k = 0; k < clause->witness_count; k++)
                visit(context, clause->witness[k]);
        }
    if (func->body)
        visit(context, func->body);
}

void
lint_roots(const struct ast_doc *doc, void (*visit)(void *context, const struct ast_expr *root),
           void *context)
{
    if (doc->solve)
        visit(context, doc->solve);
    for (uint32_t i = 0; i < doc->func_count; i++)
        lint_func_roots(doc->funcs[i], visit, context);
}

static struct lint_place
place_of_item(const struct ast_expr *list, uint32_t index, const struct lint_place *outer)
{
    struct lint_place place = *outer;

    switch (head_of(list)) {
    case FORM_BEGIN:
    case FORM_UNSAFE:
        place.value_used = index == 0 || (index == list->count - 1 && outer->value_used);
        /* A block that is a statement itself has statements of its own. */
        if (index && (!outer->statement || outer->statement == list))
            place.statement = list->items[index];
        break;
    case FORM_IF:
        place.value_used = index < 2 || outer->value_used;
        place.hoist_safe = outer->hoist_safe && index != 2 && index != 3;
        break;
    case FORM_FOR:
        place.value_used = index != list->count - 1;
        place.hoist_safe = outer->hoist_safe && index != 4;
        break;
    default:
        place.value_used = true;
        break;
    }
    return place;
}

typedef void lint_rule(struct lint_unit *unit, const struct ast_expr *list, const struct lint_place *place);

static lint_rule *const rules[] = {
    lint_arity,      lint_unsafe_size,  lint_borrow_owner, lint_view_escape,
    lint_eager_bool, lint_concat_twice, lint_view_twice,   lint_world_head,
};

/* Documents are nested at most 127 deep. */
static void
walk(struct lint_unit *unit, const struct ast_expr *expr, const struct lint_place *place)
{
    if (expr->kind != AST_LIST)
        return;
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++)
        rules[i](unit, expr, place);
    for (uint32_t i = 0; i < expr->count; i++) {
        struct lint_place inner = place_of_item(expr, i, place);
        walk(unit, expr->items[i], &inner);
    }
}

static void
walk_root(void *context, const struct ast_expr *root)
{
    static const struct lint_place start = {.value_used = true, .hoist_safe = true};

    walk(context, root, &start);
}

void
lint_entry(struct lint_unit *unit)
{
    if (unit->doc->kind == AST_ENTRY && !unit->doc->solve)
        lint_add(unit, CODE_AST_ENTRY, ast_loc_member(unit->context, NULL, "solve"),
                 "entry file must contain /solve");
}

void
lint_document(struct lint_source *source, const struct lint_options *options, struct diagnostics *out)
{
    struct lint_unit unit = {.context = &source->context, .doc = source->doc, .options = options, .out = out};

    heads_register(&source->context);
    lint_entry(&unit);
    lint_world_imports(&unit);
    lint_world_decls(&unit);
    lint_generics(&unit);
    lint_roots(source->doc, walk_root, &unit);
    if (source->doc->minor >= 4)
        typecheck_file(&source->context, source->doc, NULL, out);
    diagnostics_sort(out);
    ptrmap_free(&unit.invented);
}

void
lint_write(struct diagnostics *found, const char *file, struct text *out)
{
    struct text name = {0};

    ast_json_write_string(file, strlen(file), &name);
    for (size_t i = 0; i < found->count; i++) {
        diagnostic_data(found, found->items[i], "file", text_string(&name));
        text_puts(out, i ? "," : "");
        diagnostic_write(found->items[i], out);
    }
    text_free(&name);
}

size_t
lint_error_count(const struct diagnostics *found)
{
    size_t errors = 0;

    for (size_t i = 0; i < found->count; i++)
        errors += found->items[i]->severity == SEVERITY_ERROR;
    return errors;
}
