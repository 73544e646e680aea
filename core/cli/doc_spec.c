/* doc_spec.c: the specifications that `x07 doc --json spec:...` finds: files of a folder of documentation,
 * and an index that gives them ids. */
#include "ast/json_decode.h"
#include "base/file.h"
#include "base/process.h"
#include "cli/doc_parts.h"
#include "project/paths.h"

#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static const char index_file[] = "spec-index.json";
static const char *const folders[] = {"docs/spec", ".agent/docs/spec"};

struct entry {
    const char *spec_id, *schema_version, *path;
};

struct index {
    struct json_list entries;
};

#define ENTRY(member) offsetof(struct entry, member), .shape = NULL
static const struct json_shape_field entry_fields[] = {
    {"spec_id", SHAPE_STRING, ENTRY(spec_id)},
    {"schema_version", SHAPE_STRING, ENTRY(schema_version)},
    {"path", SHAPE_STRING, ENTRY(path), .required = true},
};
static const struct json_shape entry_shape = {"SpecEntry", entry_fields, COUNT(entry_fields),
                                              sizeof(struct entry)};
static const struct json_shape_field index_fields[] = {
    {"entries", SHAPE_LIST, offsetof(struct index, entries), .shape = &entry_shape, .required = true},
};
static const struct json_shape index_shape = {"SpecIndex", index_fields, COUNT(index_fields),
                                              sizeof(struct index)};

/* ---- the folder ---- */

/* Beneath `at` or a folder above it. */
static const char *
folder_above(struct arena *arena, const char *at)
{
    char *folder = strdup(at);
    const char *found = NULL;

    while (folder && !found) {
        for (size_t i = 0; i < COUNT(folders) && !found; i++) {
            const char *path =
                arena_printf(arena, "%s/%s", strcmp(folder, "/") == 0 ? "" : folder, folders[i]);
            found = file_is_dir(path) ? path : NULL;
        }
        char *above = strcmp(folder, "/") == 0 ? NULL : file_parent(folder);
        free(folder);
        folder = above;
    }
    free(folder);
    return found;
}

/* The folder of specifications: above the current one, else above the executable. */
static const char *
find_folder(struct arena *arena)
{
    char *here = realpath(".", NULL), *self = process_self();
    const char *found = here ? folder_above(arena, here) : NULL;

    if (!found && self)
        found = folder_above(arena, self);
    free(here);
    free(self);
    return found;
}

/* ---- the index ---- */

static struct error *
index_read(struct arena *arena, const char *path, struct index *index)
{
    struct text bytes = {0}, message = {0};
    struct error *error = error_wrap(file_read(path, FILE_NO_LIMIT, &bytes), "read");

    if (!error) {
        const char *text = arena_copy(arena, text_string(&bytes), bytes.len);
        if (!json_decode(arena, text, bytes.len, &index_shape, index, NULL, &message))
            error = error_new("E_SPEC_INDEX", "parse JSON: %s: %s", path, text_string(&message));
    }
    text_free(&bytes);
    text_free(&message);
    return error;
}

static bool
is_named(const struct entry *entry, const char *name)
{
    return (entry->spec_id && !strcmp(entry->spec_id, name)) ||
           (entry->schema_version && !strcmp(entry->schema_version, name));
}

/* ---- the search ---- */

static void
answer(struct doc_search *search, const char *id, const char *path)
{
    search->answer.kind = DOC_SPEC;
    search->answer.spec_id = id;
    search->answer.path = path;
}

static void
find_in_index(struct doc_search *search, const char *folder, const char *name)
{
    const char *path = arena_printf(search->arena, "%s/%s", folder, index_file);
    struct index index = {0};
    struct error *error = file_is_regular(path) ? index_read(search->arena, path, &index) : NULL;

    if (error) {
        doc_refuse(search, DOC_ERROR, "X07-DOC-RESOLVE-0001", error->message);
        error_free(error);
        return;
    }
    for (size_t i = 0; i < index.entries.count; i++) {
        const struct entry *entry = (const struct entry *)index.entries.items + i;

        if (is_named(entry, name)) {
            answer(search, entry->spec_id ? entry->spec_id : name,
                   arena_printf(search->arena, "%s/%s", folder, entry->path));
            return;
        }
    }
    doc_refuse(search, DOC_NOT_FOUND, "X07-DOC-SPEC-0002",
               arena_printf(search->arena, "spec not found: spec:%s", name));
    for (size_t i = 0; i < index.entries.count; i++) {
        const struct entry *entry = (const struct entry *)index.entries.items + i;

        if (entry->spec_id && strstr(entry->spec_id, name))
            doc_suggest(search, DOC_SPEC, arena_printf(search->arena, "spec:%s", entry->spec_id));
    }
}

void
doc_find_spec(struct doc_search *search)
{
    const char *name = search->query + strlen("spec:");
    const char *folder = find_folder(search->arena);

    if (!folder) {
        doc_refuse(search, DOC_ERROR, "X07-DOC-SPEC-0001", "spec docs root not found");
        return;
    }
    if (!name[0])
        name = index_file;
    /* A name that leads out of the folder can only be an id. */
    struct error *outside = paths_check(name, "spec");
    const char *path = arena_printf(search->arena, "%s/%s", folder, name);
    if (!outside && file_is_regular(path))
        answer(search, name, path);
    else
        find_in_index(search, folder, name);
    error_free(outside);
}
