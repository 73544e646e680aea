/* run_options.c: the table of `x07 run`'s options. */
#include "cli/run_options.h"

#include "project/worlds.h"

#define AT(member) offsetof(struct run_options, member)
#define INPUT_CONFLICTS(a, b) .conflicts = {a, b}, .no_trailing = true

static const char *const runners[] = {"auto", "host", "os", NULL};
static const char *const cc_profiles[] = {"default", "size", NULL};
static const char *const reports[] = {"runner", "wrapped", "full", NULL};
static const char *const repairs[] = {"off", "memory", "write", NULL};

static const struct option options[] = {
    {"project", "PATH", OPTION_VALUE, AT(project), .help = "Run a project: its x07.json or directory"},
    {"program", "PATH", OPTION_VALUE, AT(program), .help = "Run one *.x07.json file"},
    {"artifact", "PATH", OPTION_VALUE, AT(artifact), .help = "Run an executable made with --compiled-out"},
    {"world", "WORLD", OPTION_CHOICE, AT(world), .choices = world_choices, .hidden = true},
    {"profile", "NAME", OPTION_VALUE, AT(profile), .help = "Profile of the project"},
    {"runner", "RUNNER", OPTION_CHOICE, AT(runner), .choices = runners, .conflicts = {"host", "os"},
     .hidden = true},
    {"host", NULL, OPTION_FLAG, AT(host), .help = "Run deterministically (world solve-pure)"},
    {"os", NULL, OPTION_FLAG, AT(os), .help = "Run with the user's rights (world run-os)"},
    {"input", "PATH", OPTION_VALUE, AT(input), .help = "Input bytes from a file",
     INPUT_CONFLICTS("stdin", "input-b64")},
    {"stdin", NULL, OPTION_FLAG, AT(use_stdin), .help = "Input bytes from standard input",
     INPUT_CONFLICTS("input", "input-b64")},
    {"input-b64", "BASE64", OPTION_VALUE, AT(input_b64), .help = "Input bytes as base64",
     INPUT_CONFLICTS("input", "stdin")},
    {"cc-profile", "PROFILE", OPTION_CHOICE, AT(cc_profile), .help = "Fast or small native code",
     .choices = cc_profiles},
    {"native-compiler", "NAME", OPTION_VALUE, AT(native_compiler),
     .help = "Native compiler: the key of a plugin's, cc or tcc"},
    {"max-c-bytes", "BYTES", OPTION_NUMBER, AT(max_c_bytes), .help = "Limit of the generated C"},
    {"compiled-out", "PATH", OPTION_VALUE, AT(compiled_out), .help = "Keep the executable here"},
    {"compile-only", NULL, OPTION_FLAG, AT(compile_only), .hidden = true},
    {"module-root", "PATH", OPTION_LIST, AT(module_roots), .help = "Where modules are found (repeatable)"},
    {"fixtures", "DIR", OPTION_VALUE, AT(fixtures), .hidden = true},
    {"fixture-fs-dir", "PATH", OPTION_VALUE, AT(fixture_fs_dir), .hidden = true},
    {"fixture-fs-root", "PATH", OPTION_VALUE, AT(fixture_fs_root), .hidden = true},
    {"fixture-fs-latency-index", "PATH", OPTION_VALUE, AT(fixture_fs_latency_index), .hidden = true},
    {"fixture-rr-dir", "PATH", OPTION_VALUE, AT(fixture_rr_dir), .hidden = true},
    {"fixture-kv-dir", "PATH", OPTION_VALUE, AT(fixture_kv_dir), .hidden = true},
    {"fixture-kv-seed", "PATH", OPTION_VALUE, AT(fixture_kv_seed), .hidden = true},
    {"policy", "PATH", OPTION_VALUE, AT(policy), .help = "Policy of the world run-os-sandboxed"},
    {"sandbox-backend", "BACKEND", OPTION_VALUE, AT(sandbox_backend),
     .help = "Sandbox backend: auto, or the key of a plugin's backend"},
    {"i-accept-weaker-isolation", NULL, OPTION_FLAG, AT(accept_weaker),
     .help = "Accept less isolation than the world's default"},
    {"allow-host", "HOST:PORTS", OPTION_LIST, AT(allow_hosts),
     .help = "Add a host to the policy (repeatable)"},
    {"deny-host", "HOST:PORTS", OPTION_LIST, AT(deny_hosts),
     .help = "Take a host from the policy (repeatable)"},
    {"allow-host-file", "PATH", OPTION_LIST, AT(allow_host_files), .help = "Hosts to add (repeatable)"},
    {"deny-host-file", "PATH", OPTION_LIST, AT(deny_host_files), .help = "Hosts to take away (repeatable)"},
    {"allow-read-root", "PATH", OPTION_LIST, AT(allow_read_roots),
     .help = "Add a readable root (repeatable)"},
    {"allow-write-root", "PATH", OPTION_LIST, AT(allow_write_roots),
     .help = "Add a writable root (repeatable)"},
    {"solve-fuel", "N", OPTION_NUMBER, AT(fuel), .help = "Fuel of the program (default 50000000)"},
    {"max-memory-bytes", "BYTES", OPTION_NUMBER, AT(memory_bytes),
     .help = "Heap of the program (default 67108864)"},
    {"max-output-bytes", "BYTES", OPTION_NUMBER, AT(output_bytes),
     .help = "Limit of its output (default 1048576)"},
    {"cpu-time-limit-seconds", "N", OPTION_NUMBER, AT(cpu_seconds), .help = "Limit of its CPU time"},
    {"debug-borrow-checks", NULL, OPTION_FLAG, AT(debug_borrow_checks), .help = "Check borrows at run time"},
    {"auto-ffi", NULL, OPTION_FLAG, AT(auto_ffi), .help = "Link what FFI packages need (default)",
     .conflicts = {"no-auto-ffi"}},
    {"no-auto-ffi", NULL, OPTION_FLAG, AT(no_auto_ffi), .help = "Do not", .conflicts = {"auto-ffi"}},
    {"report", "MODE", OPTION_CHOICE, AT(report), .help = "What to print (default runner)",
     .choices = reports},
    {"repair", "MODE", OPTION_CHOICE, AT(repair), .help = "Repair the program first (default write)",
     .choices = repairs},
    {"repair-max-iters", "N", OPTION_NUMBER, AT(repair_max_iters), .help = "Rounds of repair (default 3)",
     .max = UINT32_MAX},
    {"report-out", "PATH", OPTION_VALUE, AT(report_out), .help = "Also write the report to a file"},
    {"quiet-json", NULL, OPTION_FLAG, AT(quiet_json), .help = "Do not print the report (with --report-out)"},
    {"plugin-dir", "DIR", OPTION_LIST, AT(plugin_dirs), .help = "Search plugins here first (repeatable)"},
};

const struct option_table run_option_table = {
    .command = "x07 run",
    .summary = "Run X07 programs via the appropriate runner",
    .options = options,
    .count = sizeof options / sizeof options[0],
    .trailing_name = "ARGS",
    .trailing_offset = AT(arguments),
};
