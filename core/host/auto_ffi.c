/* auto_ffi.c: see auto_ffi.h. */
#include "host/auto_ffi.h"

#include "ast/json.h"
#include "base/file.h"
#include "base/memory.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

/* A list without repetitions, in an arena. */
struct words {
    const char **items;
    size_t count, cap;
};

struct collection {
    struct arena *arena;
    struct words packages, sources, libraries, watched;
};

static bool
words_add(struct arena *arena, struct words *words, const char *word)
{
    for (size_t i = 0; i < words->count; i++)
        if (strcmp(words->items[i], word) == 0)
            return false;
    if (words->count == words->cap) {
        size_t cap = words->cap ? words->cap * 2 : 8;
        const char **items = ARENA_ARRAY(arena, const char *, cap);

        if (words->count)
            memcpy(items, words->items, words->count * sizeof *items);
        words->items = items;
        words->cap = cap;
    }
    words->items[words->count++] = word;
    return true;
}

/* The package that a module root belongs to: the root itself or the folder above it. NULL: none. */
static const char *
package_folder(struct arena *arena, const char *root)
{
    const char *const places[] = {root, arena_printf(arena, "%s/..", root)};

    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        if (!file_is_regular(arena_printf(arena, "%s/x07-package.json", places[i])))
            continue;
        char *folder = realpath(places[i], NULL);
        const char *copy = folder ? arena_copy(arena, folder, strlen(folder)) : NULL;
        free(folder);
        return copy;
    }
    return NULL;
}

static struct error *
read_manifest(struct arena *arena, const char *folder, struct ast_json *manifest)
{
    const char *path = arena_printf(arena, "%s/x07-package.json", folder);
    struct text text = {0};
    struct text message = {0};
    struct error *error = file_read(path, FILE_NO_LIMIT, &text);

    if (error) {
        error = error_wrap(error, "read package manifest");
    } else {
        const char *copy = arena_copy(arena, text_string(&text), text.len);

        if (!ast_json_read(arena, copy, text.len, manifest, &message))
            error = error_new("E_FFI", "parse package manifest JSON: %s: %s", path, text_string(&message));
    }
    text_free(&text);
    text_free(&message);
    return error;
}

static const struct ast_json *
member(const struct ast_json *object, const char *name)
{
    return object && object->kind == JSON_OBJECT ? ast_json_get(object, name) : NULL;
}

static bool
has_suffix(const char *name, const char *suffix)
{
    size_t len = strlen(name);

    return len > strlen(suffix) && strcmp(name + len - strlen(suffix), suffix) == 0;
}

/* The files of the folder that are C sources, sorted; the others are watched. Returns how many sources. */
static size_t
collect_sources(struct collection *collection, const char *folder)
{
    struct dirent **entries = NULL;
    int count = scandir(folder, &entries, NULL, alphasort);
    size_t found = 0;

    for (int i = 0; i < count; i++) {
        const char *path = arena_printf(collection->arena, "%s/%s", folder, entries[i]->d_name);
        bool source = has_suffix(entries[i]->d_name, ".c");

        if (file_is_regular(path)) {
            words_add(collection->arena, source ? &collection->sources : &collection->watched, path);
            found += source;
        }
        free(entries[i]);
    }
    free(entries);
    return found;
}

/* The strings of meta.ffi_libs; what is no string does not count. Returns how many. */
static size_t
collect_libraries(struct collection *collection, const struct ast_json *list)
{
    size_t found = 0;

    for (uint32_t i = 0; list && list->kind == JSON_ARRAY && i < list->count; i++) {
        const struct ast_json *item = &list->items[i];

        if (item->kind != JSON_STRING || !item->count)
            continue;
        words_add(collection->arena, &collection->libraries,
                  arena_printf(collection->arena, "-l%.*s", (int)item->count, item->text));
        found++;
    }
    return found;
}

/* A package without C sources may still name libraries. */
static struct error *
collect_package(struct collection *collection, const char *folder)
{
    struct ast_json manifest;
    struct error *error = read_manifest(collection->arena, folder, &manifest);

    if (error)
        return error;
    const struct ast_json *meta = member(&manifest, "meta");
    const struct ast_json *mode = member(meta, "import_mode");
    const struct ast_json *name = member(&manifest, "name");
    if (!mode || !ast_json_is(mode, "ffi"))
        return NULL;
    const char *sources = arena_printf(collection->arena, "%s/ffi", folder);
    size_t libraries = collect_libraries(collection, member(meta, "ffi_libs"));
    if (collect_sources(collection, sources) || libraries)
        return NULL;
    bool named = name && name->kind == JSON_STRING;
    return error_new("E_FFI",
                     file_is_dir(sources)
                         ? "package \"%.*s\" is meta.import_mode=ffi but has no ffi/*.c sources: %s"
                         : "package \"%.*s\" is meta.import_mode=ffi but missing ffi directory: %s",
                     named ? (int)name->count : 0, named ? name->text : "", sources);
}

static const char **
joined(struct arena *arena, const struct words *first, const struct words *second)
{
    const char **list = ARENA_ARRAY(arena, const char *, first->count + second->count + 1);

    if (first->count)
        memcpy(list, first->items, first->count * sizeof *list);
    if (second->count)
        memcpy(list + first->count, second->items, second->count * sizeof *list);
    return list;
}

/* The sources, with what they may expect of the C library. */
static void
add_sources(struct collection *collection, struct words *out)
{
    if (!collection->sources.count)
        return;
    words_add(collection->arena, out, "-D_GNU_SOURCE");
    words_add(collection->arena, out, "-D_DEFAULT_SOURCE");
    for (size_t i = 0; i < collection->sources.count; i++)
        words_add(collection->arena, out, collection->sources.items[i]);
}

struct error *
auto_ffi_collect(struct arena *arena, const char *const *module_roots, struct auto_ffi *ffi)
{
    static const struct words none = {0};
    struct collection collection = {.arena = arena};
    struct words compiled = {0};
    struct error *error = NULL;

    for (; module_roots && *module_roots && !error; module_roots++) {
        const char *folder = package_folder(arena, *module_roots);

        if (folder && words_add(arena, &collection.packages, folder))
            error = collect_package(&collection, folder);
    }
    add_sources(&collection, &compiled);
    ffi->arguments = joined(arena, &compiled, &collection.libraries);
    ffi->watched = joined(arena, &collection.watched, &none);
    return error;
}
