/* template.c: booted guests, frozen and kept. One folder per key in the cache:
 *
 *   <cache>/<key>/initramfs   what it booted with
 *   <cache>/<key>/memory      its memory
 *   <cache>/<key>/devices     the state of its processor and devices
 *   <cache>/<key>/manifest    JSON: what these files were when it was finished
 *   <cache>/<key>.lock        held while it is built
 *
 * A folder appears by one rename of a finished one. A file whose inode, size or status time is not what the
 * manifest says was written to since: the template is damaged and is built anew. Nobody but root can set a
 * status time back, so even a QEMU that a guest took over cannot change a template unseen. */
#include "vm.h"

#include <errno.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MANIFEST_MOST = 16384, LOCK_WAIT_MS = 50, DEFAULT_MIB = 1024, PAGE = 4096 };

#define SCHEMA "x07.vm.template@0.2.0"

static const struct {
    const char *name;
    size_t path; /* in struct template */
} files[] = {{"initramfs", offsetof(struct template, initramfs)},
             {"memory", offsetof(struct template, memory)},
             {"devices", offsetof(struct template, devices)}};

enum { FILES = sizeof files / sizeof *files };

static char *
file_path(struct template *template, size_t index)
{
    return (char *)template + files[index].path;
}

uint64_t
template_default_mib(void)
{
    return DEFAULT_MIB;
}

/* Guests come in powers of two, so that few templates serve all. */
static uint64_t
round_up(uint64_t mib)
{
    uint64_t rounded = DEFAULT_MIB;

    while (rounded < mib && rounded < UINT64_MAX / 2)
        rounded *= 2;
    return rounded;
}

/* Paths that are too long are cut, and then not found. */
static void
set_paths(struct template *template, const char *folder)
{
    snprintf(template->folder, sizeof template->folder, "%.3000s", folder);
    for (size_t i = 0; i < FILES; i++)
        snprintf(file_path(template, i), PATH_MAX, "%.3000s/%s", folder, files[i].name);
}

/* Whether only we can write there. */
static bool
is_private(const char *path, mode_t type)
{
    struct stat found;

    return lstat(path, &found) == 0 && (found.st_mode & S_IFMT) == type && found.st_uid == geteuid() &&
           !(found.st_mode & (S_IWGRP | S_IWOTH));
}

static void
describe_file(const char *path, char *text, size_t room)
{
    struct stat found;

    text[0] = 0;
    if (is_private(path, S_IFREG) && stat(path, &found) == 0)
        snprintf(text, room, "%llu %lld %lld.%09ld", (unsigned long long)found.st_ino,
                 (long long)found.st_size, (long long)found.st_ctim.tv_sec, found.st_ctim.tv_nsec);
}

static json_object *
read_manifest(const struct template *template)
{
    char path[PATH_MAX];

    if (snprintf(path, sizeof path, "%s/manifest", template->folder) >= (int)sizeof path ||
        !is_private(path, S_IFREG))
        return NULL;
    char *text = vm_read_file(path, MANIFEST_MOST);
    json_object *manifest = text ? json_tokener_parse(text) : NULL;
    free(text);
    return manifest;
}

static bool
matches(struct template *template, json_object *manifest)
{
    bool same = strcmp(vm_json_text(manifest, "schema_version"), SCHEMA) == 0 &&
                strcmp(vm_json_text(manifest, "key"), template->key) == 0;

    for (size_t i = 0; same && i < FILES; i++) {
        char now[128];
        describe_file(file_path(template, i), now, sizeof now);
        same = now[0] && strcmp(now, vm_json_text(manifest, files[i].name)) == 0;
    }
    json_object *shares;
    template->can_share =
        json_object_object_get_ex(manifest, "shares", &shares) && json_object_get_boolean(shares);
    if (same)
        snprintf(template->digest, sizeof template->digest, "%s", vm_json_text(manifest, "digest"));
    return same;
}

bool
template_is_intact(const struct template *template)
{
    struct template copy = *template;
    json_object *manifest = read_manifest(&copy);
    bool intact = manifest && is_private(copy.folder, S_IFDIR) && matches(&copy, manifest);

    json_object_put(manifest);
    return intact;
}

bool
template_find(const struct settings *settings, uint64_t memory_mib, struct template *template)
{
    char folder[PATH_MAX];

    *template = (struct template){.memory_mib = round_up(memory_mib)};
    key_make(settings, template->memory_mib, template->key);
    snprintf(folder, sizeof folder, "%.3000s/%s", settings->cache, template->key);
    set_paths(template, folder);
    json_object *manifest = read_manifest(template);
    bool found = manifest && is_private(template->folder, S_IFDIR) && matches(template, manifest);
    json_object_put(manifest);
    return found;
}

/* ---- Building ---------------------------------------------------------------------------------------- */

static x07_status
fail_boot(struct machine *machine, const char *what)
{
    char *words = machine_last_words(machine);
    x07_status status = vm_fail(machine->host, X07_E_UNAVAILABLE, "E_VM_BOOT", "%s%s%s", what,
                                words[0] ? "; it said last: " : "; it said nothing", words);

    free(words);
    return status;
}

static x07_status
take_ready(struct machine *machine, struct template *template, const struct frame *frame)
{
    struct vm_ready ready;

    if (frame->type != FRAME_READY || frame->size != sizeof ready)
        return vm_fail(machine->host, X07_E_UNAVAILABLE, "E_VM_BOOT", "the guest cannot come up: %.*s",
                       (int)(frame->size < 500 ? frame->size : 500), frame->data);
    memcpy(&ready, frame->data, sizeof ready);
    template->can_share = (ready.features & VM_SHARES) != 0;
    return X07_OK;
}

static x07_status
await_ready(struct machine *machine, struct template *template, int64_t deadline)
{
    static struct channel channel;

    channel = (struct channel){.fd = machine->channel};
    for (;;) {
        switch (channel_read(&channel)) {
        case CHANNEL_FRAME:
            return take_ready(machine, template, &channel.frame);
        case CHANNEL_QUIET:
            break;
        default:
            return fail_boot(machine, "the guest ended while it booted");
        }
        if (machine->host->cancelled(machine->host))
            return vm_fail(machine->host, X07_E_CANCELLED, "E_CANCELLED", "interrupted");
        if (vm_now_ms() > deadline)
            return fail_boot(machine, "the guest did not come up in time");
        vm_pause_ms(5);
    }
}

static x07_status
create_file(const x07_host *host, const char *path, off_t size, int *file)
{
    *file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (*file >= 0 && ftruncate(*file, size) == 0)
        return X07_OK;
    x07_status status = vm_fail_errno(host, "E_VM_IO", "create %s", path);
    if (*file >= 0)
        close(*file);
    return status;
}

/* Boots, and freezes as soon as the guest waits for a job. */
static x07_status
boot(const x07_host *host, const struct settings *settings, struct template *template, int devices,
     int64_t limit_ms)
{
    struct machine_plan plan = {.settings = settings,
                                .template = template,
                                .name = "template",
                                .folder = template->folder,
                                .payload = -1};
    int64_t deadline = vm_now_ms() + limit_ms;
    struct machine machine;
    char *layers;
    x07_status status = machine_start(host, &plan, &machine);

    if (status != X07_OK)
        return status;
    status = machine_greet(&machine, deadline, &layers);
    free(layers);
    if (status == X07_OK)
        status = await_ready(&machine, template, deadline);
    if (status == X07_OK)
        status = qmp_freeze(&machine, devices, deadline);
    machine_end(&machine);
    return status;
}

/* Memory that holds nothing needs no place on the disk. */
static void
punch_holes(int file, off_t size)
{
    static const char zeros[PAGE];
    static char chunk[PAGE * 64];

    for (off_t at = 0; (at = lseek(file, at, SEEK_DATA)) >= 0 && at < size;) {
        at -= at % PAGE;
        ssize_t count = pread(file, chunk, sizeof chunk, at);
        for (ssize_t page = 0; page + PAGE <= count; page += PAGE)
            if (memcmp(chunk + page, zeros, PAGE) == 0 &&
                fallocate(file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, at + page, PAGE) < 0)
                return;
        if (count <= 0)
            return;
        at += count;
    }
}

static x07_status
write_manifest(const x07_host *host, const struct settings *settings, struct template *template)
{
    json_object *manifest = json_object_new_object();
    char path[PATH_MAX];
    char text[128];
    int file;

    json_object_object_add(manifest, "schema_version", json_object_new_string(SCHEMA));
    json_object_object_add(manifest, "key", json_object_new_string(template->key));
    json_object_object_add(manifest, "digest", json_object_new_string(template->digest));
    json_object_object_add(manifest, "kernel", json_object_new_string(settings->kernel));
    json_object_object_add(manifest, "accel", json_object_new_string(settings_accel_name(settings)));
    json_object_object_add(manifest, "shares", json_object_new_boolean(template->can_share));
    json_object_object_add(manifest, "memory_mib", json_object_new_uint64(template->memory_mib));
    for (size_t i = 0; i < FILES; i++) {
        describe_file(file_path(template, i), text, sizeof text);
        json_object_object_add(manifest, files[i].name, json_object_new_string(text));
    }
    x07_status status = vm_path(host, path, "%s/manifest", template->folder);
    if (status == X07_OK)
        status = create_file(host, path, 0, &file);
    if (status == X07_OK) {
        const char *json = json_object_to_json_string_ext(manifest, JSON_C_TO_STRING_PRETTY);
        if (!vm_write_all(file, json, strlen(json)) || fsync(file) < 0)
            status = vm_fail_errno(host, "E_VM_IO", "write %s", path);
        close(file);
    }
    json_object_put(manifest);
    return status;
}

/* Fills the folder that the template names. */
static x07_status
fill(const x07_host *host, const struct settings *settings, struct template *template, int64_t limit_ms)
{
    off_t size = (off_t) template->memory_mib << 20;
    int memory = -1, devices = -1;
    x07_status status = initramfs_write(host, settings, template->initramfs);

    if (status == X07_OK)
        status = image_digest(host, settings, template->initramfs, template->digest);
    if (status == X07_OK)
        status = create_file(host, template->memory, size, &memory);
    if (status == X07_OK)
        status = create_file(host, template->devices, 0, &devices);
    if (status == X07_OK)
        status = boot(host, settings, template, devices, limit_ms);
    if (status == X07_OK) {
        punch_holes(memory, size);
        if (fsync(memory) < 0 || fsync(devices) < 0)
            status = vm_fail_errno(host, "E_VM_IO", "write %s", template->folder);
    }
    if (memory >= 0)
        close(memory);
    if (devices >= 0)
        close(devices);
    return status == X07_OK ? write_manifest(host, settings, template) : status;
}

/* Puts the finished folder into its place; what is there is damaged. */
static x07_status
put_in_place(const x07_host *host, const char *folder, const char *place)
{
    char aside[PATH_MAX];
    x07_status status = vm_path(host, aside, "%s-damaged", folder);

    if (status != X07_OK)
        return status;
    if (rename(place, aside) == 0)
        vm_remove_tree(aside);
    return rename(folder, place) == 0 ? X07_OK : vm_fail_errno(host, "E_VM_IO", "create %s", place);
}

static x07_status
build(const x07_host *host, const struct settings *settings, int64_t limit_ms, struct template *template)
{
    char folder[PATH_MAX], place[PATH_MAX];
    x07_status status =
        vm_path(host, folder, "%s/build-%ld-%lld", settings->cache, (long)getpid(), (long long)vm_unix_ms());

    strcpy(place, template->folder);
    if (status == X07_OK && mkdir(folder, 0700) < 0)
        status = vm_fail_errno(host, "E_VM_IO", "create %s", folder);
    if (status != X07_OK)
        return status;
    set_paths(template, folder);
    status = fill(host, settings, template, limit_ms);
    if (status == X07_OK)
        status = put_in_place(host, folder, place);
    if (status != X07_OK)
        vm_remove_tree(folder);
    set_paths(template, place);
    return status;
}

/* Waits until nobody else builds it. A builder that dies lets go. */
static x07_status
lock(const x07_host *host, const struct settings *settings, const char *key, int *file)
{
    char path[PATH_MAX];
    x07_status status = vm_path(host, path, "%s/%s.lock", settings->cache, key);

    if (status != X07_OK)
        return status;
    *file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (*file < 0)
        return vm_fail_errno(host, "E_VM_IO", "create %s", path);
    while (flock(*file, LOCK_EX | LOCK_NB) < 0) {
        if (host->cancelled(host)) {
            close(*file);
            return vm_fail(host, X07_E_CANCELLED, "E_CANCELLED", "interrupted");
        }
        vm_pause_ms(LOCK_WAIT_MS);
    }
    return X07_OK;
}

x07_status
template_get(const x07_host *host, const struct settings *settings, uint64_t memory_mib, int64_t limit_ms,
             struct template *template)
{
    int file;

    if (template_find(settings, memory_mib, template))
        return X07_OK;
    x07_status status = vm_make_dirs(host, settings->cache, 0700);
    if (status == X07_OK && !is_private(settings->cache, S_IFDIR))
        status = vm_fail(host, X07_E_UNAVAILABLE, "E_VM_CACHE",
                         "%s belongs to somebody else, or others can write to it", settings->cache);
    if (status == X07_OK)
        status = lock(host, settings, template->key, &file);
    if (status != X07_OK)
        return status;
    if (!template_find(settings, memory_mib, template)) {
        template_sweep(settings);
        host->log(host, X07_LOG_NOTE, "vm: booting a guest once, to resume it from now on");
        status = build(host, settings, limit_ms, template);
    }
    close(file);
    return status;
}
