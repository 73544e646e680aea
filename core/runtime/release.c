/* release.c: what programs cannot free themselves. */
#include "internal.h"

static void
release_native(struct native_state *state)
{
    if (state->release)
        state->release(state->data);
    *state = (struct native_state){0};
}

void
rt_release(struct runtime *runtime)
{
    x07_rt *rt = &runtime->shared;

    release_native(&runtime->tasks);
    release_native(&runtime->regex);
    release_native(&runtime->jsonschema);
    release_native(&runtime->latencies);
    release_native(&runtime->store);
    release_native(&runtime->cassettes);
    release_native(&runtime->processes);
    release_native(&runtime->files);
    release_native(&runtime->roots);
    release_native(&runtime->policy);
    rt_buffered_readers_release(rt);
    rt_readers_release(rt);
    rt_scratches_release(rt);
    rt_vec_values_release(rt);
    rt_map_values_release(rt);
    rt_maps_release(rt);
}
