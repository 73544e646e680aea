/* run.h: what the files of `x07 run` share: one run on its way through the steps of reference chapter 06a,
 * section 3.2, each of which is one function that returns NULL or the error that ends the command. */
#ifndef CLI_RUN_H
#define CLI_RUN_H

#include "base/error.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/run_options.h"
#include "host/host.h"
#include "registry/registry.h"
#include "report/run_report.h"

struct run {
    struct run_options options;
    struct host *host;
    struct registry *registry;
    struct registry_service_handle runner;
    uint32_t target_kind; /* X07_TARGET_* */
    const char *target_path;
    const char *world;
    const char *runner_key;  /* "os", "host" */
    const char *sandbox_key; /* or NULL: the registry chooses */
    char *sandbox_setting;   /* lower-case copy of the environment's value */
    struct text input_bytes;
    int input_fd; /* -1: none */
    x07_input input;
    struct text source; /* the repaired document */
    char *program_dir;
    const char **module_roots; /* NULL-terminated */
    size_t module_root_count;
    struct repair_summary repair;
    x07_run_result result;
};

#define RUN_DEFAULT_FUEL 50000000u
#define RUN_DEFAULT_MEMORY 67108864u

extern const struct command run_command;

/* Steps 2 to 7: target, profile, world, runner, and options that do not go with them. */
struct error *run_check_target(struct run *run);
/* Steps 9 to 12: policy, and what is valid for some targets only. */
struct error *run_check_rest(const struct run *run);
/* Step 8. Standard input is read here, base64 decoded, arguments encoded. */
struct error *run_prepare_input(struct run *run);
/* Opens the file of --input; done last before the runner starts. */
struct error *run_open_input(struct run *run);

/* "program", "project", "artifact" */
const char *run_target_name(const struct run *run);

/* After a run that broke a contract: writes .x07/artifacts/contract/.../repro.json. Failures are ignored. */
void run_write_repro(const struct run *run);

/* Prints up to four commands that show where a compile error is. */
void run_print_hints(const struct run *run);

#endif
