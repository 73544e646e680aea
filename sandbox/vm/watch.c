/* watch.c: attends a running guest: takes its streams, holds it to its time, and knows when to stop believing
 * in it.
 *
 * The kill plan: at the wall clock's limit, or when a stream has outgrown its cap, the guest is asked to end
 * the program and to report as usual. When it has not done so after the grace, the machine is killed, and the
 * program counts as killed. */
#include "job.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { POLL_MS = 50, FRAMES_AT_ONCE = 64 };

enum phase { STARTING, RUNNING, ENDING, TELLING, DONE };

struct watch {
    struct job *job;
    struct channel *channel;
    enum phase phase;
    int64_t started;
    int64_t deadline; /* of the phase */
};

x07_status
watch_lost(struct job *job, const char *what)
{
    char *words = machine_last_words(&job->machine);
    x07_status status = vm_fail(job->host, X07_E_UNAVAILABLE, "E_VM_GUEST", "%s%s%s", what,
                                words[0] ? "; it said last: " : "", words);

    free(words);
    return status;
}

static void
enter(struct watch *watch, enum phase phase, int64_t limit_ms)
{
    watch->phase = phase;
    watch->deadline = vm_now_ms() + limit_ms;
}

static void
ask_for_end(struct watch *watch)
{
    if (watch->phase != STARTING && watch->phase != RUNNING)
        return;
    channel_write(watch->job->machine.channel, FRAME_KILL, NULL, 0);
    enter(watch, ENDING, watch->job->grace_ms);
}

static void
keep(struct watch *watch, struct stream *stream, const struct frame *frame)
{
    uint64_t room = stream->cap - stream->bytes.size;
    size_t size = frame->size < room ? frame->size : (size_t)room;

    buffer_add(&stream->bytes, frame->data, size);
    if (size < frame->size) {
        stream->capped = true;
        ask_for_end(watch);
    }
}

static x07_status
break_rules(struct watch *watch, const char *how)
{
    return vm_fail(watch->job->host, X07_E_INVALID, "E_VM_GUEST", "the guest breaks the rules: %s", how);
}

static x07_status
take_end(struct watch *watch, const struct frame *frame)
{
    struct job *job = watch->job;

    if (frame->size != sizeof job->ended || watch->phase == STARTING || watch->phase == TELLING)
        return break_rules(watch, "the program ends twice, or before it starts");
    memcpy(&job->ended, frame->data, sizeof job->ended);
    job->has_ended = true;
    job->writeback = writeback_new(job->host, &job->roots);
    enter(watch, TELLING, WRITEBACK_LIMIT_MS);
    return X07_OK;
}

static x07_status
take_frame(struct watch *watch)
{
    struct job *job = watch->job;
    const struct frame *frame = &watch->channel->frame;

    if (watch->phase == TELLING) {
        if (frame->type != FRAME_DONE)
            return writeback_take(job->writeback, frame);
        watch->phase = DONE;
        return X07_OK;
    }
    switch (frame->type) {
    case FRAME_STARTED:
        if (watch->phase != STARTING)
            return break_rules(watch, "the program starts twice");
        job->has_started = true;
        buffer_add(&job->guest_layers, frame->data, frame->size);
        watch->started = vm_now_ms();
        enter(watch, RUNNING, job->wall_ms);
        return X07_OK;
    case FRAME_OUT:
        keep(watch, &job->out, frame);
        return X07_OK;
    case FRAME_ERR:
        keep(watch, &job->err, frame);
        return X07_OK;
    case FRAME_ENDED:
        return take_end(watch, frame);
    case FRAME_FAILED:
        return vm_fail(job->host, X07_E_IO, "E_VM_GUEST", "the guest cannot run the job: %.*s",
                       (int)(frame->size < 500 ? frame->size : 500), frame->data);
    default:
        return break_rules(watch, "a frame of no known type");
    }
}

/* At most so many at once: a guest that never stops talking must not keep us from the clock. */
static x07_status
drain(struct watch *watch)
{
    for (int i = 0; i < FRAMES_AT_ONCE; i++) {
        enum channel_news news = channel_read(watch->channel);
        if (news == CHANNEL_QUIET)
            return X07_OK;
        if (news == CHANNEL_BROKEN)
            return break_rules(watch, "a frame is too long");
        if (news == CHANNEL_CLOSED)
            return watch_lost(watch->job, "the guest was lost");
        x07_status status = take_frame(watch);
        if (status != X07_OK || watch->phase == DONE)
            return status;
    }
    return X07_OK;
}

/* The guest did not end the program in time: its machine is ended, and with it the program. */
static void
give_up(struct watch *watch)
{
    struct job *job = watch->job;

    job->ended = (struct vm_ended){
        .exit_code = -1, .signal = SIGKILL, .wall_us = (uint64_t)(vm_now_ms() - watch->started) * 1000};
    watch->phase = DONE;
}

static x07_status
look_at_clock(struct watch *watch)
{
    struct job *job = watch->job;

    if (job->host->cancelled(job->host))
        return vm_fail(job->host, X07_E_CANCELLED, "E_CANCELLED", "interrupted");
    if (vm_now_ms() < watch->deadline)
        return X07_OK;
    switch (watch->phase) {
    case STARTING:
        return watch_lost(job, "the guest did not start the program in time");
    case RUNNING:
        job->timed_out = true;
        ask_for_end(watch);
        return X07_OK;
    case ENDING:
        give_up(watch);
        return X07_OK;
    default:
        return watch_lost(job, "the guest did not hand the write roots back in time");
    }
}

static void
await(struct watch *watch)
{
    struct pollfd channel = {.fd = watch->job->machine.channel, .events = POLLIN};
    int64_t left = watch->deadline - vm_now_ms();

    poll(&channel, 1, (int)(left < 0 ? 0 : left < POLL_MS ? left : POLL_MS));
}

x07_status
watch(struct job *job, int64_t deadline)
{
    struct watch watch = {.job = job, .channel = calloc(1, sizeof *watch.channel), .deadline = deadline};
    x07_status status = X07_OK;

    if (!watch.channel)
        abort();
    watch.channel->fd = job->machine.channel;
    watch.started = vm_now_ms();
    while (status == X07_OK && watch.phase != DONE) {
        await(&watch);
        status = drain(&watch);
        if (status == X07_OK && watch.phase != DONE)
            status = look_at_clock(&watch);
        /* A machine that dies while it is being ended does what was asked of it. */
        if (status == X07_E_UNAVAILABLE && watch.phase == ENDING) {
            give_up(&watch);
            status = X07_OK;
        }
    }
    free(watch.channel);
    return status;
}
