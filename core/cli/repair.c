/* repair.c: see repair.h. The passes are whatever the registry has; this knows none of them. */
#include "cli/repair.h"

#include "ast/json.h"
#include "base/memory.h"
#include "cli/source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One document and the passes over it. */
struct repair {
    const struct repair_request *request;
    struct registry_service_handle *handles;
    struct repair_pass *passes; /* in the request's arena */
    size_t pass_count;
    struct repair_finding *findings; /* of the round, in the request's arena */
    size_t finding_count;
};

static struct error *
open_passes(struct repair *repair)
{
    const struct registry_match *matches;
    struct registry *registry = repair->request->registry;
    struct error *error = registry_match_all(registry, X07_KIND_REPAIR, repair->request->profile,
                                             repair->request->world, &matches, &repair->pass_count);

    if (error)
        return error;
    repair->handles = memory_alloc((repair->pass_count + 1) * sizeof *repair->handles);
    repair->passes = ARENA_ARRAY(repair->request->arena, struct repair_pass, repair->pass_count);
    for (size_t i = 0; !error && i < repair->pass_count; i++) {
        struct registry_query query = {.kind = X07_KIND_REPAIR,
                                       .key = matches[i].service->key,
                                       .profile = repair->request->profile,
                                       .world = repair->request->world};
        error = registry_select(registry, &query, &repair->handles[i]);
        if (error)
            break;
        const x07_repair *pass = repair->handles[i].vtable;
        repair->passes[i] = (struct repair_pass){
            .id = arena_printf(repair->request->arena, "%s", repair->handles[i].id), .rank = pass->rank};
    }
    return error;
}

static struct error *
describe_failure(const struct repair *repair, x07_status status, const char *id)
{
    struct error *error = host_failure(repair->request->host, status, id);

    if (strcmp(error->code, "E_JSON_SYNTAX") == 0)
        return error_wrap(error, "parse x07AST JSON: %s", repair->request->path);
    return error_wrap(error, "repair");
}

/* ---- findings ---- */

static const char *
copy(const struct repair *repair, const char *text)
{
    return text ? arena_copy(repair->request->arena, text, strlen(text)) : NULL;
}

/* A finding's details as canonical JSON, if they are an object. */
static const char *
copy_details(const struct repair *repair, const char *details)
{
    struct arena *arena = arena_new();
    struct ast_json value;
    struct text text = {0}, ignored = {0};
    const char *copied = NULL;

    if (details && ast_json_read(arena, details, strlen(details), &value, &ignored) &&
        value.kind == JSON_OBJECT) {
        value = ast_json_copy_sorted(arena, &value);
        ast_json_write(&value, &text);
        copied = copy(repair, text.data);
    }
    text_free(&text);
    text_free(&ignored);
    arena_free(arena);
    return copied;
}

static const char *
severity_name(uint32_t level)
{
    return level >= X07_LOG_ERROR ? "error" : level == X07_LOG_WARNING ? "warning" : "info";
}

/* Takes over what the host has heard of one pass. */
static void
take_findings(struct repair *repair, const char *pass)
{
    size_t count;
    const struct host_finding *heard = host_findings(repair->request->host, &count);
    size_t all = repair->finding_count + count;
    struct repair_finding *findings = ARENA_ARRAY(repair->request->arena, struct repair_finding, all);

    if (repair->finding_count)
        memcpy(findings, repair->findings, repair->finding_count * sizeof *findings);
    for (size_t i = 0; i < count; i++)
        findings[repair->finding_count + i] = (struct repair_finding){
            .pass = pass,
            .severity = severity_name(heard[i].severity),
            .code = copy(repair, heard[i].code),
            .message = copy(repair, heard[i].message),
            .pointer = copy(repair, heard[i].pointer),
            .data = copy_details(repair, heard[i].details),
            .of_linter = heard[i].of_linter,
        };
    repair->findings = findings;
    repair->finding_count = all;
    host_forget_findings(repair->request->host);
}

static void
print_findings(const struct repair *repair)
{
    for (const struct repair_finding *at = repair->findings; at < repair->findings + repair->finding_count;
         at++)
        if (!at->of_linter)
            fprintf(stderr, "%s: %s%s%s %s: %s (%s)\n", repair->request->path, at->pointer ? at->pointer : "",
                    at->pointer ? ": " : "", at->severity, at->code, at->message, at->pass);
}

/* ---- passes ---- */

/* Which edits of a pass are kept. */
enum edits { EDITS_ALL, EDITS_LAYOUT };

static struct error *
run_pass(struct repair *repair, size_t index, uint32_t round, enum edits edits, struct text *document,
         struct repair_summary *summary)
{
    const x07_repair *pass = repair->handles[index].vtable;
    const x07_host *table = host_table(repair->request->host);
    x07_repair_request request = {
        .size = sizeof request,
        .round = round,
        .text = text_string(document),
        .text_size = document->len,
        .path = repair->request->path,
        .world = repair->request->world,
    };
    x07_repair_result result = {.size = sizeof result};

    host_clear_failure(repair->request->host);
    host_forget_findings(repair->request->host);
    x07_status status = pass->run(table, &request, &result);
    if (status != X07_OK)
        return describe_failure(repair, status, repair->handles[index].id);
    bool kept = edits == EDITS_ALL || !result.applied_ops;
    if (result.changed && kept) {
        text_clear(document);
        text_append(document, result.text, (size_t)result.text_size);
    }
    table->release(table, result.text);
    take_findings(repair, repair->passes[index].id);
    if (kept) {
        summary->applied_ops += result.applied_ops;
        repair->passes[index].applied_ops += result.applied_ops;
    }
    if (!result.lint_ok)
        summary->lint_ok = false;
    return NULL;
}

/* After the last round: what the passes say of the document that it left. Only layout is still changed. */
static struct error *
last_look(struct repair *repair, uint32_t round, struct text *document, struct repair_summary *summary)
{
    summary->lint_ok = true;
    repair->finding_count = 0;
    for (size_t i = 0; i < repair->pass_count; i++) {
        struct error *error = run_pass(repair, i, round, EDITS_LAYOUT, document, summary);
        if (error)
            return error;
    }
    return NULL;
}

static struct error *
run_rounds(struct repair *repair, struct text *document, struct repair_summary *summary)
{
    uint32_t rounds = repair->request->max_rounds ? repair->request->max_rounds : 1;

    for (uint32_t round = 1; round <= rounds; round++) {
        uint64_t before = summary->applied_ops;
        summary->iterations = round;
        summary->lint_ok = true;
        repair->finding_count = 0;
        for (size_t i = 0; i < repair->pass_count; i++) {
            struct error *error = run_pass(repair, i, round, EDITS_ALL, document, summary);
            if (error)
                return error;
        }
        if (summary->applied_ops == before)
            return NULL;
    }
    return last_look(repair, rounds, document, summary);
}

static struct error *
write_back(const struct source *source, const struct text *after)
{
    const struct text *before = &source->text;

    if (before->len == after->len && (!after->len || memcmp(before->data, after->data, after->len) == 0))
        return NULL;
    return error_wrap(source_replace(source, text_string(after), after->len), "write repaired x07AST");
}

struct error *
repair_document(const struct repair_request *request, struct text *out, struct repair_summary *summary)
{
    struct repair repair = {.request = request};
    struct source source = {0};

    *summary = (struct repair_summary){.mode = request->mode, .lint_ok = true};
    struct error *error = error_wrap(source_read(&source, request->path), "read x07AST");
    if (!error)
        error = open_passes(&repair);
    if (!error) {
        text_append(out, text_string(&source.text), source.text.len);
        error = run_rounds(&repair, out, summary);
    }
    if (!error && strcmp(request->mode, "write") == 0)
        error = write_back(&source, out);
    if (!error)
        print_findings(&repair);
    summary->passes = repair.passes;
    summary->pass_count = repair.passes ? repair.pass_count : 0;
    summary->findings = repair.findings;
    summary->finding_count = repair.finding_count;
    free(repair.handles);
    source_free(&source);
    return error;
}
