/* run_jobs.c: runs jobs behind sandbox backends the way the host does, for tests that bring their own
 * executable.
 *
 *     run_jobs [PLUGIN_DIR] <JOBS
 *
 * JOBS is a JSON array of objects: backend, world, policy (object or null), program, argv, environment,
 * directory, and limits by name, of which all but backend, world and program may be missing. One line of JSON
 * per job says how it ended. The descriptor HELD stays open for children to find: on the file that
 * X07_TEST_HOLD names. */
#include "base/error.h"
#include "host/host.h"
#include "registry/registry.h"

#include <fcntl.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { HELD = 9, MOST_WORDS = 256 };

static const char *
text_of(json_object *job, const char *name)
{
    json_object *value = json_object_object_get(job, name);

    return value ? json_object_get_string(value) : NULL;
}

/* Fills `words` and returns it, or NULL when the job has no such list. */
static const char *const *
list_of(json_object *job, const char *name, const char **words)
{
    json_object *list = json_object_object_get(job, name);
    size_t count = list ? json_object_array_length(list) : 0;

    for (size_t i = 0; i < count && i < MOST_WORDS - 1; i++)
        words[i] = json_object_get_string(json_object_array_get_idx(list, i));
    words[count < MOST_WORDS - 1 ? count : MOST_WORDS - 1] = NULL;
    return list ? words : NULL;
}

static void
read_limits(json_object *job, x07_limits *limits)
{
    const struct {
        const char *name;
        uint32_t bit;
        uint64_t *value;
    } rows[] = {
        {"cpu_seconds", X07_LIMIT_CPU_SECONDS, &limits->cpu_seconds},
        {"address_space", X07_LIMIT_ADDRESS_SPACE, &limits->address_space},
        {"file_size", X07_LIMIT_FILE_SIZE, &limits->file_size},
        {"open_files", X07_LIMIT_OPEN_FILES, &limits->open_files},
        {"processes", X07_LIMIT_PROCESSES, &limits->processes},
        {"wall_ms", X07_LIMIT_WALL_MS, &limits->wall_ms},
        {"out_bytes", X07_LIMIT_OUT_BYTES, &limits->out_bytes},
        {"err_bytes", X07_LIMIT_ERR_BYTES, &limits->err_bytes},
    };
    json_object *given = json_object_object_get(job, "limits");

    *limits = (x07_limits){.size = sizeof *limits};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        json_object *value = given ? json_object_object_get(given, rows[i].name) : NULL;
        if (!value)
            continue;
        limits->set |= rows[i].bit;
        *rows[i].value = json_object_get_uint64(value);
    }
}

static void
add_number(json_object *answer, const char *name, int64_t value)
{
    json_object_object_add(answer, name, json_object_new_int64(value));
}

static void
add_bytes(json_object *answer, const char *name, const uint8_t *data, uint64_t size)
{
    enum { SHOWN = 16384 };
    int shown = size < SHOWN ? (int)size : SHOWN;

    json_object_object_add(answer, name, json_object_new_string_len(data ? (const char *)data : "", shown));
}

static void
print_answer(json_object *answer)
{
    puts(json_object_to_json_string_ext(answer, JSON_C_TO_STRING_PLAIN));
    fflush(stdout);
    json_object_put(answer);
}

static void
describe(struct host *host, x07_status status, const x07_job_result *result, const char *backend_id)
{
    const x07_spawn_result *process = result->process;
    json_object *answer = json_object_new_object();

    add_number(answer, "status", status);
    if (status != X07_OK) {
        struct error *error = host_failure(host, status, "the backend");
        json_object_object_add(answer, "code", json_object_new_string(error->code));
        json_object_object_add(answer, "message", json_object_new_string(error->message));
        error_free(error);
    }
    add_number(answer, "exit", process->exit_code);
    add_number(answer, "signal", process->signal);
    add_number(answer, "timed_out", process->timed_out);
    add_number(answer, "out_capped", process->out_capped);
    add_number(answer, "err_capped", process->err_capped);
    add_number(answer, "wall_us", (int64_t)process->wall_us);
    add_bytes(answer, "out", process->out_data, process->out_size);
    add_bytes(answer, "err", process->err_data, process->err_size);
    json_object_object_add(answer, "backend",
                           backend_id ? json_object_new_string(backend_id) : json_object_new_null());
    json_object_object_add(answer, "boundary",
                           result->boundary ? json_tokener_parse(result->boundary) : json_object_new_null());
    print_answer(answer);
}

static void
run_job(struct host *host, json_object *given)
{
    const x07_host *table = host_table(host);
    const char *argv[MOST_WORDS];
    const char *environment[MOST_WORDS];
    json_object *policy = json_object_object_get(given, "policy");
    x07_limits limits;
    x07_spawn_result process = {.size = sizeof process};
    x07_job_result result = {.size = sizeof result, .process = &process};
    char *backend_id = NULL;

    read_limits(given, &limits);
    x07_spawn spawn = {.size = sizeof spawn,
                       .path = text_of(given, "program"),
                       .argv = list_of(given, "argv", argv),
                       .environment = list_of(given, "environment", environment),
                       .directory = text_of(given, "directory"),
                       .limits = &limits};
    x07_job job = {.size = sizeof job,
                   .accept_weaker = 1,
                   .process = &spawn,
                   .world = text_of(given, "world"),
                   .policy = policy ? json_object_to_json_string(policy) : NULL};
    job.policy_size = job.policy ? strlen(job.policy) : 0;
    host_clear_failure(host);
    x07_status status = table->sandbox_run(table, text_of(given, "backend"), &job, &result, &backend_id);
    describe(host, status, &result, backend_id);
    table->release(table, process.out_data);
    table->release(table, process.err_data);
    table->release(table, result.boundary);
    table->release(table, backend_id);
}

static json_object *
read_jobs(void)
{
    json_object *jobs = json_object_from_fd(STDIN_FILENO);

    if (!json_object_is_type(jobs, json_type_array)) {
        fputs("run_jobs: no JSON array on stdin\n", stderr);
        exit(2);
    }
    return jobs;
}

static void
hold_file(void)
{
    const char *path = getenv("X07_TEST_HOLD");
    int fd = path ? open(path, O_RDONLY) : -1;

    if (fd >= 0 && fd != HELD) {
        dup2(fd, HELD);
        close(fd);
    }
}

int
main(int argc, char **argv)
{
    struct host *host = host_new();
    const char *directories[] = {argc > 1 ? argv[1] : NULL, NULL};
    struct registry_options options = {.plugin_dirs = argc > 1 ? directories : NULL,
                                       .host = host_table(host),
                                       .user_dir = "",
                                       .cache_path = ""};
    struct registry *registry = NULL;
    json_object *jobs = read_jobs();
    struct error *error = registry_open(&options, &registry);

    if (error) {
        fprintf(stderr, "run_jobs: %s\n", error->message);
        return 2;
    }
    host_use_registry(host, registry);
    hold_file();
    for (size_t i = 0; i < json_object_array_length(jobs); i++)
        run_job(host, json_object_array_get_idx(jobs, i));
    json_object_put(jobs);
    registry_close(registry);
    host_free(host);
    return 0;
}
