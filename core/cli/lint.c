/* lint.c: the command `x07 lint`: one report of what is wrong with documents. Files are looked at in
 * parallel; nothing is printed when one of them cannot be read. */
#include "cli/lint.h"

#include "lint/lint.h"

#include "base/file.h"
#include "base/json_out.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "base/utf8.h"
#include "cli/inputs.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/source.h"
#include "project/worlds.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXIT_FINDINGS = 1, EXIT_FAILED = 2 };

struct lint_settings {
    struct option_list inputs;
    const char *world;
    struct option_globals globals;
};

#define AT(member) offsetof(struct lint_settings, member)

static const struct option options[] = {
    {"input", "PATH", OPTION_LIST, AT(inputs), .help = "A file or a directory (repeatable)",
     .required = true},
    {"world", "WORLD", OPTION_CHOICE, AT(world), .choices = world_choices, .hidden = true},
    OPTION_GLOBALS(struct lint_settings, globals),
};

static const struct option_table table = {
    .command = "x07 lint",
    .summary = "Say what is wrong with x07AST JSON files",
    .options = options,
    .count = sizeof options / sizeof options[0],
};

/* One file. */
struct looked_at {
    const char *path;
    struct text findings; /* JSON objects with ',' between them */
    size_t errors;
    struct error *error;
};

struct job {
    const struct lint_options *options;
    struct looked_at *files;
};

static struct error *
lint_bytes(const struct lint_options *options, const struct text *bytes, struct looked_at *file)
{
    struct text message = {0};
    struct lint_source source;

    if (!utf8_check(text_string(bytes), bytes->len, &message)) {
        text_puts(&message, " at ");
    } else if (lint_open(&source, text_string(bytes), bytes->len, &message)) {
        struct diagnostics found = {.arena = arena_new()};
        lint_document(&source, options, &found);
        lint_write(&found, file->path, &file->findings);
        file->errors = lint_error_count(&found);
        arena_free(found.arena);
        lint_close(&source);
        return NULL;
    }
    struct error *error =
        error_new("E_AST_PARSE", "parse x07ast JSON: %s: %s", file->path, text_string(&message));
    text_free(&message);
    return error;
}

static void
lint_file(void *context, size_t index)
{
    const struct job *job = context;
    struct looked_at *file = &job->files[index];
    struct source source = {0};

    file->error = error_wrap(source_read(&source, file->path), "read input");
    if (!file->error)
        file->error = lint_bytes(job->options, &source.text, file);
    source_free(&source);
}

static int
compare_files(const void *left, const void *right)
{
    return strcmp(((const struct looked_at *)left)->path, ((const struct looked_at *)right)->path);
}

static void
write_report(const struct looked_at *files, const struct inputs *inputs, size_t errors, struct text *out)
{
    const char *separator = "";
    x07_json names = {0};

    text_printf(out, "{\"schema_version\":\"x07.x07diag@0.1.0\",\"ok\":%s,\"diagnostics\":[",
                errors ? "false" : "true");
    for (size_t i = 0; i < inputs->count; i++) {
        if (!files[i].findings.len)
            continue;
        text_puts(out, separator);
        text_append(out, files[i].findings.data, files[i].findings.len);
        separator = ",";
    }
    text_puts(out, "],\"meta\":{\"inputs\":");
    x07_json_begin(&names, '[');
    for (size_t i = 0; i < inputs->count; i++)
        x07_json_string(&names, inputs->paths[i]);
    x07_json_end(&names, ']');
    json_out_take(&names, out);
    text_puts(out, "}}\n");
}

/* Reports on files that were all read; sorts them by path. */
static int
deliver(const struct lint_settings *settings, struct looked_at *files, const struct inputs *inputs)
{
    struct text report = {0};
    size_t errors = 0;

    for (size_t i = 0; i < inputs->count; i++)
        errors += files[i].errors;
    qsort(files, inputs->count, sizeof *files, compare_files);
    write_report(files, inputs, errors, &report);
    int failed = output_report(&settings->globals, &report);
    text_free(&report);
    return failed ? failed : errors ? EXIT_FINDINGS : 0;
}

/* The first file in the order of the inputs that could not be read. */
static struct error *
first_error(struct looked_at *files, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (files[i].error) {
            struct error *error = files[i].error;
            files[i].error = NULL;
            return error;
        }
    return NULL;
}

static int
lint_all(const struct lint_settings *settings, const struct inputs *inputs)
{
    struct lint_options rules;
    struct job job = {&rules, memory_alloc(sizeof *job.files * (inputs->count + 1))};

    if (!lint_options_of_world(settings->world ? settings->world : "run-os", &rules))
        return EXIT_FAILED;
    for (size_t i = 0; i < inputs->count; i++)
        job.files[i].path = inputs->paths[i];
    parallel_each(inputs->count, lint_file, &job, "linting");
    struct error *error = first_error(job.files, inputs->count);
    int exit_code = error ? output_error(error) : deliver(settings, job.files, inputs);
    for (size_t i = 0; i < inputs->count; i++) {
        text_free(&job.files[i].findings);
        error_free(job.files[i].error);
    }
    free(job.files);
    return exit_code;
}

static int
lint_main(int argc, char **argv)
{
    struct lint_settings settings = {0};
    struct inputs inputs = {0};
    int exit_code;

    if (!options_start(&table, argc, argv, &settings, &exit_code))
        return exit_code;
    struct error *error = output_check(&settings.globals);
    if (!error)
        error = inputs_add_all(&inputs, &settings.inputs);
    exit_code = error ? output_error(error) : lint_all(&settings, &inputs);
    inputs_free(&inputs);
    options_free(&table, &settings);
    return exit_code;
}

const struct command lint_command = {.name = "lint", .run = lint_main, .options = &table};
