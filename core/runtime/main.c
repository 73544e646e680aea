/* main.c: the life of a compiled program: input frame, solve, output frame, figures, exit status. */
#include "assertion.h"
#include "frame.h"
#include "internal.h"
#include "stats.h"

#include <signal.h>
#include <unistd.h>

enum { STATUS_FRAME = 2, STATUS_OUT_OF_RANGE = 255 };

void
rt_open(struct runtime *runtime, int64_t fuel, uint64_t memory)
{
    *runtime = (struct runtime){.shared = {.fuel = fuel, .input = X07_EMPTY_VIEW},
                                .schedule = {.trace_hash = TRACE_START}};
    switch (rt_heap_open(&runtime->heap, memory)) {
    case HEAP_OK:
        return;
    case HEAP_TOO_SMALL:
        x07_trap(&runtime->shared, "heap too small");
    case HEAP_NO_MEMORY:
        x07_trap(&runtime->shared, "calloc failed");
    }
}

/* The input lies in the heap, but the figures of memory begin after it: so it goes past them. */
static bool
read_input(struct runtime *runtime)
{
    static const int fd = STDIN_FILENO;
    struct frame_source source = rt_frame_source_fd(&fd);
    uint32_t len;

    if (!rt_frame_read_length(&source, &len))
        return false;
    if (!len)
        return true;
    rt_heap_expect(&runtime->heap, len);
    uint8_t *input = runtime->borrows ? rt_borrows_take(runtime->borrows, &runtime->heap, len)
                                      : rt_heap_take(&runtime->heap, len);
    if (!input)
        x07_trap(&runtime->shared, "out of memory");
    runtime->shared.input = (x07_view){input, len};
    return rt_frame_read_payload(&source, input, len);
}

static bool
write_output(const struct runtime *runtime, x07_bytes output)
{
    uint8_t report[ASSERTION_MAX];
    uint32_t report_len = rt_assertion_report(&runtime->comparison, x07_view_of(output), report);

    return rt_frame_write(STDOUT_FILENO, output.ptr, output.len, report, report_len);
}

static void
watch_borrows(struct runtime *runtime, struct borrows *borrows)
{
    if (!rt_borrows_open(borrows, &runtime->heap))
        x07_trap(&runtime->shared, "out of memory");
    runtime->borrows = borrows;
    runtime->indirect = true;
}

int
x07_main(const x07_program *program)
{
    struct runtime runtime;
    struct borrows borrows;

    signal(SIGPIPE, SIG_IGN);
    rt_open(&runtime, program->fuel, program->memory);
    if (program->check_borrows)
        watch_borrows(&runtime, &borrows);
    if (program->start)
        program->start(&runtime.shared);
    if (!read_input(&runtime))
        return STATUS_FRAME;
    x07_bytes output = program->solve(&runtime.shared);
    if (runtime.shared.fuel < 0) /* what was charged after the last test */
        x07_trap_fuel(&runtime.shared);
    if (!write_output(&runtime, output))
        return STATUS_FRAME;
    x07_drop_bytes(&runtime.shared, output);
    rt_release(&runtime);
    rt_stats_print(STDERR_FILENO, &runtime, program->fuel);
    rt_heap_close(&runtime.heap);
    return runtime.exit_code <= STATUS_OUT_OF_RANGE ? (int)runtime.exit_code : STATUS_OUT_OF_RANGE;
}
