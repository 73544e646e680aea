/* validate.c: see validate.h. */
#include "cli/validate.h"

#include "ast/json_schema.h"
#include "ast/schemas.h"
#include "base/quote.h"
#include "cli/findings.h"

#include <stdio.h>
#include <string.h>

#define SUPPORTED "x07.x07ast@0.3.0, x07.x07ast@0.4.0, x07.x07ast@0.5.0"
#define SUPPORTED_JSON "[\"x07.x07ast@0.3.0\",\"x07.x07ast@0.4.0\",\"x07.x07ast@0.5.0\"]"

static const char *
json_string(struct diagnostics *found, const char *data, size_t len)
{
    struct text text = {0};

    ast_json_write_string(data, len, &text);
    const char *copy = arena_copy(found->arena, text.data, text.len);
    text_free(&text);
    return copy;
}

/* A finding of the stage "parse" at a pointer. */
static struct diagnostic *
add(struct diagnostics *found, const char *code, const char *ptr, size_t ptr_len, const char *message)
{
    struct diagnostic *diagnostic =
        diagnostics_add(found, code, SEVERITY_ERROR, "parse", NULL, "%s", message);

    diagnostic->ptr = arena_copy(found->arena, ptr, ptr_len);
    return diagnostic;
}

static void
add_violation(void *context, const char *instance, const char *schema, const char *message)
{
    struct diagnostics *found = context;
    struct diagnostic *diagnostic = add(found, "X07-SCHEMA-0001", instance, strlen(instance), message);

    diagnostic_data(found, diagnostic, "instance_path", json_string(found, instance, strlen(instance)));
    diagnostic_data(found, diagnostic, "schema_path", json_string(found, schema, strlen(schema)));
}

static void
add_unsupported(const struct ast_json *version, struct diagnostics *found)
{
    struct text message = {0};
    struct ast_context context;

    text_puts(&message, "unsupported schema_version: ");
    text_append_quoted(&message, version->text, version->count);
    text_puts(&message, " (supported: " SUPPORTED ")");
    ast_context_init(&context, found->arena);
    const struct ast_loc *place = ast_loc_member(&context, NULL, "schema_version");
    struct diagnostic *diagnostic = diagnostics_add(found, "X07-SCHEMA-0002", SEVERITY_ERROR, "parse", place,
                                                    "%s", text_string(&message));
    diagnostic_data(found, diagnostic, "got", json_string(found, version->text, version->count));
    diagnostic_data(found, diagnostic, "supported", SUPPORTED_JSON);
    diagnostic_fix(found, diagnostic, "replace", place, "\"x07.x07ast@0.5.0\"");
    diagnostic->fix_note = "Set schema_version to x07.x07ast@0.5.0";
    ast_context_free(&context);
    text_free(&message);
}

/* The schema of the document's version; NULL when that is a string that no schema is for. */
static const struct ast_json *
find_schema(const struct ast_json *version, struct arena *arena)
{
    static const char *const versions[] = {"0.3.0", "0.4.0", "0.5.0"};
    char name[32];

    if (!version || version->kind != JSON_STRING)
        return schemas_find(arena, "x07ast-0.5.0");
    for (size_t i = 0; i < sizeof versions / sizeof versions[0]; i++) {
        snprintf(name, sizeof name, "x07.x07ast@%s", versions[i]);
        if (!ast_json_is(version, name))
            continue;
        snprintf(name, sizeof name, "x07ast-%s", versions[i]);
        return schemas_find(arena, name);
    }
    return NULL;
}

/* The reader's message ends in " at <pointer>". */
static void
read_document(const struct ast_json *document, struct diagnostics *found)
{
    struct text text = {0}, message = {0};
    struct ast_context context;

    ast_json_write(document, &text);
    ast_context_init(&context, found->arena);
    if (!ast_read(&context, text_string(&text), text.len, &message)) {
        size_t end = message.len;
        while (end >= 4 && strncmp(message.data + end - 4, " at ", 4) != 0)
            end--;
        const char *ptr = end >= 4 ? message.data + end : "";
        const char *reason = arena_copy(found->arena, message.data, end >= 4 ? end - 4 : message.len);
        add(found, "X07-X07AST-PARSE-0001", ptr, strlen(ptr), reason);
    }
    ast_context_free(&context);
    text_free(&text);
    text_free(&message);
}

void
validate_document(const struct ast_json *document, struct diagnostics *found)
{
    const struct ast_json *version =
        document->kind == JSON_OBJECT ? ast_json_get(document, "schema_version") : NULL;
    const struct ast_json *schema = find_schema(version, found->arena);

    if (!schema) {
        add_unsupported(version, found);
        return;
    }
    json_schema_check(schema, document, add_violation, found);
    read_document(document, found);
    diagnostics_sort(found);
}

bool
validate_print(struct arena *arena, const struct ast_json *document)
{
    struct diagnostics found = {.arena = arena};
    struct text report = {0};

    validate_document(document, &found);
    if (!found.count)
        return true;
    findings_report(&found, NULL, 0, &report);
    text_putc(&report, '\n');
    fwrite(report.data, 1, report.len, stdout);
    text_free(&report);
    return false;
}
