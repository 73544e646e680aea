/* test_runtime_program.c: whole programs: frames, figures, exit status, traps before and during solve. */
#include "runtime_testing.h"

enum { MEMORY = 1 << 16 };

static uint32_t exit_code;

static x07_bytes
echo(x07_rt *rt)
{
    rt->fuel -= 2;
    return x07_view_to_bytes(rt, rt->input);
}

static x07_bytes
leave_with_code(x07_rt *rt)
{
    x07_process_set_exit_code_v1(rt, 3);
    x07_process_set_exit_code_v1(rt, exit_code);
    return X07_EMPTY_BYTES;
}

static x07_bytes
assert_equal(x07_rt *rt)
{
    x07_bytes left = x07_bytes_lit(rt, "hello", 5), right = x07_bytes_lit(rt, "xyz", 3);

    x07_bytes_eq(rt, x07_view_of(left), x07_view_of(right));
    x07_drop_bytes(rt, left);
    x07_drop_bytes(rt, right);
    return x07_bytes_concat(rt, x07_bytes1(rt, 0, ""), x07_codec_write_u32_le(rt, 1003));
}

static x07_bytes
assert_then_agree(x07_rt *rt)
{
    x07_bytes result = assert_equal(rt);

    x07_view_eq(rt, x07_view_of(result), x07_view_of(result));
    return result;
}

static x07_bytes
read_beyond(x07_rt *rt)
{
    return x07_bytes1(rt, x07_view_get_u8(rt, rt->input, 5, "/solve/1"), "/solve");
}

static x07_program program;

static int
run_program(void)
{
    return x07_main(&program);
}

static const struct testing_child *
run(x07_bytes (*solve)(x07_rt *rt), uint64_t memory, const char *input, size_t len, int closed)
{
    static struct testing_child child;

    program = (x07_program){.solve = solve, .fuel = 50000000, .memory = memory};
    testing_run(&child, run_program, input, len, closed);
    return &child;
}

static int
exited(const struct testing_child *child, int status)
{
    return WIFEXITED(child->status) && WEXITSTATUS(child->status) == status;
}

static void
echo_of_hi(void)
{
    static const char line[] =
        "{\"fuel_used\":2,\"heap_used\":4,\"fs_read_file_calls\":0,\"fs_list_dir_calls\":0,\"rr_open_calls\":"
        "0,"
        "\"rr_close_calls\":0,\"rr_stats_calls\":0,\"rr_next_calls\":0,\"rr_next_miss_calls\":0,"
        "\"rr_append_calls\":0,\"kv_get_calls\":0,\"kv_set_calls\":0,\"sched_stats\":{\"tasks_spawned\":0,"
        "\"spawn_calls\":0,\"join_calls\":0,\"yield_calls\":0,\"sleep_calls\":0,\"chan_send_calls\":0,"
        "\"chan_recv_calls\":0,\"ctx_switches\":0,\"wake_events\":0,\"blocked_waits\":0,\"virtual_time_end\":"
        "0,"
        "\"sched_trace_hash\":\"0x14650fb0739d0383\"},\"mem_stats\":{\"alloc_calls\":1,\"realloc_calls\":0,"
        "\"free_calls\":1,\"bytes_alloc_total\":2,\"bytes_freed_total\":2,\"live_bytes\":0,\"peak_live_"
        "bytes\":2,"
        "\"live_allocs\":0,\"peak_live_allocs\":1,\"memcpy_bytes\":2}}\n";
    const struct testing_child *child = run(echo, MEMORY, "\2\0\0\0hi, not read", 16, 0);

    CU_ASSERT(exited(child, 0));
    CU_ASSERT(child->out_len == 6 && memcmp(child->out, "\2\0\0\0hi", 6) == 0);
    CU_ASSERT_STRING_EQUAL(child->err, line);
}

static void
empty_input(void)
{
    const struct testing_child *child = run(echo, MEMORY, "\0\0\0\0", 4, 0);

    CU_ASSERT(exited(child, 0));
    CU_ASSERT(child->out_len == 4 && memcmp(child->out, "\0\0\0\0", 4) == 0);
}

/* A frame that ends early: status 2 and silence. */
static void
truncated_input(void)
{
    static const struct {
        const char *bytes;
        size_t len;
    } frames[] = {{"", 0}, {"\1\0\0", 3}, {"\3\0\0\0hi", 6}, {"\1\0\0\0", 4}};

    for (size_t i = 0; i < COUNT(frames); i++) {
        const struct testing_child *child = run(echo, MEMORY, frames[i].bytes, frames[i].len, 0);
        CU_ASSERT(exited(child, 2));
        CU_ASSERT_EQUAL(child->out_len, 0);
        CU_ASSERT_EQUAL(child->err_len, 0);
    }
}

static int
trapped(const struct testing_child *child, const char *text)
{
    int same = WIFSIGNALED(child->status) && WTERMSIG(child->status) == SIGILL && child->out_len == 0 &&
               strcmp(child->err, text) == 0;

    if (!same)
        fprintf(stderr, "expected \"%s\", got status %d \"%s\"\n", text, child->status, child->err);
    return same;
}

static void
memory_limits(void)
{
    static const char *const huge[] = {"\xff\xff\xff\xff", "\xef\xff\xff\xff", "\xf0\xff\xff\xff",
                                       "\0\0\1\0"};

    for (size_t i = 0; i < COUNT(huge); i++)
        CU_ASSERT(trapped(run(echo, MEMORY, huge[i], 4, 0), "out of memory\n"));
    CU_ASSERT(trapped(run(echo, UINT64_MAX, huge[0], 4, 0), "out of memory\n"));
    CU_ASSERT(trapped(run(echo, 31, "\0\0\0\0", 4, 0), "heap too small\n"));
    CU_ASSERT(trapped(run(echo, 0, "\0\0\0\0", 4, 0), "heap too small\n"));
    CU_ASSERT(exited(run(leave_with_code, 47, "\20\0\0\0abcdefghijklmnop", 20, 0), (int)exit_code));
    CU_ASSERT(trapped(run(leave_with_code, 47, "\21\0\0\0abcdefghijklmnopq", 21, 0), "out of memory\n"));
}

static void
traps_during_solve(void)
{
    CU_ASSERT(trapped(run(read_beyond, MEMORY, "\2\0\0\0hi", 6, 0), "view.get_u8 oob ptr=/solve/1\n"));
}

static void
closed_output(void)
{
    const struct testing_child *child = run(echo, MEMORY, "\2\0\0\0hi", 6, 1);

    CU_ASSERT(exited(child, 2));
    CU_ASSERT_EQUAL(child->err_len, 0);
}

/* A reader that went away: no signal, status 2. */
static int
run_into_closed_pipe(void)
{
    int ends[2];

    if (pipe(ends) || dup2(ends[1], STDOUT_FILENO) < 0)
        return 99;
    close(ends[0]);
    return x07_main(&program);
}

static void
broken_pipe(void)
{
    static struct testing_child child;

    program = (x07_program){.solve = echo, .fuel = 10, .memory = MEMORY};
    testing_run(&child, run_into_closed_pipe, "\2\0\0\0hi", 6, 0);
    CU_ASSERT(exited(&child, 2));
    CU_ASSERT_EQUAL(child.err_len, 0);
}

static void
exit_codes(void)
{
    static const struct {
        uint32_t code;
        int status;
    } codes[] = {{0, 0}, {7, 7}, {255, 255}, {256, 255}, {UINT32_MAX, 255}};

    for (size_t i = 0; i < COUNT(codes); i++) {
        exit_code = codes[i].code;
        const struct testing_child *child = run(leave_with_code, MEMORY, "\0\0\0\0", 4, 0);
        CU_ASSERT(exited(child, codes[i].status));
        CU_ASSERT_EQUAL(child->out_len, 4);
        CU_ASSERT_EQUAL(child->err[0], '{');
    }
    exit_code = 0;
}

static void
failed_assertion(void)
{
    static const char expected[] = "\32\0\0\0\0\xeb\3\0\0X7T1\x40\5\0\0\0\3\0\0\0helloxyz";
    const struct testing_child *child = run(assert_equal, MEMORY, "\0\0\0\0", 4, 0);

    CU_ASSERT_EQUAL(child->out_len, sizeof expected - 1);
    CU_ASSERT_EQUAL(memcmp(child->out, expected, sizeof expected - 1), 0);
    child = run(assert_then_agree, MEMORY, "\0\0\0\0", 4, 0);
    CU_ASSERT(child->out_len == 9 && memcmp(child->out, "\5\0\0\0\0\xeb\3\0\0", 9) == 0);
}

int
main(void)
{
    static const struct testing_case cases[] = {
        {"echo of hi", echo_of_hi},
        {"empty input", empty_input},
        {"truncated input", truncated_input},
        {"memory limits", memory_limits},
        {"traps during solve", traps_during_solve},
        {"closed output", closed_output},
        {"broken pipe", broken_pipe},
        {"exit codes", exit_codes},
        {"failed assertion", failed_assertion},
    };

    return testing_main("runtime program", cases, COUNT(cases));
}
