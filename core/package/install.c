/* install.c: see install.h. */
#include "package/install.h"

#include "base/file.h"
#include "base/quote.h"
#include "base/sha256.h"
#include "package/copy_tree.h"
#include "package/unpack.h"
#include "project/package_manifest.h"
#include "project/paths.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DEPS ".x07/deps/"
#define STAGE ".x07/tmp"

enum { READ_BLOCK = 64 * 1024 };

/* ---- places ---- */

/* Whether `place`, as far as it exists, is still beneath the project when symbolic links are followed. */
static bool
stays_inside(struct arena *arena, const char *folder, const char *place)
{
    char *root = realpath(folder[0] ? folder : ".", NULL);
    char *real = NULL;

    /* The last component is replaced, not entered. */
    do {
        place = paths_folder(arena, place);
        real = realpath(place[0] ? place : ".", NULL);
    } while (!real && errno == ENOENT && place[0]);
    size_t len = root ? strlen(root) : 0;
    bool inside = root && real && strncmp(real, root, len) == 0 && (len == 1 || strchr("/", real[len]));
    free(root);
    free(real);
    return inside;
}

/* A project that came from elsewhere must not make us write, or remove, in other places. */
static struct error *
check_inside(const struct installer *installer, const char *place)
{
    if (stays_inside(installer->arena, installer->folder, place))
        return NULL;
    return error_new("E_INSTALL", "a symbolic link leads out of the project: %s", place);
}

struct error *
install_place(const struct installer *installer, const char *path, const char **place)
{
    struct arena *arena = installer->arena;
    const char *plain = paths_join(arena, "", path);

    if (strncmp(plain, DEPS, strlen(DEPS)) != 0)
        return error_new("E_INSTALL", "dependency path must be below .x07/deps: %s",
                         quote_string(arena, path));
    *place = paths_join(arena, installer->folder, plain);
    return check_inside(installer, *place);
}

/* ---- the cache ---- */

struct error *
install_cache_paths(const struct installer *installer, const char *digest, const char **archive,
                    const char **part)
{
    const char *cache = paths_join(installer->arena, installer->folder, ".x07/cache/sha256");

    *archive = arena_printf(installer->arena, "%s/%s.x07pkg", cache, digest);
    *part = arena_printf(installer->arena, "%s/%s.part", cache, digest);
    struct error *error = check_inside(installer, *archive);
    return error ? error : error_wrap(file_make_dirs(cache), "create directory");
}

struct error *
install_check_digest(const char *file, const char *digest, char *actual, bool *same)
{
    struct sha256 sha;
    char block[READ_BLOCK];
    ssize_t got;
    int fd;
    int64_t size;
    struct error *error = file_open_input(file, &fd, &size);

    if (error)
        return error_wrap(error, "read");
    sha256_init(&sha);
    while ((got = read(fd, block, sizeof block)) > 0 || (got < 0 && errno == EINTR))
        if (got > 0)
            sha256_update(&sha, block, (size_t)got);
    if (got < 0)
        error = error_errno("E_FILE_READ", "read %s", file);
    close(fd);
    sha256_final_hex(&sha, actual);
    *same = strcmp(actual, digest) == 0;
    return error;
}

/* ---- staging ---- */

/* Removes what commands left that were killed. */
static struct error *
sweep(struct installer *installer)
{
    const char *folder = paths_join(installer->arena, installer->folder, STAGE);
    struct error *error = installer->swept ? NULL : check_inside(installer, folder);

    if (!error && !installer->swept)
        file_remove_tree(folder);
    installer->swept = true;
    return error;
}

/* A fresh folder; its name is that of no other. */
static struct error *
stage(struct installer *installer, const char **folder)
{
    struct error *error = sweep(installer);

    if (error)
        return error;
    *folder = arena_printf(installer->arena, "%s/unpack_%ld_%u",
                           paths_join(installer->arena, installer->folder, STAGE), (long)getpid(),
                           installer->count++);
    return error_wrap(file_make_dirs(*folder), "create directory");
}

static struct error *
check_package(struct arena *arena, const char *folder, const char *name, const char *version)
{
    struct package_manifest package;
    struct error *error = package_manifest_read(arena, folder, &package);

    if (error)
        return error_wrap(error, "validate unpacked package at %s", folder);
    if (strcmp(package.name, name) == 0 && strcmp(package.version, version) == 0)
        return NULL;
    return error_new("E_INSTALL", "unpacked package identity mismatch: expected %s@%s got %s@%s",
                     quote_string(arena, name), quote_string(arena, version),
                     quote_string(arena, package.name), quote_string(arena, package.version));
}

/* Moves a staged folder to its place; what stood there goes only when that has worked. */
static struct error *
move_to_place(struct installer *installer, const char *staged, const char *place)
{
    char *parent = file_parent(place);
    const char *old = arena_printf(installer->arena, "%s_old", staged);
    struct error *error = error_wrap(file_make_dirs(parent), "create directory");
    struct stat status;
    bool exists = !error && lstat(place, &status) == 0;

    free(parent);
    if (error)
        return error;
    if (exists && !S_ISDIR(status.st_mode))
        return error_new("E_INSTALL", "dependency path exists but is not a directory: %s", place);
    if (exists && rename(place, old) < 0)
        return error_errno("E_INSTALL", "replace %s", place);
    if (rename(staged, place) < 0) {
        error = error_errno("E_INSTALL", "install %s", place);
        if (exists)
            rename(old, place);
    } else if (exists) {
        file_remove_tree(old);
    }
    return error;
}

static struct error *
finish(struct installer *installer, struct error *error, const char *staged, const char *place)
{
    if (!error)
        error = move_to_place(installer, staged, place);
    if (error)
        file_remove_tree(staged);
    /* Only when it is empty. */
    rmdir(paths_join(installer->arena, installer->folder, STAGE));
    return error;
}

struct error *
install_archive(struct installer *installer, const char *archive, const char *name, const char *version,
                const char *place)
{
    const char *staged;
    struct error *error = stage(installer, &staged);

    if (error)
        return error;
    error = error_wrap(unpack_file(archive, staged), "unpack %s@%s", quote_string(installer->arena, name),
                       quote_string(installer->arena, version));
    if (!error)
        error = check_package(installer->arena, staged, name, version);
    return finish(installer, error, staged, place);
}

struct error *
install_copy(struct installer *installer, const char *from, const char *place)
{
    const char *staged;
    struct error *error = stage(installer, &staged);

    if (error)
        return error;
    return finish(installer, copy_tree(from, staged), staged, place);
}
