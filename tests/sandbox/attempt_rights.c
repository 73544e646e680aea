/* attempt_rights.c: leaving something behind that has more rights than the program, and getting at the
 * process that guards it. */
#include "attempt.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Whether a file in the write root is left with its owner's rights for whoever executes it. */
static int
is_left(int fd)
{
    struct stat info;
    int failure = fd < 0 ? errno : outcome(fstat(fd, &info));

    close(fd);
    unlink("out/borrowed");
    return failure ? failure : (info.st_mode & (S_ISUID | S_ISGID)) ? 0 : EPERM;
}

static int
new_file(void)
{
    return open("out/borrowed", O_WRONLY | O_CREAT | O_TRUNC, 0755);
}

static int
lend_by_chmod(void)
{
    int fd = new_file();

    return chmod("out/borrowed", 04755) ? errno : is_left(fd);
}

static int
lend_by_fchmod(void)
{
    int fd = new_file();

    return fchmod(fd, 04755) ? errno : is_left(fd);
}

static int
lend_to_group(void)
{
    int fd = new_file();

    return fchmodat(AT_FDCWD, "out/borrowed", 02755, 0) ? errno : is_left(fd);
}

static int
lend_when_made(void)
{
    return is_left(open("out/borrowed", O_WRONLY | O_CREAT | O_EXCL, 04755));
}

static int
lend_when_made_newer(void)
{
    struct open_how how = {.flags = O_WRONLY | O_CREAT | O_EXCL, .mode = 04755};

    return is_left((int)syscall(SYS_openat2, AT_FDCWD, "out/borrowed", &how, sizeof how));
}

static int
lend_unnamed(void)
{
    int fd = open("out", O_WRONLY | O_TMPFILE, 04755);
    char path[64];

    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    if (fd >= 0)
        linkat(AT_FDCWD, path, AT_FDCWD, "out/borrowed", AT_SYMLINK_FOLLOW);
    return is_left(fd);
}

/* A kernel newer than the list of calls has it. */
static int
lend_by_newest(void)
{
    enum { FCHMODAT2 = 452 };
    int fd = new_file();

    return syscall(FCHMODAT2, AT_FDCWD, "out/borrowed", 04755, 0) ? errno : is_left(fd);
}

/* What the process that guards this one has open, the report of the boundary above all. */
static int
open_what_first_process_has(void)
{
    DIR *names = opendir("/proc/1/fd");
    int failure = names ? ENOENT : errno;

    for (struct dirent *entry; names && (entry = readdir(names));) {
        char path[300];
        snprintf(path, sizeof path, "/proc/1/fd/%s", entry->d_name);
        if (entry->d_name[0] != '.' && open(path, O_WRONLY) >= 0)
            failure = 0;
    }
    return failure;
}

static int
read_environment_of_first_process(void)
{
    return reads("/proc/1/environ");
}

static int
type_into_terminal(void)
{
    return ioctl(STDIN_FILENO, TIOCSTI, "x") && errno == EPERM ? EPERM : 0;
}

/* Speculation is switched off for whoever is confined, or on again. */
static int
speculate(void)
{
    return outcome(prctl(PR_SET_SPECULATION_CTRL, PR_SPEC_STORE_BYPASS, PR_SPEC_ENABLE, 0, 0)) == EPERM
               ? EPERM
               : 0;
}

static int
filter_more(void)
{
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, NULL) && errno == EFAULT ? 0 : EPERM;
}

/* The numbers of the x32 architecture, at a filter that was made for another. */
static int
call_as_x32(void)
{
    enum { X32 = 0x40000000 };

    return outcome(syscall(SYS_getpid + X32));
}

const struct attempt rights_attempts[] = {
    {"lend-by-chmod", lend_by_chmod},
    {"lend-by-fchmod", lend_by_fchmod},
    {"lend-to-group", lend_to_group},
    {"lend-when-made", lend_when_made},
    {"lend-when-made-newer", lend_when_made_newer},
    {"lend-unnamed", lend_unnamed},
    {"lend-by-newest", lend_by_newest},
    {"open-what-first-process-has", open_what_first_process_has},
    {"read-environment-of-first-process", read_environment_of_first_process},
    {"type-into-terminal", type_into_terminal},
    {"speculate", speculate},
    {"filter-more", filter_more},
    {"call-as-x32", call_as_x32},
    {NULL, NULL},
};
