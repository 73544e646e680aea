/* process_poll.c: keeps up with running children: moves their streams, notices their ends and deadlines.
 *
 * A child that has exited stays unreaped until it is done with, so that the number of its process group is
 * not given to others while signals may still be sent there. */
#include "../internal.h"
#include "path.h"
#include "process.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { SIGNAL_STATUS = 128, SLICE_MS = 10, IDLE_CALLS = 64, IDLE_WAIT_MS = 1, IDLE_GAP_US = 200 };
enum { FD_IN, FD_OUT, FD_ERR, FD_EXIT, FD_COUNT }; /* descriptors of a process in the poll set */

static int64_t
now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void
close_fd(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

/* ---- what waits to be written ---- */

static void
close_input(struct processes *all, struct process *process)
{
    struct input *input = &process->input;

    close_fd(&input->fd);
    if (input->cap)
        rt_memory_free(all->rt, input->data);
    *input = (struct input){.fd = -1};
}

void
rt_process_queue(struct processes *all, struct process *process, x07_view bytes)
{
    struct input *input = &process->input;

    if (!bytes.len)
        return;
    if (bytes.len > input->cap - input->start - input->len && input->start) {
        memmove(input->data, input->data + input->start, input->len);
        input->start = 0;
    }
    if (bytes.len > input->cap - input->start - input->len) {
        uint64_t cap = (uint64_t)input->len + bytes.len;

        if (cap < 2 * (uint64_t)input->cap && 2 * (uint64_t)input->cap <= UINT32_MAX)
            cap = 2 * (uint64_t)input->cap;
        input->data = rt_memory_grow(all->rt, input->data, input->cap, input->len, (uint32_t)cap);
        input->cap = (uint32_t)cap;
    }
    memcpy(input->data + input->start + input->len, bytes.ptr, bytes.len);
    input->len += bytes.len;
}

void
rt_process_feed(struct processes *all, struct process *process)
{
    struct input *input = &process->input;

    while (input->fd >= 0 && input->len) {
        ssize_t count = write(input->fd, input->data + input->start, input->len);

        if (count >= 0) {
            input->start += (uint32_t)count;
            input->len -= (uint32_t)count;
        } else if (errno == EPIPE) {
            close_input(all, process);
        } else if (errno == EAGAIN) {
            return;
        } else if (errno != EINTR) {
            rt_process_fail(all, process, PROCESS_SPAWN_FAILED);
        }
    }
    if (input->closing || input->fd < 0)
        close_input(all, process);
}

/* ---- what was written ---- */

static uint32_t
room_for(const struct process *process, const struct output *output)
{
    uint32_t total = process->out.len + process->err.len;
    uint32_t left = process->max_total > total ? process->max_total - total : 0;
    uint32_t room = output->cap - output->len;

    return room < left ? room : left;
}

/* Reads once. Where there is no room, only to see whether it is the end; false: nothing more for now. */
static bool
drain_once(struct processes *all, struct process *process, struct output *output)
{
    uint8_t probe;
    uint32_t room = room_for(process, output);

    if (room && output->start + output->len == output->cap) {
        memmove(output->data, output->data + output->start, output->len);
        output->start = 0;
    }
    uint32_t end = output->start + output->len;
    if (room > output->cap - end)
        room = output->cap - end;
    ssize_t count = read(output->fd, room ? output->data + end : &probe, room ? room : 1);
    if (count < 0 && errno == EINTR)
        return true;
    if (count < 0 && errno == EAGAIN)
        return false;
    if (count < 0 || (count && !room)) {
        rt_process_fail(all, process, count < 0 ? PROCESS_SPAWN_FAILED : PROCESS_OUTPUT_LIMIT);
        return false;
    }
    if (!count)
        close_fd(&output->fd);
    output->len += (uint32_t)count;
    return count > 0;
}

static void
drain(struct processes *all, struct process *process, struct output *output)
{
    while (output->fd >= 0 && drain_once(all, process, output))
        ;
}

static void
close_output(struct processes *all, struct output *output)
{
    close_fd(&output->fd);
    if (output->cap)
        rt_memory_free(all->rt, output->data);
    *output = (struct output){.fd = -1};
}

void
rt_process_close(struct processes *all, struct process *process)
{
    close_input(all, process);
    close_output(all, &process->out);
    close_output(all, &process->err);
}

/* ---- ends ---- */

bool
rt_process_signal(const struct process *process, int signal)
{
    return kill(process->whole_group ? -process->pid : process->pid, signal) == 0;
}

void
rt_process_fail(struct processes *all, struct process *process, uint32_t code)
{
    process->code = code;
    rt_process_signal(process, SIGKILL);
    rt_process_close(all, process);
}

/* Looks whether the process has ended, without reaping it. */
static void
look_for_exit(struct process *process, int options)
{
    siginfo_t info = {0};
    int failed;

    if (process->exited)
        return;
    while ((failed = waitid(P_PID, (id_t)process->pid, &info, WEXITED | WNOWAIT | options)) && errno == EINTR)
        ;
    if (failed && errno == ECHILD) /* C code of the program's was faster: how it ended is lost */
        process->exited = true;
    if (failed || info.si_pid != process->pid)
        return;
    process->exited = true;
    process->exit_code =
        (uint32_t)(info.si_code == CLD_EXITED ? info.si_status : SIGNAL_STATUS + info.si_status);
}

void
rt_process_reap(struct processes *all, struct process *process)
{
    look_for_exit(process, 0);
    while (waitpid(process->pid, NULL, 0) < 0 && errno == EINTR)
        ;
    close_fd(&process->pidfd);
    close_input(all, process);
    close_fd(&process->out.fd);
    close_fd(&process->err.fd);
    process->state = PROCESS_DONE;
    process->exited = true;
    if (!all->live)
        x07_trap(all->rt, "os.process live underflow");
    all->live--;
}

/* Done: ended, and nothing more to move; or failed and ended. */
static void
finish(struct processes *all, struct process *process)
{
    bool still = process->out.fd < 0 && process->err.fd < 0 && (!process->piped || process->input.fd < 0);

    if (process->exited && (process->code || still))
        rt_process_reap(all, process);
}

/* ---- all together ---- */

static struct pollfd *
poll_set(struct processes *all)
{
    struct pollfd *set = rt_os_alloc(all->rt, all->count * FD_COUNT * sizeof *set);

    for (uint32_t i = 0; i < all->count; i++) {
        const struct process *process = &all->slots[i];
        struct pollfd *fds = set + (size_t)i * FD_COUNT;
        bool running = process->state == PROCESS_RUNNING;

        fds[FD_IN] = (struct pollfd){running && process->input.len ? process->input.fd : -1, POLLOUT, 0};
        fds[FD_OUT] = (struct pollfd){running ? process->out.fd : -1, POLLIN, 0};
        fds[FD_ERR] = (struct pollfd){running ? process->err.fd : -1, POLLIN, 0};
        fds[FD_EXIT] = (struct pollfd){running && !process->exited ? process->pidfd : -1, POLLIN, 0};
    }
    return set;
}

/* How long to wait at most: until the next deadline, and not long where the end of a process is not seen. */
static int
wait_limit(const struct processes *all, int timeout_ms)
{
    int64_t now = now_us() / 1000;
    int64_t limit = timeout_ms < 0 ? INT32_MAX : timeout_ms;

    for (uint32_t i = 0; i < all->count; i++) {
        const struct process *process = &all->slots[i];

        if (process->state != PROCESS_RUNNING)
            continue;
        if (process->deadline_ms && !process->code && process->deadline_ms - now + 1 < limit)
            limit = process->deadline_ms < now ? 0 : process->deadline_ms - now + 1;
        if (process->pidfd < 0 && !process->exited && limit > SLICE_MS)
            limit = SLICE_MS;
    }
    return timeout_ms < 0 && limit == INT32_MAX ? -1 : (int)limit;
}

static void
attend(struct processes *all, struct process *process, const struct pollfd *fds, int64_t now_ms)
{
    if (fds[FD_IN].revents)
        rt_process_feed(all, process);
    if (fds[FD_OUT].revents)
        drain(all, process, &process->out);
    if (fds[FD_ERR].revents)
        drain(all, process, &process->err);
    if (fds[FD_EXIT].revents || process->pidfd < 0)
        look_for_exit(process, WNOHANG);
    if (!process->code && process->deadline_ms && now_ms > process->deadline_ms)
        rt_process_fail(all, process, PROCESS_TIMEOUT);
    finish(all, process);
}

static bool
poll_all(struct processes *all, int timeout_ms)
{
    if (!all->live)
        return false;
    struct pollfd *set = poll_set(all);
    int count = poll(set, (nfds_t)all->count * FD_COUNT, wait_limit(all, timeout_ms));
    if (count < 0 && errno != EINTR)
        x07_trap(all->rt, "os.process.poll_all poll failed");
    int64_t now_ms = now_us() / 1000;
    for (uint32_t i = 0; i < all->count; i++)
        if (all->slots[i].state == PROCESS_RUNNING)
            attend(all, &all->slots[i], set + (size_t)i * FD_COUNT, now_ms);
    free(set);
    return count > 0;
}

void
rt_processes_poll(struct processes *all, int timeout_ms)
{
    poll_all(all, timeout_ms);
    all->idle = 0;
}

void
rt_processes_glance(struct processes *all, bool found)
{
    bool at_once = now_us() - all->idle_since_us < IDLE_GAP_US;

    all->idle = found || !at_once ? 0 : all->idle + 1;
    if (poll_all(all, all->idle > IDLE_CALLS ? IDLE_WAIT_MS : 0))
        all->idle = 0;
    all->idle_since_us = now_us();
}
