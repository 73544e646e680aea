/* without.c: runs a program on a machine with less: `without CALL... -- PROGRAM [ARGUMENT...]`. The system
 * calls fail as where they are forbidden. */
#include <errno.h>
#include <seccomp.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int
main(int argc, char **argv)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
    int failed = !filter;
    int i = 1;

    for (; i < argc && strcmp(argv[i], "--") != 0; i++)
        failed |= seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), seccomp_syscall_resolve_name(argv[i]), 0);
    if (failed || i + 1 >= argc || seccomp_load(filter)) {
        fputs("usage: without CALL... -- PROGRAM [ARGUMENT...]\n", stderr);
        return 2;
    }
    seccomp_release(filter);
    execv(argv[i + 1], argv + i + 1);
    perror(argv[i + 1]);
    return 2;
}
