/* small_machine.c: the first process of a machine that has control groups of version 2 and nothing else: no
 * system, no other users of it. It runs x07-confine, which lies beside it, and writes to its console how each
 * run ended. Behind the boundary it is also the program: `init WHAT` does what the groups are to stop. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { USER = 1000, MEGABYTES = 80, CHILDREN = 40, REPORT_BYTES = 8192 };

#define GROUPS "/sys/fs/cgroup"
#define DELEGATED GROUPS "/user"
#define HELPER "/x07-confine"
#define REPORT "/report"

static void
die(const char *what)
{
    printf("broken %s: %s\n", what, strerror(errno));
    reboot(RB_AUTOBOOT);
}

static void
put(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);

    if (fd < 0 || write(fd, text, strlen(text)) < 0)
        die(path);
    close(fd);
}

static void
copy(const char *from, const char *to)
{
    static char block[1 << 16];
    int in = open(from, O_RDONLY | O_CLOEXEC);
    int out = open(to, O_WRONLY | O_CREAT | O_CLOEXEC, 0755);
    ssize_t got;

    while ((got = read(in, block, sizeof block)) > 0)
        if (write(out, block, (size_t)got) != got)
            die(to);
    close(in);
    close(out);
}

/* The root that the kernel starts with cannot be left; one in memory can. */
static void
make_root(void)
{
    if (mkdir("/new", 0755) || mount("tmpfs", "/new", "tmpfs", 0, "mode=755"))
        die("/new");
    copy("/init", "/new/init");
    copy(HELPER, "/new" HELPER);
    if (chdir("/new") || mount(".", "/", NULL, MS_MOVE, NULL) || chroot(".") || chdir("/"))
        die("root");
    mkdir("/proc", 0755);
    mkdir("/sys", 0755);
    mkdir("/dev", 0755);
    if (mount("proc", "/proc", "proc", 0, NULL) || mount("sysfs", "/sys", "sysfs", 0, NULL) ||
        mount("dev", "/dev", "devtmpfs", 0, NULL) || mount("groups", GROUPS, "cgroup2", 0, NULL))
        die("mounts");
}

static void
print_report(void)
{
    char text[REPORT_BYTES];
    int fd = open(REPORT, O_RDONLY | O_CLOEXEC);
    ssize_t got = read(fd, text, sizeof text - 1);

    close(fd);
    text[got > 0 ? got : 0] = '\0';
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
        printf("    %s\n", line);
}

static void
print_leftovers(const char *directory)
{
    DIR *names = opendir(directory);
    struct dirent *entry;

    while (names && (entry = readdir(names)))
        if (strncmp(entry->d_name, "x07-", 4) == 0)
            printf("    left %s/%s\n", directory, entry->d_name);
    if (names)
        closedir(names);
}

static void
run(const char *name, uid_t user, const char *what)
{
    char *const argv[] = {
        HELPER,  "--report",           REPORT, "--spawn", "--group", "33554432", "--limit", "nproc=8", "--",
        "/init", (char *)(size_t)what, NULL};
    int status = 0;
    int report = open(REPORT, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0666);

    fchmod(report, 0666);
    close(report);
    printf("run %s\n", name);
    pid_t pid = fork();
    if (pid == 0) {
        if (user && (setgid(user) || setuid(user)))
            _exit(99);
        execv(HELPER, argv);
        _exit(99);
    }
    waitpid(pid, &status, 0);
    printf("    ended %d %d\n", WIFEXITED(status) ? WEXITSTATUS(status) : -1,
           WIFSIGNALED(status) ? WTERMSIG(status) : 0);
    print_report();
    print_leftovers(GROUPS);
    print_leftovers(DELEGATED);
}

/* A group as a user gets it from whoever keeps the machine: with controllers for those beneath it. */
static void
delegate(void)
{
    static const char *const owned[] = {DELEGATED, DELEGATED "/cgroup.procs", DELEGATED "/shell",
                                        DELEGATED "/shell/cgroup.procs"};

    if (mkdir(DELEGATED, 0755))
        die(DELEGATED);
    put(DELEGATED "/cgroup.subtree_control", "+pids +memory");
    mkdir(DELEGATED "/shell", 0755);
    for (size_t i = 0; i < sizeof owned / sizeof *owned; i++)
        if (chown(owned[i], USER, USER))
            die(owned[i]);
    put(DELEGATED "/shell/cgroup.procs", "0");
}

static int
use_processes(void)
{
    for (int i = 0; i < CHILDREN; i++) {
        pid_t pid = fork();
        if (pid < 0)
            return 1;
        if (pid == 0) {
            pause();
            _exit(0);
        }
    }
    return 0;
}

static int
use_memory(void)
{
    volatile char *memory = malloc((size_t)MEGABYTES << 20);

    for (size_t i = 0; memory && i < (size_t)MEGABYTES << 20; i += 4096)
        memory[i] = 1;
    return memory ? 0 : 1;
}

int
main(int argc, char **argv)
{
    if (argc > 1)
        return strcmp(argv[1], "processes") == 0 ? use_processes()
               : strcmp(argv[1], "memory") == 0  ? use_memory()
                                                 : 0;
    setvbuf(stdout, NULL, _IONBF, 0);
    make_root();
    run("root-nothing", 0, "nothing");
    run("root-processes", 0, "processes");
    run("root-memory", 0, "memory");
    delegate();
    run("user-nothing", USER, "nothing");
    run("user-processes", USER, "processes");
    run("user-memory", USER, "memory");
    put("/proc/sys/user/max_user_namespaces", "0");
    run("root-alone", 0, "nothing");
    run("user-alone", USER, "nothing");
    puts("done");
    reboot(RB_AUTOBOOT);
    return 0;
}
