/* run.c: the command `x07 run`, step by step. */
#include "cli/run.h"

#include "base/file.h"
#include "base/memory.h"
#include "base/process.h"
#include "cli/repair.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { EXIT_NO_REPORT = 2 };

#define DEFAULT_ROUNDS 3u

/* An error without a text has said all it has to say. */
static int
fail(const struct run *run, struct error *error)
{
    if (error->message[0])
        fprintf(stderr, "%s\n", error->message);
    error_free(error);
    return run->exit_code;
}

static struct error *
check_output_options(const struct run_options *options)
{
    if (options->report_out && strcmp(options->report_out, "-") == 0)
        return error_new("E_OPTIONS",
                         "--report-out '-' is not supported (stdout is reserved for the report)");
    if (options->quiet_json && !options->report_out)
        return error_new("E_OPTIONS", "--quiet-json requires --report-out <PATH>");
    return NULL;
}

/* Programs of OS worlds find the toolchain's own modules last. */
static struct error *
add_os_modules(struct run *run)
{
    const char *root;

    if (run->target_kind == X07_TARGET_ARTIFACT || strcmp(run->runner_key, "os") != 0)
        return NULL;
    struct error *error = host_find_os_modules(run->host, &root);
    for (size_t i = 0; root && i < run->module_root_count; i++)
        if (strcmp(run->module_roots[i], root) == 0)
            return NULL;
    if (root)
        run->module_roots[run->module_root_count++] = root;
    return error;
}

static struct error *
open_runner(struct run *run)
{
    struct registry_options options = {.plugin_dirs = run->options.plugin_dirs.items,
                                       .host = host_table(run->host)};
    struct registry_query query = {.kind = X07_KIND_RUNNER, .key = run->runner_key, .world = run->world};
    struct registry_match match;
    struct error *error = registry_open(&options, &run->registry);

    if (error)
        return error;
    if (run->profile) {
        query.profile = run->profile->name;
        query.preferred = run->profile->plugin;
    }
    host_use_registry(run->host, run->registry);
    error = registry_match(run->registry, &query, &match);
    if (error && strcmp(error->code, "E_PLUGIN_NONE") == 0)
        error = error_wrap(error, "no runner serves the world %s", run->world);
    return error ? error : registry_select(run->registry, &query, &run->runner);
}

static struct error *
repair_program(struct run *run)
{
    const struct run_options *options = &run->options;
    const char *mode = options->repair ? options->repair : "write";
    struct repair_request request = {
        .host = run->host,
        .registry = run->registry,
        .path = run->program_path,
        .world = run->world,
        .profile = run->profile ? run->profile->name : NULL,
        .mode = mode,
        .arena = run->arena,
        .max_rounds =
            options->repair_max_iters.given ? (uint32_t)options->repair_max_iters.value : DEFAULT_ROUNDS,
    };

    if (!run->program_path || strcmp(mode, "off") == 0)
        return NULL;
    return error_wrap(repair_document(&request, &run->source, &run->repair), "repair %s: %s",
                      run->target_kind == X07_TARGET_PROJECT ? "entry" : "program", run->program_path);
}

const char *
run_target_name(const struct run *run)
{
    static const char *const names[] = {[X07_TARGET_PROGRAM] = "program",
                                        [X07_TARGET_PROJECT] = "project",
                                        [X07_TARGET_ARTIFACT] = "artifact"};

    return names[run->target_kind];
}

static struct error *
check_program(const struct run *run)
{
    static const char ending[] = ".x07.json";
    size_t len = strlen(run->target_path);

    if (run->target_kind == X07_TARGET_PROJECT && access(run->program_path, R_OK) != 0)
        return error_errno("E_ENTRY_READ", "[X07ENTRY_READ] read entry: %s (hint: check x07.json `entry`)",
                           run->program_path);
    if (run->target_kind != X07_TARGET_PROGRAM ||
        (len >= strlen(ending) && strcmp(run->target_path + len - strlen(ending), ending) == 0))
        return NULL;
    return error_new("E_TARGET", "--program must be an x07AST JSON file (*.x07.json), got %s",
                     run->target_path);
}

static struct error *
call_runner(struct run *run)
{
    const struct run_options *options = &run->options;
    const struct run_settings *settings = &run->settings;
    const x07_runner *runner = run->runner.vtable;
    bool is_project = run->target_kind == X07_TARGET_PROJECT;
    x07_run_request request = {
        .size = sizeof request,
        .target_kind = run->target_kind,
        .target_path = run->target_path,
        .program_path = run->program_path,
        .source = run->repair.mode ? text_string(&run->source) : NULL,
        .source_size = run->source.len,
        .module_roots = run->program_path ? run->module_roots : NULL,
        .world = run->world,
        .profile = run->profile ? run->profile->name : NULL,
        .working_directory = is_project ? run->project_root : NULL,
        .input = &run->input,
        .fuel = settings->fuel.value,
        .memory_bytes = settings->memory_bytes.value,
        .output_bytes = settings->output_bytes.value,
        .cpu_seconds = settings->cpu_seconds.value,
        .max_c_bytes = options->max_c_bytes.value,
        .sandbox_backend = run->sandbox_key,
        .cc_profile = settings->cc_profile,
        .native_compiler = options->native_compiler,
        .compiled_out = options->compiled_out,
        .native_arguments = is_project ? manifest_link_arguments(run->arena, &run->project.manifest) : NULL,
        .fixtures = run->fixtures.placed,
    };

    if (settings->output_bytes.given)
        request.flags |= X07_RUN_OUTPUT_BYTES;
    if (settings->cpu_seconds.given)
        request.flags |= X07_RUN_CPU_SECONDS;
    if (options->debug_borrow_checks)
        request.flags |= X07_RUN_DEBUG_BORROWS;
    if (run->accept_weaker)
        request.flags |= X07_RUN_ACCEPT_WEAKER;
    if (options->compile_only)
        request.flags |= X07_RUN_COMPILE_ONLY;
    if (settings->auto_ffi)
        request.flags |= X07_RUN_AUTO_FFI;
    run_fill_policy(run, &request);
    run->result.size = sizeof run->result;
    host_clear_failure(run->host);
    x07_status status = runner->run(host_table(run->host), &request, &run->result);
    return status == X07_OK ? NULL : host_failure(run->host, status, run->runner.id);
}

static struct error *
write_report_file(const char *path, const struct text *head, const struct text *tail,
                  const x07_run_result *result)
{
    struct file_draft draft;
    struct error *error = file_draft_open(&draft, path, 0666);

    if (error)
        return error_wrap(error, "write report");
    error = run_report_write(draft.fd, path, head, tail, result);
    if (error)
        file_draft_discard(&draft);
    else
        error = file_draft_commit(&draft, true);
    return error_wrap(error, "write report");
}

/* "id version" of every plugin that was opened, in the registry's order. */
static const char **
opened_plugins(const struct run *run, struct arena *arena, size_t *count)
{
    size_t all = registry_count(run->registry);
    const char **plugins = ARENA_ARRAY(arena, const char *, all + 1);

    *count = 0;
    for (size_t i = 0; i < all; i++) {
        const struct registry_plugin *plugin = registry_plugin_at(run->registry, i);
        if (plugin->loaded)
            plugins[(*count)++] =
                arena_printf(arena, "%s %s", plugin->descriptor.id, plugin->descriptor.version);
    }
    return plugins;
}

/* Head and tail of the wrapped and the full report; both stay empty for the runner's own. */
static void
wrap_report(const struct run *run, struct text *head, struct text *tail)
{
    const char *mode = run->options.report ? run->options.report : "runner";
    bool full = strcmp(mode, "full") == 0;
    struct arena *arena = arena_new();
    struct run_report report = {
        .runner = run->runner_key,
        .world = run->world,
        .target_kind = run_target_name(run),
        .target_path = run->target_path,
        .project_root = run->manifest_path ? run->project_root : NULL,
        .lockfile = run->manifest_read ? manifest_lock_path(run->arena, &run->project.manifest) : NULL,
        .module_roots = run->module_roots,
        .module_root_count = run->module_root_count,
        .repair = run->repair,
        .runner_id = run->runner.id,
        .facts = run->result.facts,
    };

    if (full)
        report.plugins = opened_plugins(run, arena, &report.plugin_count);
    if (strcmp(mode, "runner") != 0) {
        run_report_head(&report, full, head);
        run_report_tail(&report, full, tail);
    }
    arena_free(arena);
}

/* Ends the use of plugins and removes temporary files: before printing, which may end the process by SIGPIPE.
 */
static void
close_host(struct run *run)
{
    registry_close(run->registry);
    host_free(run->host);
    run->registry = NULL;
    run->host = NULL;
}

static struct error *
deliver(struct run *run)
{
    struct text head = {0};
    struct text tail = {0};
    struct error *error = NULL;

    wrap_report(run, &head, &tail);
    run_print_hints(run);
    run_write_repro(run);
    close_host(run);
    if (run->options.report_out)
        error = write_report_file(run->options.report_out, &head, &tail, &run->result);
    if (!error && !run->options.quiet_json)
        error = error_wrap(run_report_write(STDOUT_FILENO, "stdout", &head, &tail, &run->result), "write");
    text_free(&head);
    text_free(&tail);
    return error;
}

/* The steps while temporary files may exist. The runner's own failure has a second line in the wrapped modes.
 */
static int
run_held(struct run *run)
{
    run->host = host_new();
    struct error *error = add_os_modules(run);

    if (!error)
        error = open_runner(run);
    if (!error)
        error = repair_program(run);
    if (error)
        return fail(run, error);
    error = run_select_sandbox(run);
    if (!error)
        error = run_load_policy(run);
    if (!error)
        error = run_open_input(run);
    if (!error)
        error = check_program(run);
    if (!error)
        error = run_place_fixtures(run);
    if (!error)
        error = call_runner(run);
    while (!error && run_add_missing(run, &error)) {
        if (!error)
            error = add_os_modules(run);
        if (!error)
            error = call_runner(run);
    }
    if (error) {
        int code = fail(run, error);
        if (run->options.report && strcmp(run->options.report, "runner") != 0)
            fputs("parse runner report JSON: EOF while parsing a value at line 1 column 0\n", stderr);
        return code;
    }
    error = deliver(run);
    return error ? fail(run, error) : run->result.exit_code;
}

static int
run_steps(struct run *run)
{
    static struct error *(*const steps[])(struct run * run) = {
        run_find_target, run_check_target,  run_prepare_input, run_resolve_policy,
        run_check_rest,  run_find_fixtures, run_load_project,
    };
    struct error *error = check_output_options(&run->options);
    sigset_t saved;

    for (size_t i = 0; i < sizeof steps / sizeof steps[0] && !error; i++)
        error = steps[i](run);
    if (error)
        return fail(run, error);
    /* From here on an interruption first cleans up; releasing the signals then ends the process. */
    process_hold_signals(&saved);
    int code = run_held(run);
    close_host(run);
    process_release_signals(&saved);
    return code;
}

void
run_free_result(struct run *run)
{
    free(run->result.report);
    free(run->result.facts);
    free(run->result.out_data);
    free(run->result.splices);
    run->result = (x07_run_result){0};
}

static void
run_free(struct run *run)
{
    if (run->input_fd >= 0)
        close(run->input_fd);
    text_free(&run->input_bytes);
    text_free(&run->source);
    text_free(&run->policy_text);
    free(run->module_roots);
    run_free_result(run);
    options_free(&run_option_table, &run->options);
    arena_free(run->arena);
}

static int
run_main(int argc, char **argv)
{
    struct run run = {.input_fd = -1,
                      .input = {.size = sizeof run.input},
                      .exit_code = EXIT_NO_REPORT,
                      .arena = arena_new()};
    int code;

    if (options_start(&run_option_table, argc, argv, &run.options, &code))
        code = run_steps(&run);
    run_free(&run);
    return code;
}

const struct command run_command = {.name = "run", .run = run_main, .options = &run_option_table};
