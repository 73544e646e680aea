/* process.c: os.process.*: handles and what each head says of the child behind one. */
#include "process.h"

#include "../internal.h"
#include "../x07rt_os.h"
#include "document.h"
#include "policy.h"

#include <signal.h>
#include <stdlib.h>

enum { SLOTS_MAX = 65535, DOCUMENT_HEADER = 10 };

/* ---- the table of children ---- */

/* The end of the program: what still runs is killed. */
static void
processes_release(void *data)
{
    struct processes *all = data;

    for (uint32_t i = 0; i < all->count; i++)
        if (all->slots[i].state == PROCESS_RUNNING)
            rt_process_signal(&all->slots[i], SIGKILL);
    for (uint32_t i = 0; i < all->count; i++) {
        if (all->slots[i].state == PROCESS_RUNNING)
            rt_process_reap(all, &all->slots[i]);
        if (all->slots[i].state != PROCESS_FREE)
            rt_process_close(all, &all->slots[i]);
    }
    free(all->slots);
    free(all);
}

static struct processes *
processes_of(x07_rt *rt)
{
    struct native_state *state = &runtime_of(rt)->processes;

    if (!state->data) {
        struct processes *all = calloc(1, sizeof *all);

        if (!all)
            x07_trap(rt, "out of memory");
        all->rt = rt;
        *state = (struct native_state){all, processes_release};
    }
    return state->data;
}

/* The lowest free slot. */
static struct process *
process_new(struct processes *all)
{
    uint32_t index = 0;

    while (index < all->count && all->slots[index].state != PROCESS_FREE)
        index++;
    if (index == SLOTS_MAX)
        x07_trap(all->rt, "os.process handle overflow");
    if (index == all->count) {
        struct process *slots = realloc(all->slots, (all->count + 1) * sizeof *slots);

        if (!slots)
            x07_trap(all->rt, "out of memory");
        all->slots = slots;
        all->slots[all->count++] = (struct process){.generation = 1};
    }
    all->slots[index] = (struct process){.generation = all->slots[index].generation};
    return &all->slots[index];
}

/* ---- handles ---- */

static uint32_t
handle_of(const struct processes *all, const struct process *process)
{
    return (uint32_t)process->generation << 16 | (uint32_t)(process - all->slots + 1);
}

/* A handle that stands for a failure only: its code, or 0. */
static uint32_t
sentinel_code(uint32_t handle)
{
    return handle & 0xffff ? 0 : handle >> 16;
}

static struct process *
process_of(x07_rt *rt, uint32_t handle)
{
    struct processes *all = processes_of(rt);
    uint32_t slot = handle & 0xffff;

    if (!slot || slot > all->count || all->slots[slot - 1].state == PROCESS_FREE ||
        all->slots[slot - 1].generation != handle >> 16)
        x07_trap(rt, "os.process invalid handle");
    return &all->slots[slot - 1];
}

static struct process *
process_of_mode(x07_rt *rt, uint32_t handle, bool piped, const char *trap)
{
    struct process *process = process_of(rt, handle);

    if (process->piped != piped)
        x07_trap(rt, trap);
    return process;
}

static bool
is_over(const struct process *process)
{
    return process->state == PROCESS_DONE || process->exited;
}

/* ---- starting and ending ---- */

static uint32_t
spawn(x07_rt *rt, x07_bytes request, x07_bytes caps, bool piped)
{
    struct processes *all = processes_of(rt);
    const struct policy *policy = rt_policy(rt);
    uint32_t handle = PROCESS_POLICY_DENIED << 16;

    if (!policy->max_spawns || all->spawned < policy->max_spawns) {
        struct process *process = process_new(all);

        process->piped = piped;
        handle = handle_of(all, process);
        rt_process_start(all, process, x07_view_of(request), x07_view_of(caps));
    }
    x07_drop_bytes(rt, request);
    x07_drop_bytes(rt, caps);
    return handle;
}

uint32_t
x07_os_process_spawn_capture_v1(x07_rt *rt, x07_bytes request, x07_bytes caps)
{
    return spawn(rt, request, caps, false);
}

uint32_t
x07_os_process_spawn_piped_v1(x07_rt *rt, x07_bytes request, x07_bytes caps)
{
    return spawn(rt, request, caps, true);
}

uint32_t
x07_os_process_drop_v1(x07_rt *rt, uint32_t handle)
{
    if (sentinel_code(handle))
        return 0;
    struct process *process = process_of(rt, handle);
    struct processes *all = processes_of(rt);

    if (process->state == PROCESS_RUNNING) {
        if (!rt_policy(rt)->kill_on_drop)
            return 0;
        rt_process_signal(process, SIGKILL);
        rt_process_reap(all, process);
    }
    rt_process_close(all, process);
    process->state = PROCESS_FREE;
    process->generation = process->generation == UINT16_MAX ? 1 : (uint16_t)(process->generation + 1);
    return 1;
}

void
x07_os_process_exit(x07_rt *rt, uint32_t code)
{
    const struct policy *policy = rt_policy(rt);

    if (!policy->process)
        x07_trap(rt, "os.process disabled by policy");
    if (!policy->allow_exit)
        x07_trap(rt, "os.process.exit disabled by policy");
    exit((int)(code & 0xff));
}

/* ---- captured children ---- */

/* What the child left, which it does not keep. */
static x07_bytes
take_document(x07_rt *rt, struct process *process)
{
    if (process->joined)
        x07_trap(rt, "os.process join already taken");
    process->joined = true;
    if (process->code)
        return rt_error_document(rt, process->code);
    const struct output *outputs[] = {&process->out, &process->err};
    uint64_t size = DOCUMENT_HEADER + 8 + (uint64_t)process->out.len + process->err.len;
    if (size > UINT32_MAX)
        x07_trap(rt, "out of memory");
    x07_bytes document = x07_bytes_alloc(rt, (uint32_t)size);
    uint8_t *to = document.ptr + DOCUMENT_HEADER;
    document.ptr[0] = document.ptr[1] = 1;
    document_put_u32(document.ptr + 2, process->exit_code);
    for (int i = 0; i < 2; i++) {
        document_put_u32(to, outputs[i]->len);
        memcpy(to + 4, outputs[i]->data + outputs[i]->start, outputs[i]->len);
        to += 4 + outputs[i]->len;
    }
    rt_process_close(processes_of(rt), process);
    return document;
}

x07_option_bytes
x07_os_process_try_join_capture_v1(x07_rt *rt, uint32_t handle)
{
    if (sentinel_code(handle))
        return (x07_option_bytes){1, rt_error_document(rt, sentinel_code(handle))};
    struct process *process =
        process_of_mode(rt, handle, false, "os.process.try_join_capture_v1 invalid proc mode");

    rt_processes_glance(processes_of(rt), process->state == PROCESS_DONE);
    if (process->state != PROCESS_DONE)
        return X07_EMPTY_OPTION_BYTES;
    return (x07_option_bytes){1, take_document(rt, process)};
}

x07_bytes
x07_os_process_join_capture_v1(x07_rt *rt, uint32_t handle)
{
    if (sentinel_code(handle))
        return rt_error_document(rt, sentinel_code(handle));
    struct process *process =
        process_of_mode(rt, handle, false, "os.process.join_capture_v1 invalid proc mode");

    while (process->state != PROCESS_DONE)
        rt_processes_poll(processes_of(rt), -1);
    return take_document(rt, process);
}

x07_bytes
x07_os_process_run_capture_v1(x07_rt *rt, x07_bytes request, x07_bytes caps)
{
    uint32_t handle = x07_os_process_spawn_capture_v1(rt, request, caps);
    x07_bytes document = x07_os_process_join_capture_v1(rt, handle);

    x07_os_process_drop_v1(rt, handle);
    return document;
}

/* ---- children with pipes ---- */

static x07_bytes
read_output(x07_rt *rt, struct output *output, uint32_t max)
{
    rt_processes_glance(processes_of(rt), output->len > 0);
    uint32_t len = output->len < max ? output->len : max;
    x07_bytes taken =
        x07_view_to_bytes(rt, (x07_view){len ? output->data + output->start : x07_nothing, len});

    output->start += len;
    output->len -= len;
    return taken;
}

x07_bytes
x07_os_process_stdout_read_v1(x07_rt *rt, uint32_t handle, uint32_t max)
{
    if (sentinel_code(handle))
        return X07_EMPTY_BYTES;
    struct process *process =
        process_of_mode(rt, handle, true, "os.process.stdout_read_v1 invalid proc mode");

    return max && max <= INT32_MAX ? read_output(rt, &process->out, max) : X07_EMPTY_BYTES;
}

x07_bytes
x07_os_process_stderr_read_v1(x07_rt *rt, uint32_t handle, uint32_t max)
{
    if (sentinel_code(handle))
        return X07_EMPTY_BYTES;
    struct process *process =
        process_of_mode(rt, handle, true, "os.process.stderr_read_v1 invalid proc mode");

    return max && max <= INT32_MAX ? read_output(rt, &process->err, max) : X07_EMPTY_BYTES;
}

static bool
accepts_input(const struct process *process)
{
    return process->state == PROCESS_RUNNING && process->input.fd >= 0 && !process->input.closing;
}

/* Whether the pipe took or will take all of the chunk. */
static bool
write_input(x07_rt *rt, struct process *process, x07_view chunk)
{
    uint64_t pending = (uint64_t)process->input.len + chunk.len;

    if (!accepts_input(process))
        return false;
    if (!policy_within(pending, rt_policy(rt)->max_stdin_bytes))
        x07_trap(rt, "os.process.stdin_write_v1 pending exceeds policy max_stdin_bytes");
    if (pending > UINT32_MAX)
        x07_trap(rt, "os.process.stdin_write_v1 pending overflow");
    rt_process_queue(processes_of(rt), process, chunk);
    rt_process_feed(processes_of(rt), process);
    return accepts_input(process);
}

uint32_t
x07_os_process_stdin_write_v1(x07_rt *rt, uint32_t handle, x07_bytes chunk)
{
    bool written = false;

    if (!sentinel_code(handle))
        written =
            write_input(rt, process_of_mode(rt, handle, true, "os.process.stdin_write_v1 invalid proc mode"),
                        x07_view_of(chunk));
    x07_drop_bytes(rt, chunk);
    return written;
}

uint32_t
x07_os_process_stdin_close_v1(x07_rt *rt, uint32_t handle)
{
    if (sentinel_code(handle))
        return 0;
    struct process *process =
        process_of_mode(rt, handle, true, "os.process.stdin_close_v1 invalid proc mode");

    if (!accepts_input(process))
        return 0;
    process->input.closing = true; /* what is queued is written first */
    rt_process_feed(processes_of(rt), process);
    return 1;
}

/* ---- either ---- */

uint32_t
x07_os_process_try_wait_v1(x07_rt *rt, uint32_t handle)
{
    if (sentinel_code(handle))
        return 1;
    struct process *process = process_of(rt, handle);

    rt_processes_glance(processes_of(rt), is_over(process));
    return is_over(process);
}

uint32_t
x07_os_process_join_exit_v1(x07_rt *rt, uint32_t handle)
{
    if (sentinel_code(handle))
        return 1;
    struct process *process = process_of(rt, handle);

    while (!is_over(process))
        rt_processes_poll(processes_of(rt), -1);
    return 1;
}

uint32_t
x07_os_process_take_exit_v1(x07_rt *rt, uint32_t handle)
{
    if (sentinel_code(handle))
        return 0 - sentinel_code(handle);
    struct process *process = process_of(rt, handle);

    if (process->exit_taken)
        x07_trap(rt, "os.process.take_exit_v1 already taken");
    if (!process->code && !process->exited)
        x07_trap(rt, "os.process.take_exit_v1 before exit");
    process->exit_taken = true;
    return process->code ? 0 - process->code : process->exit_code;
}

uint32_t
x07_os_process_kill_v1(x07_rt *rt, uint32_t handle, uint32_t signal)
{
    if (sentinel_code(handle))
        return 0;
    const struct process *process = process_of(rt, handle);

    return process->state == PROCESS_RUNNING && !process->exited && rt_process_signal(process, (int)signal);
}
