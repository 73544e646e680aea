/* doc_find.c: looks for what a query of `x07 doc` means. */
#include "base/file.h"
#include "base/quote.h"
#include "cli/doc_parts.h"
#include "cli/signature.h"
#include "sema/builtin_modules.h"
#include "sema/heads.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_EXPORTS_SUGGESTED = 20, SUFFIX = 9 };

static const char module_suffix[] = ".x07.json";

/* ---- ends ---- */

void
doc_refuse(struct doc_search *search, enum doc_kind kind, const char *code, const char *message)
{
    search->answer.kind = kind;
    search->answer.code = code;
    search->answer.message = arena_copy(search->arena, message, strlen(message));
}

/* Ends with `text` and the query in quotes. */
static void
refuse_query(struct doc_search *search, enum doc_kind kind, const char *code, const char *text)
{
    struct text message = {0};

    text_puts(&message, text);
    text_append_quoted(&message, search->query, strlen(search->query));
    doc_refuse(search, kind, code, text_string(&message));
    text_free(&message);
}

void
doc_suggest(struct doc_search *search, enum doc_kind kind, const char *query)
{
    struct doc_answer *answer = &search->answer;

    if (answer->suggestion_count == answer->suggestion_room) {
        size_t room = answer->suggestion_room ? answer->suggestion_room * 2 : 64;
        struct doc_suggestion *more = ARENA_ARRAY(search->arena, struct doc_suggestion, room);

        if (answer->suggestion_count)
            memcpy(more, answer->suggestions, answer->suggestion_count * sizeof *more);
        answer->suggestions = more;
        answer->suggestion_room = room;
    }
    answer->suggestions[answer->suggestion_count++] =
        (struct doc_suggestion){kind, arena_copy(search->arena, query, strlen(query))};
}

/* ---- documents ---- */

static const struct ast_doc *
parse(struct doc_search *search, const char *name, const struct text *source)
{
    struct text message = {0}, whole = {0};
    const struct ast_doc *doc = NULL;

    if (ast_check_text(text_string(source), source->len, name, &message))
        doc = ast_read(search->context, source->data, source->len, &message);
    if (!doc) {
        text_printf(&whole, "%s: %s", name, text_string(&message));
        doc_refuse(search, DOC_ERROR, "X07-DOC-RESOLVE-0001", text_string(&whole));
    }
    text_free(&message);
    text_free(&whole);
    return doc;
}

static const struct ast_doc *
read_file(struct doc_search *search, const char *path)
{
    struct text source = {0};
    const struct ast_doc *doc = NULL;
    struct error *error = error_wrap(file_read(path, FILE_NO_LIMIT, &source), "read");

    if (error)
        doc_refuse(search, DOC_ERROR, "X07-DOC-RESOLVE-0001", error->message);
    else
        doc = parse(search, path, &source);
    error_free(error);
    text_free(&source);
    return doc;
}

/* ---- modules and symbols ---- */

/* Where a module may lie. */
typedef const struct ast_doc *module_reader(struct doc_search *search, const char *id);

/* Whether something was found, or something is wrong: the search is over. */
static bool
is_over(const struct doc_search *search)
{
    return search->answer.doc || search->answer.code;
}

static const struct ast_doc *
module_beneath(struct doc_search *search, const struct doc_source *root, const char *id)
{
    const char *file = package_module_file(search->arena, id);
    const char *path = arena_printf(search->arena, "%s/%s", root->path, file);

    if (!file_is_regular(path))
        return NULL;
    search->answer.path = path;
    search->answer.source = *root;
    return read_file(search, path);
}

static const struct ast_doc *
module_of_roots(struct doc_search *search, const char *id)
{
    const struct ast_doc *doc = NULL;

    for (size_t i = 0; i < search->places.root_count && !doc && !search->answer.code; i++)
        doc = module_beneath(search, &search->places.roots[i], id);
    return doc;
}

static const struct ast_doc *
module_built_in(struct doc_search *search, const char *id)
{
    struct text source = {0};
    const struct ast_doc *doc = NULL;

    if (builtin_module_text(id, &source)) {
        search->answer.path = "<builtin>";
        search->answer.source = (struct doc_source){.origin = DOC_BUILTIN};
        doc = parse(search, id, &source);
    }
    text_free(&source);
    return doc;
}

/* Of the library of the OS worlds. */
static const struct ast_doc *
module_of_library(struct doc_search *search, const char *id)
{
    struct doc_source root = {.origin = DOC_STDLIB};

    error_free(host_find_os_modules(search->host, &root.path));
    return root.path ? module_beneath(search, &root, id) : NULL;
}

static bool
exports(const struct ast_doc *doc, const struct symbol *name)
{
    for (uint32_t i = 0; i < doc->export_count; i++)
        if (doc->exports[i] == name)
            return true;
    return false;
}

static void
refuse_symbol(struct doc_search *search, const struct ast_doc *doc)
{
    struct text text = {0};

    text_printf(&text, "symbol not exported by %s: ", doc->module_id->text);
    refuse_query(search, DOC_NOT_FOUND, "X07-DOC-SYMBOL-0001", text_string(&text));
    text_free(&text);
    for (uint32_t i = 0; i < doc->export_count && i < MAX_EXPORTS_SUGGESTED; i++)
        doc_suggest(search, DOC_SYMBOL, doc->exports[i]->text);
}

/* A module, or a symbol of one. False: nothing of that name is there. */
static bool
look_up(struct doc_search *search, module_reader *reader)
{
    const char *query = search->query, *dot = strrchr(query, '.');
    const struct ast_doc *doc = reader(search, query);

    if (doc) {
        search->answer.kind = DOC_MODULE;
        search->answer.doc = doc;
        return true;
    }
    if (!is_over(search) && dot)
        doc = reader(search, arena_copy(search->arena, query, (size_t)(dot - query)));
    if (!doc)
        return is_over(search);
    const struct symbol *name = ast_intern_string(search->context, query);
    search->answer.kind = DOC_SYMBOL;
    search->answer.func = exports(doc, name) ? signature_find(doc, name) : NULL;
    if (search->answer.func)
        search->answer.doc = doc;
    else
        refuse_symbol(search, doc);
    return true;
}

/* ---- the rest ---- */

static bool
is_path(const char *query)
{
    size_t len = strlen(query);

    return strchr(query, '/') || strchr(query, '\\') ||
           (len > SUFFIX && !strcmp(query + len - SUFFIX, module_suffix));
}

static void
find_file(struct doc_search *search)
{
    char *found = file_find_upward(search->query);
    const char *path = arena_copy(search->arena, found, strlen(found));

    free(found);
    if (!file_is_regular(path) && search->settings->json) {
        struct text message = {0};
        text_printf(&message, "module path not found: %s", search->query);
        doc_refuse(search, DOC_ERROR, "X07-DOC-PATH-0001", text_string(&message));
        text_free(&message);
        return;
    }
    search->answer.path = path;
    search->answer.source = (struct doc_source){.origin = DOC_FILESYSTEM, .path = path};
    search->answer.doc = read_file(search, path);
    if (search->answer.doc)
        search->answer.kind = DOC_MODULE;
}

static bool
find_form(struct doc_search *search)
{
    int id = ast_intern_string(search->context, search->query)->head;

    if (id < 0 || head_is_future(id))
        return false;
    search->answer.kind = DOC_FORM;
    search->answer.head = id;
    search->answer.source = (struct doc_source){.origin = DOC_BUILTIN};
    return true;
}

/* A dependency of the project: its name, perhaps with an @ and more. */
static bool
find_package(struct doc_search *search)
{
    size_t len = strcspn(search->query, "@");

    for (size_t i = 0; i < search->places.package_count; i++) {
        const struct doc_package *package = &search->places.packages[i];
        const char *name = package->manifest->name;

        if (strlen(name) != len || strncmp(name, search->query, len) != 0)
            continue;
        search->answer.kind = DOC_PACKAGE;
        search->answer.package = package;
        search->answer.source = package->source;
        return true;
    }
    return false;
}

static void
find_built_in(struct doc_search *search)
{
    if (!find_form(search) && !look_up(search, module_built_in))
        refuse_query(search, DOC_NOT_FOUND, "X07-DOC-BUILTIN-0001", "unknown builtin: ");
}

void
doc_find(struct doc_search *search)
{
    static module_reader *const library[] = {module_built_in, module_of_library};
    const char *query = search->query;
    struct error *error = NULL;

    if (search->settings->builtin) {
        find_built_in(search);
        return;
    }
    if (search->settings->json && !strncmp(query, "spec:", 5)) {
        doc_find_spec(search);
        return;
    }
    if (is_path(query)) {
        find_file(search);
        return;
    }
    error = doc_places_find(search->arena, search->settings, &search->places);
    if (error) {
        doc_refuse(search, DOC_ERROR, "X07-DOC-RESOLVE-0001", error->message);
        error_free(error);
        return;
    }
    if (look_up(search, module_of_roots))
        return;
    for (size_t i = 0; !strncmp(query, "std.", 4) && i < sizeof library / sizeof library[0]; i++)
        if (look_up(search, library[i]))
            return;
    if (!find_package(search) && !find_form(search))
        refuse_query(search, DOC_NOT_FOUND, "X07-DOC-NOTFOUND-0001", "module/symbol not found: ");
}
