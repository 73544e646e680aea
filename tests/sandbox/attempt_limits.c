/* attempt_limits.c: using more than the limits of the job allow, by the amounts that the test aims at. */
#include "attempt.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static size_t
amount(void)
{
    return (size_t)aim_number("AMOUNT_MB") << 20;
}

static int
use_memory(void)
{
    char *memory = malloc(amount());

    if (!memory)
        return ENOMEM;
    for (size_t i = 0; i < amount(); i += 4096)
        ((volatile char *)memory)[i] = 1;
    return 0;
}

/* Pages that no address space counts. */
static int
use_memory_file(void)
{
    int fd = (int)syscall(SYS_memfd_create, "memory", 0);
    static char chunk[1 << 20];

    if (fd < 0)
        return errno;
    memset(chunk, 1, sizeof chunk);
    for (size_t done = 0; done < amount(); done += sizeof chunk)
        if (write(fd, chunk, sizeof chunk) != sizeof chunk)
            return errno;
    return 0;
}

static int
use_shared_segments(void)
{
    enum { SEGMENT = 8 << 20 };

    for (size_t done = 0; done < amount(); done += SEGMENT) {
        int id = shmget(IPC_PRIVATE, SEGMENT, IPC_CREAT | 0600);
        if (id < 0)
            return errno;
        char *memory = shmat(id, NULL, 0);
        shmctl(id, IPC_RMID, NULL);
        if (memory == (void *)-1)
            return errno;
        memset(memory, 1, SEGMENT);
    }
    return 0;
}

static int
use_memory_file_system(void)
{
    const char *const places[] = {"/dev/shm/x07-test", "/run/x07-test", "/dev/x07-test", "/x07-test"};

    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (writes(places[i]) == 0) {
            unlink(places[i]);
            return 0;
        }
    return EACCES;
}

static int
use_cpu(void)
{
    struct timespec used;

    do
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    while (used.tv_sec * 10 + used.tv_nsec / 100000000 < 12);
    return 0;
}

static int
use_wall_clock(void)
{
    struct timespec rest = {.tv_sec = aim_number("SLEEP_S")};

    while (nanosleep(&rest, &rest))
        ;
    return 0;
}

static int
use_file_size(void)
{
    int fd = open("out/large", O_WRONLY | O_CREAT | O_TRUNC, 0666);

    if (fd < 0)
        return errno;
    int failure = outcome(pwrite(fd, "x", 1, (off_t)amount()));
    close(fd);
    unlink("out/large");
    return failure;
}

static int
fill(int fd)
{
    static char chunk[1 << 16];

    for (size_t done = 0; done < amount(); done += sizeof chunk)
        if (write(fd, chunk, sizeof chunk) < 0)
            return errno;
    return 0;
}

static int
use_output(void)
{
    return fill(STDOUT_FILENO);
}

static int
use_errors(void)
{
    return fill(STDERR_FILENO);
}

static int
use_descriptors(void)
{
    for (int i = 0; i < 100; i++)
        if (dup(0) < 0)
            return errno;
    return 0;
}

static int
use_processes(void)
{
    signal(SIGTERM, SIG_IGN);
    for (int i = 0; i < 40; i++) {
        pid_t pid = fork();
        if (pid < 0)
            return errno;
        if (pid == 0) {
            signal(SIGTERM, SIG_DFL);
            sleep(30);
            _exit(0);
        }
    }
    kill(0, SIGTERM);
    return 0;
}

static int
raise_limit(void)
{
    struct rlimit limit;

    getrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_max == RLIM_INFINITY)
        return 0;
    limit.rlim_max += limit.rlim_max < 1024 ? 1024 - limit.rlim_max : 0;
    return limit.rlim_max == 1024 ? outcome(setrlimit(RLIMIT_NOFILE, &limit)) : 0;
}

const struct attempt limit_attempts[] = {
    {"use-memory", use_memory},
    {"use-memory-file", use_memory_file},
    {"use-shared-segments", use_shared_segments},
    {"use-memory-file-system", use_memory_file_system},
    {"use-cpu", use_cpu},
    {"use-wall-clock", use_wall_clock},
    {"use-file-size", use_file_size},
    {"use-output", use_output},
    {"use-errors", use_errors},
    {"use-descriptors", use_descriptors},
    {"use-processes", use_processes},
    {"raise-limit", raise_limit},
    {NULL, NULL},
};
