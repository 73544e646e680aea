/* stats.c: see stats.h. The order of the members is fixed. */
#include "stats.h"

#include <inttypes.h>
#include <stdio.h>

static void
print_schedule(int fd, const struct schedule_figures *figures)
{
    dprintf(fd,
            "\"sched_stats\":{\"tasks_spawned\":%" PRIu64 ",\"spawn_calls\":%" PRIu64
            ",\"join_calls\":%" PRIu64 ",\"yield_calls\":%" PRIu64 ",\"sleep_calls\":%" PRIu64
            ",\"chan_send_calls\":%" PRIu64 ",\"chan_recv_calls\":%" PRIu64 ",\"ctx_switches\":%" PRIu64
            ",\"wake_events\":%" PRIu64 ",\"blocked_waits\":%" PRIu64 ",\"virtual_time_end\":%" PRIu64
            ",\"sched_trace_hash\":\"0x%016" PRIx64 "\"}",
            figures->tasks_spawned, figures->spawn_calls, figures->join_calls, figures->yield_calls,
            figures->sleep_calls, figures->chan_send_calls, figures->chan_recv_calls, figures->ctx_switches,
            figures->wake_events, figures->blocked_waits, figures->now, figures->trace_hash);
}

/* The input is live from before the first allocation to after the last, so its size simply adds to the peak.
 */
static uint64_t
heap_used(const struct runtime *runtime)
{
    uint64_t peak = runtime->figures.peak_bytes + runtime->shared.input.len;

    if (runtime->borrows)
        peak += BORROWS_HEAP_BYTES;

    return peak < UINT32_MAX ? peak : UINT32_MAX;
}

void
rt_stats_print(int fd, const struct runtime *runtime, int64_t fuel)
{
    const struct memory_figures *figures = &runtime->figures;
    const struct world_figures *world = &runtime->world;

    dprintf(fd,
            "{\"fuel_used\":%" PRIu64 ",\"heap_used\":%" PRIu64 ",\"fs_read_file_calls\":%" PRIu64
            ",\"fs_list_dir_calls\":%" PRIu64 ",\"rr_open_calls\":%" PRIu64 ",\"rr_close_calls\":%" PRIu64
            ",\"rr_stats_calls\":%" PRIu64 ",\"rr_next_calls\":%" PRIu64 ",\"rr_next_miss_calls\":%" PRIu64
            ",\"rr_append_calls\":%" PRIu64 ",\"kv_get_calls\":%" PRIu64 ",\"kv_set_calls\":%" PRIu64 ",",
            (uint64_t)fuel - (uint64_t)runtime->shared.fuel, heap_used(runtime), world->fs_reads,
            world->fs_lists, world->rr_opens, world->rr_closes, world->rr_stats, world->rr_nexts,
            world->rr_misses, world->rr_appends, world->kv_gets, world->kv_sets);
    print_schedule(fd, &runtime->schedule);
    dprintf(fd,
            ",\"mem_stats\":{\"alloc_calls\":%" PRIu64 ",\"realloc_calls\":%" PRIu64
            ",\"free_calls\":%" PRIu64 ",\"bytes_alloc_total\":%" PRIu64 ",\"bytes_freed_total\":%" PRIu64
            ",\"live_bytes\":%" PRIu64 ",\"peak_live_bytes\":%" PRIu64 ",\"live_allocs\":%" PRIu64
            ",\"peak_live_allocs\":%" PRIu64 ",\"memcpy_bytes\":%" PRIu64 "}",
            figures->alloc_calls, figures->realloc_calls, figures->free_calls, figures->bytes_allocated,
            figures->bytes_freed, figures->live_bytes, figures->peak_bytes, figures->live_blocks,
            figures->peak_blocks, figures->bytes_copied);
    if (runtime->borrows)
        dprintf(fd, ",\"debug_stats\":{\"borrow_violations\":%" PRIu64 "}", runtime->borrows->violations);
    dprintf(fd, "}\n");
}
