/* doc.c: `x07 doc`: the signatures of a module, or of one symbol or built-in head. Looks at files, then at
 * module roots, then at what is built in. */
#include "cli/doc.h"

#include "ast/ast.h"
#include "base/file.h"
#include "base/quote.h"
#include "cli/options.h"
#include "cli/signature.h"
#include "sema/builtin_modules.h"
#include "sema/heads.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXIT_FAILED = 2, FOUND = 0 };

struct doc_settings {
    struct option_list roots;
    bool builtin;
    struct option_list query;
};

static const struct option options[] = {
    {"module-root", "DIR", OPTION_LIST, offsetof(struct doc_settings, roots),
     .help = "Look for modules here (repeatable; default: the current directory)"},
    {"builtin", NULL, OPTION_FLAG, offsetof(struct doc_settings, builtin),
     .help = "Look at what is built in only"},
};

static const struct option_table table = {
    .command = "x07 doc",
    .summary = "Show the signatures of a module, a symbol or a built-in head",
    .options = options,
    .count = sizeof options / sizeof options[0],
    .trailing_name = "QUERY",
    .trailing_offset = offsetof(struct doc_settings, query),
    .interleaved = true,
};

struct doc_search {
    const struct doc_settings *settings;
    struct ast_context *context;
    struct text out;
    struct text error;
};

static void
doc_symbol(const struct ast_func *func, struct text *out)
{
    signature_write(func, out);
    text_putc(out, '\n');
    if (func->kind == AST_DEFASYNC)
        text_puts(out, "kind: defasync\n");
    else if (func->kind == AST_EXTERN)
        text_puts(out, "kind: export\n");
}

static void
doc_module(const struct ast_doc *doc, const char *file, struct text *out)
{
    text_printf(out, "module: %s\nfile: %s\n", doc->module_id->text, file);
    text_puts(out, doc->export_count ? "exports:\n" : "exports: (none)\n");
    for (uint32_t i = 0; i < doc->export_count; i++) {
        const struct ast_func *func = signature_find(doc, doc->exports[i]);

        text_puts(out, "  - ");
        if (func)
            signature_write(func, out);
        else
            text_puts(out, doc->exports[i]->text);
        text_putc(out, '\n');
    }
}

static const struct ast_doc *
doc_parse(struct doc_search *search, const char *name, const struct text *source)
{
    struct text message = {0};
    const struct ast_doc *doc = NULL;

    if (ast_check_text(text_string(source), source->len, name, &message))
        doc = ast_read(search->context, source->data, source->len, &message);
    if (!doc)
        text_printf(&search->error, "%s: %s", name, text_string(&message));
    text_free(&message);
    return doc;
}

static const struct ast_doc *
doc_read(struct doc_search *search, const char *path)
{
    struct text source = {0};
    const struct ast_doc *doc = NULL;
    struct error *error = file_read(path, FILE_NO_LIMIT, &source);

    if (error)
        text_printf(&search->error, "read: %s", error->message);
    else
        doc = doc_parse(search, path, &source);
    error_free(error);
    text_free(&source);
    return doc;
}

/* The module's document and where it came from ("<builtin>" or a path), or NULL. */
static const struct ast_doc *
doc_find_module(struct doc_search *search, const char *id, size_t len, bool builtin, struct text *place)
{
    const struct ast_doc *doc = NULL;
    char *name = strndup(id, len);
    struct text source = {0};

    if (builtin && builtin_module_text(name, &source)) {
        text_puts(place, "<builtin>");
        doc = doc_parse(search, name, &source);
    }
    static const char *const here[] = {"."};
    const char *const *roots = search->settings->roots.count ? search->settings->roots.items : here;
    size_t count = search->settings->roots.count ? search->settings->roots.count : 1;
    for (size_t i = 0; !builtin && !doc && !search->error.len && i < count; i++) {
        text_clear(place);
        text_printf(place, "%s/", roots[i]);
        for (size_t c = 0; c < len; c++)
            text_putc(place, (char)(id[c] == '.' ? '/' : id[c]));
        text_puts(place, ".x07.json");
        if (file_is_regular(text_string(place)))
            doc = doc_read(search, text_string(place));
    }
    text_free(&source);
    free(name);
    return doc;
}

static bool
doc_exports(const struct ast_doc *doc, const struct symbol *name)
{
    for (uint32_t i = 0; i < doc->export_count; i++)
        if (doc->exports[i] == name)
            return true;
    return false;
}

/* A module, or a symbol of one. False: nothing of that name; or search->error says what is wrong. */
static bool
doc_lookup(struct doc_search *search, const char *query, bool builtin)
{
    struct text place = {0};
    const char *dot = strrchr(query, '.');
    const struct ast_doc *doc = doc_find_module(search, query, strlen(query), builtin, &place);
    bool found = doc;

    if (doc) {
        doc_module(doc, text_string(&place), &search->out);
    } else if (dot && !search->error.len &&
               (doc = doc_find_module(search, query, (size_t)(dot - query), builtin, &place))) {
        const struct symbol *name = ast_intern_string(search->context, query);
        const struct ast_func *func = signature_find(doc, name);

        found = func && doc_exports(doc, name);
        if (found) {
            doc_symbol(func, &search->out);
        } else {
            text_printf(&search->error, "symbol not exported by %s: ", doc->module_id->text);
            text_append_quoted(&search->error, query, strlen(query));
        }
    }
    text_free(&place);
    return found;
}

static bool
doc_head(struct doc_search *search, const char *query)
{
    int id = ast_intern_string(search->context, query)->head;
    struct head_operand operands[HEAD_MAX_OPERANDS];

    if (id < 0 || head_is_future(id))
        return false;
    if (!head_is_call(id)) {
        text_printf(&search->out,
                    head_is_operator(id) ? "%s(i32, i32) -> i32\n" : "%s: a form, see the guide\n", query);
    } else {
        int count = head_operands(head_row(id), operands);
        const char *result = type_source_name(head_row(id)->result);

        text_printf(&search->out, "%s(", query);
        for (int i = 0; i < count; i++) {
            const char *type = type_source_name(operands[i].type);
            text_printf(&search->out, "%s%s", i ? ", " : "", type ? type : "string");
        }
        text_printf(&search->out, ") -> %s\n", result ? result : "<pointer>");
    }
    if (!search->settings->builtin)
        text_puts(&search->out, "hint: run `x07 guide` for the full language reference\n");
    return true;
}

static bool
doc_is_path(const char *query)
{
    size_t len = strlen(query);

    return strchr(query, '/') || strchr(query, '\\') || (len > 9 && !strcmp(query + len - 9, ".x07.json"));
}

static bool
doc_search(struct doc_search *search, const char *query)
{
    if (search->settings->builtin) {
        if (doc_head(search, query) || doc_lookup(search, query, true))
            return true;
        if (!search->error.len) {
            text_puts(&search->error, "unknown builtin: ");
            text_append_quoted(&search->error, query, strlen(query));
        }
        return false;
    }
    if (doc_is_path(query)) {
        const struct ast_doc *doc = doc_read(search, query);
        if (doc)
            doc_module(doc, query, &search->out);
        return doc;
    }
    if (doc_lookup(search, query, false) ||
        (!search->error.len &&
         (doc_lookup(search, query, true) || (!search->error.len && doc_head(search, query)))))
        return true;
    if (!search->error.len) {
        text_puts(&search->error, "module/symbol not found: ");
        text_append_quoted(&search->error, query, strlen(query));
    }
    return false;
}

static int
doc_run(const struct doc_settings *settings)
{
    struct arena *arena = arena_new();
    struct ast_context context;
    struct doc_search search = {.settings = settings, .context = &context};
    int code = FOUND;

    ast_context_init(&context, arena);
    heads_register(&context);
    if (doc_search(&search, settings->query.items[0])) {
        fputs(text_string(&search.out), stdout);
    } else {
        fprintf(stderr, "%s\n", text_string(&search.error));
        code = EXIT_FAILED;
    }
    text_free(&search.out);
    text_free(&search.error);
    ast_context_free(&context);
    arena_free(arena);
    return code;
}

static int
doc_main(int argc, char **argv)
{
    struct doc_settings settings = {0};
    int code;

    if (!options_start(&table, argc, argv, &settings, &code))
        return code;
    if (settings.query.count == 1) {
        code = doc_run(&settings);
    } else {
        fputs(settings.query.count ? "error: unexpected argument found\n" : "missing QUERY (try --help)\n",
              stderr);
        code = EXIT_FAILED;
    }
    options_free(&table, &settings);
    return code;
}

const struct command doc_command = {.name = "doc", .run = doc_main, .options = &table};
