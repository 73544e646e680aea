/* shares.c: the policy's roots as the guest sees them live: which are shared and in which order, and the
 * process that serves them. It runs within the boundary with nothing but the roots in its view, and speaks
 * with the guest's kernel through a port of its own; this process never looks at what they say. */
#include "vm.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SERVER "x07-vm-files"

bool
shares_wanted(const x07_grants *grants)
{
    return grants && (list_count(grants->read_roots) || list_count(grants->write_roots));
}

/* A read root that does not exist grants nothing; a write root that does not exist is made, as the program
 * could not make it. */
static x07_status
add_root(struct payload *payload, struct shares *shares, const char *directory, const char *root,
         bool writable)
{
    char path[PATH_MAX];
    struct stat found;
    x07_status status = root_name(payload->host, directory, root, path);

    if (status == X07_OK && writable)
        status = vm_make_dirs(payload->host, path, 0777);
    if (status == X07_OK && stat(path, &found) < 0) {
        if (writable)
            status = vm_fail_errno(payload->host, "E_VM_ROOTS", "create write_root dir: %s", path);
    } else if (status == X07_OK && writable && !S_ISDIR(found.st_mode)) {
        status = root_not_a_folder(payload->host, path);
    } else if (status == X07_OK && (S_ISDIR(found.st_mode) || S_ISREG(found.st_mode))) {
        shares->items[shares->count++] = (struct share){.path = strdup(path), .writable = writable};
    }
    return status == X07_OK ? payload_add_place(payload, writable ? VM_PLACE_WRITE : VM_PLACE_READ, path)
                            : status;
}

static bool
is_beneath(const char *path, const char *root)
{
    size_t len = strlen(root);

    return strncmp(path, root, len) == 0 && (!path[len] || path[len] == '/');
}

/* Whether another root grants all that this one does. Of two that are the same the first stays. */
static bool
is_covered(const struct shares *shares, size_t index)
{
    const struct share *share = &shares->items[index];

    for (size_t i = 0; i < shares->count; i++) {
        const struct share *other = &shares->items[i];
        bool same = is_beneath(share->path, other->path) && is_beneath(other->path, share->path);
        if (i == index || !other->path || !is_beneath(share->path, other->path) ||
            other->writable < share->writable)
            continue;
        if (!same || other->writable > share->writable || i < index)
            return true;
    }
    return false;
}

static int
compare_paths(const void *left, const void *right)
{
    return strcmp(((const struct share *)left)->path, ((const struct share *)right)->path);
}

/* A root comes after those that it lies beneath. */
static void
put_in_order(struct shares *shares)
{
    size_t kept = 0;
    bool *covered = calloc(shares->count + 1, sizeof *covered);

    if (!covered)
        abort();
    for (size_t i = 0; i < shares->count; i++)
        covered[i] = is_covered(shares, i);
    for (size_t i = 0; i < shares->count; i++) {
        if (covered[i])
            free(shares->items[i].path);
        else
            shares->items[kept++] = shares->items[i];
    }
    shares->count = kept;
    free(covered);
    qsort(shares->items, shares->count, sizeof *shares->items, compare_paths);
}

x07_status
shares_add(struct payload *payload, const x07_grants *grants, const char *directory, struct shares *shares)
{
    size_t reads = list_count(grants->read_roots), writes = list_count(grants->write_roots);
    x07_status status = X07_OK;

    *shares = (struct shares){.items = calloc(reads + writes + 1, sizeof *shares->items)};
    if (!shares->items)
        abort();
    for (size_t i = 0; status == X07_OK && i < reads; i++)
        status = add_root(payload, shares, directory, grants->read_roots[i], false);
    for (size_t i = 0; status == X07_OK && i < writes; i++)
        status = add_root(payload, shares, directory, grants->write_roots[i], true);
    if (status == X07_OK)
        put_in_order(shares);
    for (size_t i = 0; status == X07_OK && i < shares->count; i++)
        status = payload_add(payload,
                             (struct vm_record){.type = RECORD_SHARE, .writable = shares->items[i].writable},
                             shares->items[i].path, NULL, 0);
    return status;
}

void
shares_free(struct shares *shares)
{
    for (size_t i = 0; i < shares->count; i++)
        free(shares->items[i].path);
    free(shares->items);
    *shares = (struct shares){0};
}

static void
make_command(const struct shares *shares, const char *server, struct words *words)
{
    words_add(words, "--monitor"); /* it gives all of that up but a few calls, before it hears of the guest */
    for (size_t i = 0; i < shares->count; i++)
        words_add_pair(words, shares->items[i].writable ? "--write" : "--read", shares->items[i].path);
    words_add_pair(words, "--", server);
    for (size_t i = 0; i < shares->count; i++)
        words_add_pair(words, shares->items[i].writable ? "write" : "read", shares->items[i].path);
}

x07_status
shares_serve(const struct shares *shares, const char *folder, struct machine *machine,
             struct process *process)
{
    const x07_host *host = machine->host;
    int fds[] = {machine->files, machine->log, machine->log};
    char server[PATH_MAX];
    struct words words = {0};
    x07_status status = confine_find(host, SERVER, server);

    if (status == X07_OK)
        status = confine_begin(host, process, folder, "files", &words);
    if (status == X07_OK) {
        make_command(shares, server, &words);
        status = process_start(process, &words, fds, sizeof fds / sizeof *fds);
    }
    words_free(&words);
    close(machine->files); /* its end is what tells the guest that nobody serves it any more */
    machine->files = -1;
    return status;
}
