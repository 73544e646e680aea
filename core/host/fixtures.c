/* fixtures.c: see fixtures.h. */
#include "host/fixtures.h"

#include "base/file.h"
#include "host/fixture_documents.h"
#include "host/internal.h"
#include "package/copy_tree.h"

#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { SEALED_FOLDER = 0555, SEALED_FILE = 0444, PLAIN_FILE = 0666, DEEPEST_OPEN = 16 };

/* The folder that is being filled. */
struct place {
    struct host *host;
    const char *folder;
};

/* "folder/name" in the arena of the host. */
static const char *
path_in(const struct place *place, const char *folder, const char *name)
{
    return arena_printf(place->host->arena, "%s/%s", folder, name);
}

static struct error *
copy_folder(const char *from, const char *to)
{
    struct error *error = file_make_dirs(to);

    if (!error)
        error = copy_tree(from, to);
    return error_wrap(error, "copy fixture dir");
}

static struct error *
write_file(const struct place *place, const char *name, const struct text *content)
{
    const char *path = path_in(place, place->folder, name);
    char *folder = file_parent(path);
    struct error *error = file_make_dirs(folder);

    free(folder);
    return error ? error : file_replace(path, text_string(content), content->len, PLAIN_FILE);
}

/* Reads a JSON document beneath a fixture's folder. */
static struct error *
read_beneath(const struct place *place, const char *folder, const char *name, struct text *json,
             const char **path)
{
    if (!fixture_path_is_safe(name, strlen(name)))
        return error_new("E_FIXTURES", "expected safe relative path, got %s", name);
    *path = path_in(place, folder, name);
    return error_wrap(file_read(*path, FILE_NO_LIMIT, json), "read fixture");
}

static struct error *
place_files(const struct place *place, const struct fixtures *fixtures)
{
    struct text json = {0}, index = {0};
    const char *from = fixtures->fs_dir, *path = NULL;
    struct error *error = NULL;

    if (fixtures->fs_root && !fixture_path_is_safe(fixtures->fs_root, strlen(fixtures->fs_root)))
        return error_new("E_FIXTURES", "expected safe relative path, got %s", fixtures->fs_root);
    if (fixtures->fs_root)
        from = path_in(place, from, fixtures->fs_root);
    error = copy_folder(from, place->folder);
    if (!error && fixtures->fs_latency_index)
        error = read_beneath(place, fixtures->fs_dir, fixtures->fs_latency_index, &json, &path);
    if (!error && fixtures->fs_latency_index)
        error = fixture_latency_index(path, &json, &index);
    if (!error && index.len)
        error = write_file(place, ".x07_fs/latency.evfslat", &index);
    text_free(&json);
    text_free(&index);
    return error;
}

static struct error *
place_seed_document(const struct place *place, const struct fixtures *fixtures)
{
    struct text json = {0}, seed = {0}, index = {0};
    const char *path = NULL;
    struct error *error = read_beneath(place, fixtures->kv_dir, fixtures->kv_seed, &json, &path);

    if (!error)
        error = fixture_seed(path, &json, &seed, &index);
    if (!error)
        error = write_file(place, ".x07_kv/seed.evkv", &seed);
    if (!error)
        error = write_file(place, ".x07_kv/latency.evkvlat", &index);
    text_free(&json);
    text_free(&seed);
    text_free(&index);
    return error;
}

static struct error *
place_store(const struct place *place, const struct fixtures *fixtures)
{
    static const char *const names[] = {"seed.evkv", "latency.evkvlat"};
    struct text content = {0};
    struct error *error = NULL;

    if (!file_is_regular(path_in(place, fixtures->kv_dir, names[0]))) {
        if (fixtures->kv_seed)
            return place_seed_document(place, fixtures);
        return error_new("E_FIXTURES", "missing fixture_kv_seed for solve-kv (seed.evkv not present)");
    }
    for (size_t i = 0; !error && i < sizeof names / sizeof names[0]; i++) {
        const char *from = path_in(place, fixtures->kv_dir, names[i]);

        if (!file_is_regular(from))
            continue;
        text_clear(&content);
        error = error_wrap(file_read(from, FILE_NO_LIMIT, &content), "copy fixture dir");
        if (!error)
            error = write_file(place, path_in(place, ".x07_kv", names[i]), &content);
    }
    text_free(&content);
    return error;
}

static int
seal(const char *path, const struct stat *status, int kind, struct FTW *where)
{
    (void)kind;
    (void)where;
    return chmod(path, S_ISDIR(status->st_mode) ? SEALED_FOLDER : SEALED_FILE);
}

struct error *
host_place_fixtures(struct host *host, const struct fixtures *fixtures, const char **folder)
{
    char *path = NULL;
    struct error *error = host_scratch_path(host, "fixtures", &path);

    if (error)
        return error;
    struct place place = {host, arena_copy(host->arena, path, strlen(path))};
    free(path);
    *folder = place.folder;
    error = file_make_dirs(place.folder);
    if (!error && fixtures->fs_dir)
        error = place_files(&place, fixtures);
    if (!error && fixtures->rr_dir)
        error = copy_folder(fixtures->rr_dir, path_in(&place, place.folder, ".x07_rr"));
    if (!error && fixtures->kv_dir)
        error = place_store(&place, fixtures);
    if (!error && nftw(place.folder, seal, DEEPEST_OPEN, FTW_DEPTH | FTW_PHYS))
        error = error_errno("E_FIXTURES", "seal fixtures: %s", place.folder);
    return error;
}
