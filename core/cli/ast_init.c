/* ast_init.c: the command `x07 ast init`: a new, empty document. */
#include "cli/ast.h"

#include "base/file.h"
#include "base/quote.h"
#include "base/sha256.h"
#include "base/utf8.h"
#include "cli/document.h"
#include "cli/options.h"
#include "project/worlds.h"

#include <stdio.h>
#include <string.h>

enum { EXIT_FAILED = 2, FILE_MODE = 0666 };

struct init_options {
    const char *world, *module, *version, *kind, *out;
};

#define AT(member) offsetof(struct init_options, member)

static const char *const kinds[] = {"entry", "module", NULL};
static const char *const versions[] = {"x07.x07ast@0.3.0", "x07.x07ast@0.4.0", "x07.x07ast@0.5.0"};
enum { VERSIONS = sizeof versions / sizeof versions[0] };

static const struct option options[] = {
    {"world", "WORLD", OPTION_CHOICE, AT(world), .choices = world_choices, .help = "World of the program",
     .required = true},
    {"module", "ID", OPTION_VALUE, AT(module), .help = "Module id of the document", .required = true},
    {"schema-version", "VERSION", OPTION_VALUE, AT(version), .help = "Version (default x07.x07ast@0.5.0)"},
    {"kind", "KIND", OPTION_CHOICE, AT(kind), .choices = kinds, .help = "What it is (default entry)"},
    {"out", "PATH", OPTION_VALUE, AT(out), .help = "The file to write"},
};

static const struct option_table table = {
    .command = "x07 ast init",
    .summary = "Write a new, empty document",
    .options = options,
    .count = sizeof options / sizeof options[0],
};

static bool
is_version(const char *version)
{
    for (size_t i = 0; i < VERSIONS; i++)
        if (!strcmp(versions[i], version))
            return true;
    return false;
}

static struct error *
refuse_version(const char *version)
{
    struct text message = {0};

    text_puts(&message, "unsupported schema_version: expected ");
    for (size_t i = 0; i < VERSIONS; i++)
        text_printf(&message, "%s%s", i ? ", " : "", versions[i]);
    text_puts(&message, " got ");
    text_append_quoted(&message, version, strlen(version));
    struct error *error = error_new("E_AST_INIT", "%s", text_string(&message));
    text_free(&message);
    return error;
}

static struct error *
check(const struct init_options *given)
{
    if (!given->out)
        return error_new("E_AST_INIT", "ast init: missing --out <PATH>");
    if (!strcmp(given->out, "-"))
        return error_new("E_AST_INIT", "--out '-' is not supported (stdout is reserved for the report)");
    if (!given->module[0] || utf8_has_space(given->module, strlen(given->module)))
        return error_new("E_AST_INIT", "--module must be non-empty and contain no whitespace");
    return is_version(given->version) ? NULL : refuse_version(given->version);
}

/* The document in canonical form; an error when the module id makes it none. */
static struct error *
write_document(const struct init_options *given, struct text *document)
{
    struct ast_context context;
    struct arena *arena = arena_new();
    struct text message = {0};
    struct error *error = NULL;

    text_printf(document, "{\"decls\":[],\"imports\":[],\"kind\":\"%s\",\"module_id\":", given->kind);
    ast_json_write_string(given->module, strlen(given->module), document);
    text_printf(document, ",\"schema_version\":\"%s\"%s}\n", given->version,
                strcmp(given->kind, "entry") == 0 ? ",\"solve\":[\"bytes.alloc\",0]" : "");
    ast_context_init(&context, arena);
    if (!document_read(&context, document, &message))
        error = error_new("E_AST_INIT", "%s", text_string(&message));
    ast_context_free(&context);
    arena_free(arena);
    text_free(&message);
    return error;
}

static void
member(struct text *line, const char *name, const char *value)
{
    text_printf(line, ",\"%s\":", name);
    ast_json_write_string(value, strlen(value), line);
}

static void
report(const struct init_options *given, bool ok, const char *digest)
{
    struct text line = {0}, template = {0};

    text_printf(&template, "%s/%s@v1", given->world, given->module);
    text_printf(&line, "{\"ok\":%s", ok ? "true" : "false");
    member(&line, "out", given->out ? given->out : "");
    member(&line, "schema_version", given->version);
    member(&line, "template_id", text_string(&template));
    member(&line, "sha256", digest);
    text_puts(&line, "}\n");
    fputs(text_string(&line), stdout);
    text_free(&line);
    text_free(&template);
}

static int
create(const struct init_options *given)
{
    struct text document = {0};
    char digest[SHA256_HEX] = "";
    struct error *error = check(given);

    if (!error)
        error = write_document(given, &document);
    if (!error)
        error =
            error_wrap(file_replace(given->out, text_string(&document), document.len, FILE_MODE), "write");
    if (error)
        fprintf(stderr, "%s\n", error->message);
    else
        sha256_hex(document.data, document.len, digest);
    report(given, !error, digest);
    text_free(&document);
    int code = error ? EXIT_FAILED : 0;
    error_free(error);
    return code;
}

static int
ast_init(int argc, char **argv)
{
    struct init_options given = {0};
    int code;

    if (!options_start_text(&table, argc, argv, &given, &code))
        return code;
    given.version = given.version ? given.version : versions[VERSIONS - 1];
    given.kind = given.kind ? given.kind : kinds[0];
    return create(&given);
}

const struct command ast_init_command = {.name = "init", .run = ast_init, .options = &table};
