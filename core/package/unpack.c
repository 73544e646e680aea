/* unpack.c: see unpack.h. */
#include "package/unpack.h"

#include "base/arena.h"
#include "base/file.h"
#include "base/quote.h"
#include "base/utf8.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BLOCK = 64 * 1024, MAX_PATH = 1024, MAX_DEPTH = 64 };

struct unpack {
    struct archive *archive;
    struct arena *arena;
    const char *dir; /* or NULL */
    const char **files;
    size_t members, file_count;
    uint64_t bytes;
};

/* "text: "path"". */
static struct error *
fail_path(const char *code, const char *text, const char *path)
{
    struct text quoted = {0};

    text_append_quoted(&quoted, path, strlen(path));
    struct error *error = error_new(code, "%s: %s", text, text_string(&quoted));
    text_free(&quoted);
    return error;
}

static struct error *
fail_format(const struct unpack *unpack)
{
    const char *reason = archive_error_string(unpack->archive);
    struct text text = {0};

    /* The library's texts may repeat bytes of the archive. */
    if (reason)
        text_append(&text, reason, utf8_prefix(reason, strlen(reason)));
    struct error *error = error_new("X07PKG_ARCHIVE_FORMAT", "the archive cannot be read: %s",
                                    text.len ? text.data : "it is damaged");
    text_free(&text);
    return error;
}

/* Copies the path without empty segments, so that one file has one spelling. */
static struct error *
check_path(struct unpack *unpack, const char *given, char **path)
{
    static const char code[] = "X07PKG_ARCHIVE_PATH";
    struct text why = {0};
    int depth = 0;

    if (!given || !utf8_check(given, strlen(given), &why)) {
        text_free(&why);
        return error_new(code, "archive paths must be UTF-8");
    }
    if (strlen(given) > MAX_PATH)
        return error_new(code, "archive path is longer than %d bytes", MAX_PATH);
    if (given[0] == '/')
        return fail_path(code, "absolute archive paths are not allowed", given);
    char *out = *path = arena_copy(unpack->arena, given, strlen(given));
    for (const char *at = given; *at;) {
        size_t len = strcspn(at, "/");
        if (len == 2 && memcmp(at, "..", 2) == 0)
            return fail_path(code, "archive paths must not contain '..'", given);
        if (len == 1 && *at == '.')
            return fail_path(code, "archive paths must not contain '.'", given);
        if (len) {
            if (out != *path)
                *out++ = '/';
            memcpy(out, at, len);
            out += len;
            if (++depth > MAX_DEPTH)
                return fail_path(code, "archive path is too deep", given);
        }
        at += len + (at[len] == '/');
    }
    *out = '\0';
    return **path ? NULL : error_new(code, "empty archive path");
}

/* Whether the member is a directory or a plain file, and no larger than what is still allowed. */
static struct error *
check_member(struct unpack *unpack, struct archive_entry *entry, const char *path)
{
    mode_t type = archive_entry_filetype(entry);

    if (archive_entry_hardlink(entry) || (type != AE_IFREG && type != AE_IFDIR) ||
        archive_entry_sparse_count(entry))
        return fail_path("X07PKG_ARCHIVE_TYPE", "unsupported tar entry type for", path);
    if (archive_entry_perm(entry) & 07000)
        return fail_path("X07PKG_ARCHIVE_MODE", "unsupported mode bits of tar entry", path);
    if (++unpack->members > UNPACK_MAX_MEMBERS)
        return error_new("X07PKG_ARCHIVE_LIMIT", "the archive has more than %d members", UNPACK_MAX_MEMBERS);
    int64_t size = archive_entry_size(entry);
    if (type == AE_IFREG && (size < 0 || (uint64_t)size > UNPACK_MAX_BYTES - unpack->bytes))
        return error_new("X07PKG_ARCHIVE_LIMIT", "the archive holds more than %d bytes", UNPACK_MAX_BYTES);
    return NULL;
}

/* Copies the content of the current member to `fd`, or nowhere when fd is negative. */
static struct error *
copy_content(struct unpack *unpack, int fd, const char *path)
{
    char block[BLOCK];
    la_ssize_t got;

    while ((got = archive_read_data(unpack->archive, block, sizeof block)) > 0) {
        unpack->bytes += (uint64_t)got;
        if (unpack->bytes > UNPACK_MAX_BYTES)
            return error_new("X07PKG_ARCHIVE_LIMIT", "the archive holds more than %d bytes",
                             UNPACK_MAX_BYTES);
        struct error *error = fd < 0 ? NULL : file_write_fd(fd, path, block, (size_t)got);
        if (error)
            return error;
    }
    return got < 0 ? fail_format(unpack) : NULL;
}

/* A path that cannot be made because something else stands there. */
static struct error *
fail_create(const char *path, const char *place)
{
    if (errno == EEXIST || errno == ENOTDIR || errno == EISDIR)
        return fail_path("X07PKG_ARCHIVE_DUPLICATE", "duplicate tar entry", path);
    return error_errno("E_FILE_WRITE", "%s", place);
}

static struct error *
make_dirs(const char *path, const char *place)
{
    struct error *error = file_make_dirs(place);

    if (!error)
        return NULL;
    error_free(error);
    return fail_create(path, place);
}

static struct error *
unpack_regular(struct unpack *unpack, const char *path)
{
    char *place = file_join(unpack->dir ? unpack->dir : "", path);
    char *parent = file_parent(place);
    struct error *error = unpack->dir ? make_dirs(path, parent) : NULL;
    int fd = -1;

    if (!error && unpack->dir) {
        fd = open(place, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
        if (fd < 0)
            error = fail_create(path, place);
    }
    if (!error)
        error = copy_content(unpack, fd, place);
    if (fd >= 0 && close(fd) < 0 && !error)
        error = error_errno("E_FILE_WRITE", "%s", place);
    free(parent);
    free(place);
    return error;
}

static struct error *
unpack_directory(const struct unpack *unpack, const char *path)
{
    if (!unpack->dir)
        return NULL;
    char *place = file_join(unpack->dir, path);
    struct error *error = make_dirs(path, place);
    free(place);
    return error;
}

static struct error *
unpack_member(struct unpack *unpack, struct archive_entry *entry)
{
    char *path = NULL;
    struct error *error = check_path(unpack, archive_entry_pathname(entry), &path);

    if (!error)
        error = check_member(unpack, entry, path);
    if (error)
        return error;
    if (archive_entry_filetype(entry) == AE_IFDIR)
        return unpack_directory(unpack, path);
    unpack->files[unpack->file_count++] = path;
    return unpack_regular(unpack, path);
}

static int
compare_paths(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

static struct error *
check_duplicates(const struct unpack *unpack)
{
    qsort(unpack->files, unpack->file_count, sizeof *unpack->files, compare_paths);
    for (size_t i = 1; i < unpack->file_count; i++)
        if (strcmp(unpack->files[i - 1], unpack->files[i]) == 0)
            return fail_path("X07PKG_ARCHIVE_DUPLICATE", "duplicate tar entry", unpack->files[i]);
    return NULL;
}

static struct error *
unpack_all(struct unpack *unpack)
{
    struct archive_entry *entry;
    struct error *error = NULL;
    int status = ARCHIVE_OK;

    while (!error && (status = archive_read_next_header(unpack->archive, &entry)) == ARCHIVE_OK)
        error = unpack_member(unpack, entry);
    if (!error && status != ARCHIVE_EOF)
        error = fail_format(unpack);
    return error ? error : check_duplicates(unpack);
}

/* Only uncompressed tar: a filter is one more thing that could be made to swell. */
static void
unpack_begin(struct unpack *unpack, const char *dir)
{
    *unpack = (struct unpack){.archive = archive_read_new(), .arena = arena_new(), .dir = dir};
    unpack->files = ARENA_ARRAY(unpack->arena, const char *, UNPACK_MAX_MEMBERS);
    archive_read_support_format_tar(unpack->archive);
    archive_read_support_filter_none(unpack->archive);
}

static struct error *
unpack_end(struct unpack *unpack, int opened)
{
    struct error *error = opened == ARCHIVE_OK ? unpack_all(unpack) : fail_format(unpack);

    archive_read_free(unpack->archive);
    arena_free(unpack->arena);
    return error;
}

struct error *
unpack_file(const char *path, const char *dir)
{
    struct unpack unpack;
    int64_t size;
    int fd;
    struct error *error = file_open_input(path, &fd, &size);

    if (error)
        return error;
    unpack_begin(&unpack, dir);
    error = unpack_end(&unpack, archive_read_open_fd(unpack.archive, fd, BLOCK));
    close(fd);
    return error;
}

struct error *
unpack_memory(const void *data, size_t len, const char *dir)
{
    struct unpack unpack;

    unpack_begin(&unpack, dir);
    return unpack_end(&unpack, archive_read_open_memory(unpack.archive, data, len));
}
