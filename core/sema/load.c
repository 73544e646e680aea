/* load.c: reads documents and applies the rules about whole files. Knows module roots; knows nothing of
 * types. */
#include "sema/load.h"

#include "base/file.h"
#include "base/quote.h"
#include "base/utf8.h"
#include "sema/builtin_modules.h"
#include "sema/heads.h"
#include "sema/roots.h"
#include "sema/typecheck.h"

#include <string.h>

enum { MAX_ENTRY_BYTES = 65536 };

/* Modules whose imports are being loaded, innermost first. */
struct loading {
    struct symbol *id;
    const struct loading *outer;
};

static bool load_imports(struct program *program, struct module *module, const struct loading *outer);

static bool
load_fail(struct program *program, const char *kind, struct text *message)
{
    failure_set(program->failure, kind, "%s", text_string(message));
    text_free(message);
    return false;
}

/* ---- internal-only heads ---- */

static const struct symbol *
load_internal_head(const struct ast_expr *expr)
{
    if (expr->kind != AST_LIST)
        return NULL;
    int head = head_of(expr);
    if (head >= 0 && head_is_internal(head))
        return expr->items[0]->symbol;
    for (uint32_t i = 1; i < expr->count; i++) {
        const struct symbol *found = load_internal_head(expr->items[i]);

        if (found)
            return found;
    }
    return NULL;
}

static const struct symbol *
load_internal_head_of_clauses(const struct ast_func *func)
{
    const struct symbol *found = NULL;

    for (int kind = 0; kind < AST_CONTRACT_KINDS; kind++) {
        for (uint32_t i = 0; i < func->clause_count[kind] && !found; i++) {
            const struct ast_clause *clause = &func->clauses[kind][i];

            found = load_internal_head(clause->expr);
            for (uint32_t w = 0; w < clause->witness_count && !found; w++)
                found = load_internal_head(clause->witness[w]);
        }
    }
    return found;
}

static bool
load_ban_internal_heads(struct program *program, const struct module *module)
{
    const struct ast_doc *doc = module->doc;
    const struct symbol *found = doc->solve ? load_internal_head(doc->solve) : NULL;

    for (uint32_t i = 0; i < doc->func_count && !found; i++) {
        if (doc->funcs[i]->body)
            found = load_internal_head(doc->funcs[i]->body);
        if (!found)
            found = load_internal_head_of_clauses(doc->funcs[i]);
    }
    if (!found || module->builtin || program->documents_only)
        return true;
    if (module == program->modules[0])
        return failure_set(program->failure, KIND_UNSUPPORTED,
                           "main: internal-only builtin is not allowed here: %s", found->text);
    return failure_set(program->failure, KIND_UNSUPPORTED,
                       "%Q: internal-only builtin is not allowed here: %s", module->id, found->text);
}

/* ---- files ---- */

static bool
load_is_defined(const struct ast_doc *doc, const struct symbol *name)
{
    for (uint32_t i = 0; i < doc->func_count; i++)
        if (doc->funcs[i]->name == name)
            return true;
    return false;
}

static bool
load_check_entry(struct program *program, const struct ast_doc *doc)
{
    struct failure *failure = program->failure;

    if (program->documents_only)
        return true;
    if (doc->kind != AST_ENTRY)
        return failure_set(failure, KIND_PARSE, "main: expected kind=\"entry\" got Module");
    if (strcmp(doc->module_id->text, "main") != 0)
        return failure_set(failure, KIND_PARSE, "main: entry module_id must be \"main\" got %Q",
                           doc->module_id);
    if (!doc->solve)
        return failure_set(failure, KIND_PARSE, "main: missing solve expression");
    return true;
}

static bool
load_check_module(struct program *program, const struct module *module)
{
    struct failure *failure = program->failure;
    const struct ast_doc *doc = module->doc;
    struct symbol *id = module->id;

    if (program->documents_only)
        return true;
    if (doc->kind != AST_MODULE)
        return failure_set(failure, KIND_PARSE, "module %Q: expected kind=\"module\" got Entry", id);
    if (doc->module_id != id)
        return failure_set(failure, KIND_PARSE, "module %Q: module_id mismatch in file: got %Q", id,
                           doc->module_id);
    if (!doc->export_count)
        return failure_set(failure, KIND_PARSE, "module %Q is missing an export declaration", id);
    for (uint32_t i = 0; i < doc->export_count; i++) {
        const struct symbol *name = doc->exports[i];

        if (name->len <= id->len || memcmp(name->text, id->text, id->len) != 0 || name->text[id->len] != '.')
            return failure_set(failure, KIND_PARSE, "export %Q does not belong to module %Q", name, id);
        if (!load_is_defined(doc, name))
            return failure_set(failure, KIND_PARSE, "export %Q is not defined in module %Q", name, id);
    }
    return true;
}

static uint64_t
load_count_nodes(const struct ast_doc *doc)
{
    uint64_t count = doc->solve ? ast_count_nodes(doc->solve) : 0;

    for (uint32_t i = 0; i < doc->func_count; i++) {
        const struct ast_func *func = doc->funcs[i];

        count += func->body ? ast_count_nodes(func->body) : 0;
        for (int kind = 0; kind < AST_CONTRACT_KINDS; kind++) {
            for (uint32_t c = 0; c < func->clause_count[kind]; c++) {
                count += ast_count_nodes(func->clauses[kind][c].expr);
                for (uint32_t w = 0; w < func->clauses[kind][c].witness_count; w++)
                    count += ast_count_nodes(func->clauses[kind][c].witness[w]);
            }
        }
    }
    return count;
}

/* Parses a document into a new module; messages are labelled with `label`. */
static struct module *
load_parse(struct program *program, const char *label, const char *data, size_t len)
{
    struct text message = {0};
    struct text labelled = {0};
    struct ast_doc *doc = ast_read(program->context, data, len, &message);

    if (!doc) {
        text_printf(&labelled, "%s: %s", label, text_string(&message));
        load_fail(program, KIND_PARSE, &labelled);
    }
    text_free(&message);
    if (!doc)
        return NULL;
    struct module *module = ARENA_NEW(program->context->arena, struct module);
    module->doc = doc;
    module->id = doc->module_id;
    program->parsed_nodes += load_count_nodes(doc);
    return module;
}

/* Contracts bring the document type checker with them. */
static bool
load_typecheck(struct program *program, const struct module *module, const char *label)
{
    struct text message = {0};

    if (program->documents_only || typecheck_contracts(program->context, module->doc, label, &message))
        return true;
    return load_fail(program, KIND_TYPING, &message);
}

static void
load_add(struct program *program, struct module *module)
{
    if (program->module_count == program->module_capacity) {
        size_t capacity = program->module_capacity ? program->module_capacity * 2 : 8;
        struct module **bigger = ARENA_ARRAY(program->context->arena, struct module *, capacity);

        if (program->module_count)
            memcpy(bigger, program->modules, program->module_count * sizeof(struct module *));
        program->modules = bigger;
        program->module_capacity = capacity;
    }
    program->modules[program->module_count++] = module;
    ptrmap_set(&program->module_of, module->id, module);
}

/* ---- finding modules ---- */

static bool
load_unknown(struct program *program, struct symbol *id)
{
    struct text path = {0};

    program->unknown_module = id;
    failure_set(program->failure, KIND_PARSE, "unknown module: %Q", id);
    if (program->root_count) {
        roots_module_file(id, &path);
        failure_append(program->failure, " (searched: %s)", text_string(&path));
        text_free(&path);
    }
    return false;
}

static void
load_ambiguous(struct program *program, const struct symbol *id, const char *const *paths, size_t count)
{
    failure_set(program->failure, KIND_PARSE, "module %Q is ambiguous across roots: [", id);
    for (size_t i = 0; i < count; i++)
        failure_append(program->failure, i ? ", %Q" : "%Q", ast_intern_string(program->context, paths[i]));
    failure_append(program->failure, "]");
}

/* Searches the roots. Sets `path` to the one file found. */
static bool
load_search(struct program *program, struct symbol *id, const char **path)
{
    const char **found;
    size_t count = roots_search(program, id, &found);

    *path = found[0];
    if (!count)
        load_unknown(program, id);
    else if (count > 1)
        load_ambiguous(program, id, found, count);
    return count == 1;
}

static bool
load_read(struct program *program, const struct symbol *id, const char *path, struct text *source)
{
    struct text detail = {0};
    struct error *error = file_read(path, FILE_NO_LIMIT, source);

    if (error) {
        failure_set(program->failure, KIND_PARSE, "read module %Q at %s", id, error->message);
        error_free(error);
        return false;
    }
    bool valid = utf8_check(text_string(source), source->len, &detail);
    text_free(&detail);
    return valid || failure_set(program->failure, KIND_PARSE,
                                "read module %Q at %s: stream did not contain valid UTF-8", id, path);
}

static bool
load_module_text(struct program *program, struct symbol *id, struct text *source, const char **path)
{
    bool os_adapter = program->world->os && !strncmp(id->text, "std.world.", 10);
    struct text message = {0};

    if (!os_adapter && builtin_module_exists(id->text)) {
        *path = NULL;
        return builtin_module_text(id->text, source) ||
               failure_set(program->failure, KIND_UNSUPPORTED,
                           "module is not available in this version yet: %Q", id);
    }
    if (program->root_count && !ast_check_symbol(id->text, id->len, &message))
        return load_fail(program, KIND_PARSE, &message);
    bool ok = program->root_count ? load_search(program, id, path) : load_unknown(program, id);
    return ok && load_read(program, id, *path, source);
}

static struct module *
load_parse_module(struct program *program, struct symbol *id, const struct text *source)
{
    struct text label = {0};
    struct text message = {0};
    struct text whole = {0};
    struct module *module = NULL;

    text_append_quoted(&label, id->text, id->len);
    if (ast_check_text(text_string(source), source->len, "module source", &message)) {
        module = load_parse(program, text_string(&label), text_string(source), source->len);
    } else {
        text_printf(&whole, "%s: %s", text_string(&label), text_string(&message));
        load_fail(program, KIND_PARSE, &whole);
    }
    text_free(&label);
    text_free(&message);
    return module;
}

static bool
load_module(struct program *program, struct symbol *id, const struct loading *outer)
{
    struct loading loading = {id, outer};
    struct text source = {0};
    const char *path = NULL;

    for (const struct loading *l = outer; l; l = l->outer)
        if (l->id == id)
            return failure_set(program->failure, KIND_PARSE, "cyclic import detected at module %Q", id);
    if (program_module(program, id))
        return true;
    struct module *module = NULL;
    if (load_module_text(program, id, &source, &path))
        module = load_parse_module(program, id, &source);
    text_free(&source);
    if (!module || !load_typecheck(program, module, id->text))
        return false;
    module->id = id;
    module->builtin = !path;
    module->path = path;
    load_add(program, module);
    return load_check_module(program, module) && load_ban_internal_heads(program, module) &&
           load_imports(program, module, &loading);
}

static bool
load_imports(struct program *program, struct module *module, const struct loading *outer)
{
    for (uint32_t i = 0; i < module->doc->import_count; i++)
        if (!load_module(program, module->doc->imports[i], outer))
            return false;
    return true;
}

bool
load_program(struct program *program, const char *source, size_t len)
{
    struct text message = {0};

    if (len > MAX_ENTRY_BYTES) {
        text_printf(&message, "program too large: max_source_bytes=%d got %zu", MAX_ENTRY_BYTES, len);
        return load_fail(program, KIND_BUDGET, &message);
    }
    if (!ast_check_text(source, len, "program", &message))
        return load_fail(program, KIND_PARSE, &message);
    struct module *entry = load_parse(program, "main", source, len);
    if (!entry || !load_typecheck(program, entry, "main"))
        return false;
    load_add(program, entry);
    return load_check_entry(program, entry->doc) && load_ban_internal_heads(program, entry) &&
           load_imports(program, entry, NULL);
}

/* ---- imports that a document does not write ---- */

/* A copy of the document with one more import, in its place. */
static struct ast_doc *
load_with_import(struct program *program, const struct ast_doc *doc, struct symbol *id)
{
    struct ast_doc *copy = ARENA_NEW(program->context->arena, struct ast_doc);
    uint32_t at = 0;

    *copy = *doc;
    copy->imports = ARENA_ARRAY(program->context->arena, struct symbol *, doc->import_count + 1);
    while (at < doc->import_count && strcmp(doc->imports[at]->text, id->text) < 0)
        at++;
    if (doc->import_count) {
        memcpy(copy->imports, doc->imports, at * sizeof *copy->imports);
        memcpy(copy->imports + at + 1, doc->imports + at, (doc->import_count - at) * sizeof *copy->imports);
    }
    copy->imports[at] = id;
    copy->import_count++;
    return copy;
}

bool
load_implicit_import(struct program *program, struct module *module, struct symbol *id)
{
    if (module->id == id)
        return true;
    for (uint32_t i = 0; i < module->doc->import_count; i++)
        if (module->doc->imports[i] == id)
            return true;
    module->doc = load_with_import(program, module->doc, id);
    return load_module(program, id, NULL);
}
