/* patch.c: the command `x07 patch apply`. */
#include "cli/patch.h"

#include "ast/json_schema.h"
#include "ast/schemas.h"
#include "base/file.h"
#include "base/memory.h"
#include "cli/document.h"
#include "cli/options.h"
#include "cli/patchset.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { EXIT_INVALID = 1, EXIT_FAILED = 2 };

struct apply_options {
    const char *in, *root;
    bool write;
};

#define AT(member) offsetof(struct apply_options, member)

static const struct option options[] = {
    {"in", "PATH", OPTION_VALUE, AT(in), .help = "The patchset", .required = true},
    {"repo-root", "DIR", OPTION_VALUE, AT(root), .help = "What the patchset's paths start from (default .)"},
    {"write", NULL, OPTION_FLAG, AT(write), .help = "Write the files"},
};

static const struct option_table table = {
    .command = "x07 patch apply",
    .summary = "Apply a patchset to the files that it names",
    .options = options,
    .count = sizeof options / sizeof options[0],
};

static int
print_error(struct error *error)
{
    fprintf(stderr, "%s\n", error->message);
    error_free(error);
    return EXIT_FAILED;
}

static void
print_violation(void *context, const char *instance, const char *schema, const char *message)
{
    (void)context;
    (void)schema;
    fprintf(stderr, "X07-SCHEMA-0001: %s%s%s\n", message, instance[0] ? " at " : "", instance);
}

static int
compare_names(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* Prints the names of the files, sorted, each once. */
static void
print_names(const struct ast_json *patches, struct arena *arena)
{
    const char **names = ARENA_ARRAY(arena, const char *, (size_t)patches->count + 1);

    for (uint32_t i = 0; i < patches->count; i++) {
        const struct ast_json *path = ast_json_get(&patches->items[i], "path");
        names[i] = arena_copy(arena, path->text, path->count);
    }
    qsort(names, patches->count, sizeof *names, compare_names);
    for (uint32_t i = 0; i < patches->count; i++)
        if (!i || strcmp(names[i - 1], names[i]) != 0)
            puts(names[i]);
}

/* `document` is a valid patchset. */
static struct error *
apply_all(const struct ast_json *document, struct patchset *set)
{
    const struct ast_json *patches = ast_json_get(document, "patches");

    for (uint32_t i = 0; i < patches->count; i++) {
        const struct ast_json *path = ast_json_get(&patches->items[i], "path");
        const char *name = arena_copy(set->arena, path->text, path->count);
        if (strlen(name) != path->count)
            return error_new("E_PATCHSET", "patches[%u].path must not hold a NUL", i);
        struct error *error = patchset_apply(set, name, ast_json_get(&patches->items[i], "patch"));
        if (error)
            return error;
    }
    print_names(patches, set->arena);
    return NULL;
}

/* Applies what has been read. */
static int
apply_document(const struct ast_json *document, const struct apply_options *settings, struct arena *arena)
{
    struct patchset set = {.arena = arena, .write = settings->write};
    char *given = file_find_upward(settings->root ? settings->root : ".");
    char *root = realpath(given, NULL);
    struct error *error;

    if (!json_schema_check(schemas_find(arena, "x07-patchset"), document, print_violation, NULL)) {
        free(given);
        free(root);
        return EXIT_INVALID;
    }
    if (root) {
        set.root = root;
        error = apply_all(document, &set);
    } else {
        error = error_errno("E_PATCHSET", "repo root: %s", given);
    }
    patchset_free(&set);
    free(given);
    free(root);
    return error ? print_error(error) : 0;
}

static int
apply(int argc, char **argv)
{
    struct apply_options settings = {0};
    struct text bytes = {0}, message = {0};
    struct ast_json document;
    int code;

    if (!options_start(&table, argc, argv, &settings, &code))
        return code;
    struct arena *arena = arena_new();
    char *path = file_find_upward(settings.in);
    struct error *error = error_wrap(file_read(path, FILE_NO_LIMIT, &bytes), "read patchset");
    if (!error && !document_read_json(arena, &bytes, &document, &message))
        error = error_new("E_PATCHSET", "parse patchset JSON: %s: %s", path, text_string(&message));
    code = error ? print_error(error) : apply_document(&document, &settings, arena);
    free(path);
    text_free(&bytes);
    text_free(&message);
    arena_free(arena);
    return code;
}

static const struct command apply_command = {.name = "apply", .run = apply, .options = &table};

static const struct command *const commands[] = {&apply_command, NULL};

const struct command patch_command = {
    .name = "patch",
    .summary = "Apply patches to files",
    .missing = "missing subcommand (try: x07 patch apply --in <patchset.json> --write)",
    .commands = commands,
};
