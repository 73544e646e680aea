/* roots.c: the policy's read and write roots into the payload, for guests whose kernel cannot share them
 * (shares.c): what is beneath a root is copied. Links stay links, and lead only to what the guest has. */
#include "vm.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ROOTS_MOST ((uint64_t)512 << 20)

enum { DEPTH_MOST = 64, READABLE = 0444, SEARCHABLE = 0111 };

/* One root on its way into the payload. */
struct walk {
    struct payload *payload;
    struct roots *roots;
    struct write_root *write; /* NULL: a read root */
    const char *root;
    char path[PATH_MAX]; /* in the guest */
    size_t root_len;
};

static x07_status
count_bytes(struct walk *walk, uint64_t size)
{
    walk->roots->bytes += size + VM_SECTOR;
    if (walk->roots->bytes <= ROOTS_MOST)
        return X07_OK;
    return vm_fail(
        walk->payload->host, X07_E_POLICY, "E_VM_ROOTS",
        "the policy's roots hold more than %llu MiB (at %s): the sandbox backend \"vm\" copies them into the "
        "guest",
        (unsigned long long)(ROOTS_MOST >> 20), walk->root);
}

static void
note_name(struct walk *walk)
{
    struct write_root *write = walk->write;

    if (!write || !walk->path[walk->root_len])
        return;
    if (write->count == write->capacity) {
        write->capacity = write->capacity * 2 + 64;
        write->names = realloc(write->names, write->capacity * sizeof *write->names);
        if (!write->names)
            abort();
    }
    write->names[write->count++] = strdup(walk->path + walk->root_len + 1);
}

/* What may only be read belongs to root there; we could read it, so the program may. */
static struct vm_record
record_of(const struct walk *walk, uint32_t type, const struct stat *found)
{
    uint32_t mode = found->st_mode & 0777;

    if (!walk->write)
        mode = (mode & 0111 & ~0222u) | READABLE | (type == RECORD_DIRECTORY ? SEARCHABLE : 0);
    return (struct vm_record){.type = type,
                              .mode = mode,
                              .writable = walk->write != NULL,
                              .mtime_ns = found->st_mtim.tv_sec * 1000000000 + found->st_mtim.tv_nsec};
}

static x07_status walk_directory(struct walk *walk, int fd, unsigned depth);

static x07_status
walk_link(struct walk *walk, int folder, const char *name, const struct stat *found)
{
    char target[PATH_MAX];
    ssize_t len = readlinkat(folder, name, target, sizeof target);

    if (len < 0)
        return vm_fail_errno(walk->payload->host, "E_VM_ROOTS", "read the link %s", walk->path);
    return payload_add(walk->payload, record_of(walk, RECORD_LINK, found), walk->path, target, (size_t)len);
}

/* A file that we may not read is not there for the program either. */
static x07_status
walk_file(struct walk *walk, int folder, const char *name)
{
    int file = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    struct stat found;

    if (file < 0 && (errno == EACCES || errno == EPERM || errno == ENOENT || errno == ELOOP))
        return X07_OK;
    if (file < 0 || fstat(file, &found) < 0) {
        x07_status status = vm_fail_errno(walk->payload->host, "E_VM_ROOTS", "read %s", walk->path);
        if (file >= 0)
            close(file);
        return status;
    }
    x07_status status = count_bytes(walk, (uint64_t)found.st_size);
    if (status == X07_OK && S_ISREG(found.st_mode))
        status = payload_add_file(walk->payload, record_of(walk, RECORD_FILE, &found), walk->path, file,
                                  (uint64_t)found.st_size);
    close(file);
    return status;
}

static x07_status
walk_entry(struct walk *walk, int folder, const char *name, unsigned depth)
{
    struct stat found;
    x07_status status = X07_OK;

    if (fstatat(folder, name, &found, AT_SYMLINK_NOFOLLOW) < 0)
        return X07_OK; /* it has just gone */
    if (S_ISLNK(found.st_mode)) {
        status = count_bytes(walk, 0);
        if (status == X07_OK)
            status = walk_link(walk, folder, name, &found);
    } else if (S_ISREG(found.st_mode)) {
        status = walk_file(walk, folder, name);
    } else if (S_ISDIR(found.st_mode)) {
        int inner = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (inner < 0)
            return X07_OK;
        status = walk_directory(walk, inner, depth + 1);
    } else {
        return X07_OK; /* sockets, fifos and devices mean nothing in another kernel */
    }
    note_name(walk);
    return status;
}

/* Takes over `fd`. */
static x07_status
walk_directory(struct walk *walk, int fd, unsigned depth)
{
    size_t len = strlen(walk->path);
    DIR *directory = fdopendir(fd);
    struct stat found;
    x07_status status = count_bytes(walk, 0);

    if (!directory || fstat(fd, &found) < 0 || depth > DEPTH_MOST) {
        if (depth > DEPTH_MOST)
            errno = ELOOP;
        status = vm_fail_errno(walk->payload->host, "E_VM_ROOTS", "read %s", walk->path);
        directory ? closedir(directory) : close(fd);
        return status;
    }
    if (status == X07_OK)
        status = payload_add(walk->payload, record_of(walk, RECORD_DIRECTORY, &found), walk->path, NULL, 0);
    for (struct dirent *entry; status == X07_OK && (entry = readdir(directory));) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        if (snprintf(walk->path + len, sizeof walk->path - len, "/%s", entry->d_name) >=
            (int)(sizeof walk->path - len))
            status = vm_fail(walk->payload->host, X07_E_ARGUMENT, "E_VM_PATH", "path is too long beneath %s",
                             walk->root);
        else
            status = walk_entry(walk, fd, entry->d_name, depth);
        walk->path[len] = 0;
    }
    closedir(directory);
    return status;
}

/* A write root that does not exist is made, as the program could not make it. */
static x07_status
begin_write_root(struct walk *walk)
{
    const x07_host *host = walk->payload->host;
    x07_status status = vm_make_dirs(host, walk->path, 0777);

    walk->write->path = strdup(walk->path);
    walk->write->resolved = realpath(walk->path, NULL);
    if (status == X07_OK && !walk->write->resolved)
        status = vm_fail_errno(host, "E_VM_ROOTS", "create write_root dir: %s", walk->path);
    return status == X07_OK
               ? payload_add(walk->payload, (struct vm_record){.type = RECORD_TREE}, walk->path, NULL, 0)
               : status;
}

static x07_status
add_root(struct payload *payload, struct roots *roots, struct write_root *write, const char *directory,
         const char *root)
{
    struct walk *walk = calloc(1, sizeof *walk);
    struct stat found;

    if (!walk)
        abort();
    *walk = (struct walk){.payload = payload, .roots = roots, .write = write, .root = root};
    x07_status status = root_name(payload->host, directory, root, walk->path);
    walk->root_len = strlen(walk->path);
    if (status == X07_OK && write)
        status = begin_write_root(walk);
    if (status == X07_OK)
        status = payload_add_place(payload, write ? VM_PLACE_WRITE : VM_PLACE_READ, walk->path);
    int folder = status == X07_OK ? open(walk->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) : -1;
    if (folder >= 0 && fstat(folder, &found) == 0 && S_ISDIR(found.st_mode)) {
        status = walk_directory(walk, folder, 0);
    } else if (folder >= 0) {
        close(folder);
        if (write)
            status = root_not_a_folder(payload->host, walk->path);
        else
            status = walk_file(walk, AT_FDCWD, walk->path);
    }
    free(walk);
    return status;
}

x07_status
roots_add(struct payload *payload, const x07_grants *grants, const char *directory, struct roots *roots)
{
    size_t writes = list_count(grants->write_roots);
    x07_status status = X07_OK;

    *roots = (struct roots){.writes = calloc(writes + 1, sizeof *roots->writes)};
    if (!roots->writes)
        abort();
    for (size_t i = 0; status == X07_OK && grants->read_roots && grants->read_roots[i]; i++)
        status = add_root(payload, roots, NULL, directory, grants->read_roots[i]);
    /* Later, so that they win where both grant the same. */
    for (size_t i = 0; status == X07_OK && i < writes; i++) {
        roots->write_count = i + 1;
        status = add_root(payload, roots, &roots->writes[i], directory, grants->write_roots[i]);
    }
    return status;
}

void
roots_free(struct roots *roots)
{
    for (size_t i = 0; i < roots->write_count; i++) {
        for (size_t k = 0; k < roots->writes[i].count; k++)
            free(roots->writes[i].names[k]);
        free(roots->writes[i].names);
        free(roots->writes[i].path);
        free(roots->writes[i].resolved);
    }
    free(roots->writes);
    *roots = (struct roots){0};
}
