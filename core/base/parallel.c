/* parallel.c: see parallel.h. */
#include "base/parallel.h"

#include "base/progress.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>

enum { MAX_THREADS = 64, ITEMS_PER_THREAD = 4 };

struct parallel {
    size_t count;
    void (*work)(void *context, size_t index);
    void *context;
    atomic_size_t next;
    atomic_size_t done;
};

/* `progress` NULL: some other thread shows it. */
static void
work_on(struct parallel *parallel, struct progress *progress)
{
    for (size_t at; (at = atomic_fetch_add(&parallel->next, 1)) < parallel->count;) {
        parallel->work(parallel->context, at);
        atomic_fetch_add(&parallel->done, 1);
        if (progress)
            progress_show(progress, atomic_load(&parallel->done), parallel->count);
    }
}

static void *
thread_main(void *parallel)
{
    work_on(parallel, NULL);
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
    struct parallel parallel = {.count = count, .work = work, .context = context};
    struct progress progress;
    pthread_t threads[MAX_THREADS];
    size_t wanted = thread_count(count), started = 0;

    while (started + 1 < wanted && pthread_create(&threads[started], NULL, thread_main, &parallel) == 0)
        started++;
    progress_begin(&progress, label);
    work_on(&parallel, &progress);
    progress_end(&progress);
    for (size_t i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
}
