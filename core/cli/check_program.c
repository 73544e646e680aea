/* check_program.c: see check_program.h. */
#include "cli/check_program.h"

#include "ast/pointer.h"
#include "base/file.h"
#include "cli/document.h"
#include "sema/analyse.h"
#include "sema/heads.h"
#include "sema/load.h"
#include "sema/typecheck.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_AST_NODES = 250000, MAX_LOCALS = 20000 };

/* One check on its way. */
struct checking {
    const struct check_request *request;
    struct check_result *result;
    struct lint_options rules;
    struct text entry; /* its bytes */
};

/* A document of the program. */
struct checked {
    const char *path;
    struct text text; /* canonical */
    struct ast_doc *doc;
    struct diagnostics found;
};

static void
set_file(struct diagnostics *list, struct diagnostic *finding, const char *path)
{
    struct text json = {0};

    ast_json_write_string(path, strlen(path), &json);
    diagnostic_data(list, finding, "file", text_string(&json));
    text_free(&json);
}

/* A finding about a whole file or the program. */
static struct diagnostic *
add_plain(struct check_result *result, const char *code, const char *stage, const char *message)
{
    struct diagnostic *finding =
        diagnostics_add(&result->found, code, SEVERITY_ERROR, stage, NULL, "%s", message);

    finding->ptr = NULL;
    return finding;
}

static bool
read_entry(struct checking *checking)
{
    const char *path = checking->request->entry;
    struct check_result *result = checking->result;
    struct error *error = file_read(path, FILE_NO_LIMIT, &checking->entry);

    if (!error)
        return true;
    add_plain(result, "X07-IO-READ-0001", "parse",
              arena_printf(result->arena, "read entry %s", error->message));
    error_free(error);
    return false;
}

/* The entry must be a document before anything else is said of the program. */
static bool
parse_entry(struct checking *checking, struct ast_context *context)
{
    struct check_result *result = checking->result;
    struct text message = {0};
    struct ast_doc *doc = document_read(context, &checking->entry, &message);

    if (!doc) {
        size_t end = message.len;
        while (end >= 4 && strncmp(message.data + end - 4, " at ", 4) != 0)
            end--;
        struct diagnostic *finding =
            add_plain(result, "X07-X07AST-PARSE-0001", "parse",
                      arena_copy(result->arena, message.data, end >= 4 ? end - 4 : message.len));
        finding->ptr = arena_copy(result->arena, message.data + end, end >= 4 ? message.len - end : 0);
        set_file(&result->found, finding, checking->request->entry);
    }
    text_free(&message);
    return doc != NULL;
}

static struct program
new_program(const struct checking *checking, struct ast_context *context, struct failure *failure)
{
    return (struct program){
        .context = context,
        .failure = failure,
        .world = world_find(checking->request->world),
        .allow_unsafe = checking->rules.unsafe,
        .allow_ffi = checking->rules.ffi,
        .limits = {MAX_AST_NODES, MAX_LOCALS},
        .roots = checking->request->roots,
        .root_count = checking->request->root_count,
    };
}

/* The linter's findings but those of its type checker, which sees one file only. */
static void
lint_one(const struct checking *checking, struct checked *file)
{
    struct diagnostics all = {.arena = checking->result->arena};
    struct text message = {0};
    struct lint_source source;

    if (!lint_open(&source, file->text.data, file->text.len, &message)) {
        text_free(&message);
        return;
    }
    lint_document(&source, &checking->rules, &all);
    for (size_t i = 0; i < all.count; i++)
        if (strcmp(all.items[i]->stage, "type") != 0 && strcmp(all.items[i]->stage, "rewrite") != 0)
            diagnostics_append(&file->found, all.items[i]);
    lint_close(&source);
}

static int
compare_files(const void *left, const void *right)
{
    return strcmp(((const struct checked *)left)->path, ((const struct checked *)right)->path);
}

static void
gather(struct check_result *result, struct checked *files, size_t count)
{
    qsort(files, count, sizeof *files, compare_files);
    for (size_t i = 0; i < count; i++) {
        diagnostics_sort(&files[i].found);
        for (size_t k = 0; k < files[i].found.count; k++) {
            set_file(&files[i].found, files[i].found.items[k], files[i].path);
            diagnostics_append(&result->found, files[i].found.items[k]);
        }
        text_free(&files[i].text);
    }
}

/* A document with its places in canonical form, which is appended to `text`. */
static struct ast_doc *
read_again(struct ast_context *context, const struct ast_doc *doc, struct text *text)
{
    struct text message = {0};

    ast_write(doc, text);
    struct ast_doc *again = ast_read(context, text->data, text->len, &message);
    text_free(&message);
    return again;
}

static bool
is_library(const struct checking *checking, const char *path)
{
    const char *library = checking->request->library;

    return library && strncmp(path, library, strlen(library)) == 0;
}

/* Lints all documents, and checks the types of each against the functions of all. */
static void
check_documents(const struct checking *checking, const struct program *program)
{
    struct check_result *result = checking->result;
    struct checked *files = ARENA_ARRAY(result->arena, struct checked, program->module_count + 1);
    struct typecheck_signatures visible = {0};
    struct ast_context context;
    size_t count = 0;

    ast_context_init(&context, result->arena);
    heads_register(&context);
    for (size_t i = 0; i < program->module_count; i++) {
        const struct module *module = program->modules[i];
        const char *path = i ? module->path : checking->request->entry;
        if (!path)
            continue;
        struct ast_doc *doc = read_again(&context, module->doc, &files[count].text);
        if (doc)
            typecheck_signatures_add(&visible, doc);
        if (is_library(checking, path)) {
            text_free(&files[count].text);
            continue;
        }
        struct checked *file = &files[count++];
        file->path = path;
        file->doc = doc;
        file->found.arena = result->arena;
        result->files[result->file_count++] = path;
    }
    for (size_t i = 0; i < count; i++) {
        lint_one(checking, &files[i]);
        if (files[i].doc)
            typecheck_file(&context, files[i].doc, &visible, &files[i].found);
    }
    gather(result, files, count);
    typecheck_signatures_free(&visible);
    ast_context_free(&context);
}

static bool
check_loaded(struct checking *checking, struct ast_context *context)
{
    struct failure failure = {0};
    struct program program = new_program(checking, context, &failure);
    struct check_result *result = checking->result;

    heads_register(context);
    program.documents_only = true;
    bool ok = load_program(&program, text_string(&checking->entry), checking->entry.len);
    if (!ok) {
        add_plain(result, "X07-X07AST-PARSE-0001", "parse",
                  arena_printf(result->arena, "%s: %s", failure.kind, text_string(&failure.message)));
    } else {
        result->files = ARENA_ARRAY(result->arena, const char *, program.module_count + 1);
        result->file_count = 0;
        check_documents(checking, &program);
    }
    analyse_free(&program);
    failure_free(&failure);
    return ok;
}

/* ---- what the compiler says ---- */

/* Copies what stands between `start` and the first of `ends`. */
static const char *
copy_until(struct arena *arena, const char *start, const char *ends)
{
    return arena_copy(arena, start, strcspn(start, ends));
}

/* The last " (fn=" of a message, or NULL. */
static const char *
find_suffix(const char *message)
{
    const char *found = NULL;

    for (const char *at = message; (at = strstr(at, "(fn=")) != NULL; at++)
        found = at;
    return found;
}

/* The file of the function that the message is about. */
static const char *
file_of_function(const struct checking *checking, const struct program *program, const char *function)
{
    const char *dot = function ? strrchr(function, '.') : NULL;
    const struct module *module =
        dot ? program_module(program, ast_intern(program->context, function, (size_t)(dot - function)))
            : NULL;

    return module && module->path ? module->path : checking->request->entry;
}

/* Offers a copy where the value was moved, if a plain name stands there in the file. */
static void
offer_copy(const struct checking *checking, struct diagnostic *finding, const char *path)
{
    static const char key[] = "moved_ptr=/";
    struct check_result *result = checking->result;
    const char *moved = strstr(finding->message, key);
    struct text bytes = {0}, message = {0}, value = {0};
    struct ast_json document;

    struct error *error = moved ? file_read(path, FILE_NO_LIMIT, &bytes) : NULL;
    if (moved && !error && document_read_json(result->arena, &bytes, &document, &message)) {
        const char *ptr = copy_until(result->arena, moved + sizeof key - 2, " )");
        const struct ast_json *name = pointer_get(&document, ptr, strlen(ptr), &message);
        if (name && name->kind == JSON_STRING) {
            text_puts(&value, "[\"view.to_bytes\",[\"bytes.view\",");
            ast_json_write_string(name->text, name->count, &value);
            text_puts(&value, "]]");
            diagnostic_fix(&result->found, finding, "replace", NULL, text_string(&value));
            finding->fix[finding->fix_count - 1].path = ptr;
            finding->fix_note = "Copy before move";
        }
    }
    error_free(error);
    text_free(&bytes);
    text_free(&message);
    text_free(&value);
}

static void
add_compile_error(const struct checking *checking, const struct program *program)
{
    struct check_result *result = checking->result;
    const struct failure *failure = program->failure;
    const char *message = text_string(&failure->message);
    const char *suffix = find_suffix(message), *function = NULL;
    const char *code = strstr(message, "use after move") ? "X07-MOVE-0901"
                       : strstr(message, "borrow")       ? "X07-MOVE-0902"
                                                         : "X07-INTERNAL-0001";
    struct diagnostic *finding = add_plain(result, code, "codegen", message);

    diagnostic_data(&result->found, finding, "compiler_error_kind",
                    arena_printf(result->arena, "\"%s\"", failure->kind));
    if (suffix) {
        function = copy_until(result->arena, suffix + 4, " )");
        const char *ptr = strstr(suffix, " ptr=");
        if (ptr)
            finding->ptr = copy_until(result->arena, ptr + 5, " )");
    }
    const char *path = file_of_function(checking, program, function);
    if (function) {
        struct text json = {0};
        ast_json_write_string(function, strlen(function), &json);
        diagnostic_data(&result->found, finding, "fn", text_string(&json));
        text_free(&json);
    }
    set_file(&result->found, finding, path);
    if (strcmp(code, "X07-MOVE-0901") == 0)
        offer_copy(checking, finding, path);
}

static void
compile(const struct checking *checking)
{
    struct failure failure = {0};
    struct ast_context context;
    struct program program = new_program(checking, &context, &failure);

    ast_context_init(&context, checking->result->arena);
    if (!analyse_program(&program, text_string(&checking->entry), checking->entry.len))
        add_compile_error(checking, &program);
    analyse_free(&program);
    failure_free(&failure);
    ast_context_free(&context);
}

void
check_program(const struct check_request *request, struct check_result *result)
{
    struct checking checking = {.request = request, .result = result};
    struct ast_context context;

    result->found = (struct diagnostics){.arena = result->arena};
    result->files = ARENA_ARRAY(result->arena, const char *, 1);
    result->files[0] = request->entry;
    result->file_count = 1;
    if (!lint_options_of_world(request->world, &checking.rules)) {
        add_plain(result, "X07-INTERNAL-0001", "codegen",
                  arena_printf(result->arena, "unknown world: %s", request->world));
        return;
    }
    ast_context_init(&context, result->arena);
    result->entry_read = read_entry(&checking) && parse_entry(&checking, &context);
    if (result->entry_read && check_loaded(&checking, &context) && diagnostics_ok(&result->found))
        compile(&checking);
    text_free(&checking.entry);
    ast_context_free(&context);
}
