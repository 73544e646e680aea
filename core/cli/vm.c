/* vm.c: the command `x07 vm`. It finds the sandbox backend by its key, hands it the subcommand, and prints
 * what it says: which plugin that is, and what its images are, is not known here. */
#include "cli/vm.h"

#include "base/json_out.h"
#include "base/process.h"
#include "cli/options.h"
#include "cli/output.h"
#include "host/host.h"
#include "registry/registry.h"

#include <stdlib.h>

enum { EXIT_OK = 0, EXIT_FAILED = 2, EXIT_NOT_DONE = 20 };

#define BACKEND "vm"
#define WORLD "run-os-sandboxed"

struct vm_settings {
    struct option_globals globals;
    struct option_list plugin_dirs;
};

static const struct option options[] = {
    {"plugin-dir", "DIR", OPTION_LIST, offsetof(struct vm_settings, plugin_dirs),
     .help = "Search this directory first for the backend's plugin (repeatable)"},
    OPTION_GLOBALS(struct vm_settings, globals),
};

#define TABLE(name, text)                                                                        \
    {                                                                                            \
        .command = "x07 vm " name, .summary = text, .options = options,                          \
        .count = sizeof options / sizeof options[0],                                             \
        .details = "Prints a report (x07-vm.report). Exits with 20 when it could not be done.\n" \
    }

static const struct option_table build_image_table =
    TABLE("build-image", "Boot a guest now and keep it frozen, so that no run has to wait for it");
static const struct option_table prune_table =
    TABLE("prune", "Remove frozen guests, and what runs left that were killed");
static const struct option_table status_table =
    TABLE("status", "Say whether virtual machines can be had here, and what they have stored");

/* One call of a backend. */
struct vm {
    struct host *host;
    struct registry *registry;
    struct registry_service_handle service;
    char *result; /* JSON object; the host's */
};

static struct error *
find_backend(struct vm *vm, const struct vm_settings *settings)
{
    struct registry_options how = {.plugin_dirs = settings->plugin_dirs.items, .host = host_table(vm->host)};
    struct registry_query query = {.kind = X07_KIND_SANDBOX, .key = BACKEND, .world = WORLD};
    struct error *error = registry_open(&how, &vm->registry);

    if (error)
        return error;
    host_use_registry(vm->host, vm->registry);
    return registry_select(vm->registry, &query, &vm->service);
}

static struct error *
call_backend(struct vm *vm, const char *word)
{
    const x07_sandbox *sandbox = vm->service.vtable;
    const char *const words[] = {word, NULL};

    if (!X07_HAS(sandbox, x07_sandbox, maintain) || !sandbox->maintain)
        return error_new("E_VM_MAINTAIN", "the plugin %s offers no such commands", vm->service.id);
    host_clear_failure(vm->host);
    x07_status status = sandbox->maintain(host_table(vm->host), words, &vm->result);
    return status == X07_OK ? NULL : host_failure(vm->host, status, vm->service.id);
}

static void
member(x07_json *json, const char *name, const char *value)
{
    x07_json_name(json, name);
    x07_json_string(json, value);
}

static void
write_report(const struct vm *vm, const char *word, const struct error *error, struct text *out)
{
    x07_json json = {0};
    struct text command = {0};

    text_printf(&command, "vm.%s", word);
    x07_json_begin(&json, '{');
    x07_json_name(&json, "ok");
    x07_json_bool(&json, !error);
    member(&json, "command", text_string(&command));
    member(&json, "backend_id", vm->service.id);
    x07_json_name(&json, "result");
    x07_json_raw(&json, vm->result ? vm->result : "null", vm->result ? strlen(vm->result) : 4);
    x07_json_name(&json, "error");
    if (error) {
        x07_json_begin(&json, '{');
        member(&json, "code", error->code);
        member(&json, "message", error->message);
        x07_json_end(&json, '}');
    } else {
        x07_json_null(&json);
    }
    x07_json_end(&json, '}');
    x07_json_line(&json);
    json_out_take(&json, out);
    text_free(&command);
}

static int
run_held(const struct vm_settings *settings, const char *word)
{
    struct vm vm = {.host = host_new()};
    struct text report = {0};
    struct error *error = find_backend(&vm, settings);

    if (!error)
        error = call_backend(&vm, word);
    bool ok = !error;
    write_report(&vm, word, error, &report);
    error_free(error);
    free(vm.result);
    registry_close(vm.registry);
    host_free(vm.host);
    int exit_code = output_report(&settings->globals, &report);
    text_free(&report);
    return exit_code ? EXIT_FAILED : ok ? EXIT_OK : EXIT_NOT_DONE;
}

static int
run(const struct option_table *table, const char *word, int argc, char **argv)
{
    struct vm_settings settings = {0};
    sigset_t saved;
    int exit_code;

    if (!options_start(table, argc, argv, &settings, &exit_code))
        return exit_code;
    struct error *error = output_check(&settings.globals);
    if (error) {
        exit_code = output_error(error);
    } else {
        /* An interruption first ends the machine; releasing the signals then ends us. */
        process_hold_signals(&saved);
        exit_code = run_held(&settings, word);
        process_release_signals(&saved);
    }
    options_free(table, &settings);
    return exit_code;
}

static int
build_image(int argc, char **argv)
{
    return run(&build_image_table, "build-image", argc, argv);
}

static int
prune(int argc, char **argv)
{
    return run(&prune_table, "prune", argc, argv);
}

static int
status(int argc, char **argv)
{
    return run(&status_table, "status", argc, argv);
}

static const struct command build_image_command = {
    .name = "build-image", .run = build_image, .options = &build_image_table};
static const struct command prune_command = {.name = "prune", .run = prune, .options = &prune_table};
static const struct command status_command = {.name = "status", .run = status, .options = &status_table};

static const struct command *const commands[] = {&build_image_command, &prune_command, &status_command, NULL};

const struct command vm_command = {
    .name = "vm",
    .summary = "Look after the virtual machines that sandboxed programs run in",
    .missing = "missing vm subcommand (try --help)",
    .commands = commands,
};
