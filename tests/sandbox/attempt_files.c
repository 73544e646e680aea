/* attempt_files.c: reading and writing outside of the roots. SECRET is a file, OUTSIDE a directory outside;
 * `in` may be read, `out` written, both relative to the working directory. */
#include "attempt.h"

#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

static int
read_absolute(void)
{
    return reads(aim("SECRET"));
}

static int
read_dotdot(void)
{
    return reads("in/../secret");
}

static int
read_given_symlink(void)
{
    return reads("in/to-secret");
}

static int
read_own_symlink(void)
{
    if (symlink(aim("SECRET"), "out/own-link"))
        return errno;
    return reads("out/own-link");
}

static int
read_own_hard_link(void)
{
    if (link(aim("SECRET"), "out/own-hard-link"))
        return errno;
    return reads("out/own-hard-link");
}

static int
read_proc_root(void)
{
    return reads(aim_path("PROC_ROOT", aim("SECRET")));
}

static int
read_proc_cwd(void)
{
    return reads("/proc/self/cwd/secret");
}

static int
read_root_of_first_process(void)
{
    char path[4096];

    snprintf(path, sizeof path, "/proc/1/root%.4000s", aim("SECRET"));
    return reads(path);
}

static const char *
proc_of_host(const char *rest)
{
    static char path[8192];

    snprintf(path, sizeof path, "/proc/%d/%s", aim_number("HOST_PID"), rest);
    return path;
}

static int
read_root_of_host(void)
{
    char rest[4096];

    snprintf(rest, sizeof rest, "root%.4000s", aim("SECRET"));
    return reads(proc_of_host(rest));
}

static int
read_environment_of_host(void)
{
    return reads(proc_of_host("environ"));
}

static int
read_descriptor_of_host(void)
{
    return reads(proc_of_host("fd/9"));
}

static int
read_inherited_descriptor(void)
{
    char byte;

    for (int fd = 3; fd < 256; fd++)
        if (pread(fd, &byte, 1, 0) == 1)
            return 0;
    return EBADF;
}

static int
write_absolute(void)
{
    return writes(aim_path("OUTSIDE", "/written"));
}

static int
write_dotdot(void)
{
    return writes("out/../written");
}

static int
write_read_root(void)
{
    return writes("in/written");
}

static int
write_read_root_file(void)
{
    return writes("in/file");
}

static int
write_given_symlink(void)
{
    return writes("out/to-outside/written-by-link");
}

static int
rename_out(void)
{
    int failure = writes("out/mine");

    return failure ? failure : outcome(rename("out/mine", aim_path("OUTSIDE", "/renamed")));
}

static int
rename_in(void)
{
    return outcome(rename("in/movable", "out/moved"));
}

static int
exchange(void)
{
    int failure = writes("out/exchanged");

    return failure ? failure
                   : outcome(syscall(SYS_renameat2, AT_FDCWD, "out/exchanged", AT_FDCWD, aim("VICTIM"), 2));
}

static int
link_out(void)
{
    int failure = writes("out/linked");

    return failure ? failure : outcome(link("out/linked", aim_path("OUTSIDE", "/linked")));
}

static int
truncate_outside(void)
{
    return outcome(truncate(aim("VICTIM"), 0));
}

static int
chmod_outside(void)
{
    return outcome(chmod(aim("VICTIM"), 0777));
}

static int
chmod_read_root(void)
{
    return outcome(chmod("in/file", 0777));
}

static int
touch_read_root(void)
{
    return outcome(utimensat(AT_FDCWD, "in/file", NULL, 0));
}

static int
remove_outside(void)
{
    return outcome(unlink(aim("VICTIM")));
}

static int
remove_in_read_root(void)
{
    return outcome(unlink("in/removable"));
}

static int
mkdir_outside(void)
{
    return outcome(mkdir(aim_path("OUTSIDE", "/directory"), 0777));
}

static int
lists(const char *path)
{
    DIR *directory = opendir(path);

    if (!directory)
        return errno;
    closedir(directory);
    return 0;
}

static int
list_root(void)
{
    return lists("/");
}

static int
list_outside(void)
{
    return lists(aim("OUTSIDE"));
}

static int
list_sys(void)
{
    return lists("/sys");
}

static int
list_etc(void)
{
    return lists("/etc");
}

static int
read_passwd(void)
{
    return reads("/etc/passwd");
}

static int
find_outside(void)
{
    struct stat info;

    return outcome(stat(aim("SECRET"), &info));
}

static int
enter_outside(void)
{
    return outcome(chdir(aim("OUTSIDE")));
}

static int
chroot_away(void)
{
    mkdir("out/root", 0777);
    return outcome(chroot("out/root"));
}

static int
bind_mount(void)
{
    mkdir("out/mounted", 0777);
    if (mount(aim("OUTSIDE"), "out/mounted", NULL, MS_BIND, NULL))
        return errno;
    umount2("out/mounted", MNT_DETACH);
    return 0;
}

static int
remount_writable(void)
{
    return outcome(mount(NULL, "in", NULL, MS_REMOUNT | MS_BIND, NULL));
}

static int
mount_memory(void)
{
    mkdir("out/memory", 0777);
    if (mount("none", "out/memory", "tmpfs", 0, NULL))
        return errno;
    umount2("out/memory", MNT_DETACH);
    return 0;
}

static int
open_mount_context(void)
{
    return outcome(syscall(SYS_fsopen, "tmpfs", 0));
}

static int
copy_mount(void)
{
    return outcome(syscall(SYS_open_tree, AT_FDCWD, "/", 1 /* OPEN_TREE_CLONE */));
}

static int
open_by_handle(void)
{
    union {
        struct file_handle handle;
        char room[256];
    } file = {.handle = {.handle_bytes = 128}};
    int mount_id;
    int fd = open("out", O_RDONLY | O_DIRECTORY);

    if (name_to_handle_at(AT_FDCWD, "in/file", &file.handle, &mount_id, 0))
        return errno;
    return outcome(open_by_handle_at(fd, &file.handle, O_RDONLY));
}

static int
make_device(void)
{
    if (mknod("out/memory-device", S_IFCHR | 0666, makedev(1, 1)))
        return errno;
    unlink("out/memory-device");
    return 0;
}

static int
write_system_setting(void)
{
    int fd = open("/proc/sys/kernel/panic", O_WRONLY);

    return outcome(fd);
}

static int
chmod_own_executable(void)
{
    char path[4096];
    ssize_t len = readlink("/proc/self/exe", path, sizeof path - 1);

    if (len < 0)
        return errno;
    path[len] = '\0';
    return outcome(chmod(path, 0755));
}

static int
write_device(void)
{
    return writes("/dev/new-file");
}

const struct attempt file_attempts[] = {
    {"read-absolute", read_absolute},
    {"read-dotdot", read_dotdot},
    {"read-given-symlink", read_given_symlink},
    {"read-own-symlink", read_own_symlink},
    {"read-own-hard-link", read_own_hard_link},
    {"read-proc-root", read_proc_root},
    {"read-proc-cwd", read_proc_cwd},
    {"read-root-of-first-process", read_root_of_first_process},
    {"read-root-of-host", read_root_of_host},
    {"read-environment-of-host", read_environment_of_host},
    {"read-descriptor-of-host", read_descriptor_of_host},
    {"read-inherited-descriptor", read_inherited_descriptor},
    {"write-absolute", write_absolute},
    {"write-dotdot", write_dotdot},
    {"write-read-root", write_read_root},
    {"write-read-root-file", write_read_root_file},
    {"write-given-symlink", write_given_symlink},
    {"rename-out", rename_out},
    {"rename-in", rename_in},
    {"exchange", exchange},
    {"link-out", link_out},
    {"truncate-outside", truncate_outside},
    {"chmod-outside", chmod_outside},
    {"chmod-read-root", chmod_read_root},
    {"touch-read-root", touch_read_root},
    {"remove-outside", remove_outside},
    {"remove-in-read-root", remove_in_read_root},
    {"mkdir-outside", mkdir_outside},
    {"list-root", list_root},
    {"list-outside", list_outside},
    {"list-sys", list_sys},
    {"list-etc", list_etc},
    {"read-passwd", read_passwd},
    {"find-outside", find_outside},
    {"enter-outside", enter_outside},
    {"chroot-away", chroot_away},
    {"bind-mount", bind_mount},
    {"remount-writable", remount_writable},
    {"mount-memory", mount_memory},
    {"open-mount-context", open_mount_context},
    {"copy-mount", copy_mount},
    {"open-by-handle", open_by_handle},
    {"make-device", make_device},
    {"write-system-setting", write_system_setting},
    {"chmod-own-executable", chmod_own_executable},
    {"write-device", write_device},
    {NULL, NULL},
};
