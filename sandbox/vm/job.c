/* job.c: one job from start to end: what may be refused, the payload, the template, and how it went. watch.c
 * attends the guest in between. */
#include "job.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

enum {
    GUEST_BASE_MIB = 256, /* kernel, init and what the program's files need */
    GRACE_MOST_MS = 1000,
    GRACE_LEAST_MS = 250,
    MIB = 1 << 20
};

/* ---- What cannot be enforced is refused -------------------------------------------------------------- */

static x07_status
check_grants(const x07_grants *grants)
{
    return !grants || x07_struct_usable(grants, X07_SIZE_UP_TO(x07_grants, processes)) ? X07_OK
                                                                                       : X07_E_ARGUMENT;
}

/* ---- The payload ------------------------------------------------------------------------------------- */

static x07_status
add_words(struct payload *payload, uint32_t type, const char *const *words)
{
    x07_status status = X07_OK;

    for (size_t i = 0; status == X07_OK && words && words[i]; i++)
        status = payload_add(payload, (struct vm_record){.type = type}, NULL, words[i], strlen(words[i]));
    return status;
}

/* Nothing of the host's environment goes into the guest, unless the caller says what. */
static x07_status
add_environment(struct payload *payload, const x07_spawn *process)
{
    static const char *const plain[] = {"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                                        "HOME=/root", "LC_ALL=C", NULL};
    x07_status status =
        add_words(payload, RECORD_VARIABLE, process->environment ? process->environment : plain);

    return status == X07_OK ? add_words(payload, RECORD_VARIABLE, process->extra_environment) : status;
}

static x07_status
add_setup(struct payload *payload, const x07_grants *grants, const x07_limits *limits)
{
    struct vm_setup setup = {.user = VM_GUEST_USER, .flags = grants ? VM_CONFINED : 0};

    if (grants && grants->flags & X07_GRANT_SPAWN)
        setup.flags |= VM_SPAWN;
    if (grants && grants->flags & X07_GRANT_NATIVE_CODE)
        setup.flags |= VM_THREADS;

    if (limits) {
        const struct {
            uint32_t bit;
            uint64_t value;
        } rows[VM_LIMITS] = {
            [VM_LIMIT_CPU] = {X07_LIMIT_CPU_SECONDS, limits->cpu_seconds},
            [VM_LIMIT_ADDRESS_SPACE] = {X07_LIMIT_ADDRESS_SPACE, limits->address_space},
            [VM_LIMIT_FILE_SIZE] = {X07_LIMIT_FILE_SIZE, limits->file_size},
            [VM_LIMIT_OPEN_FILES] = {X07_LIMIT_OPEN_FILES, limits->open_files},
            [VM_LIMIT_PROCESSES] = {X07_LIMIT_PROCESSES, limits->processes},
            [VM_LIMIT_CORE] = {X07_LIMIT_CORE_SIZE, limits->core_size},
        };
        for (uint32_t i = 0; i < VM_LIMITS; i++) {
            setup.limits_set |= limits->set & rows[i].bit ? 1u << i : 0;
            setup.limits[i] = rows[i].value;
        }
    }
    return payload_add(payload, (struct vm_record){.type = RECORD_SETUP}, NULL, &setup, sizeof setup);
}

static x07_status
fill_payload(struct job *job, const x07_spawn *process, struct payload *payload)
{
    const char *const argv[] = {process->path, NULL};
    char program[PATH_MAX], directory[PATH_MAX];
    struct vm_record record = {.type = RECORD_PROGRAM};

    if (!realpath(process->path, program))
        return vm_fail_errno(job->host, "E_PROCESS_START", "%s", process->path), X07_E_NOT_FOUND;
    if (!realpath(process->directory ? process->directory : ".", directory))
        return vm_fail_errno(job->host, "E_VM_IO", "working directory %s", process->directory);
    x07_status status = add_setup(payload, job->grants, process->limits);
    if (status == X07_OK)
        status = payload_add(payload, (struct vm_record){.type = RECORD_DIRECTION}, directory, NULL, 0);
    if (status == X07_OK && job->grants)
        status = job->is_shared ? shares_add(payload, job->grants, directory, &job->shares)
                                : roots_add(payload, job->grants, directory, &job->roots);
    /* Later than roots that are copied: what the program is made of may not be replaced by what is in them.
     */
    if (status == X07_OK)
        status = executables_add(payload, job->grants, program);
    if (status == X07_OK)
        status = payload_add(payload, record, program, NULL, 0);
    if (status == X07_OK)
        status = add_words(payload, RECORD_ARGUMENT, process->argv ? process->argv : argv);
    if (status == X07_OK)
        status = add_environment(payload, process);
    if (status == X07_OK)
        status = network_add(payload, &job->network);
    return status == X07_OK ? payload_add_input(payload, process->input) : status;
}

/* ---- The machine ------------------------------------------------------------------------------------- */

static uint64_t
host_memory_mib(void)
{
    return (uint64_t)sysconf(_SC_PHYS_PAGES) * (uint64_t)sysconf(_SC_PAGESIZE) / MIB;
}

/* Memory is only taken as it is used, so a limit that nobody reaches costs nothing. */
static uint64_t
needed_mib(const struct job *job, const x07_limits *limits)
{
    uint64_t most = template_default_mib();
    uint64_t needed = GUEST_BASE_MIB + job->roots.bytes / MIB * 4;

    if (limits && limits->set & X07_LIMIT_ADDRESS_SPACE)
        needed += limits->address_space / MIB;
    while (most * 2 <= host_memory_mib())
        most *= 2;
    return needed < most ? needed : most;
}

static x07_status
check_digest(const struct job *job)
{
    if (!job->settings.digest[0] || strcmp(job->settings.digest, job->template.digest) == 0)
        return X07_OK;
    return vm_fail(job->host, X07_E_UNAVAILABLE, "E_VM_DIGEST",
                   "guest digest mismatch for qemu-microvm: expected \"%s\", got \"%s\"",
                   job->settings.digest, job->template.digest);
}

static x07_status
start_job(struct job *job)
{
    struct vm_job start;
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    start.time_ns = (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
    if (getrandom(start.entropy, sizeof start.entropy, 0) != sizeof start.entropy)
        return vm_fail_errno(job->host, "E_VM_IO", "getrandom");
    if (!channel_write(job->machine.channel, FRAME_JOB, &start, sizeof start))
        return watch_lost(job, "the guest did not take the job");
    return X07_OK;
}

/* Resumes the guest, and stays until the job is done or its machine dead. */
static x07_status
run_machine(struct job *job, int payload)
{
    struct machine_plan plan = {.settings = &job->settings,
                                .template = &job->template,
                                .name = job->folder.id,
                                .folder = job->folder.path,
                                .payload = payload,
                                .resume = true};
    int64_t deadline = vm_now_ms() + RESUME_LIMIT_MS;
    x07_status status = machine_start(job->host, &plan, &job->machine);

    if (status != X07_OK)
        return status;
    status = state_note(job->host, &job->folder, job->machine.process.pid, job->settings.digest,
                        RESUME_LIMIT_MS + job->wall_ms + WRITEBACK_LIMIT_MS, job->grace_ms);
    if (status == X07_OK && job->is_shared)
        status = shares_serve(&job->shares, job->folder.path, &job->machine, &job->files);
    if (status == X07_OK)
        status = network_start(&job->network, job->folder.path, &job->machine.network);
    if (status == X07_OK)
        status = machine_greet(&job->machine, deadline, &job->layers);
    if (status == X07_OK && job->is_shared)
        status = confine_await(&job->files, deadline, &job->files_layers);
    if (status == X07_OK)
        status = qmp_resume(&job->machine, deadline);
    if (status == X07_OK)
        status = network_await(&job->network, deadline);
    if (status == X07_OK)
        status = start_job(job);
    if (status == X07_OK)
        status = watch(job, deadline);
    machine_end(&job->machine);
    network_stop(&job->network);
    process_end(&job->files);
    return status;
}

/* A template whose files changed while a guest used it is not used again. */
static x07_status
run_resumed(struct job *job, int payload)
{
    x07_status status = check_digest(job);

    free(job->layers);
    free(job->files_layers);
    job->layers = job->files_layers = NULL;
    if (status == X07_OK)
        status = run_machine(job, payload);
    if (status == X07_E_UNAVAILABLE && !job->has_started && job->machine.host)
        job->may_retry = true;
    if (job->template.digest[0] && !template_is_intact(&job->template))
        vm_remove_tree(job->template.folder);
    return status;
}

static void
set_times(struct job *job, const x07_limits *limits)
{
    bool limited = limits && limits->set & X07_LIMIT_WALL_MS;

    job->wall_ms = limited && limits->wall_ms < INT64_MAX / 4 ? (int64_t)limits->wall_ms : INT64_MAX / 4;
    job->grace_ms = job->wall_ms / 10;
    if (job->grace_ms > GRACE_MOST_MS)
        job->grace_ms = GRACE_MOST_MS;
    if (job->grace_ms < GRACE_LEAST_MS)
        job->grace_ms = GRACE_LEAST_MS;
    job->out.cap = limits && limits->set & X07_LIMIT_OUT_BYTES ? limits->out_bytes : UINT64_MAX;
    job->err.cap = limits && limits->set & X07_LIMIT_ERR_BYTES ? limits->err_bytes : UINT64_MAX;
}

static x07_status
get_template(struct job *job, const x07_limits *limits)
{
    x07_status status = template_get(job->host, &job->settings, needed_mib(job, limits),
                                     settings_boot_limit_ms(&job->settings), &job->template);

    if (status == X07_E_UNAVAILABLE)
        trial_remember(&job->settings,
                       "no guest came up when a program was to run in one (x07 vm build-image tries again)");
    return status;
}

/* The payload depends on what the guest can do. What is copied needs more memory. */
static x07_status
prepare(struct job *job, const x07_spawn *process, struct payload *payload)
{
    x07_status status = get_template(job, process->limits);

    if (status != X07_OK)
        return status;
    job->is_shared = job->template.can_share && !job->settings.copy_roots && shares_wanted(job->grants);
    status = fill_payload(job, process, payload);
    if (status == X07_OK && needed_mib(job, process->limits) > job->template.memory_mib)
        status = get_template(job, process->limits);
    return status;
}

static x07_status
run_once(struct job *job, int payload)
{
    x07_status status = state_begin(job->host, &job->settings, &job->folder);

    return status == X07_OK ? run_resumed(job, payload) : status;
}

static x07_status
run_steps(struct job *job, const x07_spawn *process)
{
    struct payload payload;
    x07_status status = payload_open(job->host, &payload);

    if (status != X07_OK)
        return status;
    status = prepare(job, process, &payload);
    if (status == X07_OK)
        status = run_once(job, payload.file);
    if (status != X07_OK && job->may_retry) {
        /* A frozen guest that cannot go on is damaged in a way that its files do not show. */
        job->may_retry = false;
        vm_remove_tree(job->template.folder);
        vm_remove_tree(job->folder.path);
        status = get_template(job, process->limits);
        if (status == X07_OK)
            status = run_once(job, payload.file);
    }
    state_end(&job->folder);
    payload_close(&payload);
    return status;
}

/* Moves a stream into memory of the host. */
static void
hand_over(const struct job *job, struct stream *stream, uint8_t **data, uint64_t *size)
{
    *size = stream->bytes.size;
    *data = NULL;
    if (!stream->bytes.size)
        return;
    *data = job->host->alloc(job->host, stream->bytes.size + 1);
    memcpy(*data, stream->bytes.data, stream->bytes.size);
}

static void
fill_result(struct job *job, x07_job_result *result)
{
    x07_spawn_result *process = result->process;

    process->exit_code = job->ended.exit_code;
    process->signal = job->ended.signal;
    process->timed_out = job->timed_out;
    process->out_capped = job->out.capped;
    process->err_capped = job->err.capped;
    process->wall_us = job->ended.wall_us;
    process->user_us = job->ended.user_us;
    process->system_us = job->ended.system_us;
    process->peak_memory = job->ended.peak_memory;
    hand_over(job, &job->out, &process->out_data, &process->out_size);
    hand_over(job, &job->err, &process->err_data, &process->err_size);
    result->boundary = job_describe(job);
}

static void
job_free(struct job *job)
{
    machine_end(&job->machine);
    writeback_free(job->writeback);
    network_close(&job->network);
    process_end(&job->files);
    roots_free(&job->roots);
    shares_free(&job->shares);
    free(job->layers);
    free(job->files_layers);
    buffer_free(&job->guest_layers);
    buffer_free(&job->out.bytes);
    buffer_free(&job->err.bytes);
    free(job);
}

x07_status
job_run(const x07_host *host, const x07_job *request, x07_job_result *result)
{
    const x07_grants *grants = X07_HAS(request, x07_job, grants) ? request->grants : NULL;
    x07_status status = check_grants(grants);

    if (status == X07_OK && request->policy && !grants)
        status = vm_fail(host, X07_E_POLICY, "E_VM_POLICY", "the host does not say what the policy grants");
    if (status != X07_OK)
        return status;
    struct job *job = calloc(1, sizeof *job);
    if (!job)
        abort();
    job->host = host;
    job->grants = grants;
    job->machine = machine_none(NULL);
    job->files = process_none(host);
    set_times(job, request->process->limits);
    status = network_open(host, grants, &job->network);
    if (status == X07_OK)
        status = settings_read(host, &job->settings);
    if (status == X07_OK && vm_strength(&job->settings) < X07_STRENGTH_VM)
        host->log(host, X07_LOG_NOTE,
                  "x07: note: the sandbox backend vm runs under software emulation, which is not a security "
                  "boundary");
    if (status == X07_OK)
        status = run_steps(job, request->process);
    if (status == X07_OK && job->writeback)
        status = writeback_apply(job->writeback);
    if (status == X07_OK)
        fill_result(job, result);
    job_free(job);
    return status;
}
