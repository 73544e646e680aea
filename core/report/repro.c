/* repro.c: see repro.h. */
#include "report/repro.h"

#include "ast/json.h"
#include "base/file.h"
#include "base/json_out.h"
#include "base/sha256.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

static const char mark[] = "X07T_CONTRACT_V1 ";

/* The trap's JSON object and the id in it. */
struct breach {
    const char *contract; /* JSON text */
    size_t contract_size;
    const struct ast_json *clause_id;
};

static const struct ast_json *
member(const struct ast_json *object, const char *name, enum ast_json_kind kind)
{
    const struct ast_json *value = object && object->kind == JSON_OBJECT ? ast_json_get(object, name) : NULL;

    return value && value->kind == kind ? value : NULL;
}

/* Finds the breach in a report; its parts are in `arena`. */
static bool
read_breach(struct arena *arena, const char *report, size_t size, struct breach *breach)
{
    struct text ignored = {0};
    struct ast_json *document = ARENA_NEW(arena, struct ast_json);
    struct ast_json *contract = ARENA_NEW(arena, struct ast_json);
    bool found = utf8_check(report, size, &ignored) && ast_json_read(arena, report, size, document, &ignored);

    if (found) {
        const struct ast_json *trap = member(document, "trap", JSON_STRING);
        if (!trap)
            trap = member(member(document, "solve", JSON_OBJECT), "trap", JSON_STRING);
        found = trap && trap->count > strlen(mark) && memcmp(trap->text, mark, strlen(mark)) == 0;
        if (found) {
            breach->contract = trap->text + strlen(mark);
            breach->contract_size = trap->count - strlen(mark);
        }
    }
    found = found && ast_json_read(arena, breach->contract, breach->contract_size, contract, &ignored);
    text_free(&ignored);
    breach->clause_id = found ? member(contract, "clause_id", JSON_STRING) : NULL;
    return breach->clause_id != NULL;
}

bool
repro_is_due(const char *report, size_t report_size)
{
    struct arena *arena = arena_new();
    struct breach breach;
    bool found = read_breach(arena, report, report_size, &breach);

    arena_free(arena);
    return found;
}

static void
string_member(x07_json *json, const char *name, const char *value)
{
    x07_json_name(json, name);
    x07_json_string(json, value);
}

static void
number_member(x07_json *json, const char *name, uint64_t value)
{
    x07_json_name(json, name);
    x07_json_uint(json, value);
}

static void
write_runner(x07_json *json, const struct repro *repro)
{
    x07_json_name(json, "runner");
    x07_json_begin(json, '{');
    number_member(json, "solve_fuel", repro->fuel);
    number_member(json, "max_memory_bytes", repro->memory_bytes);
    number_member(json, "max_output_bytes", repro->output_bytes);
    number_member(json, "cpu_time_limit_seconds", repro->cpu_seconds);
    x07_json_name(json, "debug_borrow_checks");
    x07_json_bool(json, repro->debug_borrow_checks);
    for (size_t i = 0; i < repro->fixture_count; i++)
        if (repro->fixtures[i].path)
            string_member(json, repro->fixtures[i].name, repro->fixtures[i].path);
    x07_json_end(json, '}');
}

static void
write_tool(x07_json *json)
{
    const char *revision = getenv("X07_GIT_SHA");

    x07_json_name(json, "tool");
    x07_json_begin(json, '{');
    string_member(json, "x07_version", X07_VERSION);
    string_member(json, "x07c_version", X07_VERSION);
    if (revision && *revision)
        string_member(json, "git_sha", revision);
    x07_json_end(json, '}');
}

static void
write_document(const struct repro *repro, const struct breach *breach, struct text *out)
{
    x07_json json = {0};

    x07_json_begin(&json, '{');
    string_member(&json, "schema_version", "x07.contract.repro@0.1.0");
    write_tool(&json);
    x07_json_name(&json, "source");
    x07_json_begin(&json, '{');
    string_member(&json, "mode", "x07run");
    string_member(&json, "target_kind", repro->target_kind);
    string_member(&json, "target_path", repro->target_path);
    x07_json_end(&json, '}');
    string_member(&json, "world", repro->world);
    write_runner(&json, repro);
    x07_json_name(&json, "input_bytes_b64");
    x07_json_base64(&json, (const uint8_t *)repro->input, repro->input_size);
    x07_json_name(&json, "contract");
    x07_json_raw(&json, breach->contract, breach->contract_size);
    x07_json_end(&json, '}');
    json_out_take(&json, out);
}

/* Sorted members, indented. */
static void
lay_out(struct arena *arena, struct text *document)
{
    struct text pretty = {0};
    struct text ignored = {0};
    struct ast_json value;

    if (ast_json_read(arena, document->data, document->len, &value, &ignored)) {
        value = ast_json_copy_sorted(arena, &value);
        ast_json_write_pretty(&value, &pretty);
        text_putc(&pretty, '\n');
        text_free(document);
        *document = pretty;
    }
    text_free(&ignored);
}

struct error *
repro_write(const struct repro *repro, const char *report, size_t report_size, const char *root)
{
    struct arena *arena = arena_new();
    struct text document = {0};
    struct text name = {0};
    char digest[SHA256_HEX];
    struct breach breach;
    struct error *error = NULL;

    if (read_breach(arena, report, report_size, &breach)) {
        sha256_hex(breach.clause_id->text, breach.clause_id->count, digest);
        text_printf(&name, ".x07/artifacts/contract/id_%s/repro.json", digest);
        char *path = file_join(root, text_string(&name));
        write_document(repro, &breach, &document);
        lay_out(arena, &document);
        error = file_replace(path, document.data, document.len, 0666);
        free(path);
    }
    text_free(&name);
    text_free(&document);
    arena_free(arena);
    return error;
}
