/* make_filters.c: writes the system call filters as C, when the helper is built: making one with libseccomp
 * takes longer than all else that the helper does, and there are only a few.
 *
 * What calls.def does not list fails with EPERM, as a program expects that is refused something; calls that
 * are newer than the list fail with ENOSYS, so that the C library falls back. */
#include "variants.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/sched.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <seccomp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum group { BASE, VIEW, SPAWN, NETWORK, MONITOR };

static const struct {
    int number;
    enum group group;
} calls[] = {
#define CALL(name, group) {SCMP_SYS(name), group},
#include "calls.def"
#undef CALL
};

/* The kernel looks at the lower half of an argument that is an int. */
static const uint64_t INT_BITS = 0xffffffff;

enum {
    NO_ARGUMENT = 6,
    PR_SET_VMA_OPTION = 0x53564d41, /* newer than some headers */
    PR_GET_AUXV_OPTION = 0x41555856,
    MAKES_A_FILE = O_CREAT | (020000000 /* O_TMPFILE without O_DIRECTORY */)
};

enum { FIRST_NEWER_CALL = 450, LAST_NEWER_CALL = 512, SOCKET_TYPE = 0xf };

static const uint64_t namespace_flags = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET |
                                        CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP | CLONE_NEWTIME;

static bool
is_granted(unsigned variant, enum group group)
{
    static const unsigned needs[] = {
        [SPAWN] = VARIANT_SPAWN, [NETWORK] = VARIANT_HOST_NETWORK, [MONITOR] = VARIANT_MONITOR};

    if (group == VIEW)
        return !(variant & VARIANT_BARE);
    return group == BASE || (variant & needs[group]);
}

/* Adds a rule with at most one condition. */
static int
allow(scmp_filter_ctx filter, int number, const struct scmp_arg_cmp *condition)
{
    return seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, number, condition ? 1 : 0, condition);
}

static int
allow_clone(scmp_filter_ctx filter, unsigned variant)
{
    const struct scmp_arg_cmp anything = SCMP_A0_64(SCMP_CMP_MASKED_EQ, namespace_flags, 0);
    const struct scmp_arg_cmp thread =
        SCMP_A0_64(SCMP_CMP_MASKED_EQ, namespace_flags | CLONE_THREAD, CLONE_THREAD);

    if ((variant & VARIANT_SPAWN))
        return allow(filter, SCMP_SYS(clone), &anything);
    return (variant & VARIANT_THREADS) ? allow(filter, SCMP_SYS(clone), &thread) : 0;
}

/* Pairs of datagram sockets would reach any other socket in the file system. */
static int
allow_pairs(scmp_filter_ctx filter, unsigned variant)
{
    const struct scmp_arg_cmp stream = SCMP_A1_64(SCMP_CMP_MASKED_EQ, SOCKET_TYPE, SOCK_STREAM);
    const struct scmp_arg_cmp packet = SCMP_A1_64(SCMP_CMP_MASKED_EQ, SOCKET_TYPE, SOCK_SEQPACKET);
    int failed = 0;

    if (!(variant & VARIANT_MONITOR)) {
        failed |= allow(filter, SCMP_SYS(socketpair), &stream);
        failed |= allow(filter, SCMP_SYS(socketpair), &packet);
    }
    return failed;
}

static int
allow_sockets(scmp_filter_ctx filter, unsigned variant)
{
    static const int families[] = {AF_INET, AF_INET6, AF_UNIX};
    int failed = 0;

    if (!(variant & VARIANT_HOST_NETWORK) && !(variant & VARIANT_MONITOR))
        return 0;
    for (size_t i = 0; i < sizeof families / sizeof *families; i++) {
        const struct scmp_arg_cmp family = SCMP_A0_64(SCMP_CMP_EQ, (uint64_t)families[i], 0);
        failed |= allow(filter, SCMP_SYS(socket), &family);
    }
    return failed;
}

/* Without those that type into a terminal. */
static int
allow_ioctl(scmp_filter_ctx filter, unsigned variant)
{
    static const uint64_t requests[] = {FIONREAD, FIONBIO, FIOCLEX, FIONCLEX, TCGETS, TIOCGWINSZ, TIOCGPGRP};
    int failed = 0;

    for (size_t i = 0; !(variant & VARIANT_MONITOR) && i < sizeof requests / sizeof *requests; i++) {
        const struct scmp_arg_cmp request = SCMP_A1_64(SCMP_CMP_EQ, requests[i], 0);
        failed |= allow(filter, SCMP_SYS(ioctl), &request);
    }
    return failed;
}

/* What a process says of itself. Not: other filters, checkpoints, the owner of a tracer, speculation. */
static int
allow_prctl(scmp_filter_ctx filter, unsigned variant)
{
    static const uint64_t options[] = {
        PR_GET_NAME,        PR_SET_NAME,         PR_GET_PDEATHSIG,       PR_SET_PDEATHSIG,
        PR_GET_DUMPABLE,    PR_SET_DUMPABLE,     PR_GET_CHILD_SUBREAPER, PR_SET_CHILD_SUBREAPER,
        PR_GET_KEEPCAPS,    PR_GET_SECUREBITS,   PR_CAPBSET_READ,        PR_GET_SECCOMP,
        PR_GET_TIMERSLACK,  PR_SET_TIMERSLACK,   PR_GET_THP_DISABLE,     PR_SET_THP_DISABLE,
        PR_GET_TID_ADDRESS, PR_GET_NO_NEW_PRIVS, PR_SET_NO_NEW_PRIVS,    PR_SET_VMA_OPTION,
        PR_GET_TSC,         PR_GET_AUXV_OPTION,
    };
    int failed = 0;

    for (size_t i = 0; !(variant & VARIANT_MONITOR) && i < sizeof options / sizeof *options; i++) {
        const struct scmp_arg_cmp option = SCMP_A0_64(SCMP_CMP_MASKED_EQ, INT_BITS, options[i]);
        if (options[i] == PR_SET_PDEATHSIG && (variant & VARIANT_BARE))
            continue; /* it may be all that ends the program with its guard */
        failed |= allow(filter, SCMP_SYS(prctl), &option);
    }
    return failed;
}

/* Processes of others are in sight where there is no namespace: then only this one is meant. */
static int
allow_own(scmp_filter_ctx filter, unsigned variant)
{
    static const int numbers[] = {SCMP_SYS(prlimit64), SCMP_SYS(sched_setaffinity)};
    const struct scmp_arg_cmp self = SCMP_A0_64(SCMP_CMP_MASKED_EQ, INT_BITS, 0);
    int failed = 0;

    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        failed |= allow(filter, numbers[i], variant & VARIANT_BARE ? &self : NULL);
    return failed;
}

/* A file that is executed with its owner's rights outlives the boundary, and gives them to whoever else can
 * execute it. The mode counts only where a file is made; there is none of openat2 to be seen. */
static int
allow_modes(scmp_filter_ctx filter, unsigned variant)
{
    static const struct {
        int number;
        unsigned flags; /* the argument with the flags, or NO_ARGUMENT */
        unsigned mode;
        bool changes; /* of any file that the user owns, wherever it is */
    } rows[] = {{SCMP_SYS(chmod), NO_ARGUMENT, 1, true},
                {SCMP_SYS(fchmod), NO_ARGUMENT, 1, true},
                {SCMP_SYS(fchmodat), NO_ARGUMENT, 2, true},
                {SCMP_SYS(creat), NO_ARGUMENT, 1, false},
                {SCMP_SYS(open), 1, 2, false},
                {SCMP_SYS(openat), 2, 3, false}};
    int failed = 0;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct scmp_arg_cmp plain = SCMP_CMP64(rows[i].mode, SCMP_CMP_MASKED_EQ, S_ISUID | S_ISGID, 0);
        const struct scmp_arg_cmp old = SCMP_CMP64(rows[i].flags, SCMP_CMP_MASKED_EQ, MAKES_A_FILE, 0);
        if (rows[i].changes && (variant & VARIANT_BARE))
            continue;
        failed |= allow(filter, rows[i].number, variant & VARIANT_HOST_NETWORK ? NULL : &plain);
        if (rows[i].flags != NO_ARGUMENT && !(variant & VARIANT_HOST_NETWORK))
            failed |= allow(filter, rows[i].number, &old);
    }
    return failed;
}

/* Monitors are programs of ours or QEMU; the server of a guest's files needs openat2, and makes no such file.
 */
static int
refuse_newer(scmp_filter_ctx filter, unsigned variant)
{
    uint32_t opening = variant & VARIANT_MONITOR ? SCMP_ACT_ALLOW : SCMP_ACT_ERRNO(ENOSYS);
    int failed = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0) |
                 seccomp_rule_add(filter, opening, SCMP_SYS(openat2), 0);

    for (int number = FIRST_NEWER_CALL; number < LAST_NEWER_CALL; number++)
        failed |= seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), number, 0);
    return failed;
}

/* Times and sizes of a socket, and how its data are cut. None gives it an address, a route or a program. */
static int
allow_socket_options(scmp_filter_ctx filter)
{
    static const struct {
        int level;
        int option;
    } rows[] = {
        {SOL_SOCKET, SO_REUSEADDR},      {SOL_SOCKET, SO_KEEPALIVE},       {SOL_SOCKET, SO_LINGER},
        {SOL_SOCKET, SO_OOBINLINE},      {SOL_SOCKET, SO_BROADCAST},       {SOL_SOCKET, SO_RCVBUF},
        {SOL_SOCKET, SO_SNDBUF},         {SOL_SOCKET, SO_RCVLOWAT},        {SOL_SOCKET, SO_RCVTIMEO},
        {SOL_SOCKET, SO_SNDTIMEO},       {SOL_SOCKET, SO_TIMESTAMP},       {IPPROTO_TCP, TCP_NODELAY},
        {IPPROTO_TCP, TCP_CORK},         {IPPROTO_TCP, TCP_KEEPIDLE},      {IPPROTO_TCP, TCP_KEEPINTVL},
        {IPPROTO_TCP, TCP_KEEPCNT},      {IPPROTO_TCP, TCP_SYNCNT},        {IPPROTO_TCP, TCP_QUICKACK},
        {IPPROTO_TCP, TCP_USER_TIMEOUT}, {IPPROTO_TCP, TCP_NOTSENT_LOWAT}, {IPPROTO_IPV6, IPV6_V6ONLY},
    };
    int failed = 0;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        failed |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(setsockopt), 2,
                                   SCMP_A1_64(SCMP_CMP_MASKED_EQ, INT_BITS, (uint64_t)rows[i].level),
                                   SCMP_A2_64(SCMP_CMP_MASKED_EQ, INT_BITS, (uint64_t)rows[i].option));
    return failed;
}

/* What goes by way of the broker: making and connecting sockets, and sending to an address. Whether a message
 * has one is not to be seen here, so that all messages go that way. */
static int
ask_broker(scmp_filter_ctx filter, unsigned variant)
{
    static const int asked[] = {SCMP_SYS(socket), SCMP_SYS(connect), SCMP_SYS(sendmsg), SCMP_SYS(sendmmsg)};
    const struct scmp_arg_cmp connected = SCMP_A4_64(SCMP_CMP_EQ, 0, 0);
    const struct scmp_arg_cmp addressed = SCMP_A4_64(SCMP_CMP_NE, 0, 0);
    int failed = 0;

    if (!(variant & VARIANT_BROKER)) {
        failed |= allow(filter, SCMP_SYS(sendto), NULL);
        failed |= allow(filter, SCMP_SYS(sendmsg), NULL);
        return failed | allow(filter, SCMP_SYS(sendmmsg), NULL);
    }
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++)
        failed |= seccomp_rule_add(filter, SCMP_ACT_NOTIFY, asked[i], 0);
    failed |= seccomp_rule_add_array(filter, SCMP_ACT_NOTIFY, SCMP_SYS(sendto), 1, &addressed);
    failed |= allow(filter, SCMP_SYS(sendto), &connected);
    return failed | allow_socket_options(filter);
}

static scmp_filter_ctx
make_filter(unsigned variant)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    int failed = filter ? 0 : -ENOMEM;

    failed |= seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
    failed |= seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2);
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
        if (calls[i].number >= 0 && is_granted(variant, calls[i].group))
            failed |= allow(filter, calls[i].number, NULL);
    failed |= allow_clone(filter, variant) | allow_pairs(filter, variant) | allow_sockets(filter, variant) |
              allow_ioctl(filter, variant) | allow_prctl(filter, variant) | allow_modes(filter, variant) |
              allow_own(filter, variant) | ask_broker(filter, variant) | refuse_newer(filter, variant);
    if (failed) {
        fprintf(stderr, "make_filters: cannot make filter %u\n", variant);
        exit(1);
    }
    return filter;
}

static void
write_filter(unsigned variant)
{
    scmp_filter_ctx filter = make_filter(variant);
    int fd = memfd_create("filter", MFD_CLOEXEC);
    struct sock_filter step;

    if (fd < 0 || seccomp_export_bpf(filter, fd) || lseek(fd, 0, SEEK_SET)) {
        fprintf(stderr, "make_filters: cannot write filter %u\n", variant);
        exit(1);
    }
    printf("static const struct sock_filter filter_%u[] = {\n", variant);
    while (read(fd, &step, sizeof step) == sizeof step)
        printf("    {0x%x, %u, %u, 0x%x},\n", step.code, step.jt, step.jf, step.k);
    puts("};\n");
    close(fd);
    seccomp_release(filter);
}

/* One network at most; none and no processes without a view. */
static bool
is_variant(unsigned variant)
{
    if (variant & VARIANT_BARE)
        return !(variant & ~(unsigned)(VARIANT_BARE | VARIANT_THREADS));
    return !((variant & VARIANT_BROKER) && (variant & VARIANT_HOST_NETWORK));
}

int
main(int argc, char **argv)
{
    if (argc != 2 || !freopen(argv[1], "w", stdout)) {
        fputs("usage: make_filters OUTPUT\n", stderr);
        return 1;
    }
    seccomp_api_set(6); /* of the kernel that the filters are for, not of the one that builds them */
    puts("/* Made by make_filters.c. */\n#include \"filter_programs.h\"\n");
    for (unsigned variant = 0; variant < VARIANT_COUNT; variant++)
        if (is_variant(variant))
            write_filter(variant);
    puts("const struct filter_program filter_programs[VARIANT_COUNT] = {");
    for (unsigned variant = 0; variant < VARIANT_COUNT; variant++)
        if (is_variant(variant))
            printf("    [%u] = {sizeof filter_%u / sizeof *filter_%u, filter_%u},\n", variant, variant,
                   variant, variant);
    puts("};");
    return fclose(stdout) ? 1 : 0;
}
