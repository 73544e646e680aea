/* test_native_async.c: the scheduler: who wakes when, what cancellation does to a task that sleeps in each
 * way, and stacks. What heads give is checked by recorded programs (tests/conformance/async.jsonl). */
#include "runtime_testing.h"

#include "runtime/x07rt_async.h"

/* What a body is started with, and what bodies say while they run. */
struct frame {
    uint32_t ticks, id;
};

static char said[4096];

static void
say(char what, uint32_t id)
{
    size_t len = strlen(said);

    snprintf(said + len, sizeof said - len, "%c%d ", what, (int)id);
}

static void
drop_nothing(x07_rt *rt, void *frame)
{
    (void)rt;
    say('x', ((struct frame *)frame)->id);
}

static x07_result_bytes
answer(x07_rt *rt)
{
    return x07_result_bytes_ok(rt, X07_EMPTY_BYTES);
}

/* Holds memory while it sleeps. */
static x07_result_bytes
sleeper(x07_rt *rt, void *at)
{
    const struct frame *frame = at;
    x07_bytes held = x07_bytes_alloc(rt, 100);

    x07_task_sleep(rt, frame->ticks);
    say(rt->canceled ? 'c' : 's', frame->id);
    x07_drop_bytes(rt, held);
    return answer(rt);
}

/* Sleeps as a head does that reads: in place, or, where the compiler says so, suspended. */
static x07_result_bytes
reader(x07_rt *rt, void *at)
{
    const struct frame *frame = at;
    bool in_place = frame->id % 2 == 1;

    rt->suspends = !in_place;
    bool done = rt_sleep(rt, frame->ticks);
    rt->suspends = 0;
    CU_ASSERT_EQUAL(done, !rt->canceled);
    say(done ? 'r' : 'c', frame->id);
    return answer(rt);
}

static x07_result_bytes
deep(x07_rt *rt, void *at)
{
    volatile char room[200 * 1024];

    for (size_t i = 0; i < sizeof room; i += 1024)
        room[i] = (char)i;
    say(room[1024] == 0 ? 'd' : '?', ((struct frame *)at)->id);
    return answer(rt);
}

static uint32_t
start(x07_rt *rt, x07_result_bytes (*run)(x07_rt *, void *), uint32_t id, uint32_t ticks)
{
    static x07_task_class classes[8];
    static size_t count;
    struct frame frame = {ticks, id};
    size_t i = 0;

    while (i < count && classes[i].run != run)
        i++;
    if (i == count)
        classes[count++] = (x07_task_class){run, drop_nothing, sizeof frame, 0};
    return x07_task_start(rt, &classes[i], &frame);
}

static void
demand(const char *text)
{
    if (strcmp(said, text) != 0)
        fprintf(stderr, "expected %s\ngot      %s\n", text, said);
    CU_ASSERT_STRING_EQUAL(said, text);
    said[0] = 0;
}

static void
sleepers_wake_by_time(void)
{
    x07_rt *rt = testing_open();
    uint32_t slow = start(rt, sleeper, 1, 9), fast = start(rt, sleeper, 2, 4);

    x07_await(rt, fast);
    demand("s2 ");
    x07_await(rt, slow);
    demand("s1 ");
    CU_ASSERT(testing_runtime.schedule.trace_hash == UINT64_C(0x5a37565668429fd1));
    CU_ASSERT_EQUAL(testing_runtime.schedule.now, 9);
    testing_close();
}

/* 300 timers, a third of them taken back: the rest wake by time, then in the order in which they were made.
 */
static void
timers_keep_their_order(void)
{
    enum { TASKS = 300, LONGEST = 40 };
    x07_rt *rt = testing_open();
    uint32_t handles[TASKS], ticks[TASKS], seed = 7;
    char wanted[sizeof said] = "";

    for (uint32_t i = 0; i < TASKS; i++) {
        seed = seed * 1103515245u + 12345u;
        ticks[i] = 1 + (seed >> 16) % LONGEST;
        handles[i] = start(rt, sleeper, i, ticks[i]);
    }
    for (uint32_t i = 0; i < TASKS; i++)
        x07_task_yield(rt);
    for (uint32_t i = 0; i < TASKS; i += 3)
        x07_task_cancel(rt, handles[i]);
    said[0] = 0;
    x07_task_sleep(rt, LONGEST + 1);
    for (uint32_t now = 1; now <= LONGEST; now++)
        for (uint32_t i = 0; i < TASKS; i++)
            if (i % 3 && ticks[i] == now)
                snprintf(wanted + strlen(wanted), sizeof wanted - strlen(wanted), "s%d ", (int)i);
    demand(wanted);
    testing_close();
}

/* Those that sleep in place end last in, first out, whatever their time. */
static void
sleeps_in_place_are_nested(void)
{
    x07_rt *rt = testing_open();

    start(rt, reader, 1, 5);
    start(rt, reader, 3, 20);
    start(rt, reader, 2, 7);
    x07_task_sleep(rt, 100);
    demand("r2 r3 r1 ");
    testing_close();
}

static void
canceled_where_they_stand(void)
{
    x07_rt *rt = testing_open();
    uint32_t suspended = start(rt, reader, 2, 50), sleeping = start(rt, sleeper, 4, 50);

    x07_task_yield(rt);
    x07_task_yield(rt);
    uint32_t unborn = start(rt, sleeper, 5, 50);
    CU_ASSERT_EQUAL(x07_task_cancel(rt, suspended), 1);
    CU_ASSERT_EQUAL(x07_task_cancel(rt, sleeping), 1);
    CU_ASSERT_EQUAL(x07_task_cancel(rt, unborn), 1);
    CU_ASSERT_EQUAL(x07_task_cancel(rt, unborn), 0);
    CU_ASSERT_EQUAL(rt->canceled, 0);
    demand("c2 c4 x5 ");
    start(rt, sleeper, 6, 50); /* left for the end of the program */
    x07_task_yield(rt);
    start(rt, sleeper, 7, 50);
    testing_close();
    demand("c6 x7 ");
}

static void
stacks_have_room_and_are_used_again(void)
{
    x07_rt *rt = testing_open();

    for (uint32_t i = 0; i < 3; i++)
        x07_await(rt, start(rt, deep, i, 0));
    demand("d0 d1 d2 ");
    testing_close();
}

int
main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("native_async", NULL, NULL);
    CU_add_test(suite, "sleepers wake by time", sleepers_wake_by_time);
    CU_add_test(suite, "timers keep their order", timers_keep_their_order);
    CU_add_test(suite, "sleeps in place are nested", sleeps_in_place_are_nested);
    CU_add_test(suite, "canceled where they stand", canceled_where_they_stand);
    CU_add_test(suite, "stacks have room and are used again", stacks_have_room_and_are_used_again);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failures != 0;
}
