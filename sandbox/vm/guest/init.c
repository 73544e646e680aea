/* init.c: the guest's first and only lasting process. */
#include "guest.h"
#include "network.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/random.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#ifndef MODULE_INIT_COMPRESSED_FILE
#define MODULE_INIT_COMPRESSED_FILE 4
#endif

static void
mount_base(void)
{
    static const struct {
        const char *type, *path;
        unsigned long flags;
    } rows[] = {
        {"proc", "/proc", MS_NOSUID | MS_NODEV | MS_NOEXEC},
        {"sysfs", "/sys", MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_RDONLY},
        {"devtmpfs", "/dev", MS_NOSUID | MS_NOEXEC},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        mkdir(rows[i].path, 0755);
        if (mount(rows[i].type, rows[i].path, rows[i].type, rows[i].flags, NULL) < 0 && errno != EBUSY)
            guest_fail("mount", rows[i].path);
    }
    chmod("/root", 0755); /* the kernel's own: programs may lie beneath it */
    mkdir("/tmp", 0777);
    chmod("/tmp", 01777);
}

/* The initramfs lists them in the order of their needs, one path a line. */
static void
load_modules(void)
{
    char path[VM_NAME_MAX];
    FILE *list = fopen("/modules/list", "re");

    while (list && fgets(path, sizeof path, list)) {
        path[strcspn(path, "\n")] = 0;
        size_t len = strlen(path);
        int flags = len > 3 && strcmp(path + len - 3, ".ko") == 0 ? 0 : MODULE_INIT_COMPRESSED_FILE;
        int file = open(path, O_RDONLY | O_CLOEXEC);
        if (file < 0 || syscall(SYS_finit_module, file, "", flags) < 0)
            guest_fail("module", path);
        close(file);
    }
    if (list)
        fclose(list);
}

static void
write_file(const char *path, const char *text)
{
    int file = open(path, O_WRONLY | O_CLOEXEC);

    if (file < 0)
        return;
    if (write(file, text, strlen(text)) < 0)
        fprintf(stderr, "x07: write %s: %s\n", path, strerror(errno));
    close(file);
}

/* Many guests resume from one frozen state: each needs a clock and random numbers of its own. */
static void
wake(const struct vm_job *job)
{
    struct timespec now = {.tv_sec = job->time_ns / 1000000000, .tv_nsec = job->time_ns % 1000000000};
    struct {
        struct rand_pool_info info;
        uint8_t bytes[VM_ENTROPY];
    } pool = {.info = {.entropy_count = VM_ENTROPY * 8, .buf_size = VM_ENTROPY}};
    int random = open("/dev/urandom", O_RDWR | O_CLOEXEC);

    memcpy(pool.info.buf, job->entropy, VM_ENTROPY);
    if (random < 0 || ioctl(random, RNDADDENTROPY, &pool) < 0 || ioctl(random, RNDRESEEDCRNG) < 0)
        guest_fail("seed", "/dev/urandom");
    close(random);
    if (clock_settime(CLOCK_REALTIME, &now) < 0)
        guest_fail("clock_settime", NULL);
}

int
main(void)
{
    static char data[VM_FRAME_MAX];
    static struct program program;
    struct vm_ready ready;
    struct vm_job job;
    struct vm_ended ended;
    size_t size;

    mount_base();
    load_modules();
    channel_open();
    write_file("/proc/sys/user/max_user_namespaces", "0");
    /* What was only needed to come up shall not be in the frozen memory. */
    write_file("/proc/sys/vm/drop_caches", "3");
    ready.features = access("/dev/fuse", R_OK | W_OK) == 0 ? VM_SHARES : 0;
    channel_send(FRAME_READY, &ready, sizeof ready);
    if (channel_receive(data, &size) != FRAME_JOB || size != sizeof job) {
        errno = EPROTO;
        guest_fail("job", NULL);
    }
    memcpy(&job, data, sizeof job);
    wake(&job);
    disk_open("/dev/vda");
    payload_unpack(&program);
    shares_mount(&program);
    if (program.tree_count)
        trees_mark();
    program_run(&program, &ended);
    channel_send(FRAME_ENDED, &ended, sizeof ended);
    if (program.endpoint_count)
        network_end();
    if (program.share_count)
        sync();
    trees_send(&program);
    channel_send(FRAME_DONE, NULL, 0);
    for (;;)
        pause(); /* the host ends the machine */
}
