/* maintain.c: what people can see and do: `x07 vm status`, `prune` and `build-image`. */
#include "vm.h"

#include <x07/json_writer.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct usage {
    uint64_t templates;
    uint64_t bytes; /* on the disk */
};

static uint64_t
folder_bytes(const char *path)
{
    static const char *const names[] = {"initramfs", "memory", "devices", "manifest"};
    uint64_t bytes = 0;
    char file[PATH_MAX];
    struct stat found;

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (snprintf(file, sizeof file, "%s/%s", path, names[i]) < (int)sizeof file &&
            lstat(file, &found) == 0)
            bytes += (uint64_t)found.st_blocks * 512;
    return bytes;
}

/* Templates have a digest for a name, unfinished ones begin with "build-". */
static bool
is_template(const char *name)
{
    return strlen(name) == DIGEST_HEX - 1 && strspn(name, "0123456789abcdef") == DIGEST_HEX - 1;
}

static bool
is_of_cache(const char *name)
{
    const char *dot = strchr(name, '.');

    return is_template(name) || strncmp(name, "build-", 6) == 0 ||
           (dot && dot - name == DIGEST_HEX - 1 &&
            (strcmp(dot, ".lock") == 0 || strncmp(dot, ".trial", 6) == 0));
}

/* Looks at every entry of ours in the cache, and removes it if asked. */
static struct usage
go_through(const struct settings *settings, bool remove)
{
    DIR *directory = opendir(settings->cache);
    struct usage usage = {0};
    char path[PATH_MAX];

    for (struct dirent *entry; directory && (entry = readdir(directory));) {
        if (!is_of_cache(entry->d_name) || template_is_being_built(entry->d_name) ||
            snprintf(path, sizeof path, "%s/%s", settings->cache, entry->d_name) >= (int)sizeof path)
            continue;
        usage.templates += is_template(entry->d_name);
        usage.bytes += folder_bytes(path);
        if (remove)
            vm_remove_tree(path);
    }
    if (directory)
        closedir(directory);
    return usage;
}

static void
text(x07_json *json, const char *name, const char *value)
{
    x07_json_name(json, name);
    x07_json_string(json, value && value[0] ? value : NULL);
}

static void
number(x07_json *json, const char *name, uint64_t value)
{
    x07_json_name(json, name);
    x07_json_uint(json, value);
}

static void
flag(x07_json *json, const char *name, bool value)
{
    x07_json_name(json, name);
    x07_json_bool(json, value);
}

static x07_status
status(const x07_host *host, char **report)
{
    struct settings settings = {0};
    x07_probe probe = {.size = sizeof probe};
    x07_json json = {.host = host};
    x07_status folders = settings_folders(host, &settings);

    if (folders != X07_OK || (folders = vm_probe(host, &probe)) != X07_OK)
        return folders;
    struct usage usage = go_through(&settings, false);
    x07_json_begin(&json, '{');
    flag(&json, "available", probe.available);
    text(&json, "cache_dir", settings.cache);
    x07_json_name(&json, "facts");
    x07_json_begin(&json, '{');
    for (uint32_t i = 0; i < probe.fact_count; i++) {
        text(&json, probe.facts[i].name, probe.facts[i].value);
        host->release(host, probe.facts[i].value);
    }
    x07_json_end(&json, '}');
    text(&json, "reason", probe.reason);
    number(&json, "running", state_count(&settings));
    x07_json_name(&json, "runs");
    state_tell(&settings, &json);
    text(&json, "state_dir", settings.state);
    text(&json, "strength", probe.strength == X07_STRENGTH_VM ? "vm" : "none");
    number(&json, "template_bytes", usage.bytes);
    number(&json, "templates", usage.templates);
    x07_json_end(&json, '}');
    host->release(host, probe.reason);
    host->release(host, probe.facts);
    *report = json.data;
    return X07_OK;
}

static x07_status
prune(const x07_host *host, char **report)
{
    struct settings settings = {0};
    x07_json json = {.host = host};
    x07_status folders = settings_folders(host, &settings);

    if (folders != X07_OK)
        return folders;
    size_t runs = state_sweep(&settings);
    struct usage usage = go_through(&settings, true);
    x07_json_begin(&json, '{');
    text(&json, "cache_dir", settings.cache);
    number(&json, "freed_bytes", usage.bytes);
    number(&json, "removed_runs", runs);
    number(&json, "removed_templates", usage.templates);
    text(&json, "state_dir", settings.state);
    x07_json_end(&json, '}');
    *report = json.data;
    return X07_OK;
}

static x07_status
build_image(const x07_host *host, char **report)
{
    struct settings settings;
    struct template template;
    x07_json json = {.host = host};
    x07_status built = settings_read(host, &settings);

    if (built != X07_OK)
        return built;
    int64_t started = vm_now_ms();
    built =
        template_get(host, &settings, template_default_mib(), settings_boot_limit_ms(&settings), &template);
    if (built != X07_OK) {
        if (built == X07_E_UNAVAILABLE)
            trial_remember(&settings, "no guest came up when x07 vm build-image tried");
        return built;
    }
    trial_remember(&settings, "");
    x07_json_begin(&json, '{');
    text(&json, "accel", settings_accel_name(&settings));
    number(&json, "bytes", folder_bytes(template.folder));
    text(&json, "guest_digest", template.digest);
    text(&json, "kernel", settings.kernel);
    number(&json, "memory_mib", template.memory_mib);
    flag(&json, "security_boundary", settings.accel == ACCEL_KVM);
    text(&json, "template", template.folder);
    number(&json, "took_ms", (uint64_t)(vm_now_ms() - started));
    x07_json_end(&json, '}');
    *report = json.data;
    return X07_OK;
}

x07_status
maintain_run(const x07_host *host, const char *const *words, char **report)
{
    static const struct {
        const char *word;
        x07_status (*run)(const x07_host *host, char **report);
    } rows[] = {{"status", status}, {"prune", prune}, {"build-image", build_image}};

    for (size_t i = 0; words[0] && i < sizeof rows / sizeof *rows; i++)
        if (strcmp(words[0], rows[i].word) == 0 && !words[1])
            return rows[i].run(host, report);
    return vm_fail(host, X07_E_UNSUPPORTED, "E_VM_MAINTAIN",
                   "the sandbox backend \"vm\" knows status, prune and "
                   "build-image");
}
