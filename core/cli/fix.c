/* fix.c: the command `x07 fix`: applies the fixes of findings, or suggests generic functions. Files are
 * worked on one after the other; an error leaves the rest as it is. */
#include "cli/fix.h"

#include "lint/fix.h"

#include "base/file.h"
#include "base/json_out.h"
#include "cli/document.h"
#include "cli/inputs.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/source.h"
#include "project/worlds.h"
#include "lint/suggest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXIT_FINDINGS = 1, EXIT_FAILED = 2, MAX_ROUNDS = 5 };

struct fix_settings {
    struct option_list inputs;
    const char *world;
    bool write;
    bool suggest;
    struct option_globals globals;
};

#define AT(member) offsetof(struct fix_settings, member)

static const struct option options[] = {
    {"input", "PATH", OPTION_LIST, AT(inputs), .help = "A file or a directory (repeatable)",
     .required = true},
    {"write", NULL, OPTION_FLAG, AT(write), .help = "Repair the files in place"},
    {"suggest-generics", NULL, OPTION_FLAG, AT(suggest),
     .help = "Print a patch set that makes one generic function of similar ones"},
    {"world", "WORLD", OPTION_CHOICE, AT(world), .choices = world_choices, .hidden = true},
    OPTION_GLOBALS(struct fix_settings, globals),
};

static const struct option_table table = {
    .command = "x07 fix",
    .summary = "Repair x07AST JSON files",
    .options = options,
    .count = sizeof options / sizeof options[0],
};

/* ---- repairing ---- */

/* Says first when the file is not JSON at all. */
static struct error *
check_json(const char *path, const struct text *bytes)
{
    struct text message = {0};
    struct arena *arena = arena_new();
    struct ast_json value;
    struct error *error = NULL;

    if (!document_read_json(arena, bytes, &value, &message))
        error = error_new("E_JSON_SYNTAX", "parse JSON: %s: %s", path, text_string(&message));
    text_free(&message);
    arena_free(arena);
    return error;
}

static struct error *
repair(const char *path, const struct text *bytes, const struct lint_options *rules, struct text *out,
       struct fix_outcome *outcome)
{
    struct text message = {0};
    struct error *error = check_json(path, bytes);

    if (error)
        return error;
    if (!fix_document(text_string(bytes), bytes->len, rules, MAX_ROUNDS, out, outcome, &message))
        error = error_new("E_FIX", "fix: %s: %s", path, text_string(&message));
    text_free(&message);
    return error;
}

/* Puts the result into its place. */
static int
deliver(const struct fix_settings *settings, const struct source *source, const struct text *fixed)
{
    if (!settings->write)
        return output_report(&settings->globals, fixed);
    if (source->text.len == fixed->len && memcmp(source->text.data, fixed->data, fixed->len) == 0)
        return 0;
    struct error *error = error_wrap(source_replace(source, fixed->data, fixed->len), "write");
    return error ? output_error(error) : 0;
}

static int
fix_file(const struct fix_settings *settings, const struct lint_options *rules, const char *path)
{
    struct source source = {0};
    struct text fixed = {0};
    struct fix_outcome outcome = {0};
    struct error *error = error_wrap(source_read(&source, path), "read input");

    if (!error)
        error = repair(path, &source.text, rules, &fixed, &outcome);
    int exit_code = error ? output_error(error) : deliver(settings, &source, &fixed);
    if (!exit_code && outcome.errors) {
        fprintf(stderr,
                "x07 fix: %zu error(s) remain after auto-fix for %s. Run `x07 build` to see codegen-stage "
                "errors.\n",
                outcome.errors, path);
        exit_code = EXIT_FINDINGS;
    }
    source_free(&source);
    text_free(&fixed);
    return exit_code;
}

static int
fix_all(const struct fix_settings *settings, const struct inputs *inputs)
{
    struct lint_options rules;
    int exit_code = 0;

    if (!lint_options_of_world(settings->world ? settings->world : "run-os", &rules))
        return EXIT_FAILED;
    for (size_t i = 0; exit_code != EXIT_FAILED && i < inputs->count; i++) {
        int result = fix_file(settings, &rules, inputs->paths[i]);
        exit_code = result ? result : exit_code;
    }
    return exit_code;
}

/* ---- suggesting ---- */

/* The patch set that replaces the whole document; one without patches when there is nothing to suggest. */
static void
write_patchset(const char *path, const struct suggestion *suggestion, struct text *out)
{
    x07_json json = {0};

    x07_json_begin(&json, '{');
    x07_json_name(&json, "patches");
    x07_json_begin(&json, '[');
    if (suggestion->document.len) {
        x07_json_begin(&json, '{');
        x07_json_name(&json, "note");
        x07_json_string(&json, text_string(&suggestion->note));
        x07_json_name(&json, "patch");
        x07_json_begin(&json, '[');
        x07_json_begin(&json, '{');
        x07_json_name(&json, "op");
        x07_json_string(&json, "replace");
        x07_json_name(&json, "path");
        x07_json_string(&json, "");
        x07_json_name(&json, "value");
        x07_json_raw(&json, suggestion->document.data, suggestion->document.len - 1);
        x07_json_end(&json, '}');
        x07_json_end(&json, ']');
        x07_json_name(&json, "path");
        x07_json_string(&json, path);
        x07_json_end(&json, '}');
    }
    x07_json_end(&json, ']');
    x07_json_name(&json, "schema_version");
    x07_json_string(&json, "x07.patchset@0.1.0");
    x07_json_end(&json, '}');
    json_out_take(&json, out);
    text_putc(out, '\n');
}

static struct error *
suggest(const char *path, const struct text *bytes, struct suggestion *suggestion)
{
    struct text message = {0};
    struct error *error = check_json(path, bytes);

    if (!error && !suggest_generics(text_string(bytes), bytes->len, suggestion, &message))
        error = error_new("E_AST_PARSE", "suggest-generics: %s", text_string(&message));
    text_free(&message);
    return error;
}

static int
suggest_for(const struct fix_settings *settings, const char *path)
{
    struct source source = {0};
    struct suggestion suggestion = {0};
    struct text patchset = {0};
    struct error *error = error_wrap(source_read(&source, path), "read input");

    if (!error)
        error = suggest(path, &source.text, &suggestion);
    if (!error)
        write_patchset(path, &suggestion, &patchset);
    int exit_code = error ? output_error(error) : output_report(&settings->globals, &patchset);
    text_free(&patchset);
    text_free(&suggestion.document);
    text_free(&suggestion.note);
    source_free(&source);
    return exit_code;
}

/* ---- the command ---- */

static struct error *
check_settings(const struct fix_settings *settings)
{
    if (settings->suggest && settings->write)
        return error_new("E_OPTIONS", "--suggest-generics cannot be combined with --write");
    if (settings->globals.out && settings->write)
        return error_new("E_OPTIONS", "--out cannot be combined with --write");
    return output_check(&settings->globals);
}

static struct error *
check_count(const struct fix_settings *settings, const struct inputs *inputs)
{
    if (settings->suggest && inputs->count != 1)
        return error_new("E_OPTIONS", "--suggest-generics expects exactly one input file");
    if (!settings->suggest && !settings->write && inputs->count != 1)
        return error_new("E_OPTIONS", "multiple inputs require --write");
    return NULL;
}

static int
fix_main(int argc, char **argv)
{
    struct fix_settings settings = {0};
    struct inputs inputs = {0};
    int exit_code;

    if (!options_start(&table, argc, argv, &settings, &exit_code))
        return exit_code;
    struct error *error = check_settings(&settings);
    if (!error)
        error = inputs_add_all(&inputs, &settings.inputs);
    if (!error)
        error = check_count(&settings, &inputs);
    exit_code = error              ? output_error(error)
                : settings.suggest ? suggest_for(&settings, inputs.paths[0])
                                   : fix_all(&settings, &inputs);
    inputs_free(&inputs);
    options_free(&table, &settings);
    return exit_code;
}

const struct command fix_command = {.name = "fix", .run = fix_main, .options = &table};
