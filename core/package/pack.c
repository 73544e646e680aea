/* pack.c: see pack.h. */
#include "package/pack.h"

#include "base/file.h"
#include "base/memory.h"
#include "base/quote.h"
#include "base/utf8.h"
#include "package/tar_write.h"
#include "package/unpack.h"
#include "project/paths.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* A file on its way into the archive. */
struct member {
    const char *path;   /* in the archive */
    const char *module; /* or NULL */
};

struct pack {
    struct arena *arena;
    const char *folder;
    struct member *members;
    size_t count, capacity;
};

static void
add_member(struct pack *pack, const char *path, const char *module)
{
    if (pack->count == pack->capacity) {
        pack->capacity = pack->capacity * 2 + 64;
        pack->members = memory_resize(pack->members, pack->capacity * sizeof *pack->members);
    }
    pack->members[pack->count++] = (struct member){path, module};
}

static const char *
place_of(const struct pack *pack, const char *path)
{
    return arena_printf(pack->arena, "%s%s%s", pack->folder, pack->folder[0] ? "/" : "", path);
}

static struct error *add_folder(struct pack *pack, const char *path);

static struct error *
add_ffi_entry(struct pack *pack, const char *path)
{
    const char *place = place_of(pack, path);
    struct stat status;

    if (utf8_prefix(path, strlen(path)) != strlen(path))
        return error_new("E_PACK", "file names below ffi must be UTF-8");
    if (lstat(place, &status) < 0)
        return error_errno("E_PACK", "read %s", place);
    if (S_ISDIR(status.st_mode))
        return add_folder(pack, path);
    if (!S_ISREG(status.st_mode))
        return error_new("E_PACK", "unsupported ffi entry type: %s", place);
    add_member(pack, path, NULL);
    return NULL;
}

static struct error *
add_folder(struct pack *pack, const char *path)
{
    const char *place = place_of(pack, path);
    DIR *dir = opendir(place);
    struct error *error = NULL;
    const struct dirent *entry;

    if (!dir)
        return error_errno("E_PACK", "read %s", place);
    while (!error && (entry = readdir(dir)))
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            error = add_ffi_entry(pack, arena_printf(pack->arena, "%s/%s", path, entry->d_name));
    closedir(dir);
    return error;
}

static int
compare_members(const void *left, const void *right)
{
    return strcmp(((const struct member *)left)->path, ((const struct member *)right)->path);
}

static struct error *
append_member(struct pack *pack, const struct member *member, struct text *archive)
{
    struct text data = {0};
    const char *place = place_of(pack, member->path);
    struct error *error = file_read(place, UNPACK_MAX_BYTES, &data);

    if (error && member->module)
        error = error_wrap(error, "read module %s", quote_string(pack->arena, member->module));
    else
        error = error_wrap(error, "read");
    if (!error)
        tar_append(archive, member->path, text_string(&data), data.len);
    text_free(&data);
    return error;
}

/* A module that is listed twice is one file. */
static struct error *
append_members(struct pack *pack, struct text *archive)
{
    struct error *error = NULL;

    qsort(pack->members, pack->count, sizeof *pack->members, compare_members);
    for (size_t i = 0; !error && i < pack->count; i++)
        if (!i || strcmp(pack->members[i - 1].path, pack->members[i].path) != 0)
            error = append_member(pack, &pack->members[i], archive);
    tar_finish(archive);
    return error;
}

/* "module_root/a/b.x07.json", without "." components, which no archive may contain. */
static const char *
module_path(struct pack *pack, const struct package_manifest *manifest, const char *module)
{
    const char *root = paths_join(pack->arena, "", manifest->module_root);
    const char *file = package_module_file(pack->arena, module);

    return strcmp(root, ".") == 0 ? file : arena_printf(pack->arena, "%s/%s", root, file);
}

struct error *
pack_package(struct arena *arena, const char *folder, const struct package_manifest *manifest,
             struct text *archive)
{
    struct pack pack = {.arena = arena, .folder = folder};
    struct error *error = NULL;

    add_member(&pack, PACKAGE_MANIFEST_FILE, NULL);
    for (size_t i = 0; i < manifest->modules.count; i++)
        add_member(&pack, module_path(&pack, manifest, manifest->modules.items[i]),
                   manifest->modules.items[i]);
    if (file_is_dir(place_of(&pack, "ffi")))
        error = add_folder(&pack, "ffi");
    if (!error)
        error = append_members(&pack, archive);
    /* What could not be installed is not published. */
    if (!error)
        error = error_wrap(unpack_memory(archive->data, archive->len, NULL), "the archive would be refused");
    free(pack.members);
    return error;
}
