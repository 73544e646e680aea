/* Child processes: feeding, capturing, limits, and that nothing stays behind. */
#include "base/file.h"
#include "base/memory.h"
#include "base/process.h"

#include <CUnit/Basic.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Runs `script` under /bin/sh with the rest of `request` as given. */
static struct error *
run_shell(const char *script, struct process_request request, struct process_result *result)
{
    const char *argv[] = {"sh", "-c", script, NULL};

    request.path = "/bin/sh";
    request.argv = argv;
    if (!request.stdout_cap)
        request.stdout_cap = 1 << 20;
    if (!request.stderr_cap)
        request.stderr_cap = 1 << 20;
    return process_run(&request, result);
}

static void
exits_and_captures(void)
{
    struct process_result result;

    CU_ASSERT_PTR_NULL_FATAL(
        run_shell("printf out; printf err >&2; exit 7", (struct process_request){0}, &result));
    CU_ASSERT_EQUAL(result.exit_code, 7);
    CU_ASSERT_EQUAL(result.signal, 0);
    CU_ASSERT_STRING_EQUAL(text_string(&result.out), "out");
    CU_ASSERT_STRING_EQUAL(text_string(&result.err), "err");
    process_result_free(&result);
}

static void
reports_signal(void)
{
    struct process_result result;

    CU_ASSERT_PTR_NULL_FATAL(run_shell("kill -ILL $$", (struct process_request){0}, &result));
    CU_ASSERT_EQUAL(result.exit_code, -1);
    CU_ASSERT_EQUAL(result.signal, SIGILL);
    process_result_free(&result);
}

static void
feeds_framed_bytes(void)
{
    struct process_request request = {.input = {.data = "hello", .len = 5, .framed = true}};
    struct process_result result;

    CU_ASSERT_PTR_NULL_FATAL(run_shell("cat", request, &result));
    CU_ASSERT_EQUAL_FATAL(result.out.len, 9);
    CU_ASSERT_EQUAL(memcmp(result.out.data, "\5\0\0\0hello", 9), 0);
    process_result_free(&result);
}

static void
streams_a_large_file(void)
{
    size_t len = 5 * 1000 * 1000 + 3;
    char *data = memory_alloc(len);
    char *dir;

    for (size_t i = 0; i < len; i++)
        data[i] = (char)(i * 7 % 251);
    CU_ASSERT_PTR_NULL_FATAL(file_make_temp_dir(NULL, &dir));
    char *path = file_join(dir, "large");
    CU_ASSERT_PTR_NULL_FATAL(file_replace(path, data, len, 0600));
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct process_request request = {.input = {.fd = fd, .len = len, .framed = true}, .stdout_cap = len + 4};
    struct process_result result;

    CU_ASSERT_PTR_NULL_FATAL(run_shell("cat", request, &result));
    CU_ASSERT_FALSE(result.out_capped);
    CU_ASSERT_EQUAL_FATAL(result.out.len, len + 4);
    CU_ASSERT_EQUAL(memcmp(result.out.data + 4, data, len), 0);
    process_result_free(&result);
    close(fd);
    file_remove_tree(dir);
    free(path);
    free(dir);
    free(data);
}

static void
survives_a_child_that_reads_nothing(void)
{
    size_t len = 4 << 20;
    char *data = memory_alloc(len);
    struct process_request request = {.input = {.data = data, .len = len}};
    struct process_result result;

    CU_ASSERT_PTR_NULL_FATAL(run_shell("exec <&-; echo done", request, &result));
    CU_ASSERT_EQUAL(result.exit_code, 0);
    CU_ASSERT_STRING_EQUAL(text_string(&result.out), "done\n");
    process_result_free(&result);
    free(data);
}

static void
stops_at_the_caps(void)
{
    struct process_result result;

    CU_ASSERT_PTR_NULL_FATAL(
        run_shell("while :; do echo y; done", (struct process_request){.stdout_cap = 10}, &result));
    CU_ASSERT_TRUE(result.out_capped);
    CU_ASSERT_EQUAL(result.out.len, 10);
    process_result_free(&result);
    CU_ASSERT_PTR_NULL_FATAL(
        run_shell("while :; do echo y >&2; done", (struct process_request){.stderr_cap = 100000}, &result));
    CU_ASSERT_TRUE(result.err_capped);
    CU_ASSERT_EQUAL(result.err.len, 100000);
    process_result_free(&result);
    CU_ASSERT_PTR_NULL_FATAL(run_shell("printf 1234", (struct process_request){.stdout_cap = 4}, &result));
    CU_ASSERT_FALSE(result.out_capped);
    CU_ASSERT_EQUAL(result.exit_code, 0);
    process_result_free(&result);
}

static void
times_out_with_its_whole_group(void)
{
    struct process_result result;

    CU_ASSERT_PTR_NULL_FATAL(
        run_shell("sleep 1000 & echo $!; wait", (struct process_request){.wall_ms = 300}, &result));
    CU_ASSERT_TRUE(result.timed_out);
    CU_ASSERT_EQUAL(result.signal, SIGKILL);
    pid_t grandchild = atoi(text_string(&result.out));
    CU_ASSERT_FATAL(grandchild > 1);
    /* A killed orphan may need a moment until init has reaped it. */
    for (int i = 0; i < 500 && kill(grandchild, 0) == 0; i++) {
        char path[64];
        char state = 0;
        snprintf(path, sizeof path, "/proc/%d/stat", (int)grandchild);
        FILE *stat = fopen(path, "r");
        if (!stat || fscanf(stat, "%*d %*s %c", &state) != 1 || state == 'Z') {
            if (stat)
                fclose(stat);
            grandchild = 0;
            break;
        }
        fclose(stat);
        usleep(10000);
    }
    CU_ASSERT_TRUE(grandchild == 0 || kill(grandchild, 0) != 0);
    process_result_free(&result);
}

static void
does_not_wait_for_a_background_process(void)
{
    struct process_result result;

    CU_ASSERT_PTR_NULL_FATAL(
        run_shell("sleep 1000 & echo early", (struct process_request){.wall_ms = 60000}, &result));
    CU_ASSERT_FALSE(result.timed_out);
    CU_ASSERT_STRING_EQUAL(text_string(&result.out), "early\n");
    process_result_free(&result);
}

static void
sets_limits_env_and_directory(void)
{
    static const char *const env[] = {"ONLY=this", NULL};
    static const struct process_limit limits[] = {{RLIMIT_CORE, 0}, {RLIMIT_CPU, 33}};
    struct process_request request = {.env = env, .cwd = "/usr", .limits = limits, .limit_count = 2};
    struct process_result result;

    CU_ASSERT_PTR_NULL_FATAL(run_shell("echo $ONLY; pwd; ulimit -t; ulimit -c", request, &result));
    CU_ASSERT_STRING_EQUAL(text_string(&result.out), "this\n/usr\n33\n0\n");
    process_result_free(&result);
}

static void
names_what_cannot_start(void)
{
    const char *argv[] = {"x", NULL};
    struct process_request request = {.path = "/nonexistent/x", .argv = argv};
    struct process_result result;
    struct error *error = process_run(&request, &result);

    CU_ASSERT_PTR_NOT_NULL_FATAL(error);
    CU_ASSERT_STRING_EQUAL(error->code, "E_PROCESS_START");
    CU_ASSERT_STRING_EQUAL(error->message, "/nonexistent/x: No such file or directory (os error 2)");
    error_free(error);
    process_result_free(&result);
}

/* A process that gets SIGINT while its child runs kills the child, cleans up, and then ends by the signal. */
static void
interruption_kills_the_child(void)
{
    int report[2];
    CU_ASSERT_EQUAL_FATAL(pipe(report), 0);
    pid_t pid = fork();
    if (pid == 0) {
        struct process_result result;
        sigset_t saved;
        process_hold_signals(&saved);
        struct error *error = run_shell("kill -INT $PPID; sleep 1000", (struct process_request){0}, &result);
        char seen = !error && result.interrupted == SIGINT && result.signal == SIGKILL ? 'y' : 'n';
        if (write(report[1], &seen, 1) != 1)
            _exit(3);
        process_release_signals(&saved);
        _exit(4);
    }
    char seen = 0;
    int status = 0;
    CU_ASSERT_EQUAL(read(report[0], &seen, 1), 1);
    CU_ASSERT_EQUAL(seen, 'y');
    CU_ASSERT_EQUAL(waitpid(pid, &status, 0), pid);
    CU_ASSERT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGINT);
    close(report[0]);
    close(report[1]);
}

/* A caller may hold signals back; its children must not inherit that. */
static void
held_signals_are_not_inherited(void)
{
    struct process_result result;
    sigset_t saved;

    process_hold_signals(&saved);
    CU_ASSERT_PTR_NULL_FATAL(run_shell("kill -TERM $$; echo survived", (struct process_request){0}, &result));
    process_release_signals(&saved);
    CU_ASSERT_EQUAL(result.signal, SIGTERM);
    process_result_free(&result);
}

static void
finds_programs(void)
{
    char *shell = process_find("sh");
    CU_ASSERT_PTR_NOT_NULL_FATAL(shell);
    CU_ASSERT_EQUAL(access(shell, X_OK), 0);
    free(shell);
    CU_ASSERT_PTR_NULL(process_find(""));
    CU_ASSERT_PTR_NULL(process_find("no-such-program-anywhere"));
    CU_ASSERT_PTR_NULL(process_find("/usr"));
}

int
main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("process", NULL, NULL);
    CU_add_test(suite, "exits and captures", exits_and_captures);
    CU_add_test(suite, "reports signal", reports_signal);
    CU_add_test(suite, "feeds framed bytes", feeds_framed_bytes);
    CU_add_test(suite, "streams a large file", streams_a_large_file);
    CU_add_test(suite, "survives a child that reads nothing", survives_a_child_that_reads_nothing);
    CU_add_test(suite, "stops at the caps", stops_at_the_caps);
    CU_add_test(suite, "times out with its whole group", times_out_with_its_whole_group);
    CU_add_test(suite, "does not wait for a background process", does_not_wait_for_a_background_process);
    CU_add_test(suite, "sets limits, env and directory", sets_limits_env_and_directory);
    CU_add_test(suite, "names what cannot start", names_what_cannot_start);
    CU_add_test(suite, "interruption kills the child", interruption_kills_the_child);
    CU_add_test(suite, "held signals are not inherited", held_signals_are_not_inherited);
    CU_add_test(suite, "finds programs", finds_programs);
    CU_basic_set_mode(CU_BRM_NORMAL);
    CU_basic_run_tests();
    unsigned failed = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failed ? 1 : 0;
}
