/* filter.c: see filter.h. What calls.def does not list fails with EPERM, as a program expects that is refused
 * something; calls that are newer than the list fail with ENOSYS, so that the C library falls back. */
#include "filter.h"

#include <errno.h>
#include <linux/sched.h>
#include <seccomp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum group { BASE, SPAWN, NETWORK, MONITOR };

static const struct {
    int number;
    enum group group;
} calls[] = {
#define CALL(name, group) {SCMP_SYS(name), group},
#include "calls.def"
#undef CALL
};

enum { FIRST_NEWER_CALL = 450, LAST_NEWER_CALL = 512, SOCKET_TYPE = 0xf };

static const uint64_t namespace_flags = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET |
                                        CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP | CLONE_NEWTIME;

static bool
is_granted(const struct plan *plan, enum group group)
{
    switch (group) {
    case SPAWN:
        return plan->spawn;
    case NETWORK:
        return plan->network == NETWORK_HOST;
    case MONITOR:
        return plan->monitor;
    default:
        return true;
    }
}

/* Adds a rule with at most one condition. */
static int
allow(scmp_filter_ctx filter, int number, const struct scmp_arg_cmp *condition)
{
    return seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, number, condition ? 1 : 0, condition);
}

static int
allow_clone(scmp_filter_ctx filter, const struct plan *plan)
{
    const struct scmp_arg_cmp anything = SCMP_A0_64(SCMP_CMP_MASKED_EQ, namespace_flags, 0);
    const struct scmp_arg_cmp thread =
        SCMP_A0_64(SCMP_CMP_MASKED_EQ, namespace_flags | CLONE_THREAD, CLONE_THREAD);

    if (plan->spawn)
        return allow(filter, SCMP_SYS(clone), &anything);
    return plan->threads ? allow(filter, SCMP_SYS(clone), &thread) : 0;
}

/* Pairs of datagram sockets would reach any other socket in the file system. */
static int
allow_pairs(scmp_filter_ctx filter, const struct plan *plan)
{
    const struct scmp_arg_cmp stream = SCMP_A1_64(SCMP_CMP_MASKED_EQ, SOCKET_TYPE, SOCK_STREAM);
    const struct scmp_arg_cmp packet = SCMP_A1_64(SCMP_CMP_MASKED_EQ, SOCKET_TYPE, SOCK_SEQPACKET);
    int failed = 0;

    if (!plan->monitor) {
        failed |= allow(filter, SCMP_SYS(socketpair), &stream);
        failed |= allow(filter, SCMP_SYS(socketpair), &packet);
    }
    return failed;
}

static int
allow_sockets(scmp_filter_ctx filter, const struct plan *plan)
{
    static const int families[] = {AF_INET, AF_INET6, AF_UNIX};
    int failed = 0;

    if (plan->network != NETWORK_HOST && !plan->monitor)
        return 0;
    for (size_t i = 0; i < sizeof families / sizeof *families; i++) {
        const struct scmp_arg_cmp family = SCMP_A0_64(SCMP_CMP_EQ, (uint64_t)families[i]);
        failed |= allow(filter, SCMP_SYS(socket), &family);
    }
    return failed;
}

/* Without those that type into a terminal. */
static int
allow_ioctl(scmp_filter_ctx filter, const struct plan *plan)
{
    static const uint64_t requests[] = {FIONREAD, FIONBIO, FIOCLEX, FIONCLEX, TCGETS, TIOCGWINSZ, TIOCGPGRP};
    int failed = 0;

    for (size_t i = 0; !plan->monitor && i < sizeof requests / sizeof *requests; i++) {
        const struct scmp_arg_cmp request = SCMP_A1_64(SCMP_CMP_EQ, requests[i]);
        failed |= allow(filter, SCMP_SYS(ioctl), &request);
    }
    return failed;
}

static int
refuse_newer(scmp_filter_ctx filter)
{
    int failed = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);

    for (int number = FIRST_NEWER_CALL; number < LAST_NEWER_CALL; number++)
        failed |= seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), number, 0);
    return failed;
}

void
filter_install(const struct plan *plan)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    int failed = filter ? 0 : -ENOMEM;

    if (failed)
        report_fail(&plan->report, "E_SANDBOX_OS_SECCOMP", "no memory for the filter");
    failed |= seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
    failed |= seccomp_attr_set(filter, SCMP_FLTATR_CTL_NNP, 0);
    failed |= seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2);
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
        if (calls[i].number >= 0 && is_granted(plan, calls[i].group))
            failed |= allow(filter, calls[i].number, NULL);
    failed |= allow_clone(filter, plan) | allow_pairs(filter, plan) | allow_sockets(filter, plan) |
              allow_ioctl(filter, plan) | refuse_newer(filter);
    if (failed)
        report_fail(&plan->report, "E_SANDBOX_OS_SECCOMP", "cannot make the filter");
    failed = seccomp_load(filter);
    if (failed)
        report_fail(&plan->report, "E_SANDBOX_OS_SECCOMP", "cannot load the filter: %s", strerror(-failed));
    seccomp_release(filter);
    report_layer(&plan->report, "seccomp");
}
