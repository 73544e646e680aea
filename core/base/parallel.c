/* parallel.c: see parallel.h. */
#include "base/parallel.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { MAX_THREADS = 64, ITEMS_PER_THREAD = 4, PROGRESS_MILLISECONDS = 100 };

struct parallel {
    size_t count;
    void (*work)(void *context, size_t index);
    void *context;
    const char *label; /* NULL: no progress is shown */
    atomic_size_t next;
    atomic_size_t done;
};

static long
milliseconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Shows how far the work is, at most ten times a second. */
static void
show_progress(struct parallel *parallel, long *shown)
{
    long now = milliseconds();

    if (now - *shown < PROGRESS_MILLISECONDS)
        return;
    *shown = now;
    fprintf(stderr, "\r%s %zu/%zu", parallel->label, atomic_load(&parallel->done), parallel->count);
}

static void
work_on(struct parallel *parallel, bool progress)
{
    long shown = progress ? milliseconds() : 0;
    bool any = false;

    for (size_t at; (at = atomic_fetch_add(&parallel->next, 1)) < parallel->count;) {
        long before = shown;
        parallel->work(parallel->context, at);
        atomic_fetch_add(&parallel->done, 1);
        if (progress)
            show_progress(parallel, &shown);
        any = any || shown != before;
    }
    if (any)
        fputs("\r\033[K", stderr);
}

static void *
thread_main(void *parallel)
{
    work_on(parallel, false);
    return NULL;
}

static size_t
thread_count(size_t items)
{
    cpu_set_t set;
    size_t processors = sched_getaffinity(0, sizeof set, &set) == 0 ? (size_t)CPU_COUNT(&set) : 1;
    size_t useful = items / ITEMS_PER_THREAD + 1;

    if (processors > MAX_THREADS)
        processors = MAX_THREADS;
    return useful < processors ? useful : processors;
}

void
parallel_each(size_t count, void (*work)(void *context, size_t index), void *context, const char *label)
{
    struct parallel parallel = {.count = count, .work = work, .context = context, .label = label};
    pthread_t threads[MAX_THREADS];
    size_t wanted = thread_count(count), started = 0;

    while (started + 1 < wanted && pthread_create(&threads[started], NULL, thread_main, &parallel) == 0)
        started++;
    work_on(&parallel, label && isatty(STDERR_FILENO));
    for (size_t i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
}
