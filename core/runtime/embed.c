/* embed.c: a program inside another one: memory is the host's, nothing is read or written but that. */
#include "internal.h"
#include "x07rt_library.h"

/* What the ABI wants to be asked for after a call; the only state that outlives one. */
static int32_t last_exit_code;

__attribute__((weak)) allocator_v1_t
x07_custom_allocator(void)
{
    return (allocator_v1_t){0};
}

int32_t
x07_exit_code_v1(void)
{
    return last_exit_code;
}

static void
embed_open(struct runtime *runtime, uint8_t *arena, uint32_t cap)
{
    uint32_t skip = (uint32_t)(-(uintptr_t)arena & (HEAP_UNIT - 1));

    if (!arena && cap)
        x07_trap(&runtime->shared, "arena_mem is NULL");
    if (cap < skip || !rt_heap_place(&runtime->heap, arena + skip, cap - skip))
        x07_trap(&runtime->shared, "heap too small");
}

static void
embed_hooks(struct runtime *runtime, struct hooks *hooks)
{
    const allocator_v1_t *allocator = &hooks->allocator;

    hooks->allocator = x07_custom_allocator();
    if (!allocator->alloc && !allocator->realloc && !allocator->free)
        return;
    if (!allocator->alloc || !allocator->realloc || !allocator->free)
        x07_trap(&runtime->shared, "custom allocator missing hooks");
    runtime->hooks = hooks;
    runtime->indirect = true;
}

/* The copy is not counted in the figures of memory, as the input of a program of its own is not. */
static void
embed_input(struct runtime *runtime, const uint8_t *input, uint32_t len)
{
    if (!len)
        return;
    uint8_t *copy = runtime->hooks ? rt_hooks_take(&runtime->shared, len) : rt_heap_take(&runtime->heap, len);
    if (!copy)
        x07_trap(&runtime->shared, "out of memory");
    memcpy(copy, input, len);
    runtime->shared.input = (x07_view){copy, len};
}

static void
embed_drop_input(struct runtime *runtime)
{
    x07_view input = runtime->shared.input;

    if (!input.len)
        return;
    if (runtime->hooks)
        rt_hooks_give(runtime->hooks, (void *)(uintptr_t)input.ptr);
    else
        rt_heap_give(&runtime->heap, (void *)(uintptr_t)input.ptr);
}

/* The host frees a result by its length, so it must be a block of that length. */
static x07_bytes
embed_exact(x07_rt *rt, x07_bytes output)
{
    if (rt_hooks_size(runtime_of(rt)->hooks, output.ptr) == output.len)
        return output;
    x07_bytes copy = x07_view_to_bytes(rt, x07_view_of(output));
    x07_drop_bytes(rt, output);
    return copy;
}

static x07_bytes
embed_result(struct runtime *runtime, x07_bytes output, uint8_t *arena)
{
    x07_rt *rt = &runtime->shared;

    if (!output.len) {
        x07_drop_bytes(rt, output);
        output = (x07_bytes){arena, 0};
    }
    rt_release(runtime);
    if (runtime->hooks) {
        if (output.len) {
            output = embed_exact(rt, output);
            rt_hooks_forget(runtime->hooks, output.ptr);
        }
        rt_hooks_close(rt);
    }
    rt_heap_leave(&runtime->heap);
    return output;
}

bytes_t
x07_embed(const x07_program *program, uint8_t *arena, uint32_t cap, const uint8_t *input, uint32_t len)
{
    struct runtime runtime = {.shared = {.fuel = program->fuel, .input = X07_EMPTY_VIEW},
                              .schedule = {.trace_hash = TRACE_START}};
    struct hooks hooks = {0};

    last_exit_code = 0;
    embed_open(&runtime, arena, cap);
    embed_hooks(&runtime, &hooks);
    if (program->start)
        program->start(&runtime.shared);
    embed_input(&runtime, input, len);
    x07_bytes output = program->solve(&runtime.shared);
    if (runtime.shared.fuel < 0) /* what was charged after the last test */
        x07_trap_fuel(&runtime.shared);
    embed_drop_input(&runtime);
    output = embed_result(&runtime, output, arena);
    last_exit_code = (int32_t)runtime.exit_code;
    return (bytes_t){output.ptr, output.len};
}
