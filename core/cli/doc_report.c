/* doc_report.c: answers of `x07 doc` as the report x07.doc.report@0.1.0, and what is suggested instead of
 * what was not found. */
#include "base/json_out.h"
#include "cli/doc_parts.h"
#include "cli/signature.h"
#include "sema/heads.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_SUGGESTIONS = 50 };

static const char *const kinds[] = {
    [DOC_FORM] = "builtin_form", [DOC_MODULE] = "module", [DOC_SYMBOL] = "symbol",
    [DOC_PACKAGE] = "package",   [DOC_SPEC] = "spec",     [DOC_NOT_FOUND] = "not_found",
    [DOC_ERROR] = "error",
};

static void
member(x07_json *json, const char *name, const char *value)
{
    x07_json_name(json, name);
    x07_json_string(json, value ? value : "");
}

/* ---- suggestions ---- */

static int
compare_suggestions(const void *a, const void *b)
{
    const struct doc_suggestion *left = a, *right = b;
    int order = strcmp(kinds[left->kind], kinds[right->kind]);

    return order ? order : strcmp(left->query, right->query);
}

static void
write_suggestions(x07_json *json, struct doc_answer *answer)
{
    const struct doc_suggestion *last = NULL;
    int written = 0;

    if (answer->suggestion_count)
        qsort(answer->suggestions, answer->suggestion_count, sizeof *answer->suggestions,
              compare_suggestions);
    x07_json_name(json, "suggestions");
    x07_json_begin(json, '[');
    for (size_t i = 0; i < answer->suggestion_count && written < MAX_SUGGESTIONS; i++) {
        const struct doc_suggestion *suggestion = &answer->suggestions[i];

        if (last && compare_suggestions(last, suggestion) == 0)
            continue;
        last = suggestion;
        written++;
        x07_json_begin(json, '{');
        member(json, "query", suggestion->query);
        member(json, "kind", kinds[suggestion->kind]);
        x07_json_end(json, '}');
    }
    x07_json_end(json, ']');
}

/* ---- results ---- */

static void
write_source(x07_json *json, const struct doc_source *source)
{
    static const char *const origins[] = {[DOC_BUILTIN] = "builtin",
                                          [DOC_STDLIB] = "stdlib",
                                          [DOC_PROJECT] = "project",
                                          [DOC_DEPENDENCY] = "dependency",
                                          [DOC_FILESYSTEM] = "filesystem"};

    x07_json_name(json, "source");
    x07_json_begin(json, '{');
    member(json, "kind", origins[source->origin]);
    if (source->path)
        member(json, "path", source->path);
    if (source->package)
        member(json, "package", source->package);
    x07_json_end(json, '}');
}

static void
write_signature(x07_json *json, const struct ast_doc *doc, const struct symbol *name)
{
    const struct ast_func *func = signature_find(doc, name);

    x07_json_begin(json, '{');
    member(json, "name", name->text);
    member(json, "kind", func ? signature_kind(func) : "export");
    x07_json_name(json, "params");
    x07_json_begin(json, '[');
    for (uint32_t i = 0; func && i < func->param_count; i++) {
        x07_json_begin(json, '{');
        member(json, "name", func->params[i].name->text);
        member(json, "ty", signature_type(func->params[i].type));
        x07_json_end(json, '}');
    }
    x07_json_end(json, ']');
    member(json, "result", func ? signature_type(func->result) : "");
    x07_json_end(json, '}');
}

static void
write_form(x07_json *json, const struct doc_answer *answer)
{
    struct text doc = {0};

    doc_form_signature(answer->head, &doc);
    text_putc(&doc, '\n');
    doc_form_describe(answer->head, &doc);
    if (head_is_call(answer->head) || head_is_operator(answer->head)) {
        text_puts(&doc, "\nExample: ");
        doc_form_example(answer->head, &doc);
    }
    member(json, "name", head_name(answer->head));
    member(json, "doc", text_string(&doc));
    text_free(&doc);
}

static void
write_module(x07_json *json, const struct doc_answer *answer)
{
    const struct ast_doc *doc = answer->doc;

    member(json, "module_id", doc->module_id->text);
    member(json, "path", answer->path);
    x07_json_name(json, "exports");
    x07_json_begin(json, '[');
    for (uint32_t i = 0; i < doc->export_count; i++)
        write_signature(json, doc, doc->exports[i]);
    x07_json_end(json, ']');
}

static int
compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void
write_package(x07_json *json, const struct package_manifest *package)
{
    member(json, "name", package->name);
    member(json, "version", package->version);
    member(json, "description", package->description);
    member(json, "docs", package->docs);
    member(json, "module_root", package->module_root);
    if (package->modules.count)
        qsort(package->modules.items, package->modules.count, sizeof *package->modules.items, compare_names);
    x07_json_name(json, "modules");
    x07_json_begin(json, '[');
    for (size_t i = 0; i < package->modules.count; i++)
        x07_json_string(json, package->modules.items[i]);
    x07_json_end(json, ']');
}

static void
write_result(x07_json *json, struct doc_search *search)
{
    struct doc_answer *answer = &search->answer;

    x07_json_name(json, "result");
    x07_json_begin(json, '{');
    member(json, "kind", kinds[answer->kind]);
    switch (answer->kind) {
    case DOC_FORM:
        write_form(json, answer);
        break;
    case DOC_MODULE:
        write_module(json, answer);
        break;
    case DOC_SYMBOL:
        member(json, "symbol", answer->func->name->text);
        member(json, "module_id", answer->doc->module_id->text);
        member(json, "path", answer->path);
        x07_json_name(json, "sig");
        write_signature(json, answer->doc, answer->func->name);
        break;
    case DOC_PACKAGE:
        write_package(json, answer->package->manifest);
        break;
    case DOC_SPEC:
        member(json, "spec_id", answer->spec_id);
        member(json, "path", answer->path);
        break;
    case DOC_NOT_FOUND:
        write_suggestions(json, answer);
        break;
    case DOC_ERROR:
        member(json, "message", answer->message);
        break;
    }
    if (answer->kind <= DOC_PACKAGE)
        write_source(json, &answer->source);
    x07_json_end(json, '}');
}

static void
write_diagnostic(x07_json *json, const struct doc_answer *answer)
{
    x07_json_name(json, "diagnostics");
    x07_json_begin(json, '[');
    x07_json_begin(json, '{');
    member(json, "code", answer->code);
    member(json, "severity", "error");
    member(json, "stage", "parse");
    member(json, "message", answer->message);
    x07_json_end(json, '}');
    x07_json_end(json, ']');
}

int
doc_report(struct doc_search *search, struct text *out)
{
    x07_json json = {0};
    bool failed = search->answer.code;

    if (search->answer.kind == DOC_NOT_FOUND && !search->answer.suggestion_count &&
        !search->settings->builtin)
        doc_suggest_names(search);
    x07_json_begin(&json, '{');
    member(&json, "schema_version", "x07.doc.report@0.1.0");
    member(&json, "command", "doc");
    x07_json_name(&json, "ok");
    x07_json_bool(&json, !failed);
    member(&json, "query", search->query);
    write_result(&json, search);
    x07_json_name(&json, "diagnostics_count");
    x07_json_uint(&json, failed);
    if (failed)
        write_diagnostic(&json, &search->answer);
    x07_json_name(&json, "exit_code");
    x07_json_uint(&json, failed);
    if (search->answer.kind == DOC_FORM) {
        x07_json_name(&json, "hints");
        x07_json_begin(&json, '[');
        x07_json_string(&json, "run `x07 guide` for the full language reference");
        x07_json_end(&json, ']');
    }
    x07_json_end(&json, '}');
    x07_json_line(&json);
    json_out_take(&json, out);
    return failed;
}
