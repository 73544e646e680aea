/* settings.c: what the environment says and the machine offers: QEMU, a kernel, its modules, two folders. */
#include "vm.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define QEMU_NAME "qemu-system-x86_64"
#define KERNEL_START "vmlinuz-"

static const char *
variable(const char *name)
{
    const char *value = getenv(name);

    return value && value[0] ? value : NULL;
}

const char *
settings_accel_name(const struct settings *settings)
{
    return settings->accel == ACCEL_KVM ? "kvm" : "tcg";
}

int64_t
settings_boot_limit_ms(const struct settings *settings)
{
    return settings->accel == ACCEL_KVM ? BOOT_KVM_LIMIT_MS : BOOT_TCG_LIMIT_MS;
}

static x07_status
choose_accel(const x07_host *host, struct settings *settings)
{
    const char *value = variable("X07_VM_ACCEL");

    settings->accel = value && strcmp(value, "tcg") == 0 ? ACCEL_TCG : ACCEL_KVM;
    if (value && strcmp(value, "tcg") != 0 && strcmp(value, "kvm") != 0)
        return vm_fail(host, X07_E_ARGUMENT, "E_VM_SETTING",
                       "invalid environment variable X07_VM_ACCEL=\"%s\" (expected one of: kvm, tcg)", value);
    if (settings->accel == ACCEL_KVM && access("/dev/kvm", R_OK | W_OK) < 0)
        return vm_fail(
            host, X07_E_UNAVAILABLE, "E_VM_KVM",
            "cannot use /dev/kvm: %s (a virtual machine needs KVM; X07_VM_ACCEL=tcg allows software "
            "emulation, which is not a security boundary)",
            strerror(errno));
    return X07_OK;
}

static x07_status
choose_way_of_roots(const x07_host *host, struct settings *settings)
{
    const char *value = variable("X07_VM_ROOTS");

    settings->copy_roots = value && strcmp(value, "copy") == 0;
    if (value && !settings->copy_roots && strcmp(value, "share") != 0)
        return vm_fail(host, X07_E_ARGUMENT, "E_VM_SETTING",
                       "invalid environment variable X07_VM_ROOTS=\"%s\" (expected one of: share, copy)",
                       value);
    return X07_OK;
}

/* As a shell would find it. */
static bool
find_in_path(const char *name, char *found)
{
    const char *path = variable("PATH");
    char *list = strdup(path ? path : "/usr/bin:/bin");
    bool done = false;

    for (char *rest = list, *folder; list && !done && (folder = strsep(&rest, ":"));)
        done = folder[0] == '/' && snprintf(found, PATH_MAX, "%s/%s", folder, name) < PATH_MAX &&
               access(found, X_OK) == 0;
    free(list);
    return done;
}

static x07_status
find_qemu(const x07_host *host, struct settings *settings)
{
    const char *named = variable("X07_VM_QEMU");

    if (named && named[0] == '/' && access(named, X_OK) == 0)
        return vm_path(host, settings->qemu, "%s", named);
    if (!named && find_in_path(QEMU_NAME, settings->qemu))
        return X07_OK;
    return vm_fail(host, X07_E_UNAVAILABLE, "E_VM_QEMU",
                   "cannot find %s (Debian: qemu-system-x86; X07_VM_QEMU names another place)",
                   named ? named : QEMU_NAME);
}

/* A cloud kernel before any other, then the higher version. */
static bool
is_better(const char *name, const char *best)
{
    bool cloud = strstr(name, "cloud") != NULL;
    bool best_cloud = strstr(best, "cloud") != NULL;

    return cloud != best_cloud ? cloud : strverscmp(name, best) > 0;
}

static bool
find_newest_kernel(char *best)
{
    DIR *boot = opendir("/boot");
    char path[PATH_MAX];

    best[0] = 0;
    for (struct dirent *found; boot && (found = readdir(boot));)
        if (strncmp(found->d_name, KERNEL_START, strlen(KERNEL_START)) == 0 &&
            snprintf(path, sizeof path, "/boot/%s", found->d_name) < (int)sizeof path &&
            access(path, R_OK) == 0 && (!best[0] || is_better(path, best)))
            strcpy(best, path);
    if (boot)
        closedir(boot);
    return best[0] != 0;
}

static x07_status
find_kernel(const x07_host *host, struct settings *settings)
{
    const char *named = variable("X07_VM_KERNEL");
    struct stat status;

    if (!named) {
        if (find_newest_kernel(settings->kernel))
            return X07_OK;
        return vm_fail(
            host, X07_E_UNAVAILABLE, "E_VM_KERNEL",
            "no readable kernel in /boot (Debian: linux-image-cloud-amd64; X07_VM_KERNEL names one)");
    }
    if (!realpath(named, settings->kernel) || stat(settings->kernel, &status) < 0 ||
        access(settings->kernel, R_OK) < 0)
        return vm_fail(host, X07_E_UNAVAILABLE, "E_VM_KERNEL", "cannot read the kernel X07_VM_KERNEL=%s: %s",
                       named, strerror(errno));
    if (!S_ISREG(status.st_mode))
        return vm_fail(host, X07_E_UNAVAILABLE, "E_VM_KERNEL", "the kernel X07_VM_KERNEL=%s is not a file",
                       named);
    return X07_OK;
}

/* /lib/modules/VERSION for .../vmlinuz-VERSION. A kernel without such a folder has what it needs built in. */
static x07_status
find_modules(const x07_host *host, struct settings *settings)
{
    const char *named = variable("X07_VM_MODULES");
    const char *base = strrchr(settings->kernel, '/') + 1;
    x07_status status = X07_OK;

    settings->modules[0] = 0;
    if (named)
        status = vm_path(host, settings->modules, "%s", named);
    else if (strncmp(base, KERNEL_START, strlen(KERNEL_START)) == 0)
        status = vm_path(host, settings->modules, "/lib/modules/%s", base + strlen(KERNEL_START));
    if (status != X07_OK || !settings->modules[0] || access(settings->modules, R_OK | X_OK) == 0)
        return status;
    if (named)
        return vm_fail(host, X07_E_UNAVAILABLE, "E_VM_KERNEL", "cannot read X07_VM_MODULES=%s: %s", named,
                       strerror(errno));
    settings->modules[0] = 0;
    return X07_OK;
}

static x07_status
read_digest(const x07_host *host, struct settings *settings)
{
    const char *value = variable("X07_VM_GUEST_IMAGE_DIGEST");

    settings->digest[0] = 0;
    if (!value)
        return X07_OK;
    if (strncmp(value, "sha256:", 7) != 0 || strlen(value) != DIGEST_TEXT - 1 ||
        strspn(value + 7, "0123456789abcdefABCDEF") != 64)
        return vm_fail(host, X07_E_ARGUMENT, "E_VM_DIGEST",
                       "invalid digest \"%s\" (expected sha256:<64-hex>)", value);
    strcpy(settings->digest, value);
    return X07_OK;
}

static x07_status
make_absolute(const x07_host *host, char *path, const char *given)
{
    char working[PATH_MAX];

    if (given[0] == '/')
        return vm_path(host, path, "%s", given);
    return getcwd(working, sizeof working) ? vm_path(host, path, "%s/%s", working, given)
                                           : vm_fail_errno(host, "E_VM_IO", "working directory");
}

static x07_status
choose_cache(const x07_host *host, struct settings *settings)
{
    const char *named = variable("X07_VM_CACHE_DIR");
    const char *xdg = variable("XDG_CACHE_HOME");
    const char *home = variable("HOME");

    if (named)
        return make_absolute(host, settings->cache, named);
    if (xdg && xdg[0] == '/')
        return vm_path(host, settings->cache, "%s/x07/vm", xdg);
    if (home && home[0] == '/')
        return vm_path(host, settings->cache, "%s/.cache/x07/vm", home);
    return vm_path(host, settings->cache, "/tmp/x07-vm-cache-%lu", (unsigned long)geteuid());
}

x07_status
settings_folders(const x07_host *host, struct settings *settings)
{
    const char *named = variable("X07_VM_STATE_DIR");
    const char *home = variable("HOME");
    x07_status status = choose_cache(host, settings);

    if (status != X07_OK)
        return status;
    if (named)
        return make_absolute(host, settings->state, named);
    if (home && home[0] == '/')
        return vm_path(host, settings->state, "%s/.x07/vm/jobs", home);
    return vm_path(host, settings->state, "/tmp/x07-%lu/vm/jobs", (unsigned long)geteuid());
}

x07_status
settings_read(const x07_host *host, struct settings *settings)
{
    x07_status (*const steps[])(const x07_host *, struct settings *) = {
        settings_folders, choose_accel, choose_way_of_roots, find_qemu,
        find_kernel,      find_modules, read_digest};
    x07_status status = X07_OK;

    for (size_t i = 0; status == X07_OK && i < sizeof steps / sizeof *steps; i++)
        status = steps[i](host, settings);
    return status;
}
