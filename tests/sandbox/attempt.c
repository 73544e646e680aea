/* attempt.c: the program that runs behind the boundary and tries to get out of it: `attempt NAME...` makes
 * those of these names, one after the other. Exit code 0: one got out; 1: all were refused; 2: the test is
 * wrong. */
#include "attempt.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct attempt *const tables[] = {file_attempts,    network_attempts, granted_attempts,
                                               process_attempts, kernel_attempts,  rights_attempts,
                                               limit_attempts};

const char *
aim(const char *name)
{
    const char *value = getenv(name);

    if (!value) {
        fprintf(stderr, "attempt: %s is not set\n", name);
        exit(2);
    }
    return value;
}

int
aim_number(const char *name)
{
    return atoi(aim(name));
}

int
outcome(long result)
{
    return result < 0 ? errno : 0;
}

const char *
aim_path(const char *name, const char *rest)
{
    static char paths[4][4096];
    static unsigned next;
    char *path = paths[next++ % 4];

    snprintf(path, sizeof paths[0], "%s%s", aim(name), rest);
    return path;
}

int
reads(const char *path)
{
    char byte;
    int fd = open(path, O_RDONLY);

    if (fd < 0)
        return errno;
    ssize_t got = read(fd, &byte, 1);
    int failure = got < 0 ? errno : got == 0 ? ENODATA : 0;
    close(fd);
    return failure;
}

int
writes(const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT, 0666);

    if (fd < 0)
        return errno;
    int failure = outcome(write(fd, "x", 1));
    close(fd);
    return failure;
}

static const struct attempt *
find(const char *name)
{
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        for (const struct attempt *attempt = tables[i]; attempt->name; attempt++)
            if (strcmp(attempt->name, name) == 0)
                return attempt;
    fprintf(stderr, "attempt: no such attempt: %s\n", name);
    exit(2);
}

int
main(int argc, char **argv)
{
    int refused = 1;

    for (int i = 1; i < argc; i++) {
        const struct attempt *attempt = find(argv[i]);
        int failure = attempt->run();
        printf("%s: %s\n", attempt->name, failure ? strerror(failure) : "REACHED");
        fflush(stdout); /* the next may be the last */
        refused &= failure != 0;
    }
    return argc < 2 ? 2 : refused;
}
