/* trees.c: tells the host what became of the write roots: every entry that is there, and the bytes of those
 * files that changed. What is not told is gone. */
#include "guest.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static struct timespec mark; /* files that changed since have a later status time */

void
trees_mark(void)
{
    struct timespec now, pause = {.tv_nsec = 1000000};

    clock_gettime(CLOCK_REALTIME_COARSE, &mark);
    do {
        nanosleep(&pause, NULL);
        clock_gettime(CLOCK_REALTIME_COARSE, &now);
    } while (now.tv_sec == mark.tv_sec && now.tv_nsec == mark.tv_nsec);
}

static int
is_after_mark(const struct timespec *time)
{
    return time->tv_sec > mark.tv_sec || (time->tv_sec == mark.tv_sec && time->tv_nsec > mark.tv_nsec);
}

static void
send_entry(struct vm_entry *entry, const char *name, const char *target)
{
    char tail[VM_NAME_MAX * 2];
    size_t name_len = strlen(name);
    size_t target_len = target ? strlen(target) : 0;

    entry->name_len = (uint32_t)name_len;
    memcpy(tail, name, name_len);
    if (target_len)
        memcpy(tail + name_len, target, target_len);
    channel_send2(FRAME_ENTRY, entry, sizeof *entry, tail, name_len + target_len);
}

static void
send_file(int directory, const char *base, const char *name, const struct stat *found)
{
    static char buffer[VM_FRAME_MAX];
    struct vm_entry entry = {.kind = is_after_mark(&found->st_ctim) ? ENTRY_FILE : ENTRY_SAME,
                             .mode = found->st_mode & 0777,
                             .mtime_ns = found->st_mtim.tv_sec * 1000000000 + found->st_mtim.tv_nsec};

    if (entry.kind == ENTRY_FILE)
        entry.size = (uint64_t)found->st_size;
    send_entry(&entry, name, NULL);
    if (entry.kind == ENTRY_SAME)
        return;
    int file = openat(directory, base, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (file < 0)
        guest_fail("open", name);
    for (uint64_t left = entry.size; left;) {
        ssize_t count = read(file, buffer, left < sizeof buffer ? left : sizeof buffer);
        if (count <= 0)
            guest_fail("read", name);
        channel_send(FRAME_DATA, buffer, (size_t)count);
        left -= (uint64_t)count;
    }
    close(file);
}

static void
send_link(int directory, const char *base, const char *name)
{
    char target[VM_NAME_MAX];
    struct vm_entry entry = {.kind = ENTRY_LINK};
    ssize_t len = readlinkat(directory, base, target, sizeof target - 1);

    if (len < 0)
        guest_fail("readlink", name);
    target[len] = 0;
    send_entry(&entry, name, target);
}

/* `name` is the directory's path beneath the root, with room for VM_NAME_MAX bytes. */
static void
send_directory(int fd, char *name, size_t len)
{
    DIR *directory = fdopendir(fd);

    if (!directory)
        guest_fail("opendir", name);
    for (struct dirent *found; (found = readdir(directory));) {
        size_t base_len = strlen(found->d_name);
        struct stat status;

        if (!strcmp(found->d_name, ".") || !strcmp(found->d_name, "..") ||
            fstatat(fd, found->d_name, &status, AT_SYMLINK_NOFOLLOW) < 0)
            continue;
        if (len + base_len + 2 > VM_NAME_MAX) {
            errno = ENAMETOOLONG;
            guest_fail("path in a write root", NULL);
        }
        if (len)
            name[len] = '/';
        size_t start = len ? len + 1 : 0;
        memcpy(name + start, found->d_name, base_len + 1);
        if (S_ISREG(status.st_mode)) {
            send_file(fd, found->d_name, name, &status);
        } else if (S_ISLNK(status.st_mode)) {
            send_link(fd, found->d_name, name);
        } else if (S_ISDIR(status.st_mode)) {
            struct vm_entry entry = {.kind = ENTRY_DIRECTORY, .mode = status.st_mode & 0777};
            send_entry(&entry, name, NULL);
            int inner = openat(fd, found->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
            if (inner < 0)
                guest_fail("open", name);
            send_directory(inner, name, start + base_len);
        } /* sockets, fifos and devices stay behind */
        name[len] = 0;
    }
    closedir(directory);
}

void
trees_send(const struct program *program)
{
    static char name[VM_NAME_MAX];

    for (size_t i = 0; i < program->tree_count; i++) {
        const char *tree = program->trees[i];
        int fd = open(tree, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (fd < 0)
            continue; /* it is gone: nothing comes back */
        channel_send(FRAME_TREE, tree, strlen(tree));
        name[0] = 0;
        send_directory(fd, name, 0);
    }
}
