/* ast_schema.c: the command `x07 ast schema`: the JSON Schema of documents. */
#include "cli/ast.h"

#include "ast/json.h"
#include "ast/schemas.h"
#include "base/arena.h"
#include "base/quote.h"
#include "cli/output.h"

#include <string.h>

struct schema_options {
    bool pretty;
    const char *version;
    struct option_globals globals;
};

#define AT(member) offsetof(struct schema_options, member)

static const struct option options[] = {
    {"pretty", NULL, OPTION_FLAG, AT(pretty), .help = "Indented, with sorted members"},
    {"schema-version", "VERSION", OPTION_VALUE, AT(version), .help = "Version (default x07.x07ast@0.5.0)"},
    {"out", "PATH", OPTION_VALUE, AT(globals.out), .help = "Write it to a file instead of stdout"},
};

static const struct option_table table = {
    .command = "x07 ast schema",
    .summary = "Print the JSON Schema of documents",
    .options = options,
    .count = sizeof options / sizeof options[0],
};

static const struct {
    const char *version, *name;
} schemas[] = {
    {"x07.x07ast@0.5.0", "x07ast-0.5.0"},
    {"x07.x07ast@0.4.0", "x07ast-0.4.0"},
    {"x07.x07ast@0.3.0", "x07ast-0.3.0"},
};

/* The name of the schema's file, or NULL. */
static const char *
find(const char *version)
{
    for (size_t i = 0; i < sizeof schemas / sizeof schemas[0]; i++)
        if (!version || !strcmp(schemas[i].version, version))
            return schemas[i].name;
    return NULL;
}

static void
append(const char *name, bool pretty, struct text *out)
{
    struct arena *arena = arena_new();
    size_t len = 0;
    const char *text = schemas_text(name, &len);

    if (pretty) {
        struct ast_json sorted = ast_json_copy_sorted(arena, schemas_find(arena, name));
        ast_json_write_pretty(&sorted, out);
        text_putc(out, '\n');
    } else {
        text_append(out, text, len);
    }
    arena_free(arena);
}

static int
ast_schema(int argc, char **argv)
{
    struct schema_options given = {0};
    struct text out = {0};
    int code;

    if (!options_start(&table, argc, argv, &given, &code))
        return code;
    const char *name = find(given.version);
    if (!name) {
        text_puts(&out, "unsupported schema_version: expected x07.x07ast@0.3.0, x07.x07ast@0.4.0, "
                        "x07.x07ast@0.5.0 got ");
        text_append_quoted(&out, given.version, strlen(given.version));
        code = output_error(error_new("E_AST_SCHEMA", "%s", text_string(&out)));
    } else {
        append(name, given.pretty, &out);
        code = output_report(&given.globals, &out);
    }
    text_free(&out);
    return code;
}

const struct command ast_schema_command = {.name = "schema", .run = ast_schema, .options = &table};
