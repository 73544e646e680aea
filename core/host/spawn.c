/* spawn.c: x07_spawn to base/process and back. */
#include "base/file.h"
#include "base/memory.h"
#include "base/process.h"
#include "host/internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern char **environ;

static bool
same_name(const char *a, const char *b)
{
    size_t len = strcspn(a, "=");

    return strncmp(a, b, len) == 0 && b[len] == '=';
}

/* The environment with `extra` on top. The array is the caller's to free, its strings are not. */
static const char **
merge_environment(const char *const *base, const char *const *extra)
{
    size_t extra_count = host_list_length(extra);
    const char **merged = memory_alloc(sizeof *merged * (host_list_length(base) + extra_count + 1));
    size_t count = 0;

    for (size_t i = 0; base[i]; i++) {
        bool replaced = false;
        for (size_t k = 0; k < extra_count && !replaced; k++)
            replaced = same_name(extra[k], base[i]);
        if (!replaced)
            merged[count++] = base[i];
    }
    for (size_t k = 0; k < extra_count; k++)
        merged[count++] = extra[k];
    return merged;
}

/* What an input becomes: bytes in memory (ours when `owned`), or a descriptor (ours when `opened`). */
struct source {
    struct process_input input;
    struct text owned;
    int opened;
};

static struct error *
source_from_fd(struct source *source, int fd, const char *name)
{
    off_t position = lseek(fd, 0, SEEK_CUR);
    off_t end = position < 0 ? -1 : lseek(fd, 0, SEEK_END);

    if (end >= 0 && lseek(fd, position, SEEK_SET) == position) {
        source->input.fd = fd;
        source->input.len = end > position ? (uint64_t)(end - position) : 0;
        return NULL;
    }
    /* A pipe: its length must be known before the first byte is passed on. */
    struct error *error = file_read_fd(fd, name, UINT32_MAX, &source->owned);
    source->input.data = text_string(&source->owned);
    source->input.len = source->owned.len;
    return error;
}

static struct error *
source_open(struct source *source, const x07_input *input)
{
    int64_t size;

    *source = (struct source){.opened = -1};
    if (!input)
        return NULL;
    source->input.framed = input->framed != 0;
    switch (input->kind) {
    case X07_INPUT_EMPTY:
        return NULL;
    case X07_INPUT_BYTES:
        source->input.data = input->data;
        source->input.len = input->data_size;
        return NULL;
    case X07_INPUT_FD:
        return source_from_fd(source, input->fd, "input");
    case X07_INPUT_PATH: {
        struct error *error = file_open_input(input->path, &source->opened, &size);
        return error ? error : source_from_fd(source, source->opened, input->path);
    }
    default:
        return error_new("E_SPAWN_INPUT", "unknown kind of input %u", input->kind);
    }
}

static void
source_close(struct source *source)
{
    text_free(&source->owned);
    if (source->opened >= 0)
        close(source->opened);
}

enum { MAX_LIMITS = 6 };

static void
apply_limits(const x07_limits *limits, struct process_request *request, struct process_limit *out)
{
    request->stdout_cap = UINT64_MAX;
    request->stderr_cap = UINT64_MAX;
    request->limits = out;
    if (!limits)
        return;
    const struct {
        uint32_t bit;
        int resource;
        uint64_t value;
    } rows[MAX_LIMITS] = {
        {X07_LIMIT_CPU_SECONDS, RLIMIT_CPU, limits->cpu_seconds},
        {X07_LIMIT_ADDRESS_SPACE, RLIMIT_AS, limits->address_space},
        {X07_LIMIT_FILE_SIZE, RLIMIT_FSIZE, limits->file_size},
        {X07_LIMIT_OPEN_FILES, RLIMIT_NOFILE, limits->open_files},
        {X07_LIMIT_PROCESSES, RLIMIT_NPROC, limits->processes},
        {X07_LIMIT_CORE_SIZE, RLIMIT_CORE, limits->core_size},
    };
    for (size_t i = 0; i < MAX_LIMITS; i++)
        if (limits->set & rows[i].bit)
            out[request->limit_count++] = (struct process_limit){rows[i].resource, rows[i].value};
    if (limits->set & X07_LIMIT_OUT_BYTES)
        request->stdout_cap = limits->out_bytes;
    if (limits->set & X07_LIMIT_ERR_BYTES)
        request->stderr_cap = limits->err_bytes;
    if (limits->set & X07_LIMIT_WALL_MS)
        request->wall_ms = limits->wall_ms;
}

/* Moves captured bytes to a member pair of a result. */
static void
hand_over(struct text *text, uint8_t **data, uint64_t *size)
{
    *size = text->len;
    *data = text->len ? (uint8_t *)text_take(text) : NULL;
}

static void
fill_result(struct process_result *from, x07_spawn_result *result)
{
    result->exit_code = from->exit_code;
    result->signal = from->signal;
    result->timed_out = from->timed_out;
    result->out_capped = from->out_capped;
    result->err_capped = from->err_capped;
    result->wall_us = from->wall_us;
    result->user_us = from->user_us;
    result->system_us = from->system_us;
    result->peak_memory = from->peak_memory;
    hand_over(&from->out, &result->out_data, &result->out_size);
    hand_over(&from->err, &result->err_data, &result->err_size);
}

static x07_status
run_request(struct host *host, struct process_request *request, const x07_spawn *spawn,
            x07_spawn_result *result)
{
    struct source source;
    struct process_result outcome = {0};
    x07_status status = X07_OK;
    struct error *error = source_open(&source, spawn->input);

    if (!error) {
        request->input = source.input;
        error = process_run(request, &outcome);
    }
    if (error) {
        bool missing = strcmp(error->code, "E_PROCESS_START") == 0 && access(request->path, F_OK) < 0;
        status = host_fail_error(host, missing ? X07_E_NOT_FOUND : X07_E_IO, error);
    } else if (outcome.interrupted) {
        status = host->table.fail(&host->table, X07_E_CANCELLED, "E_CANCELLED", "interrupted");
    } else {
        fill_result(&outcome, result);
    }
    process_result_free(&outcome);
    source_close(&source);
    return status;
}

/* A relative path is meant from here, not from where the process shall run. */
static char *
find_executable(const x07_spawn *spawn)
{
    if (!strchr(spawn->path, '/'))
        return process_find(spawn->path);
    return spawn->directory && spawn->path[0] != '/' ? realpath(spawn->path, NULL)
                                                     : memory_string(spawn->path);
}

x07_status
host_spawn(const x07_host *table, const x07_spawn *spawn, x07_spawn_result *result)
{
    struct process_limit limits[MAX_LIMITS];
    struct process_request request = {0};

    if (!x07_struct_usable(spawn, X07_SIZE_UP_TO(x07_spawn, limits)) || !spawn->path ||
        !x07_struct_usable(result, X07_SIZE_UP_TO(x07_spawn_result, peak_memory)))
        return table->fail(table, X07_E_ARGUMENT, "E_SPAWN_ARGUMENT", "spawn: incomplete request");
    char *path = find_executable(spawn);
    if (!path) {
        errno = ENOENT;
        return host_fail_error(host_of(table), X07_E_NOT_FOUND,
                               error_errno("E_PROCESS_START", "%s", spawn->path));
    }
    const char *default_argv[] = {spawn->path, NULL};
    const char *const *base =
        spawn->environment ? spawn->environment : (const char *const *)(uintptr_t)environ;
    const char **environment = merge_environment(base, spawn->extra_environment);

    request.path = path;
    request.argv = spawn->argv ? spawn->argv : default_argv;
    request.env = environment;
    request.cwd = spawn->directory;
    apply_limits(spawn->limits, &request, limits);
    x07_status status = run_request(host_of(table), &request, spawn, result);
    free(environment);
    free(path);
    return status;
}
