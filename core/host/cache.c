/* cache.c: the native cache: executables by key, kept across runs and shared by processes.
 *
 * An entry is a directory <cache>/<key> with the executable ("solver") and a record of its size and
 * modification time. It appears by one rename of a finished directory, so that nobody sees half of it, and
 * two writers of one key do not disturb each other: the second finds the first one's entry and drops its own.
 * Before use an entry must be ours, regular, and of the size and time in its record, which catches truncation
 * and replacement without reading it; an entry that is not is moved away and removed. A cache directory that
 * others can write to is not used at all. When the cache cannot be written the command goes on with temporary
 * files. */
#include "base/file.h"
#include "base/memory.h"
#include "host/internal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { KEY_MAX = 128, RECORD_MAX = 256, REPLACE_TRIES = 3 };

#define SOLVER "solver"
#define RECORD "record"

/* Where the cache is: named by the user, or in the user's cache directory, or in the temporary one. */
static char *
cache_location(void)
{
    const char *named = getenv("X07_NATIVE_CACHE_DIR");
    const char *xdg = getenv("XDG_CACHE_HOME");
    const char *home = getenv("HOME");
    const char *temporary = getenv("TMPDIR");
    struct text path = {0};

    if (named && named[0])
        text_puts(&path, named);
    else if (xdg && xdg[0] == '/')
        text_printf(&path, "%s/x07/native", xdg);
    else if (home && home[0] == '/')
        text_printf(&path, "%s/.cache/x07/native", home);
    else
        text_printf(&path, "%s/x07-native-cache-%lu", temporary && temporary[0] ? temporary : "/tmp",
                    (unsigned long)geteuid());
    return text_take(&path);
}

/* Programs are run from here: nobody else may be able to put one in. */
static bool
is_private_dir(const char *path)
{
    struct stat status;

    return lstat(path, &status) == 0 && S_ISDIR(status.st_mode) && status.st_uid == geteuid() &&
           !(status.st_mode & (S_IWGRP | S_IWOTH));
}

/* The absolute cache directory, or NULL when none can be used. */
static const char *
cache_dir(struct host *host)
{
    if (host->cache_tried)
        return host->cache_dir;
    host->cache_tried = true;
    char *location = cache_location();
    struct error *error = file_is_dir(location) ? NULL : file_make_dirs(location);
    char *resolved = error ? NULL : realpath(location, NULL);
    if (resolved && is_private_dir(resolved)) {
        host->cache_dir = resolved;
        resolved = NULL;
    }
    free(resolved);
    error_free(error);
    free(location);
    return host->cache_dir;
}

static bool
is_key(const char *key)
{
    size_t len = key ? strspn(key, "abcdefghijklmnopqrstuvwxyz0123456789._-") : 0;

    return len > 0 && len <= KEY_MAX && key[len] == '\0' && key[0] != '.';
}

static void
record_text(const struct stat *status, char *record, size_t size)
{
    snprintf(record, size, "x07-cache 1 %lld %lld.%09ld\n", (long long)status->st_size,
             (long long)status->st_mtim.tv_sec, (long)status->st_mtim.tv_nsec);
}

/* Whether the entry can be run as it is. */
static bool
entry_intact(const char *entry)
{
    char *solver = file_join(entry, SOLVER);
    char *record = file_join(entry, RECORD);
    struct text found = {0};
    char expected[RECORD_MAX];
    struct stat status;
    bool intact = false;

    if (lstat(solver, &status) == 0 && S_ISREG(status.st_mode) && status.st_uid == geteuid() &&
        (status.st_mode & S_IXUSR) && !(status.st_mode & (S_IWGRP | S_IWOTH))) {
        record_text(&status, expected, sizeof expected);
        struct error *error = file_read(record, RECORD_MAX, &found);
        intact = !error && strcmp(text_string(&found), expected) == 0;
        error_free(error);
    }
    text_free(&found);
    free(record);
    free(solver);
    return intact;
}

/* Takes a damaged entry out of the way in one step, then removes it. */
static void
entry_discard(const char *dir, const char *entry)
{
    char *grave = file_join(dir, ".old-XXXXXX");

    if (mkdtemp(grave) && rename(entry, grave) == 0)
        file_remove_tree(grave);
    else
        rmdir(grave);
    unlink(entry); /* something that is no directory */
    free(grave);
}

x07_status
host_cache_lookup(const x07_host *table, const char *key, char **path)
{
    if (!is_key(key) || !path)
        return table->fail(table, X07_E_ARGUMENT, "E_CACHE_KEY", "cache_lookup: bad key");
    const char *dir = cache_dir(host_of(table));
    if (!dir)
        return table->fail(table, X07_E_NOT_FOUND, "E_CACHE_NONE", "no cache directory can be used");
    char *entry = file_join(dir, key);
    bool intact = entry_intact(entry);

    if (intact)
        *path = file_join(entry, SOLVER);
    else if (access(entry, F_OK) == 0)
        entry_discard(dir, entry);
    free(entry);
    return intact ? X07_OK : table->fail(table, X07_E_NOT_FOUND, "E_CACHE_MISS", "not in the cache");
}

/* Fills a fresh directory with the executable and its record. */
static struct error *
entry_fill(const char *entry, const char *source)
{
    char *solver = file_join(entry, SOLVER);
    char *record = file_join(entry, RECORD);
    char text[RECORD_MAX];
    struct stat status;
    struct error *error = file_copy(source, solver);

    if (!error && (chmod(solver, 0700) < 0 || stat(solver, &status) < 0))
        error = error_errno("E_CACHE_WRITE", "%s", solver);
    if (!error) {
        record_text(&status, text, sizeof text);
        struct file_draft draft;
        error = file_draft_open(&draft, record, 0600);
        if (!error) {
            error = file_write_fd(draft.fd, record, text, strlen(text));
            if (error)
                file_draft_discard(&draft);
            else
                error = file_draft_commit(&draft, false);
        }
    }
    free(record);
    free(solver);
    return error;
}

/* Puts the filled directory in the entry's place. An intact entry that is there already is as good as ours.
 */
static bool
entry_publish(const char *dir, const char *fresh, const char *entry)
{
    for (int i = 0; i < REPLACE_TRIES; i++) {
        if (rename(fresh, entry) == 0)
            return true;
        if (errno != ENOTEMPTY && errno != EEXIST && errno != ENOTDIR)
            return false;
        if (entry_intact(entry)) {
            file_remove_tree(fresh);
            return true;
        }
        entry_discard(dir, entry);
    }
    return false;
}

static bool
entry_store(const char *dir, const char *key, const char *source, char **path)
{
    char *fresh = file_join(dir, ".new-XXXXXX");
    char *entry = file_join(dir, key);
    bool stored = false;

    if (mkdtemp(fresh)) {
        struct error *error = entry_fill(fresh, source);
        stored = !error && entry_publish(dir, fresh, entry);
        error_free(error);
        if (!stored)
            file_remove_tree(fresh);
    }
    if (stored)
        *path = file_join(entry, SOLVER);
    free(entry);
    free(fresh);
    return stored;
}

x07_status
host_cache_store(const x07_host *table, const char *key, const char *source, char **path)
{
    struct host *host = host_of(table);

    if (!is_key(key) || !source || !path)
        return table->fail(table, X07_E_ARGUMENT, "E_CACHE_KEY", "cache_store: bad key or source");
    const char *dir = cache_dir(host);
    if (dir && entry_store(dir, key, source, path))
        return X07_OK;
    struct error *error = host_scratch_path(host, SOLVER, path);
    if (!error) {
        error = file_copy(source, *path);
        if (error) {
            free(*path);
            *path = NULL;
        }
    }
    return error ? host_fail_error(host, X07_E_IO, error) : X07_OK;
}
