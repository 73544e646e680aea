/* fix.c: see fix.h. */
#include "lint/fix.h"

#include "ast/patch.h"
#include "base/memory.h"
#include "base/ptrmap.h"

#include <stdlib.h>
#include <string.h>

/* One round. */
struct round {
    struct arena *arena;
    struct ast_context paths; /* of replacements, as symbols */
    struct ptrmap replaced;   /* path -> the diagnostic that replaces it */
    struct patch_op *ops;
    size_t op_count;
};

static void
note_replacements(struct round *round, const struct diagnostics *found)
{
    for (size_t i = 0; i < found->count; i++)
        for (uint32_t k = 0; k < found->items[i]->fix_count; k++)
            if (strcmp(found->items[i]->fix[k].op, "replace") == 0)
                ptrmap_set(&round->replaced, ast_intern_string(&round->paths, found->items[i]->fix[k].path),
                           found->items[i]);
}

/* Whether another finding replaces the place or what contains it. */
static bool
is_replaced(struct round *round, const char *path, const struct diagnostic *own)
{
    size_t len = strlen(path);

    for (size_t end = 1; end <= len; end++) {
        if (end < len && path[end] != '/')
            continue;
        const struct diagnostic *by = ptrmap_get(&round->replaced, ast_intern(&round->paths, path, end));
        if (by && by != own)
            return true;
    }
    return false;
}

/* A replacement inside another one is lost and found again in the next round. But an insertion or a removal
 * would take place in a list that is no longer what it was meant for. */
static bool
must_wait(struct round *round, const struct diagnostic *finding)
{
    bool moves = false;

    for (uint32_t i = 0; i < finding->fix_count; i++)
        moves = moves || strcmp(finding->fix[i].op, "add") == 0 || strcmp(finding->fix[i].op, "remove") == 0;
    for (uint32_t i = 0; moves && i < finding->fix_count; i++)
        if (is_replaced(round, finding->fix[i].path, finding))
            return true;
    return false;
}

static bool
add_op(struct round *round, const struct diagnostic_op *from, struct text *message)
{
    struct patch_op *op = &round->ops[round->op_count++];
    struct ast_json *value = NULL;

    *op = (struct patch_op){.path = from->path, .path_len = strlen(from->path)};
    if (!patch_kind_of(from->op, strlen(from->op), &op->kind))
        return false;
    if (from->value) {
        value = ARENA_NEW(round->arena, struct ast_json);
        if (!ast_json_read(round->arena, from->value, strlen(from->value), value, message))
            return false;
    }
    op->value = value;
    return true;
}

static bool
collect_ops(struct round *round, const struct diagnostics *found, struct text *message)
{
    size_t count = 0;

    for (size_t i = 0; i < found->count; i++)
        count += found->items[i]->fix_count;
    round->ops = ARENA_ARRAY(round->arena, struct patch_op, count + 1);
    note_replacements(round, found);
    for (size_t i = 0; i < found->count; i++) {
        if (must_wait(round, found->items[i]))
            continue;
        for (uint32_t k = 0; k < found->items[i]->fix_count; k++)
            if (!add_op(round, &found->items[i]->fix[k], message))
                return false;
    }
    return true;
}

static bool
apply(struct round *round, const struct lint_source *source, struct text *out, struct text *message)
{
    struct ast_json document;
    struct text reason = {0};

    if (!ast_json_read(round->arena, source->text.data, source->text.len, &document, message))
        return false;
    patch_order(round->ops, round->op_count);
    if (!patch_apply(round->arena, &document, round->ops, round->op_count, &reason)) {
        text_printf(message, "apply patch failed: %s", text_string(&reason));
        text_free(&reason);
        return false;
    }
    ast_json_write(&document, out);
    text_putc(out, '\n');
    return true;
}

bool
fix_round(struct lint_source *source, const struct diagnostics *found, struct text *out, uint64_t *applied,
          struct text *message)
{
    struct round round = {.arena = arena_new()};

    *applied = 0;
    if (diagnostics_ok(found)) {
        arena_free(round.arena);
        return true;
    }
    ast_context_init(&round.paths, round.arena);
    bool ok = collect_ops(&round, found, message);
    if (ok && round.op_count)
        ok = apply(&round, source, out, message);
    if (ok)
        *applied = round.op_count;
    ptrmap_free(&round.replaced);
    ast_context_free(&round.paths);
    arena_free(round.arena);
    return ok;
}

/* One round over `document`, which is the canonical text afterwards. */
static bool
repair_once(struct text *document, const struct lint_options *options, bool apply_fixes,
            struct fix_outcome *outcome, uint64_t *applied, struct text *message)
{
    struct diagnostics found = {.arena = arena_new()};
    struct lint_source source;
    struct text fixed = {0};

    *applied = 0;
    if (!lint_open(&source, text_string(document), document->len, message)) {
        arena_free(found.arena);
        return false;
    }
    lint_document(&source, options, &found);
    outcome->errors = lint_error_count(&found);
    bool ok = !apply_fixes || fix_round(&source, &found, &fixed, applied, message);
    const struct text *result = *applied ? &fixed : &source.text;
    text_clear(document);
    text_append(document, text_string(result), result->len);
    text_free(&fixed);
    lint_close(&source);
    arena_free(found.arena);
    return ok;
}

bool
fix_document(const char *text, size_t len, const struct lint_options *options, uint32_t max_rounds,
             struct text *out, struct fix_outcome *outcome, struct text *message)
{
    struct text document = {0};
    uint64_t applied = 1;
    bool ok = true;

    *outcome = (struct fix_outcome){0};
    text_append(&document, text, len);
    for (uint32_t i = 0; ok && applied && (i < max_rounds || i == 0); i++) {
        ok = repair_once(&document, options, true, outcome, &applied, message);
        outcome->rounds++;
        outcome->applied += applied;
    }
    if (ok && applied)
        ok = repair_once(&document, options, false, outcome, &applied, message);
    if (ok)
        text_append(out, text_string(&document), document.len);
    text_free(&document);
    return ok;
}
