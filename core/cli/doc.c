/* doc.c: the command `x07 doc`: the signatures of a module, of one symbol or built-in head, or what a package
 * has. */
#include "cli/doc.h"

#include "base/utf8.h"
#include "cli/doc_parts.h"
#include "sema/heads.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

enum { EXIT_FAILED = 2 };

#define AT(member) offsetof(struct doc_settings, member)

static const struct option options[] = {
    {"project", "PATH", OPTION_VALUE, AT(project), .help = "Look into a project: its x07.json or directory"},
    {"module-root", "DIR", OPTION_LIST, AT(module_roots),
     .help = "Look for modules here (repeatable; default: the project's roots, or the current directory)"},
    {"builtin", NULL, OPTION_FLAG, AT(builtin), .help = "Look at what is built in only"},
    {"json", NULL, OPTION_FLAG, AT(json), .hidden = true}, /* what the machine interface adds */
};

static const struct option_table table = {
    .command = "x07 doc",
    .summary = "Show the signatures of a module, a symbol or a built-in head, or a package's modules",
    .options = options,
    .count = sizeof options / sizeof options[0],
    .trailing_name = "QUERY",
    .trailing_offset = AT(query),
    .interleaved = true,
};

/* Prints the answer. Returns the exit code. */
static int
deliver(struct doc_search *search)
{
    struct text out = {0};
    int code = 0;

    if (search->settings->json)
        code = doc_report(search, &out);
    else if (search->answer.code)
        code = EXIT_FAILED;
    else
        doc_show(search, &out);
    fwrite(text_string(&out), 1, out.len, stdout);
    if (code == EXIT_FAILED)
        fprintf(stderr, "%s\n", search->answer.message);
    text_free(&out);
    return code;
}

static int
answer(const struct doc_settings *settings)
{
    const char *query = settings->query.count ? settings->query.items[0] : "";
    size_t len = strlen(query);
    struct ast_context context;
    struct doc_search search = {
        .settings = settings, .arena = arena_new(), .context = &context, .host = host_new()};

    utf8_trim(&query, &len);
    search.query = arena_copy(search.arena, query, len);
    ast_context_init(&context, search.arena);
    heads_register(&context);
    if (len)
        doc_find(&search);
    else
        doc_refuse(&search, DOC_ERROR, "X07-DOC-QUERY-0001", "missing QUERY (try --help)");
    int code = deliver(&search);
    ast_context_free(&context);
    host_free(search.host);
    arena_free(search.arena);
    return code;
}

static int
doc_main(int argc, char **argv)
{
    struct doc_settings settings = {0};
    int code;

    if (!options_start_text(&table, argc, argv, &settings, &code))
        return code;
    if (settings.query.count > 1) {
        fputs("error: unexpected argument found\n", stderr);
        code = EXIT_FAILED;
    } else {
        code = answer(&settings);
    }
    options_free(&table, &settings);
    return code;
}

const struct command doc_command = {
    .name = "doc", .run = doc_main, .options = &table, .report = "x07.doc.report@0.1.0"};
