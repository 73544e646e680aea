/* state.c: a folder per run, so that what a killed host left can be found. A machine dies with its host in
 * any case; this is the second net. Layout of the folder and of job.json as the reference's VM jobs have
 * them.
 *
 *   <state>/<created ms>-<pid>-<n>-run/job.json
 *   <state>/<created ms>-<pid>-<n>-run/labels.json
 *
 * The folder is removed when its run ends. One whose host is gone, or whose deadline and clean-up time have
 * passed, is swept: its QEMU is killed, but only if the process still is that QEMU. */
#include "labels.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
    CLEANUP_MS = 30000,
    JOB_MOST = 16384,
    COMMAND_MOST = 65536,
    STARTED_FIELD = 22,    /* of /proc/PID/stat, from 1 */
    CLOCK_SLACK_MS = 60000 /* the wall clock may have been set since */
};

#define SCHEMA "x07.vm.job@0.1.0"
#define BACKEND "qemu-microvm"

x07_status
state_begin(const x07_host *host, const struct settings *settings, struct run_folder *run)
{
    x07_status status = vm_make_dirs(host, settings->state, 0700);

    if (status == X07_OK)
        status = labels_read_instance(host, settings, run->instance);
    state_sweep(settings);
    run->created_ms = vm_unix_ms();
    for (unsigned n = 0; status == X07_OK; n++) {
        snprintf(run->id, sizeof run->id, "%lld-%ld-%u-run", (long long)run->created_ms, (long)getpid(), n);
        status = vm_path(host, run->path, "%s/%s", settings->state, run->id);
        if (status == X07_OK && mkdir(run->path, 0700) == 0)
            return X07_OK;
        if (status == X07_OK && errno != EEXIST)
            status = vm_fail_errno(host, "E_VM_STATE", "create vm state dir: %s", run->path);
    }
    return status;
}

static void
add_text(json_object *job, const char *name, const char *text)
{
    json_object_object_add(job, name, json_object_new_string(text));
}

static void
add_number(json_object *job, const char *name, int64_t number)
{
    json_object_object_add(job, name, json_object_new_int64(number));
}

x07_status
state_note(const x07_host *host, const struct run_folder *run, pid_t pid, const char *digest, int64_t wall_ms,
           int64_t grace_ms)
{
    const struct labels labels = {.run_id = run->id,
                                  .instance = run->instance,
                                  .image_digest = digest[0] ? digest : NULL,
                                  .created_ms = run->created_ms,
                                  .deadline_ms = vm_unix_ms() + wall_ms};
    json_object *job = json_object_new_object();
    char path[PATH_MAX], container[80];
    x07_status status = vm_path(host, path, "%s/job.json", run->path);

    snprintf(container, sizeof container, "x07-%s", run->id);
    add_text(job, "schema_version", SCHEMA);
    add_text(job, "run_id", run->id);
    add_text(job, "backend", BACKEND);
    add_text(job, "container_id", container);
    add_number(job, "pid", pid);
    add_number(job, "created_unix_ms", run->created_ms);
    add_number(job, "deadline_unix_ms", labels.deadline_ms);
    add_number(job, "grace_ms", grace_ms);
    add_number(job, "cleanup_ms", CLEANUP_MS);
    json_object_object_add(job, "ctr", NULL);
    const char *text = json_object_to_json_string_ext(job, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED |
                                                               JSON_C_TO_STRING_NOSLASHESCAPE);
    if (status == X07_OK && !vm_write_new(path, text))
        status = vm_fail_errno(host, "E_VM_STATE", "write %s", path);
    json_object_put(job);
    return status == X07_OK ? labels_write(host, run->path, &labels) : status;
}

void
state_end(const struct run_folder *run)
{
    if (run->path[0])
        vm_remove_tree(run->path);
}

/* ---- Sweeping ---------------------------------------------------------------------------------------- */

static int64_t
number(json_object *job, const char *name)
{
    json_object *value;

    return json_object_object_get_ex(job, name, &value) ? json_object_get_int64(value) : 0;
}

/* A number may have gone to another process since: its command line must name the run. */
static void
kill_machine(pid_t pid, const char *run_id)
{
    char path[64], name[96], command[COMMAND_MOST];
    int process = pid > 1 ? pidfd_open(pid, 0) : -1;

    if (process < 0)
        return;
    snprintf(path, sizeof path, "/proc/%ld/cmdline", (long)pid);
    snprintf(name, sizeof name, "x07-%s", run_id);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t size = file < 0 ? 0 : read(file, command, sizeof command);
    if (file >= 0)
        close(file);
    /* Words end with NUL: the name with its end is a whole word. */
    if (size > 0 && memmem(command, (size_t)size, name, strlen(name) + 1))
        pidfd_send_signal(process, SIGKILL, NULL, 0);
    close(process);
}

/* When a process started, by the wall clock; 0: there is none. */
static int64_t
started_ms(long pid)
{
    char path[64];
    struct timespec since_boot;
    unsigned long long ticks = 0;

    snprintf(path, sizeof path, "/proc/%ld/stat", pid);
    char *text = vm_read_file(path, JOB_MOST);
    const char *rest = text ? strrchr(text, ')') : NULL; /* after its name, which may hold anything */
    for (int field = 2; rest && field < STARTED_FIELD; field++)
        rest = strchr(rest + 1, ' ');
    if (rest)
        ticks = strtoull(rest + 1, NULL, 10);
    free(text);
    if (!rest || clock_gettime(CLOCK_BOOTTIME, &since_boot) < 0)
        return 0;
    int64_t age = since_boot.tv_sec * 1000 + since_boot.tv_nsec / 1000000 -
                  (int64_t)(ticks * 1000 / (unsigned long long)sysconf(_SC_CLK_TCK));
    return vm_unix_ms() - age;
}

/* The host's number is in the run's id; a process that started later only got the same number. */
static bool
host_lives(const char *run_id)
{
    const char *dash = strchr(run_id, '-');
    long pid = dash ? strtol(dash + 1, NULL, 10) : 0;
    int64_t started = pid > 0 ? started_ms(pid) : 0;

    return started && started <= strtoll(run_id, NULL, 10) + CLOCK_SLACK_MS;
}

/* Whether the folder's run is over or has to be. */
static bool
is_due(json_object *job, const char *run_id)
{
    if (!host_lives(run_id))
        return true;
    return job && vm_unix_ms() > number(job, "deadline_unix_ms") + number(job, "cleanup_ms");
}

static bool
is_run_id(const char *name)
{
    size_t len = strlen(name);

    return len > 4 && len < sizeof((struct run_folder *)0)->id && name[0] >= '0' && name[0] <= '9' &&
           strcmp(name + len - 4, "-run") == 0;
}

static json_object *
read_job(const char *folder)
{
    char path[PATH_MAX];

    if (snprintf(path, sizeof path, "%s/job.json", folder) >= (int)sizeof path)
        return NULL;
    char *text = vm_read_file(path, JOB_MOST);
    json_object *job = text ? json_tokener_parse(text) : NULL;
    free(text);
    if (job && strcmp(vm_json_text(job, "schema_version"), SCHEMA) == 0)
        return job;
    json_object_put(job);
    return NULL;
}

size_t
state_sweep(const struct settings *settings)
{
    DIR *directory = opendir(settings->state);
    char folder[PATH_MAX];
    size_t swept = 0;

    for (struct dirent *entry; directory && (entry = readdir(directory));) {
        if (!is_run_id(entry->d_name) ||
            snprintf(folder, sizeof folder, "%s/%s", settings->state, entry->d_name) >= (int)sizeof folder)
            continue;
        json_object *job = read_job(folder);
        if (is_due(job, entry->d_name)) {
            if (job)
                kill_machine((pid_t)number(job, "pid"), entry->d_name);
            vm_remove_tree(folder);
            swept++;
        }
        json_object_put(job);
    }
    if (directory)
        closedir(directory);
    return swept;
}

void
state_tell(const struct settings *settings, x07_json *json)
{
    DIR *directory = opendir(settings->state);
    char folder[PATH_MAX];

    x07_json_begin(json, '[');
    for (struct dirent *entry; directory && (entry = readdir(directory));) {
        if (!is_run_id(entry->d_name) ||
            snprintf(folder, sizeof folder, "%s/%s", settings->state, entry->d_name) >= (int)sizeof folder)
            continue;
        json_object *job = read_job(folder);
        x07_json_begin(json, '{');
        x07_json_name(json, "labels");
        labels_tell(folder, json);
        x07_json_name(json, "left_over");
        x07_json_bool(json, is_due(job, entry->d_name));
        x07_json_name(json, "pid");
        if (job)
            x07_json_uint(json, (uint64_t)number(job, "pid"));
        else
            x07_json_null(json);
        x07_json_name(json, "run_id");
        x07_json_string(json, entry->d_name);
        x07_json_end(json, '}');
        json_object_put(job);
    }
    x07_json_end(json, ']');
    if (directory)
        closedir(directory);
}

size_t
state_count(const struct settings *settings)
{
    DIR *directory = opendir(settings->state);
    size_t count = 0;

    for (struct dirent *entry; directory && (entry = readdir(directory));)
        count += is_run_id(entry->d_name);
    if (directory)
        closedir(directory);
    return count;
}
