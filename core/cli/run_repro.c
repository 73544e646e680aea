/* run_repro.c: leaves a file with which a broken contract can be run again. */
#include "base/file.h"
#include "cli/run.h"
#include "report/repro.h"

#include <string.h>

/* What an input may have to be kept in the file. */
#define MAX_INPUT (256u << 20)

enum { DEFAULT_OUTPUT = 1048576, OS_CPU_SECONDS = 30, HOST_CPU_SECONDS = 5 };

void
run_write_repro(const struct run *run)
{
    const struct run_options *options = &run->options;
    const struct repro_fixture fixtures[] = {
        {"fixture_fs_dir", options->fixture_fs_dir},
        {"fixture_fs_root", options->fixture_fs_root},
        {"fixture_fs_latency_index", options->fixture_fs_latency_index},
        {"fixture_rr_dir", options->fixture_rr_dir},
        {"fixture_kv_dir", options->fixture_kv_dir},
        {"fixture_kv_seed", options->fixture_kv_seed},
    };
    struct repro repro = {
        .target_kind = run_target_name(run),
        .target_path = run->target_path,
        .world = run->world,
        .fuel = run->settings.fuel.value,
        .memory_bytes = run->settings.memory_bytes.value,
        .output_bytes = option_number_or(&run->settings.output_bytes, DEFAULT_OUTPUT),
        .cpu_seconds =
            option_number_or(&run->settings.cpu_seconds,
                             strcmp(run->runner_key, "os") == 0 ? OS_CPU_SECONDS : HOST_CPU_SECONDS),
        .debug_borrow_checks = options->debug_borrow_checks,
        .fixtures = fixtures,
        .fixture_count = sizeof fixtures / sizeof fixtures[0],
        .input = text_string(&run->input_bytes),
        .input_size = run->input_bytes.len,
    };
    struct text input = {0};

    if (!run->result.exit_code || !repro_is_due(run->result.report, run->result.report_size))
        return;
    if (run->input_path && file_is_regular(run->input_path)) {
        error_free(file_read(run->input_path, MAX_INPUT, &input));
        repro.input = text_string(&input);
        repro.input_size = input.len;
    }
    /* Only a convenience: the run's own report says all that is wrong. */
    error_free(repro_write(&repro, run->result.report, run->result.report_size,
                           run->manifest_path ? run->project_root : ""));
    text_free(&input);
}
