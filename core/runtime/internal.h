/* internal.h: the runtime's whole state and what its files share. Compiled programs see only x07rt.h. Names
 * that the linker sees begin with rt_, so that the C code that a program links is free in its own. */
#ifndef RUNTIME_INTERNAL_H
#define RUNTIME_INTERNAL_H

#include "borrows.h"
#include "heap.h"
#include "hooks.h"
#include "memory.h"
#include "x07rt.h"

enum { COMPARISON_SAMPLE = 64 };

/* The last comparison of bytes, when it was a mismatch: the report of a failed assertion quotes it. */
struct comparison {
    bool mismatch;
    uint32_t left_len, right_len;
    uint8_t left[COMPARISON_SAMPLE], right[COMPARISON_SAMPLE];
};

/* What a native backend keeps between calls; its archive sets both when it is first used. */
struct native_state {
    void *data;
    void (*release)(void *data);
};

/* What a program asked of its world. */
struct world_figures {
    uint64_t fs_reads, fs_lists;
    uint64_t kv_gets, kv_sets;
    uint64_t rr_opens, rr_closes, rr_stats, rr_nexts, rr_misses, rr_appends;
};

/* What its tasks did, in virtual time. */
struct schedule_figures {
    uint64_t tasks_spawned, spawn_calls, join_calls, yield_calls, sleep_calls;
    uint64_t chan_send_calls, chan_recv_calls;
    uint64_t ctx_switches, wake_events, blocked_waits;
    uint64_t now;
    uint64_t trace_hash; /* over all that happened, in order */
};

/* The hash of an empty schedule. */
#define TRACE_START UINT64_C(0x14650fb0739d0383)

struct runtime {
    struct x07_rt shared; /* first: an x07_rt * of a program points here */
    struct heap heap;
    struct hooks *hooks;     /* where memory comes from instead of the heap; or NULL */
    struct borrows *borrows; /* what watches the heap; or NULL */
    bool indirect;           /* one of these is not NULL */
    struct memory_figures figures;
    struct table maps, vec_values, map_values, readers, buffered_readers, scratches;
    uint32_t scratches_dropped;
    uint32_t exit_code;
    bool fuel_clamped; /* the fuel is the rest of a budget inside the program, not the program's own */
    struct comparison comparison;
    struct native_state regex, jsonschema, policy, files, processes, latencies, roots, store, cassettes,
        tasks;
    struct world_figures world;
    struct schedule_figures schedule;
    bool (*sleep)(x07_rt *rt, uint32_t ticks); /* of a program with tasks; or NULL */
};

static inline struct runtime *
runtime_of(x07_rt *rt)
{
    return (struct runtime *)(void *)rt;
}

/* Whether the view may be read: always, unless the heap is watched and its buffer is gone, which is counted.
 */
static inline bool
rt_memory_holds(x07_rt *rt, x07_view view)
{
    struct runtime *runtime = runtime_of(rt);

    return X07_LIKELY(!runtime->borrows) ||
           rt_borrows_hold(runtime->borrows, &runtime->heap, view.ptr, view.len);
}

/* Writes to stderr, best effort. */
void rt_print(const char *text, size_t len);

/* Says why the program traps, and at which node unless `at` is NULL. */
void rt_print_trap(const char *text, const char *at);

/* Starts with a heap of `memory` bytes; traps when there is none. */
void rt_open(struct runtime *runtime, int64_t fuel, uint64_t memory);

/* Frees everything that programs cannot free themselves, counted in the figures. */
void rt_release(struct runtime *runtime);

/* One per family: frees its objects and its table. */
void rt_maps_release(x07_rt *rt);
void rt_vec_values_release(x07_rt *rt);
void rt_map_values_release(x07_rt *rt);
void rt_readers_release(x07_rt *rt);
void rt_buffered_readers_release(x07_rt *rt);
void rt_scratches_release(x07_rt *rt);

/* Where the data of a reader comes from when it has none of its own. */
struct reader_source {
    /* Fills `to`, with less only at the end; never fails. */
    uint32_t (*read)(int fd, uint8_t *to, uint32_t cap);
    void (*close)(int fd);
};

/* A reader over a descriptor, which it closes. `latency` is slept at the first read. */
x07_iface rt_reader_open(x07_rt *rt, const struct reader_source *source, int fd, uint32_t latency);

/* A reader over bytes, which it owns, with a latency as above. */
x07_iface rt_reader_of(x07_rt *rt, x07_bytes data, uint32_t latency);

/* Reads from the source of such a reader; false: it has none, and nothing was done. Traps as below. */
bool rt_reader_stream(x07_rt *rt, uint32_t handle, uint8_t *to, uint32_t cap, uint32_t *got);
bool rt_reader_is_stream(x07_rt *rt, uint32_t handle);

/* Lets virtual time pass, in which tasks run. Nothing happens for 0 ticks. False: the task that slept was
 * canceled; the caller gives back what it holds and returns an empty value at once. */
static inline bool
rt_sleep(x07_rt *rt, uint32_t ticks)
{
    struct runtime *runtime = runtime_of(rt);

    if (!ticks)
        return true;
    runtime->schedule.sleep_calls++;
    if (runtime->sleep)
        return runtime->sleep(rt, ticks);
    runtime->schedule.now += ticks;
    return true;
}

/* Reads at most `max` bytes of a reader that has data of its own, without a copy, after its latency; the view
 * is valid as long as the reader. Traps `io.reader invalid handle`. */
x07_view rt_reader_take(x07_rt *rt, uint32_t handle, uint32_t max);

/* Demands that the reader's data stays where it is until x07_main returns. Traps as rt_reader_take does. */
void rt_reader_keep(x07_rt *rt, uint32_t handle);

/* Traps as io.read does when the vtable of the reader is not a registered one. */
void rt_external_check(x07_rt *rt, x07_iface reader);

/* Calls a registered reader; traps when it says that it gave more than `cap` bytes. */
uint32_t rt_external_read(x07_rt *rt, x07_iface reader, uint8_t *to, uint32_t cap);

enum { VTABLE_BUILT_IN = 1, VTABLE_EXTERNAL = 2, VTABLE_LAST = 64 };

#endif
