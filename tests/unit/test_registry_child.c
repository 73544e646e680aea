/* Children: work that crashes, hangs, floods or ends the process, and typed calls. */
#include "registry/child.h"
#include "registry/signature.h"

#include <CUnit/Basic.h>
#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Generous where the work ends by itself; short where it never does. */
static const struct child_limits patient = {.silence_ms = 60000, .total_ms = 60000, .output_bytes = 1000};
static const struct child_limits strict = {.silence_ms = 100, .total_ms = 100, .output_bytes = 1000};

static void
work_well(void *context, int out)
{
    child_write(out, context, strlen(context));
}

static void
work_crash(void *context, int out)
{
    child_write(out, context, strlen(context));
    kill(getpid(), SIGSEGV);
}

static void
work_exit(void *context, int out)
{
    (void)context;
    (void)out;
    _exit(7);
}

static void
work_hang(void *context, int out)
{
    (void)context;
    (void)out;
    for (;;)
        pause();
}

static void
work_flood(void *context, int out)
{
    (void)context;
    for (;;)
        child_write(out, "flood", 5);
}

/* Ends well, but a grandchild holds the pipe. */
static void
work_fork(void *context, int out)
{
    if (fork() == 0)
        work_hang(context, out);
    work_well(context, out);
}

static void
expect(child_work work, const struct child_limits *limits, enum child_how how, int number, const char *output)
{
    char said[] = "said";
    struct text text = {0};
    struct child_end end = {0};

    CU_ASSERT_PTR_NULL_FATAL(child_run(work, said, limits, &text, &end));
    CU_ASSERT_EQUAL(end.how, how);
    CU_ASSERT_EQUAL(end.number, number);
    if (output)
        CU_ASSERT_STRING_EQUAL(text_string(&text), output);
    text_free(&text);
    CU_ASSERT_EQUAL(waitpid(-1, NULL, WNOHANG), -1); /* neither a zombie nor a survivor */
    CU_ASSERT_EQUAL(errno, ECHILD);
}

static void
test_ends(void)
{
    expect(work_well, &patient, CHILD_DONE, 0, "said");
    expect(work_crash, &patient, CHILD_SIGNALLED, SIGSEGV, "said");
    expect(work_exit, &patient, CHILD_EXITED, 7, "");
    expect(work_hang, &strict, CHILD_TIMED_OUT, 0, "");
    expect(work_flood, &patient, CHILD_TOO_MUCH, 0, NULL);
    expect(work_fork, &patient, CHILD_DONE, 0, "said");
}

static int32_t
sum(int32_t a, uint32_t b, int64_t c, uint64_t d)
{
    return (int32_t)(a + (int64_t)b + c + (int64_t)d);
}

static double
half(double value)
{
    return value / 2;
}

static double
nothing(void)
{
    return NAN;
}

static const char *
same(const char *text)
{
    return strcmp(text, "null") ? text : NULL;
}

static const char *
broken(void)
{
    return "a\xff"
           "b";
}

static int32_t
negate(int32_t value)
{
    return !value;
}

static uint64_t
largest(void)
{
    return UINT64_MAX;
}

/* Calls and compares the value's JSON text; `expected` NULL: the call must be refused. */
static void
expect_call(const char *signature, void (*function)(void), const char *arguments, const char *expected)
{
    struct text why = {0};
    json_object *array = arguments ? json_tokener_parse(arguments) : NULL;
    json_object *value = NULL;
    bool good = signature_call(signature, function, array, &value, &why);

    CU_ASSERT_EQUAL(good, expected != NULL);
    CU_ASSERT_EQUAL(why.len == 0, good);
    if (good && expected)
        CU_ASSERT_STRING_EQUAL(json_object_to_json_string(value), expected);
    json_object_put(value);
    json_object_put(array);
    text_free(&why);
}

#define AS(function) ((void (*)(void))(function))

static void
test_calls(void)
{
    expect_call("i(i,u,l,q)", AS(sum), "[-1, 2, -30, 400]", "371");
    expect_call("d(d)", AS(half), "[3]", "1.5");
    expect_call("d()", AS(nothing), NULL, "\"nan\"");
    expect_call("s(s)", AS(same), "[\"text\"]", "\"text\"");
    expect_call("s(s)", AS(same), "[\"null\"]", "null");
    expect_call("s()", AS(broken), NULL,
                "\"a\xef\xbf\xbd"
                "b\"");
    expect_call("b(b)", AS(negate), "[true]", "false");
    expect_call("q()", AS(largest), NULL, "18446744073709551615");
    expect_call("d(d)", AS(half), NULL, NULL);
    expect_call("d(d)", AS(half), "[\"3\"]", NULL);
    expect_call("i(i,u,l,q)", AS(sum), "[1, -2, 3, 4]", NULL);
    expect_call("i(i,u,l,q)", AS(sum), "[2147483648, 2, 3, 4]", NULL);
}

static void
test_signatures(void)
{
    static const char *const good[] = {"i()", "s(s)", "u(i,s)", "b(i,i,i,i,i,i,i,i)"};
    static const char *const bad[] = {"",
                                      "i",
                                      "i(",
                                      "(i)",
                                      "x()",
                                      "i(x)",
                                      "i(,)",
                                      "i(i,)",
                                      "i(i",
                                      "i() ",
                                      "ii()",
                                      "i(ii)",
                                      "b(i,i,i,i,i,i,i,i,i)"};
    struct text why = {0};

    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        CU_ASSERT_TRUE(signature_check(good[i], NULL, &why));
    CU_ASSERT_EQUAL(why.len, 0);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CU_ASSERT_FALSE(signature_check(bad[i], NULL, &why));
    CU_ASSERT_TRUE(signature_check("i(s)", "[\"x\"]", &why));
    CU_ASSERT_FALSE(signature_check("i(s)", "[1]", &why));
    CU_ASSERT_FALSE(signature_check("i(s)", "{}", &why));
    CU_ASSERT_FALSE(signature_check("i(s)", "[", &why));
    text_free(&why);
}

int
main(void)
{
    if (CU_initialize_registry() != CUE_SUCCESS)
        return 2;
    CU_pSuite suite = CU_add_suite("registry children and calls", NULL, NULL);
    CU_add_test(suite, "ends of children", test_ends);
    CU_add_test(suite, "typed calls", test_calls);
    CU_add_test(suite, "signatures", test_signatures);
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failures ? 1 : 0;
}
