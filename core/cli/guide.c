/* guide.c: `x07 guide`: the written guide, then the built-in heads from their table and the library's
 * functions from its documents, so that neither can say what is not so. */
#include "cli/guide.h"

#include "ast/ast.h"
#include "base/file.h"
#include "cli/options.h"
#include "cli/signature.h"
#include "sema/builtin_modules.h"
#include "sema/heads.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

enum { EXIT_FAILED = 2 };

struct guide_settings {
    const char *out;
};

static const struct option options[] = {
    {"out", "PATH", OPTION_VALUE, offsetof(struct guide_settings, out),
     .help = "Write the guide to a file instead of stdout"},
};

static const struct option_table table = {
    .command = "x07 guide",
    .summary = "Print the guide to the language and its library",
    .options = options,
    .count = sizeof options / sizeof options[0],
};

static void
guide_operands(const struct head *row, struct text *out)
{
    struct head_operand operands[HEAD_MAX_OPERANDS];
    int count = head_operands(row, operands);

    for (int i = 0; i < count; i++) {
        const char *type = type_source_name(operands[i].type);

        if (operands[i].mode == OPERAND_TEXT)
            type = "text";
        text_printf(out, "%s%s", i ? ", " : "", type ? type : "...");
        if (operands[i].mode == OPERAND_VIEWED)
            text_puts(out, " or bytes");
    }
}

static void
guide_heads(struct text *out)
{
    text_puts(out, "\n## Built-in heads\n\n"
                   "| head | operands | result |\n|---|---|---|\n");
    for (int id = OP_END + 1; id < HEAD_END; id++) {
        const struct head *row = head_row(id);
        const char *result = type_source_name(row->result);

        if (head_is_internal(id) || !strncmp(row->name, "__internal", 10))
            continue;
        text_printf(out, "| `%s` | ", row->name);
        guide_operands(row, out);
        text_printf(out, " | %s |\n", result ? result : "");
    }
}

static void
guide_module(struct ast_context *context, const char *id, struct text *out)
{
    struct text source = {0};
    struct text message = {0};
    struct ast_doc *doc = NULL;

    if (builtin_module_text(id, &source))
        doc = ast_read(context, source.data, source.len, &message);
    if (doc) {
        text_printf(out, "\n### %s\n\n", id);
        for (uint32_t i = 0; i < doc->export_count; i++) {
            const struct ast_func *func = signature_find(doc, doc->exports[i]);

            if (!func)
                continue;
            text_puts(out, "- `");
            signature_write(func, out);
            text_puts(out, "`\n");
        }
    }
    text_free(&source);
    text_free(&message);
}

static void
guide_library(struct text *out)
{
    struct arena *arena = arena_new();
    struct ast_context context;
    const char *id;

    ast_context_init(&context, arena);
    text_puts(out, "\n## The standard library\n\nImport a module by its id.\n");
    for (size_t i = 0; (id = builtin_module_id(i)); i++)
        guide_module(&context, id, out);
    ast_context_free(&context);
    arena_free(arena);
}

static int
guide_print(const char *path, const struct text *guide)
{
    if (!path)
        return fwrite(guide->data, 1, guide->len, stdout) == guide->len && !fflush(stdout) ? 0 : EXIT_FAILED;
    struct error *error = file_replace(path, guide->data, guide->len, 0666);
    if (!error)
        return 0;
    fprintf(stderr, "write: %s\n", error->message);
    error_free(error);
    return EXIT_FAILED;
}

static int
guide_main(int argc, char **argv)
{
    struct guide_settings settings = {0};
    struct text guide = {0};
    int code;

    if (!options_start(&table, argc, argv, &settings, &code))
        return code;
    text_append(&guide, guide_text, (size_t)(guide_text_end - guide_text));
    guide_heads(&guide);
    guide_library(&guide);
    code = guide_print(settings.out, &guide);
    text_free(&guide);
    options_free(&table, &settings);
    return code;
}

const struct command guide_command = {.name = "guide", .run = guide_main, .options = &table};
