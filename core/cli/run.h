/* run.h: what the files of `x07 run` share: one run on its way through the steps of reference chapter 06a,
 * section 3.2, each of which is one function that returns NULL or the error that ends the command. */
#ifndef CLI_RUN_H
#define CLI_RUN_H

#include "base/error.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/run_options.h"
#include "host/host.h"
#include "policy/policy.h"
#include "project/profiles.h"
#include "project/project.h"
#include "registry/registry.h"
#include "report/run_report.h"

/* What holds once flags, profile and project have been asked, see run_settings.c. Strings are NULL where
 * nobody said anything and there is no default. */
struct run_settings {
    const char *world;
    const char *runner; /* "auto", "host", "os" */
    const char *input;  /* a file that the profile names; flags come before it */
    const char *cc_profile;
    struct option_number fuel;
    struct option_number memory_bytes;
    struct option_number output_bytes; /* not given: the runner's default */
    struct option_number cpu_seconds;  /* the same */
    bool auto_ffi;
};

enum { RUN_MAX_AUTO_DEPS = 3 };

/* Folders of fixtures; NULL where there is none. */
struct run_fixtures {
    const char *fs_dir, *rr_dir, *kv_dir;
    const char *placed; /* where the program finds them all */
};

struct run {
    struct run_options options;
    struct run_fixtures fixtures;
    struct run_settings settings;
    struct arena *arena;
    struct host *host;
    struct registry *registry;
    struct registry_service_handle runner;
    uint32_t target_kind; /* X07_TARGET_* */
    const char *target_path;
    const char *program_path;      /* the entry document; NULL for an artifact */
    const char *manifest_path;     /* or NULL */
    const char *project_root;      /* absolute; the current directory without a manifest */
    struct project project;        /* its parts are filled step by step, none without a manifest */
    bool manifest_read;            /* project.manifest is there */
    const struct profile *profile; /* or NULL */
    const char *world;
    const char *runner_key;  /* "os", "host" */
    const char *sandbox_key; /* of the backend that was chosen; NULL for runners without one */
    bool accept_weaker;      /* the user accepts weaker isolation than the world's default */
    struct text input_bytes;
    int input_fd; /* -1: none */
    x07_input input;
    const char *input_path;      /* file of the input, or NULL */
    struct text source;          /* the repaired document */
    const char *policy_path;     /* or NULL */
    struct text policy_text;     /* its JSON */
    const struct policy *policy; /* what it says; NULL without one */
    int exit_code;               /* exit code when a step fails */
    const char **module_roots;   /* NULL-terminated */
    size_t module_root_count;
    struct repair_summary repair;
    x07_run_result result;
    const char *auto_deps[RUN_MAX_AUTO_DEPS]; /* modules whose packages were added */
    size_t auto_dep_count;
};

#define RUN_DEFAULT_FUEL 50000000u
#define RUN_DEFAULT_MEMORY 67108864u

extern const struct command run_command;

/* Steps 2 to 4: target, manifest, profile. */
struct error *run_find_target(struct run *run);
/* Steps 5 to 7: world, runner, and options that do not go with them. */
struct error *run_check_target(struct run *run);
/* Step 8. Standard input is read here, base64 decoded, arguments encoded. */
struct error *run_prepare_input(struct run *run);
/* Steps 9 and 10: the policy of a sandboxed run. */
struct error *run_resolve_policy(struct run *run);
/* Chooses the sandbox backend, and refuses one that is weaker than the world's default unless that is
 * accepted; needs run->registry. */
struct error *run_select_sandbox(struct run *run);
/* Reads and checks the policy of a sandboxed run, after the backend was chosen. */
struct error *run_load_policy(struct run *run);
/* What the runner is told of the policy. */
void run_fill_policy(const struct run *run, x07_run_request *request);
/* Steps 11 and 12: what is valid for some targets only. */
struct error *run_check_rest(struct run *run);
/* Step 13: the fixtures of a deterministic world. Error: one that it needs is missing. */
struct error *run_find_fixtures(struct run *run);
/* Puts them into the folder that the program runs in; done last before the runner starts. */
struct error *run_place_fixtures(struct run *run);
/* What of the project the run needs: a verified lock for a project, module roots. */
struct error *run_load_project(struct run *run);
/* Fills run->settings. Error: the manifest was needed for the world, and is no good. */
struct error *run_settle(struct run *run);
/* Reads and checks the manifest, once. */
struct error *run_read_manifest(struct run *run);
/* Opens the file of --input; done last before the runner starts. */
struct error *run_open_input(struct run *run);

/* After the runner: if the program lacks a module that a known package has, the package becomes a dependency
 * and the project is read again. Returns whether the runner is to run again, unless *error is set. */
bool run_add_missing(struct run *run, struct error **error);
/* The compile error of the report, which the caller frees, or NULL. */
char *run_compile_error(const struct run *run);
/* Frees what the runner answered. */
void run_free_result(struct run *run);

/* "program", "project", "artifact" */
const char *run_target_name(const struct run *run);

/* After a run that broke a contract: writes .x07/artifacts/contract/.../repro.json. Failures are ignored. */
void run_write_repro(const struct run *run);

/* Prints up to four commands that show where a compile error is. */
void run_print_hints(const struct run *run);

#endif
