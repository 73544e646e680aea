/* fmt.c: the command `x07 fmt`: documents in canonical form. Files are formatted in parallel; what was found
 * is then reported and written in the order of the inputs, up to the first file that is no document. */
#include "cli/fmt.h"

#include "ast/ast.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "cli/document.h"
#include "cli/inputs.h"
#include "cli/options.h"
#include "cli/source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXIT_UNFORMATTED = 1, EXIT_FAILED = 2 };

struct fmt_options {
    struct option_list inputs;
    struct option_list paths;
    bool check;
    bool write;
};

#define AT(member) offsetof(struct fmt_options, member)

static const struct option options[] = {
    {"input", "PATH", OPTION_LIST, AT(inputs), .help = "A file or a directory (repeatable)"},
    {"check", NULL, OPTION_FLAG, AT(check), .help = "Name the files that are not formatted"},
    {"write", NULL, OPTION_FLAG, AT(write), .help = "Format the files in place"},
};

static const struct option_table table = {
    .command = "x07 fmt",
    .summary = "Format x07AST JSON files",
    .options = options,
    .count = sizeof options / sizeof options[0],
    .trailing_name = "PATH",
    .trailing_offset = AT(paths),
    .interleaved = true,
};

/* One file. */
struct formatting {
    struct source source;
    struct text formatted; /* empty when the file is formatted already */
    struct error *error;
};

struct job {
    const struct inputs *inputs;
    struct formatting *formattings;
};

static bool
is_same(const struct text *left, const struct text *right)
{
    return left->len == right->len && memcmp(left->data, right->data, left->len) == 0;
}

static struct error *
format_text(const char *path, const struct text *text, struct text *out)
{
    struct text message = {0};
    struct arena *arena = arena_new();
    struct ast_context context;
    struct error *error = NULL;

    ast_context_init(&context, arena);
    struct ast_doc *doc = document_read(&context, text, &message);
    if (doc)
        ast_write(doc, out);
    else
        error = error_new("E_AST_PARSE", "parse x07ast JSON: %s: %s", path, text_string(&message));
    text_free(&message);
    ast_context_free(&context);
    arena_free(arena);
    return error;
}

static void
format_file(void *context, size_t index)
{
    const struct job *job = context;
    struct formatting *formatting = &job->formattings[index];
    const char *path = job->inputs->paths[index];

    formatting->error = error_wrap(source_read(&formatting->source, path), "read input");
    if (!formatting->error)
        formatting->error = format_text(path, &formatting->source.text, &formatting->formatted);
    if (!formatting->error && is_same(&formatting->source.text, &formatting->formatted)) {
        text_free(&formatting->formatted);
        source_free(&formatting->source);
    }
}

static void
free_formatting(struct formatting *formatting)
{
    source_free(&formatting->source);
    text_free(&formatting->formatted);
    error_free(formatting->error);
}

static int
print_error(struct error *error)
{
    fprintf(stderr, "%s\n", error->message);
    error_free(error);
    return EXIT_FAILED;
}

/* Reports or writes one file. */
static int
settle(const struct fmt_options *options, struct formatting *formatting)
{
    const struct text *formatted = &formatting->formatted;

    if (formatting->error) {
        fprintf(stderr, "%s\n", formatting->error->message);
        return EXIT_FAILED;
    }
    if (!formatted->len)
        return 0;
    if (options->check) {
        fprintf(stderr, "file is not formatted: %s\n", formatting->source.path);
        return EXIT_UNFORMATTED;
    }
    struct error *error = source_replace(&formatting->source, formatted->data, formatted->len);
    return error ? print_error(error_wrap(error, "write")) : 0;
}

static int
format_all(const struct fmt_options *options, const struct inputs *inputs)
{
    struct job job = {inputs, memory_alloc(sizeof *job.formattings * (inputs->count + 1))};
    int exit_code = 0;

    parallel_each(inputs->count, format_file, &job, "formatting");
    for (size_t i = 0; exit_code != EXIT_FAILED && i < inputs->count; i++) {
        int result = settle(options, &job.formattings[i]);
        exit_code = result ? result : exit_code;
    }
    for (size_t i = 0; i < inputs->count; i++)
        free_formatting(&job.formattings[i]);
    free(job.formattings);
    return exit_code;
}

static struct error *
collect(const struct fmt_options *options, struct inputs *inputs)
{
    const struct option_list *lists[] = {&options->inputs, &options->paths};

    if (options->check == options->write)
        return error_new("E_OPTIONS", "set exactly one of --check or --write");
    if (!options->inputs.count && !options->paths.count)
        return error_new("E_OPTIONS",
                         "missing input (use --input <PATH> or pass PATH... as positional args)");
    for (size_t l = 0; l < sizeof lists / sizeof lists[0]; l++)
        for (size_t i = 0; i < lists[l]->count; i++) {
            struct error *error = inputs_add(inputs, lists[l]->items[i]);
            if (error)
                return error;
        }
    return inputs_finish(inputs);
}

static int
fmt_main(int argc, char **argv)
{
    struct fmt_options settings = {0};
    struct inputs inputs = {0};
    int exit_code;

    if (!options_start(&table, argc, argv, &settings, &exit_code))
        return exit_code;
    struct error *error = collect(&settings, &inputs);
    exit_code = error ? print_error(error) : format_all(&settings, &inputs);
    inputs_free(&inputs);
    options_free(&table, &settings);
    return exit_code;
}

const struct command fmt_command = {.name = "fmt", .run = fmt_main, .options = &table};
