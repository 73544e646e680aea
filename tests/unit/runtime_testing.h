/* runtime_testing.h: what the tests of the runtime share: a runtime to call into, a child that is expected to
 * trap, and a child that runs a whole program on given input. */
#ifndef TESTS_RUNTIME_TESTING_H
#define TESTS_RUNTIME_TESTING_H

#include <CUnit/Basic.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runtime/internal.h"
#include "runtime/x07rt.h"

enum { TEST_MEMORY = 1 << 20 };

static struct runtime testing_runtime;

static inline x07_rt *
testing_open(void)
{
    rt_open(&testing_runtime, 1000, TEST_MEMORY);
    return &testing_runtime.shared;
}

/* Ends the runtime and demands that nothing was leaked. */
static inline void
testing_close(void)
{
    rt_release(&testing_runtime);
    CU_ASSERT_EQUAL(testing_runtime.figures.live_bytes, 0);
    CU_ASSERT_EQUAL(testing_runtime.figures.live_blocks, 0);
    CU_ASSERT_EQUAL(testing_runtime.figures.bytes_allocated, testing_runtime.figures.bytes_freed);
    rt_heap_close(&testing_runtime.heap);
}

/* One row of the table of figures: alloc, realloc and free calls, bytes in total, peak, bytes copied. */
static inline void
testing_figures(const char *what, uint64_t allocs, uint64_t reallocs, uint64_t frees, uint64_t total,
                uint64_t peak, uint64_t copied)
{
    const struct memory_figures *f = &testing_runtime.figures;
    int same = f->alloc_calls == allocs && f->realloc_calls == reallocs && f->free_calls == frees &&
               f->bytes_allocated == total && f->peak_bytes == peak && f->bytes_copied == copied;

    if (!same)
        fprintf(stderr, "%s: got %d %d %d %d %d %d\n", what, (int)f->alloc_calls, (int)f->realloc_calls,
                (int)f->free_calls, (int)f->bytes_allocated, (int)f->peak_bytes, (int)f->bytes_copied);
    CU_ASSERT(same);
}

static inline x07_view
testing_view(const char *text)
{
    return x07_view_lit(text, (uint32_t)strlen(text));
}

static inline x07_bytes
testing_bytes(const char *text)
{
    return x07_bytes_lit(&testing_runtime.shared, text, (uint32_t)strlen(text));
}

static inline int
testing_same(x07_view v, const char *text)
{
    return v.len == strlen(text) && memcmp(v.ptr, text, v.len) == 0;
}

/* Compares and drops. */
static inline int
testing_gives(x07_bytes b, const char *text)
{
    int same = testing_same(x07_view_of(b), text);

    x07_drop_bytes(&testing_runtime.shared, b);
    return same;
}

/* What a child left behind. The buffers are NUL-terminated. */
struct testing_child {
    int status; /* as from waitpid */
    size_t out_len, err_len;
    char out[1 << 16], err[1 << 13];
};

static inline size_t
testing_drain(FILE *file, char *to, size_t max)
{
    rewind(file);
    size_t len = fread(to, 1, max - 1, file);
    to[len] = 0;
    fclose(file);
    return len;
}

/* Runs `act` in a child whose stdin holds `input` and whose stdout is captured or, if `closed`, closed. */
static inline void
testing_run(struct testing_child *child, int (*act)(void), const void *input, size_t input_len, int closed)
{
    FILE *in = tmpfile(), *out = tmpfile(), *err = tmpfile();

    if (!in || !out || !err || fwrite(input, 1, input_len, in) != input_len) {
        perror("tmpfile");
        exit(1);
    }
    rewind(in);
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        signal(SIGILL, SIG_DFL);
        dup2(fileno(in), STDIN_FILENO);
        dup2(fileno(err), STDERR_FILENO);
        if (closed)
            close(STDOUT_FILENO);
        else
            dup2(fileno(out), STDOUT_FILENO);
        _exit(act());
    }
    while (waitpid(pid, &child->status, 0) < 0 && errno == EINTR)
        ;
    fclose(in);
    child->out_len = testing_drain(out, child->out, sizeof child->out);
    child->err_len = testing_drain(err, child->err, sizeof child->err);
}

/* Demands that `act` traps: this text on stderr, nothing on stdout, an illegal instruction. */
static inline void
testing_traps(int (*act)(void), const char *text)
{
    static struct testing_child child;

    testing_run(&child, act, "", 0, 0);
    int trapped = WIFSIGNALED(child.status) && WTERMSIG(child.status) == SIGILL && child.out_len == 0 &&
                  child.err_len == strlen(text) + 1 && strncmp(child.err, text, strlen(text)) == 0 &&
                  child.err[strlen(text)] == '\n';
    if (!trapped)
        fprintf(stderr, "expected trap \"%s\", got status %d, stderr \"%s\"\n", text, child.status,
                child.err);
    CU_ASSERT(trapped);
}

/* A trap to expect: the text, and what brings it about with a fresh runtime. */
struct testing_trap {
    const char *text;
    void (*act)(x07_rt *rt);
};

static const struct testing_trap *testing_current;

static inline int
testing_act(void)
{
    testing_current->act(testing_open());
    return 0;
}

static inline void
testing_all_trap(const struct testing_trap *traps, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        testing_current = &traps[i];
        testing_traps(testing_act, traps[i].text);
    }
}

/* TRAP(name, expression) defines a function for a row of such a table. */
#define TRAP(name, expression)   \
    static void name(x07_rt *rt) \
    {                            \
        (void)(expression);      \
    }

#define COUNT(array) (sizeof(array) / sizeof *(array))

struct testing_case {
    const char *name;
    void (*run)(void);
};

/* Runs the cases; returns the exit status for main. */
static inline int
testing_main(const char *suite_name, const struct testing_case *cases, size_t count)
{
    if (CU_initialize_registry() != CUE_SUCCESS)
        return 2;
    CU_pSuite suite = CU_add_suite(suite_name, NULL, NULL);
    for (size_t i = 0; suite && i < count; i++)
        CU_add_test(suite, cases[i].name, cases[i].run);
    CU_basic_set_mode(CU_BRM_NORMAL);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures() + CU_get_number_of_suites_failed();
    int complete = suite && CU_get_number_of_tests_run() == count;
    CU_cleanup_registry();
    return failures || !complete;
}

#endif
