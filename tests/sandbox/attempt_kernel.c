/* attempt_kernel.c: the kernel's interfaces that widen rights, or widen what can be attacked. */
#include "attempt.h"

#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/keyctl.h>
#include <linux/perf_event.h>
#include <linux/userfaultfd.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/klog.h>
#include <sys/prctl.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <sys/timex.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int
new_user_namespace(void)
{
    return outcome(unshare(CLONE_NEWUSER));
}

static int
clone_user_namespace(void)
{
    long pid = syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0);

    if (pid == 0)
        _exit(0);
    return outcome(pid);
}

static int
new_mount_namespace(void)
{
    return outcome(unshare(CLONE_NEWNS));
}

static int
new_network_namespace(void)
{
    return outcome(unshare(CLONE_NEWNET));
}

static int
join_mounts_of_host(void)
{
    char path[64];

    snprintf(path, sizeof path, "/proc/%d/ns/mnt", aim_number("HOST_PID"));
    int fd = open(path, O_RDONLY);
    return fd < 0 ? errno : outcome(setns(fd, CLONE_NEWNS));
}

static int
join_host(void)
{
    int process = (int)syscall(SYS_pidfd_open, aim_number("HOST_PID"), 0);

    return process < 0 ? errno : outcome(setns(process, CLONE_NEWUTS));
}

static int
add_key(void)
{
    return outcome(syscall(SYS_add_key, "user", "x07-test", "x", 1, KEY_SPEC_PROCESS_KEYRING));
}

static int
read_keyring(void)
{
    return outcome(syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_SESSION_KEYRING, 1));
}

static int
request_key(void)
{
    long got = syscall(SYS_request_key, "user", "x07-no-such-key", NULL, 0);

    return got < 0 && errno == ENOKEY ? 0 : outcome(got);
}

static int
load_bpf(void)
{
    union bpf_attr attributes = {
        .map_type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = 4, .max_entries = 1};

    return outcome(syscall(SYS_bpf, BPF_MAP_CREATE, &attributes, sizeof attributes));
}

static int
make_io_uring(void)
{
    char parameters[256] = {0};

    return outcome(syscall(SYS_io_uring_setup, 1, parameters));
}

static int
count_events(void)
{
    struct perf_event_attr event = {
        .type = PERF_TYPE_SOFTWARE, .size = sizeof event, .config = PERF_COUNT_SW_CPU_CLOCK};

    return outcome(syscall(SYS_perf_event_open, &event, 0, -1, -1, 0));
}

static int
catch_page_faults(void)
{
    return outcome(syscall(SYS_userfaultfd, UFFD_USER_MODE_ONLY));
}

/* Only ever made behind a boundary: elsewhere it would succeed. */
static int
set_clock(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return outcome(syscall(SYS_clock_settime, CLOCK_REALTIME, &now));
}

/* Asks for the tick that is in force. */
static int
adjust_clock(void)
{
    struct timex adjustment = {0};

    if (adjtimex(&adjustment) < 0)
        return errno;
    adjustment.modes = ADJ_TICK;
    return outcome(adjtimex(&adjustment));
}

static int
read_kernel_log(void)
{
    return outcome(klogctl(10, NULL, 0));
}

static int
reach_ports(void)
{
    return outcome(syscall(SYS_ioperm, 0x80, 1, 1));
}

static int
change_segments(void)
{
    char table[16];

    return outcome(syscall(SYS_modify_ldt, 0, table, sizeof table));
}

static int
change_personality(void)
{
    return outcome(syscall(SYS_personality, 0x0040000));
}

/* The system call numbers of 32-bit programs, which a filter for 64-bit ones does not know. */
static int
call_as_32_bit(void)
{
#ifdef __x86_64__
    long result;

    __asm__ volatile("int $0x80" : "=a"(result) : "a"(20L) : "memory", "r8", "r9", "r10", "r11");
    errno = (int)-result;
    return result < 0 ? errno : 0;
#else
    return ENOSYS;
#endif
}

static int
have_capabilities(void)
{
    for (int capability = 0; capability < 64; capability++)
        if (prctl(PR_CAPBSET_READ, capability, 0, 0, 0) == 1)
            return 0;
    return EPERM;
}

static int
gain_privileges(void)
{
    return prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 0 ? 0 : EPERM;
}

static int
see_host_name(void)
{
    char name[256] = "";

    gethostname(name, sizeof name - 1);
    return strcmp(name, aim("HOST_NAME")) == 0 ? 0 : ENOENT;
}

/* Only ever made behind a boundary. */
static int
set_host_name(void)
{
    return outcome(sethostname("x07-test", 8));
}

static int
share_memory_of_host(void)
{
    return outcome(shmget((key_t)strtol(aim("SHM_KEY"), NULL, 10), 0, 0));
}

static int
load_module(void)
{
    long got = syscall(SYS_init_module, "", 0UL, "");

    return got < 0 && (errno == EPERM || errno == ENOSYS) ? errno : 0;
}

static int
load_kernel(void)
{
    long got = syscall(SYS_kexec_load, 0UL, ~0UL, NULL, 0UL);

    return got < 0 && (errno == EPERM || errno == ENOSYS) ? errno : 0;
}

static int
watch_everything(void)
{
    return outcome(syscall(SYS_fanotify_init, 0, O_RDONLY));
}

const struct attempt kernel_attempts[] = {
    {"new-user-namespace", new_user_namespace},
    {"clone-user-namespace", clone_user_namespace},
    {"new-mount-namespace", new_mount_namespace},
    {"new-network-namespace", new_network_namespace},
    {"join-mounts-of-host", join_mounts_of_host},
    {"join-host", join_host},
    {"add-key", add_key},
    {"read-keyring", read_keyring},
    {"request-key", request_key},
    {"load-bpf", load_bpf},
    {"make-io-uring", make_io_uring},
    {"count-events", count_events},
    {"catch-page-faults", catch_page_faults},
    {"set-clock", set_clock},
    {"adjust-clock", adjust_clock},
    {"read-kernel-log", read_kernel_log},
    {"reach-ports", reach_ports},
    {"change-segments", change_segments},
    {"change-personality", change_personality},
    {"call-as-32-bit", call_as_32_bit},
    {"have-capabilities", have_capabilities},
    {"gain-privileges", gain_privileges},
    {"see-host-name", see_host_name},
    {"set-host-name", set_host_name},
    {"share-memory-of-host", share_memory_of_host},
    {"load-module", load_module},
    {"load-kernel", load_kernel},
    {"watch-everything", watch_everything},
    {NULL, NULL},
};
