/* run_options.h: what the user may say to `x07 run`. */
#ifndef CLI_RUN_OPTIONS_H
#define CLI_RUN_OPTIONS_H

#include "cli/options.h"

struct run_options {
    const char *project;
    const char *program;
    const char *artifact;
    const char *world;
    const char *profile;
    const char *runner;
    bool host;
    bool os;
    const char *input;
    bool use_stdin;
    const char *input_b64;
    struct option_list arguments;
    const char *cc_profile;
    const char *native_compiler;
    struct option_number max_c_bytes;
    const char *compiled_out;
    bool compile_only;
    struct option_list module_roots;
    const char *fixtures;
    const char *fixture_fs_dir;
    const char *fixture_fs_root;
    const char *fixture_fs_latency_index;
    const char *fixture_rr_dir;
    const char *fixture_kv_dir;
    const char *fixture_kv_seed;
    const char *policy;
    const char *sandbox_backend;
    bool accept_weaker;
    struct option_list allow_hosts;
    struct option_list deny_hosts;
    struct option_list allow_host_files;
    struct option_list deny_host_files;
    struct option_list allow_read_roots;
    struct option_list allow_write_roots;
    struct option_number fuel;
    struct option_number memory_bytes;
    struct option_number output_bytes;
    struct option_number cpu_seconds;
    bool debug_borrow_checks;
    bool auto_ffi;
    bool no_auto_ffi;
    const char *report;
    const char *repair;
    struct option_number repair_max_iters;
    const char *report_out;
    bool quiet_json;
    struct option_list plugin_dirs;
};

extern const struct option_table run_option_table;

#endif
