/* apply.c: makes the host's write roots what the guest said. Every step is taken from an open root, through
 * names that the kernel resolves beneath it and through no link, so that nothing outside can be reached,
 * whatever lies there by now. A file is written beside its place and renamed. */
#include "links.h"
#include "writeback.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* One entry in its folder. */
struct place {
    int folder;
    const char *base;
};

static x07_status
fail(struct writeback *writeback, const struct write_root *root, const char *name)
{
    return vm_fail_errno(writeback->host, "E_VM_WRITEBACK", "write %s/%s", root->path, name);
}

static bool
place_open(int root, const char *name, struct place *place)
{
    struct open_how how = {.flags = O_PATH | O_DIRECTORY | O_CLOEXEC,
                           .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS};
    const char *slash = strrchr(name, '/');
    char folder[VM_NAME_MAX] = ".";

    if (slash) {
        memcpy(folder, name, (size_t)(slash - name));
        folder[slash - name] = 0;
    }
    place->base = slash ? slash + 1 : name;
    place->folder = (int)syscall(SYS_openat2, root, folder, &how, sizeof how);
    return place->folder >= 0;
}

static bool
apply_directory(const struct place *place, const struct entry *entry)
{
    struct stat found;

    if (fstatat(place->folder, place->base, &found, AT_SYMLINK_NOFOLLOW) == 0) {
        if (S_ISDIR(found.st_mode))
            return true;
        if (unlinkat(place->folder, place->base, 0) < 0)
            return false;
    }
    return mkdirat(place->folder, place->base, entry->said.mode & 0777) == 0;
}

static bool
fill_draft(struct writeback *writeback, int draft, const struct entry *entry)
{
    off_t at = entry->start;

    for (uint64_t left = entry->said.size; left;) {
        ssize_t count = sendfile(draft, writeback->staged, &at, left < INT32_MAX ? left : INT32_MAX);
        if (count <= 0)
            return false;
        left -= (uint64_t)count;
    }
    struct timespec times[2] = {
        {.tv_nsec = UTIME_OMIT},
        {.tv_sec = entry->said.mtime_ns / 1000000000, .tv_nsec = entry->said.mtime_ns % 1000000000}};
    if (entry->said.mtime_ns >= 0)
        futimens(draft, times);
    return fchmod(draft, entry->said.mode & 0777) == 0;
}

static bool
apply_file(struct writeback *writeback, const struct place *place, const struct entry *entry)
{
    char name[64];

    snprintf(name, sizeof name, ".x07-%ld-%zu", (long)getpid(), (size_t)(entry - writeback->entries));
    int draft = openat(place->folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (draft < 0)
        return false;
    bool done = fill_draft(writeback, draft, entry);
    close(draft);
    if (done && renameat(place->folder, name, place->folder, place->base) < 0)
        done = errno == EISDIR && unlinkat(place->folder, place->base, AT_REMOVEDIR) == 0 &&
               renameat(place->folder, name, place->folder, place->base) == 0;
    if (!done) {
        int number = errno;
        unlinkat(place->folder, name, 0);
        errno = number;
    }
    return done;
}

/* Folders between the root and what is named. */
static unsigned
depth_of(const char *name)
{
    unsigned depth = 0;

    for (const char *at = name; (at = strchr(at, '/')); at++)
        depth++;
    return depth;
}

static bool
apply_link(struct writeback *writeback, const struct place *place, const struct entry *entry)
{
    char now[VM_NAME_MAX];
    ssize_t len = readlinkat(place->folder, place->base, now, sizeof now);

    if (len >= 0 && (size_t)len == strlen(entry->target) && memcmp(now, entry->target, (size_t)len) == 0)
        return true;
    if (!link_stays_beneath(depth_of(entry->name), entry->target)) {
        char text[VM_NAME_MAX * 2];
        snprintf(text, sizeof text,
                 "vm: the link %.2000s/%.2000s leads out of its write root and was left out",
                 entry->root->path, entry->name);
        writeback->host->log(writeback->host, X07_LOG_WARNING, text);
        return true;
    }
    if (unlinkat(place->folder, place->base, 0) < 0 && errno == EISDIR)
        unlinkat(place->folder, place->base, AT_REMOVEDIR);
    return symlinkat(entry->target, place->folder, place->base) == 0;
}

static x07_status
apply_entry(struct writeback *writeback, int root, const struct entry *entry)
{
    struct place place;
    bool done = true;

    if (entry->said.kind == ENTRY_SAME)
        return X07_OK;
    if (!place_open(root, entry->name, &place))
        return fail(writeback, entry->root, entry->name);
    if (entry->said.kind == ENTRY_DIRECTORY)
        done = apply_directory(&place, entry);
    else if (entry->said.kind == ENTRY_FILE)
        done = apply_file(writeback, &place, entry);
    else
        done = apply_link(writeback, &place, entry);
    x07_status status = done ? X07_OK : fail(writeback, entry->root, entry->name);
    close(place.folder);
    return status;
}

static int
compare_names(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

/* What went in and is not there any more. Children were noted before their folders. */
static void
remove_missing(struct writeback *writeback, int root_fd, const struct write_root *root)
{
    char **present = calloc(writeback->count + 1, sizeof *present);
    size_t count = 0;

    if (!present)
        abort();
    for (size_t i = 0; i < writeback->count; i++)
        if (writeback->entries[i].root == root)
            present[count++] = writeback->entries[i].name;
    qsort(present, count, sizeof *present, compare_names);
    for (size_t i = 0; i < root->count; i++) {
        struct place place;
        if (bsearch(&root->names[i], present, count, sizeof *present, compare_names) ||
            !place_open(root_fd, root->names[i], &place))
            continue;
        if (unlinkat(place.folder, place.base, 0) < 0 && errno == EISDIR)
            unlinkat(place.folder, place.base, AT_REMOVEDIR);
        close(place.folder);
    }
    free(present);
}

static bool
is_told(const struct writeback *writeback, const struct write_root *root)
{
    for (size_t i = 0; i < writeback->count; i++)
        if (writeback->entries[i].root == root)
            return true;
    return false;
}

static x07_status
apply_root(struct writeback *writeback, const struct write_root *root)
{
    if (!is_told(writeback, root) && !root->count)
        return X07_OK;
    int fd = open(root->resolved, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return fail(writeback, root, "");
    x07_status status = X07_OK;
    remove_missing(writeback, fd, root);
    for (size_t i = 0; status == X07_OK && i < writeback->count; i++)
        if (writeback->entries[i].root == root)
            status = apply_entry(writeback, fd, &writeback->entries[i]);
    close(fd);
    return status;
}

x07_status
writeback_apply(struct writeback *writeback)
{
    x07_status status = X07_OK;

    if (writeback->left)
        return vm_fail(writeback->host, X07_E_INVALID, "E_VM_GUEST",
                       "the guest breaks the rules: a file has fewer bytes than it says");
    for (size_t i = 0; status == X07_OK && i < writeback->roots->write_count; i++)
        status = apply_root(writeback, &writeback->roots->writes[i]);
    return status;
}
