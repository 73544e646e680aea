/* manifest.c: the manifest's members, as they are read; manifest_check.c has their rules. */
#include "project/manifest.h"

#include "base/file.h"
#include "project/paths.h"

#include <stddef.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

#define AT(member) offsetof(struct manifest_dependency, member)
static const struct json_shape_field dependency_fields[] = {
    {"name", SHAPE_STRING, AT(name), .required = true, .trim = true},
    {"version", SHAPE_STRING, AT(version), .required = true, .trim = true},
    {"path", SHAPE_STRING, AT(path), .required = true, .trim = true},
};
#undef AT
static const struct json_shape dependency_shape = {
    "DependencySpec", dependency_fields, COUNT(dependency_fields), sizeof(struct manifest_dependency)};

#define AT(member) offsetof(struct manifest_patch, member)
static const struct json_shape_field patch_fields[] = {
    {"version", SHAPE_STRING, AT(version), .required = true, .trim = true},
    {"path", SHAPE_STRING, AT(path), .nullable = true, .trim = true},
};
#undef AT
static const struct json_shape patch_shape = {"PatchSpec", patch_fields, COUNT(patch_fields),
                                              sizeof(struct manifest_patch)};

#define AT(member) offsetof(struct manifest_link, member)
static const struct json_shape_field link_fields[] = {
    {"static", SHAPE_FLAG, AT(is_static), .required = false},
    {"search_paths", SHAPE_STRINGS, AT(search_paths), .trim = true},
    {"libs", SHAPE_STRINGS, AT(libs), .trim = true},
    {"frameworks", SHAPE_STRINGS, AT(frameworks), .trim = true},
};
#undef AT
static const struct json_shape link_shape = {"LinkConfig", link_fields, COUNT(link_fields),
                                             sizeof(struct manifest_link)};

#define AT(member) offsetof(struct manifest, member)
static const struct json_shape_field manifest_fields[] = {
    {"schema_version", SHAPE_STRING, AT(schema_version), .required = true, .trim = true},
    {"world", SHAPE_STRING, AT(world), .required = true, .trim = true},
    {"entry", SHAPE_STRING, AT(entry), .required = true, .trim = true},
    {"module_roots", SHAPE_STRINGS, AT(module_roots), .required = true, .trim = true},
    {"link", SHAPE_OBJECT, AT(link), .shape = &link_shape},
    {"dependencies", SHAPE_LIST, AT(dependencies), .shape = &dependency_shape},
    {"patch", SHAPE_MAP, AT(patches), .shape = &patch_shape, .trim = true},
    {"lockfile", SHAPE_STRING, AT(lockfile), .nullable = true, .trim = true},
};
#undef AT
static const struct json_shape manifest_shape = {"ProjectManifest", manifest_fields, COUNT(manifest_fields),
                                                 sizeof(struct manifest)};

struct error *
manifest_load_text(struct arena *arena, const char *path, const char **text, size_t *len)
{
    struct text bytes = {0};
    struct error *error = file_read(path, FILE_NO_LIMIT, &bytes);

    if (error) {
        error->code = "E_PROJECT_READ";
        error = error_wrap(error, "[X07PROJECT_READ] read project");
    } else {
        *len = bytes.len;
        *text = arena_copy(arena, text_string(&bytes), bytes.len);
    }
    text_free(&bytes);
    return error;
}

struct error *
manifest_parse(struct arena *arena, const char *path, const char *text, size_t len, struct manifest *manifest)
{
    struct text message = {0};
    struct error *error = NULL;

    *manifest =
        (struct manifest){.path = path, .folder = paths_folder(arena, path), .text = text, .text_len = len};
    if (!json_decode(arena, text, len, &manifest_shape, manifest, &manifest->document, &message))
        error = error_new("E_PROJECT_PARSE", "[X07PROJECT_PARSE] parse project JSON: %s: %s", path,
                          text_string(&message));
    text_free(&message);
    if (!manifest->lockfile || !manifest->lockfile[0])
        manifest->lockfile = MANIFEST_DEFAULT_LOCKFILE;
    return error;
}

struct error *
manifest_read(struct arena *arena, const char *path, struct manifest *manifest)
{
    const char *text;
    size_t len;
    struct error *error = manifest_load_text(arena, path, &text, &len);

    if (!error)
        error = manifest_parse(arena, path, text, len, manifest);
    return error ? error : manifest_check(manifest);
}

const struct manifest_patch *
manifest_find_patch(const struct manifest *manifest, const char *name)
{
    for (size_t i = 0; i < manifest->patches.count; i++)
        if (strcmp(manifest_patch_at(manifest, i)->name, name) == 0)
            return manifest_patch_at(manifest, i);
    return NULL;
}

const char *
manifest_lock_path(struct arena *arena, const struct manifest *manifest)
{
    return paths_join(arena, manifest->folder, manifest->lockfile);
}

const char *
manifest_entry_path(struct arena *arena, const struct manifest *manifest)
{
    return paths_join(arena, manifest->folder, manifest->entry);
}

const char **
manifest_link_arguments(struct arena *arena, const struct manifest *manifest)
{
    const struct manifest_link *link = &manifest->link;
    const struct {
        const char *option;
        const struct json_strings *values;
        bool is_path;
    } groups[] = {{"-L", &link->search_paths, true},
                  {"-l", &link->libs, false},
                  {"-framework", &link->frameworks, false}};
    size_t room = 2 + 2 * (link->search_paths.count + link->libs.count + link->frameworks.count);
    const char **arguments = ARENA_ARRAY(arena, const char *, room);
    size_t count = 0;

    if (link->is_static.value)
        arguments[count++] = "-static";
    for (size_t i = 0; i < COUNT(groups); i++)
        for (size_t k = 0; k < groups[i].values->count; k++) {
            const char *value = groups[i].values->items[k];
            arguments[count++] = groups[i].option;
            arguments[count++] = groups[i].is_path ? paths_join(arena, manifest->folder, value) : value;
        }
    return arguments;
}
