/* state.c: a folder per run, so that what a killed host left can be found. A machine dies with its host in
 * any case; this is the second net. Layout of the folder and of job.json as the reference's VM jobs have
 * them.
 *
 *   <state>/<created ms>-<pid>-<n>-run/job.json
 *
 * The folder is removed when its run ends. One whose host is gone, or whose deadline and clean-up time have
 * passed, is swept: its QEMU is killed, but only if the process still is that QEMU. */
#include "vm.h"

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
#include <unistd.h>

enum { CLEANUP_MS = 30000, JOB_MOST = 16384, COMMAND_MOST = 65536 };

#define SCHEMA "x07.vm.job@0.1.0"
#define BACKEND "qemu-microvm"

x07_status
state_begin(const x07_host *host, const struct settings *settings, struct run_folder *run)
{
    x07_status status = vm_make_dirs(host, settings->state, 0700);

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
state_note(const x07_host *host, const struct run_folder *run, pid_t pid, int64_t wall_ms, int64_t grace_ms)
{
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
    add_number(job, "deadline_unix_ms", vm_unix_ms() + wall_ms);
    add_number(job, "grace_ms", grace_ms);
    add_number(job, "cleanup_ms", CLEANUP_MS);
    json_object_object_add(job, "ctr", NULL);
    const char *text = json_object_to_json_string_ext(job, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED |
                                                               JSON_C_TO_STRING_NOSLASHESCAPE);
    int file = status == X07_OK ? open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600) : -1;
    if (status == X07_OK &&
        (file < 0 || !vm_write_all(file, text, strlen(text)) || !vm_write_all(file, "\n", 1)))
        status = vm_fail_errno(host, "E_VM_STATE", "write %s", path);
    if (file >= 0)
        close(file);
    json_object_put(job);
    return status;
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

/* The host's number is in the run's id. */
static bool
host_lives(const char *run_id)
{
    const char *dash = strchr(run_id, '-');
    long pid = dash ? strtol(dash + 1, NULL, 10) : 0;

    return pid > 0 && (kill((pid_t)pid, 0) == 0 || errno == EPERM);
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
