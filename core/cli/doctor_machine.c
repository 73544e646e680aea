/* doctor_machine.c: see doctor_machine.h. */
#include "cli/doctor_machine.h"

#include "base/process.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <linux/kvm.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

bool
machine_has_kvm(struct text *detail)
{
    int device = open("/dev/kvm", O_RDWR | O_CLOEXEC);

    if (device < 0) {
        text_printf(detail, "/dev/kvm: %s", strerror(errno));
        return false;
    }
    int machine = ioctl(device, KVM_CREATE_VM, 0);
    if (machine < 0)
        text_printf(detail, "/dev/kvm opens, but makes no virtual machine: %s", strerror(errno));
    else
        text_puts(detail, "/dev/kvm makes virtual machines");
    if (machine >= 0)
        close(machine);
    close(device);
    return machine >= 0;
}

bool
machine_has_landlock(struct text *detail)
{
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);

    if (version < 0)
        text_printf(detail, "the kernel offers none: %s", strerror(errno));
    else
        text_printf(detail, "ABI %ld", version);
    return version >= 1;
}

bool
machine_has_seccomp(struct text *detail)
{
    unsigned action = SECCOMP_RET_KILL_PROCESS;
    bool has = syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0;

    if (has)
        text_puts(detail, "system call filters can be installed");
    else
        text_printf(detail, "the kernel offers none: %s", strerror(errno));
    return has;
}

/* A child tries, so that we stay where we are. */
bool
machine_has_user_namespaces(struct text *detail)
{
    int status = 0;
    pid_t child = fork();

    if (child == 0)
        _exit(unshare(CLONE_NEWUSER) == 0 ? 0 : errno);
    if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status)) {
        text_puts(detail, "cannot be found out");
        return false;
    }
    if (WEXITSTATUS(status))
        text_printf(detail, "they cannot be made: %s", strerror(WEXITSTATUS(status)));
    else
        text_puts(detail, "they can be made");
    return WEXITSTATUS(status) == 0;
}

bool
machine_has_qemu(struct text *detail)
{
    struct utsname name;
    char program[sizeof name.machine + 16];

    uname(&name);
    snprintf(program, sizeof program, "qemu-system-%s", name.machine);
    char *path = process_find(program);
    if (path)
        text_printf(detail, "found: %s", path);
    else
        text_printf(detail, "%s is not on PATH", program);
    free(path);
    return path != NULL;
}

bool
machine_has_kernel_image(struct text *detail)
{
    const char *named = getenv("X07_VM_KERNEL");
    glob_t found = {0};
    bool has = false;

    if (named && *named) {
        has = access(named, R_OK) == 0;
        text_printf(detail, "X07_VM_KERNEL: %s: %s", named, has ? "readable" : strerror(errno));
        return has;
    }
    if (glob("/boot/vmlinuz-*", 0, NULL, &found) == 0)
        for (size_t i = 0; !has && i < found.gl_pathc; i++)
            if ((has = access(found.gl_pathv[i], R_OK) == 0))
                text_printf(detail, "found: %s", found.gl_pathv[i]);
    if (!has)
        text_puts(detail, "no readable /boot/vmlinuz-*, and X07_VM_KERNEL is not set");
    globfree(&found);
    return has;
}
