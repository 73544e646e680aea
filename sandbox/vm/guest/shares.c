/* shares.c: the policy's roots, live. The guest's kernel speaks FUSE; a process of the host answers at the
 * other end of a port. Two threads carry the messages, which say their own lengths; they live as long as the
 * guest. */
#include "guest.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#define PORT "/dev/vport0p3"
#define PLACE "/.roots" /* only until the roots are where the program finds them */

enum { MESSAGE_MAX = (1 << 20) + 65536 };

/* What the threads share; set before they start. */
static struct {
    int device; /* /dev/fuse */
    int port;
} ends;

static bool
put_all(int file, const char *data, size_t size)
{
    while (size) {
        ssize_t count = write(file, data, size);
        if (count < 0 && errno != EINTR && errno != EAGAIN)
            return false;
        if (count > 0) {
            data += count;
            size -= (size_t)count;
        }
    }
    return true;
}

static bool
get_all(int file, char *data, size_t size)
{
    while (size) {
        ssize_t count = read(file, data, size);
        if (count == 0 || (count < 0 && errno != EINTR && errno != EAGAIN))
            return false;
        if (count > 0) {
            data += count;
            size -= (size_t)count;
        }
    }
    return true;
}

/* One read is one request. ENOENT: it was taken back. ENODEV: all is unmounted. */
static void *
carry_requests(void *unused)
{
    static char request[MESSAGE_MAX];

    (void)unused;
    for (;;) {
        ssize_t count = read(ends.device, request, sizeof request);
        if (count < 0 && (errno == ENOENT || errno == EINTR || errno == EAGAIN))
            continue;
        if (count <= 0 || !put_all(ends.port, request, (size_t)count))
            return NULL;
    }
}

/* Without its roots a program is not what was asked for: that nobody serves them any more ends the guest. */
static void *
carry_replies(void *unused)
{
    static char reply[MESSAGE_MAX];
    const struct fuse_out_header *header = (const void *)reply;

    (void)unused;
    while (get_all(ends.port, reply, sizeof *header) && header->len >= sizeof *header &&
           header->len <= sizeof reply &&
           get_all(ends.port, reply + sizeof *header, header->len - sizeof *header))
        if (write(ends.device, reply, header->len) < 0 && errno == ENODEV)
            return NULL;
    errno = EPIPE;
    guest_fail("shared roots", NULL);
}

static void
begin(void *(*carry)(void *))
{
    pthread_t thread;

    errno = pthread_create(&thread, NULL, carry, NULL);
    if (errno)
        guest_fail("thread", NULL);
}

static void
mount_all(void)
{
    char options[128];

    ends.device = open("/dev/fuse", O_RDWR | O_CLOEXEC);
    ends.port = open(PORT, O_RDWR | O_CLOEXEC);
    if (ends.device < 0 || ends.port < 0)
        guest_fail("open", ends.device < 0 ? "/dev/fuse" : PORT);
    snprintf(options, sizeof options, "fd=%d,rootmode=40000,user_id=0,group_id=0,allow_other", ends.device);
    if (mkdir(PLACE, 0700) < 0 || mount("x07", PLACE, "fuse", MS_NOSUID | MS_NODEV, options) < 0)
        guest_fail("mount", PLACE);
    begin(carry_requests);
    begin(carry_replies);
}

/* Something to mount on, where the guest has nothing yet. */
static bool
make_target(char *path, mode_t mode)
{
    struct stat found;

    if (stat(path, &found) == 0)
        return (found.st_mode & S_IFMT) == mode;
    payload_make_parents(path);
    if (mode == S_IFDIR)
        return mkdir(path, 0755) == 0;
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0444);
    if (file >= 0)
        close(file);
    return file >= 0;
}

/* What the host's user cannot read grants nothing. */
static void
mount_root(const struct share *share, unsigned number)
{
    const unsigned long flags = MS_BIND | MS_REMOUNT | MS_NOSUID | MS_NODEV;
    struct stat found;
    char source[64];

    snprintf(source, sizeof source, PLACE "/%u", number);
    if (stat(source, &found) < 0) {
        if (share->writable || (errno != ENOENT && errno != EACCES))
            guest_fail("shared root", share->path);
        return;
    }
    if (!make_target(share->path, found.st_mode & S_IFMT) ||
        mount(source, share->path, NULL, MS_BIND, NULL) < 0 ||
        mount(NULL, share->path, NULL, flags | (share->writable ? 0 : MS_RDONLY), NULL) < 0)
        guest_fail("share", share->path);
}

void
shares_mount(const struct program *program)
{
    if (!program->share_count)
        return;
    mount_all();
    for (size_t i = 0; i < program->share_count; i++)
        mount_root(&program->shares[i], (unsigned)i);
    umount2(PLACE, MNT_DETACH);
    rmdir(PLACE);
}
