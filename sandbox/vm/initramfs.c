/* initramfs.c: the guest's first file system: our init, the kernel modules that it needs to reach us, and
 * three empty folders. libarchive is loaded when an archive is written, not before: a run that resumes a
 * guest needs none and would pay for its libraries. */
#include "vm.h"

#include <archive.h>
#include <archive_entry.h>
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MODULES_DEP_MAX = 8 << 20, MODULE_MAX = 16 << 20, MODULES = 64, ZONE_MOST = 4 << 20 };

/* What is called of libarchive. */
#define LIBARCHIVE_CALLS(CALL)               \
    CALL(archive_write_new)                  \
    CALL(archive_write_set_format_cpio_newc) \
    CALL(archive_write_add_filter_none)      \
    CALL(archive_write_open_filename)        \
    CALL(archive_write_header)               \
    CALL(archive_write_data)                 \
    CALL(archive_write_close)                \
    CALL(archive_write_free)                 \
    CALL(archive_error_string)               \
    CALL(archive_entry_new)                  \
    CALL(archive_entry_free)                 \
    CALL(archive_entry_set_pathname)         \
    CALL(archive_entry_set_filetype)         \
    CALL(archive_entry_set_perm)             \
    CALL(archive_entry_set_size)             \
    CALL(archive_entry_set_symlink)          \
    CALL(archive_entry_set_rdevmajor)        \
    CALL(archive_entry_set_rdevminor)

struct writer {
    const x07_host *host;
    const struct settings *settings;
    const char *path;
    void *library;
    struct archive *archive;
#define CALL(name) __typeof__(name) *name;
    LIBARCHIVE_CALLS(CALL)
#undef CALL
    char *dependencies;     /* modules.dep */
    char *modules[MODULES]; /* paths beneath the modules' folder, in the order of their needs */
    size_t module_count;
};

static const char *const wanted[] = {"virtio_mmio", "virtio_blk", "virtio_console", "fuse"};

static x07_status
load_library(struct writer *writer)
{
    bool complete = true;

    writer->library = dlopen("libarchive.so.13", RTLD_NOW | RTLD_LOCAL);
    if (!writer->library)
        return vm_fail(writer->host, X07_E_UNAVAILABLE, "E_VM_LIBARCHIVE",
                       "cannot load libarchive (Debian: libarchive13): %s", dlerror());
#define CALL(name)                                                    \
    writer->name = (__typeof__(name) *)dlsym(writer->library, #name); \
    complete = complete && writer->name;
    LIBARCHIVE_CALLS(CALL)
#undef CALL
    return complete ? X07_OK
                    : vm_fail(writer->host, X07_E_UNAVAILABLE, "E_VM_LIBARCHIVE", "libarchive is incomplete");
}

static x07_status
fail_archive(struct writer *writer)
{
    const char *reason = writer->archive_error_string(writer->archive);

    return vm_fail(writer->host, X07_E_IO, "E_VM_INITRAMFS", "write %s: %s", writer->path,
                   reason ? reason : "unknown error");
}

/* data  a file's bytes, or a link's target. */
static x07_status
add(struct writer *writer, const char *name, mode_t mode, const void *data, size_t size)
{
    struct archive_entry *entry = writer->archive_entry_new();
    enum { CONSOLE_MAJOR = 5, CONSOLE_MINOR = 1 };

    writer->archive_entry_set_pathname(entry, name);
    writer->archive_entry_set_filetype(entry, mode & S_IFMT);
    writer->archive_entry_set_perm(entry, mode & 07777);
    writer->archive_entry_set_size(entry, S_ISREG(mode) ? (la_int64_t)size : 0);
    if (S_ISLNK(mode))
        writer->archive_entry_set_symlink(entry, data);
    if (S_ISCHR(mode)) {
        writer->archive_entry_set_rdevmajor(entry, CONSOLE_MAJOR);
        writer->archive_entry_set_rdevminor(entry, CONSOLE_MINOR);
    }
    bool done = writer->archive_write_header(writer->archive, entry) == ARCHIVE_OK &&
                (!S_ISREG(mode) || !size ||
                 writer->archive_write_data(writer->archive, data, size) == (la_ssize_t)size);
    writer->archive_entry_free(entry);
    return done ? X07_OK : fail_archive(writer);
}

/* Whether `path` ends in the module's file name; '-' and '_' are the same there. */
static bool
is_module(const char *path, size_t len, const char *module)
{
    size_t start = len;
    size_t name_len = strlen(module);

    while (start && path[start - 1] != '/')
        start--;
    if (len - start < name_len + 3 || strncmp(path + start + name_len, ".ko", 3) != 0)
        return false;
    for (size_t i = 0; i < name_len; i++)
        if (path[start + i] != module[i] && !(path[start + i] == '-' && module[i] == '_'))
            return false;
    return true;
}

static void
note_module(struct writer *writer, const char *path, size_t len)
{
    for (size_t i = 0; i < writer->module_count; i++)
        if (strlen(writer->modules[i]) == len && strncmp(writer->modules[i], path, len) == 0)
            return;
    if (writer->module_count < MODULES)
        writer->modules[writer->module_count++] = strndup(path, len);
}

/* A line is "module: need need ...", needs of needs included, the most basic last. */
static void
find_module(struct writer *writer, const char *module)
{
    for (const char *line = writer->dependencies; line && *line;) {
        size_t len = strcspn(line, "\n");
        size_t name_len = strcspn(line, ":\n");
        if (is_module(line, name_len, module)) {
            size_t end = len;
            while (end > name_len + 1) {
                size_t start = end;
                while (start > name_len + 1 && line[start - 1] != ' ')
                    start--;
                if (end > start)
                    note_module(writer, line + start, end - start);
                end = start > name_len + 1 ? start - 1 : start;
            }
            note_module(writer, line, name_len);
            return;
        }
        line += len + (line[len] != 0);
    }
}

static x07_status
find_modules(struct writer *writer)
{
    char path[PATH_MAX];
    x07_status status = vm_path(writer->host, path, "%s/modules.dep", writer->settings->modules);

    if (status != X07_OK)
        return status;
    writer->dependencies = vm_read_file(path, MODULES_DEP_MAX);
    if (!writer->dependencies)
        return vm_fail_errno(writer->host, "E_VM_KERNEL", "read %s", path);
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        find_module(writer, wanted[i]);
    return X07_OK;
}

static x07_status
add_module(struct writer *writer, const char *module, struct buffer *list)
{
    char path[PATH_MAX], name[PATH_MAX];
    const char *base = strrchr(module, '/') ? strrchr(module, '/') + 1 : module;
    struct stat found;
    x07_status status = vm_path(writer->host, path, "%s/%s", writer->settings->modules, module);

    if (status == X07_OK)
        status = vm_path(writer->host, name, "modules/%s", base);
    if (status != X07_OK)
        return status;
    FILE *file = fopen(path, "re");
    char *data = NULL;
    size_t size = 0;
    if (!file || fstat(fileno(file), &found) < 0 || found.st_size > MODULE_MAX ||
        !(data = malloc((size_t)found.st_size + 1)) ||
        (size = fread(data, 1, (size_t)found.st_size, file)) != (size_t)found.st_size)
        status = vm_fail_errno(writer->host, "E_VM_KERNEL", "read the kernel module %s", path);
    else
        status = add(writer, name, S_IFREG | 0600, data, size);
    if (file)
        fclose(file);
    free(data);
    buffer_add(list, "/", 1);
    buffer_add(list, name, strlen(name));
    buffer_add(list, "\n", 1);
    return status;
}

static x07_status
add_modules(struct writer *writer)
{
    struct buffer list = {0};
    x07_status status = writer->settings->modules[0] ? find_modules(writer) : X07_OK;

    if (status == X07_OK)
        status = add(writer, "modules", S_IFDIR | 0700, NULL, 0);
    for (size_t i = 0; status == X07_OK && i < writer->module_count; i++)
        status = add_module(writer, writer->modules[i], &list);
    if (status == X07_OK)
        status = add(writer, "modules/list", S_IFREG | 0600, list.data, list.size);
    buffer_free(&list);
    return status;
}

static x07_status
add_copy(struct writer *writer, const char *path, const struct stat *found)
{
    char target[PATH_MAX];

    if (S_ISLNK(found->st_mode)) {
        ssize_t len = readlink(path, target, sizeof target - 1);
        target[len < 0 ? 0 : len] = 0;
        return len < 0 ? X07_OK : add(writer, path + 1, S_IFLNK | 0777, target, 0);
    }
    size_t size = (size_t)found->st_size;
    char *data = found->st_size > ZONE_MOST ? NULL : vm_read_file(path, size + 1);
    x07_status status = data ? add(writer, path + 1, S_IFREG | 0444, data, size) : X07_OK;
    free(data);
    return status;
}

/* The time zones: too many to be copied for each run, and programs expect them. Where there are none, there
 * are none in the guest. */
static x07_status
add_zones(struct writer *writer, const char *folder)
{
    x07_status status = add(writer, folder + 1, S_IFDIR | 0755, NULL, 0);
    DIR *directory = opendir(folder);
    char path[PATH_MAX];
    struct stat found;

    for (struct dirent *entry; directory && status == X07_OK && (entry = readdir(directory));) {
        if (entry->d_name[0] == '.' ||
            snprintf(path, sizeof path, "%s/%s", folder, entry->d_name) >= (int)sizeof path ||
            lstat(path, &found) < 0)
            continue;
        if (S_ISDIR(found.st_mode))
            status = add_zones(writer, path);
        else if (S_ISREG(found.st_mode) || S_ISLNK(found.st_mode))
            status = add_copy(writer, path, &found);
    }
    if (directory)
        closedir(directory);
    return status;
}

static x07_status
fill(struct writer *writer)
{
    static const char *const folders[] = {"dev", "proc", "sys", "etc", "usr", "usr/share"};
    struct stat found;
    x07_status status = X07_OK;

    if (writer->archive_write_set_format_cpio_newc(writer->archive) != ARCHIVE_OK ||
        writer->archive_write_add_filter_none(writer->archive) != ARCHIVE_OK ||
        writer->archive_write_open_filename(writer->archive, writer->path) != ARCHIVE_OK)
        return fail_archive(writer);
    for (size_t i = 0; status == X07_OK && i < sizeof folders / sizeof *folders; i++)
        status = add(writer, folders[i], S_IFDIR | 0755, NULL, 0);
    if (status == X07_OK)
        status = add(writer, "dev/console", S_IFCHR | 0600, NULL, 0);
    if (status == X07_OK)
        status =
            add(writer, "init", S_IFREG | 0700, vm_guest_init, (size_t)(vm_guest_init_end - vm_guest_init));
    if (status == X07_OK)
        status = add_modules(writer);
    if (status == X07_OK)
        status = add_zones(writer, VM_ZONES);
    if (status == X07_OK && lstat("/etc/localtime", &found) == 0)
        status = add_copy(writer, "/etc/localtime", &found);
    if (status == X07_OK && writer->archive_write_close(writer->archive) != ARCHIVE_OK)
        status = fail_archive(writer);
    return status;
}

x07_status
initramfs_write(const x07_host *host, const struct settings *settings, const char *path)
{
    struct writer writer = {.host = host, .settings = settings, .path = path};
    x07_status status = load_library(&writer);

    if (status == X07_OK) {
        writer.archive = writer.archive_write_new();
        status = fill(&writer);
        writer.archive_write_free(writer.archive);
    }
    for (size_t i = 0; i < writer.module_count; i++)
        free(writer.modules[i]);
    free(writer.dependencies);
    if (writer.library)
        dlclose(writer.library);
    return status;
}
