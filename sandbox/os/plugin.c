/* The backend "os": a job runs in namespaces of its own, with a root made of what the policy grants, under
 * Landlock, a system call filter and limits. The helper x07-confine makes the boundary; this file starts it
 * and tells the host what became of it. */
#include "os.h"

#include <x07/json_writer.h>

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    REPORT_BYTES = 64 * 1024,
    WHOLE_LIMITS = X07_LIMIT_WALL_MS | X07_LIMIT_OUT_BYTES | X07_LIMIT_ERR_BYTES
};

extern char **environ;

static void
read_all(int fd, char *text, size_t size)
{
    size_t used = 0;
    ssize_t got;

    while (used + 1 < size &&
           ((got = read(fd, text + used, size - 1 - used)) > 0 || (got < 0 && errno == EINTR)))
        used += got > 0 ? (size_t)got : 0;
    text[used] = '\0';
}

/* Has the helper make a boundary and run nothing in it. */
static int
try_helper(const char *helper, char *text, size_t size, char *why)
{
    char *const argv[] = {(char *)(uintptr_t)helper, (char *)(uintptr_t) "--check", NULL};
    posix_spawn_file_actions_t actions;
    int ends[2];
    pid_t pid;

    if (pipe2(ends, O_CLOEXEC)) {
        snprintf(why, WHY_BYTES, "cannot make a pipe: %s", strerror(errno));
        return -1;
    }
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
    int failure = posix_spawn(&pid, helper, &actions, NULL, argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    if (failure == 0) {
        read_all(ends[0], text, size);
        while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
            ;
    } else {
        snprintf(why, WHY_BYTES, "cannot start %.800s: %s", helper, strerror(failure));
    }
    close(ends[0]);
    return failure ? -1 : 0;
}

static char *
joined(const x07_host *host, char **texts, size_t count, const char *separator)
{
    size_t len = 1;

    for (size_t i = 0; i < count; i++)
        len += strlen(texts[i]) + strlen(separator);
    char *all = host->alloc(host, len);
    for (size_t i = 0; i < count; i++) {
        if (i)
            strcat(all, separator);
        strcat(all, texts[i]);
    }
    return all;
}

static uint32_t
strength_of(const struct report *report)
{
    return report->lack_count ? X07_STRENGTH_PARTIAL : X07_STRENGTH_OS;
}

static void
describe_probe(const x07_host *host, const struct report *report, x07_probe *probe)
{
    probe->available = report->running && !report->code;
    probe->strength = strength_of(report);
    probe->facts = host->alloc(host, 2 * sizeof *probe->facts);
    probe->facts[0] = (x07_fact){.size = sizeof(x07_fact),
                                 .name = "layers",
                                 .value = joined(host, report->layers, report->layer_count, " ")};
    probe->fact_count = 1;
    if (report->lack_count)
        probe->facts[probe->fact_count++] =
            (x07_fact){.size = sizeof(x07_fact),
                       .name = "lacks",
                       .value = joined(host, report->lacks, report->lack_count, "; ")};
    if (report->message)
        probe->reason = joined(host, (char *[]){report->message}, 1, "");
    else if (report->lack_count)
        probe->reason = joined(host, report->lacks, report->lack_count, "; ");
}

static x07_status
os_probe(const x07_host *host, x07_probe *probe)
{
    char text[REPORT_BYTES];
    char why[WHY_BYTES];
    struct report report = {0};

    if (!x07_struct_usable(probe, X07_SIZE_UP_TO(x07_probe, facts)))
        return X07_E_ARGUMENT;
    char *helper = helper_find(host, why);
    if (!helper || try_helper(helper, text, sizeof text, why)) {
        probe->reason = joined(host, (char *[]){why}, 1, "");
    } else {
        report_parse(host, text, &report);
        describe_probe(host, &report, probe);
        report_free(host, &report);
    }
    host->release(host, helper);
    return X07_OK;
}

static char *
describe_boundary(const x07_host *host, const struct report *report)
{
    x07_json json = {.host = host};

    x07_json_begin(&json, '{');
    x07_json_name(&json, "layers");
    x07_json_begin(&json, '[');
    for (size_t i = 0; i < report->layer_count; i++)
        x07_json_string(&json, report->layers[i]);
    x07_json_end(&json, ']');
    if (report->lack_count) {
        x07_json_name(&json, "lacks");
        x07_json_begin(&json, '[');
        for (size_t i = 0; i < report->lack_count; i++)
            x07_json_string(&json, report->lacks[i]);
        x07_json_end(&json, ']');
    }
    x07_json_name(&json, "strength");
    x07_json_string(&json, strength_of(report) == X07_STRENGTH_OS ? "os" : "partial");
    x07_json_end(&json, '}');
    return json.data;
}

/* The helper removes its control groups, unless a limit killed it. */
static void
remove_groups(const struct report *report)
{
    enum { TRIES = 200, PAUSE_US = 1000 };

    for (size_t i = 0; i < report->group_count; i++)
        for (int tries = 0; tries < TRIES && rmdir(report->groups[i]) && errno == EBUSY; tries++)
            usleep(PAUSE_US);
}

static void
drop_output(const x07_host *host, x07_spawn_result *process)
{
    host->release(host, process->out_data);
    host->release(host, process->err_data);
    *process = (x07_spawn_result){.size = process->size};
}

static void
read_report(const x07_host *host, const char *path, struct report *report)
{
    char text[REPORT_BYTES] = "";
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd >= 0) {
        read_all(fd, text, sizeof text);
        close(fd);
    }
    report_parse(host, text, report);
}

/* The program was run, or killed by a limit before that, or there was no boundary. */
static x07_status
judge(const x07_host *host, const struct report *report, x07_job_result *result)
{
    x07_status status = X07_OK;

    if (report->code) {
        int not_run = strcmp(report->code, "E_SANDBOX_OS_EXEC") == 0;
        status = host->fail(host, not_run ? X07_E_IO : X07_E_UNAVAILABLE, report->code, report->message);
    } else if (!report->running && !result->process->timed_out) {
        status = host->fail(host, X07_E_FAILED, "E_SANDBOX_OS_HELPER",
                            "the helper of the sandbox backend \"os\" ended before the program was started");
    } else {
        result->boundary = describe_boundary(host, report);
    }
    if (status != X07_OK)
        drop_output(host, result->process);
    return status;
}

/* Starts the helper with the job's limits on the whole, and takes away what it could not when it was killed:
 * by a limit, or because the user wants no more of this. */
static x07_status
run_helper(const x07_host *host, const struct arguments *arguments, const char *report_path,
           const x07_job *job, x07_job_result *result)
{
    x07_limits limits = {.size = sizeof limits};
    x07_spawn spawn = *job->process;
    struct report report = {0};

    if (job->process->limits)
        limits = *job->process->limits;
    limits.set &= WHOLE_LIMITS;
    spawn.path = arguments->words[0];
    spawn.argv = (const char *const *)arguments->words;
    spawn.limits = &limits;
    x07_status status = host->spawn(host, &spawn, result->process);
    read_report(host, report_path, &report);
    remove_groups(&report);
    if (status == X07_OK)
        status = judge(host, &report, result);
    report_free(host, &report);
    return status;
}

static x07_status
confine(const x07_host *host, const char *helper, const x07_job *job, x07_job_result *result)
{
    struct arguments arguments = {.host = host};
    char *report = NULL;
    x07_status status = host->temporary_file(host, "confine.report", &report);

    if (status == X07_OK) {
        arguments_add(&arguments, helper);
        arguments_add_pair(&arguments, "--report", report);
        status = arguments_of_job(&arguments, job);
    }
    if (status == X07_OK)
        status = run_helper(host, &arguments, report, job, result);
    arguments_free(&arguments);
    host->release(host, report);
    return status;
}

static x07_status
os_run(const x07_host *host, const x07_job *job, x07_job_result *result)
{
    char why[WHY_BYTES];

    if (!x07_struct_usable(job, X07_SIZE_UP_TO(x07_job, world)) || !job->process ||
        !x07_struct_usable(job->process, X07_SIZE_UP_TO(x07_spawn, limits)) || !job->process->path ||
        !x07_struct_usable(result, X07_SIZE_UP_TO(x07_job_result, boundary)) || !result->process)
        return X07_E_ARGUMENT;
    if (job->process->path[0] == '/' && access(job->process->path, F_OK))
        return host->fail(host, X07_E_NOT_FOUND, "E_SANDBOX_OS_PROGRAM", "there is no such executable");
    char *helper = helper_find(host, why);
    if (!helper)
        return host->fail(host, X07_E_UNAVAILABLE, "E_SANDBOX_OS_HELPER", why);
    x07_status status = confine(host, helper, job, result);
    host->release(host, helper);
    return status;
}

static const x07_sandbox os_sandbox = {.size = sizeof os_sandbox, .probe = os_probe, .run = os_run};

/* A negative priority: only when named. */
static const x07_service services[] = {
    {.size = sizeof services[0],
     .kind = X07_KIND_SANDBOX,
     .key = "os",
     .world = "run-os-sandboxed",
     .priority = -1,
     .vtable = &os_sandbox},
    {.size = sizeof services[0],
     .kind = X07_KIND_SANDBOX,
     .key = "os",
     .world = "run-os",
     .priority = -1,
     .vtable = &os_sandbox},
};

static x07_status
os_init(const x07_host *host)
{
    return x07_host_usable(host) ? X07_OK : X07_E_ARGUMENT;
}

static const x07_plugin plugin = {
    .size = sizeof plugin,
    .abi_major = X07_ABI_MAJOR,
    .abi_minor = X07_ABI_MINOR,
    .id = "x07.sandbox.os",
    .version = X07_PLUGIN_VERSION,
    .vendor = "x07",
    .licence = X07_PLUGIN_LICENCE,
    .summary = "Runs programs behind namespaces, Landlock and a system call filter",
    .services = services,
    .service_count = sizeof services / sizeof services[0],
    .init = os_init,
};

X07_PLUGIN_DEFINE(plugin)
