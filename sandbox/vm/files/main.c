/* x07-vm-files: serves the shared roots of one guest.
 *
 *     x07-vm-files [read|write PATH]... <>SOCKET
 *
 * Ends when the socket does, and when the guest sends what no kernel sends. */
#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/uio.h>
#include <unistd.h>

enum { WIRE = 0, USAGE = 2, OPEN_FILES = 64 };

static bool
read_all(char *data, size_t size)
{
    while (size) {
        ssize_t count = read(WIRE, data, size);
        if (count == 0 || (count < 0 && errno != EINTR))
            return false;
        if (count > 0) {
            data += count;
            size -= (size_t)count;
        }
    }
    return true;
}

static bool
write_all(const char *data, size_t size)
{
    while (size) {
        ssize_t count = write(WIRE, data, size);
        if (count < 0 && errno != EINTR)
            return false;
        if (count > 0) {
            data += count;
            size -= (size_t)count;
        }
    }
    return true;
}

static bool
serve_one(struct server *server)
{
    const struct fuse_in_header *header = (const void *)server->request;
    struct fuse_out_header *reply = (struct fuse_out_header *)(void *)server->reply;
    struct call call = {.server = server,
                        .header = header,
                        .body = server->request + sizeof *header,
                        .out = server->reply + sizeof *reply};

    if (!read_all(server->request, sizeof *header))
        return false;
    if (header->len < sizeof *header || header->len > FILES_REQUEST_MAX) {
        fputs("x07-vm-files: the guest sends a request of no possible length\n", stderr);
        return false;
    }
    call.body_size = header->len - sizeof *header;
    if (!read_all(server->request + sizeof *header, call.body_size))
        return false;
    int failed = calls_do(&call);
    if (call.is_silent)
        return true;
    if (failed)
        call.out_size = 0;
    *reply = (struct fuse_out_header){
        .len = (uint32_t)(sizeof *reply + call.out_size), .error = failed, .unique = header->unique};
    return write_all(server->reply, reply->len);
}

/* A root that cannot be opened grants nothing: its calls fail. A file is opened anew for each use, by its
 * name in its folder. */
static void
open_root(struct root *root, char *path, bool writable)
{
    struct stat found;

    *root = (struct root){.folder = open(path, O_PATH | O_CLOEXEC), .writable = writable};
    if (root->folder < 0 || fstat(root->folder, &found) < 0 || S_ISDIR(found.st_mode))
        return;
    close(root->folder);
    char *slash = strrchr(path, '/');
    root->file = slash + 1;
    *slash = 0;
    root->folder = open(*path ? path : "/", O_PATH | O_DIRECTORY | O_CLOEXEC);
}

static bool
open_roots(struct server *server, int argc, char **argv)
{
    server->roots = calloc((size_t)argc, sizeof *server->roots);
    for (int i = 1; server->roots && i + 1 < argc; i += 2) {
        bool writable = strcmp(argv[i], "write") == 0;
        if ((!writable && strcmp(argv[i], "read") != 0) || argv[i + 1][0] != '/')
            return false;
        open_root(&server->roots[server->root_count++], argv[i + 1], writable);
    }
    return server->roots && argc % 2 == 1;
}

/* The guest's limit of open files is what counts. */
static void
raise_limit(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < FILES_HANDLES_MAX + OPEN_FILES) {
        rlim_t wanted = FILES_HANDLES_MAX + OPEN_FILES;
        limit.rlim_cur = wanted < limit.rlim_max ? wanted : limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

int
main(int argc, char **argv)
{
    struct server server = {.request = malloc(FILES_REQUEST_MAX), .reply = malloc(FILES_REQUEST_MAX)};

    if (!server.request || !server.reply || !open_roots(&server, argc, argv)) {
        fputs("usage: x07-vm-files [read|write PATH]... <>SOCKET\n", stderr);
        return USAGE;
    }
    signal(SIGPIPE, SIG_IGN);
    umask(0);
    raise_limit();
    nodes_open(&server.nodes, server.roots, server.root_count);
    if (!filter_self()) {
        perror("x07-vm-files: cannot give system calls up");
        return 1;
    }
    while (serve_one(&server))
        ;
    return 0;
}
