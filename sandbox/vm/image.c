/* image.c: what a guest is made of, and its digest. */
#include "vm.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* Time must not be calibrated against a clock that stands still while other work has the processor: such a
 * boot never ends. So the rates are given, and nothing measures them; ticks drive the clock. */
#define EMULATED_TIME " tsc_early_khz=1000000 no_timer_check lpj=1000000 clocksource=jiffies"
#define COMMON "console=ttyS0 quiet panic=-1 random.trust_cpu=on mitigations=off"

const char *
image_command_line(const struct settings *settings)
{
    return settings->accel == ACCEL_TCG ? COMMON EMULATED_TIME : COMMON " no_timer_check";
}

static bool
digest_file(struct digest *digest, const char *path)
{
    static char chunk[1 << 18];
    int file = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t count = -1;

    while (file >= 0 && (count = read(file, chunk, sizeof chunk)) > 0)
        digest_add(digest, chunk, (size_t)count);
    if (file >= 0)
        close(file);
    return count == 0;
}

x07_status
image_digest(const x07_host *host, const struct settings *settings, const char *initramfs,
             char text[DIGEST_TEXT])
{
    const char *line = image_command_line(settings);
    struct digest digest;

    digest_begin(&digest);
    digest_add(&digest, "kernel", sizeof "kernel");
    if (!digest_file(&digest, settings->kernel))
        return vm_fail_errno(host, "E_VM_DIGEST", "read %s", settings->kernel);
    digest_add(&digest, "rootfs", sizeof "rootfs");
    if (!digest_file(&digest, initramfs))
        return vm_fail_errno(host, "E_VM_DIGEST", "read %s", initramfs);
    digest_add(&digest, "cmdline", sizeof "cmdline");
    digest_add(&digest, line, strlen(line));
    strcpy(text, "sha256:");
    digest_end(&digest, text + strlen(text));
    return X07_OK;
}
