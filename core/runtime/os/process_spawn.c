/* process_spawn.c: starts children: pipes, directory, environment, process group. No shell, no search. */
#include "../internal.h"
#include "path.h"
#include "place.h"
#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { FIRST_FREE = 3 };

/* The pipes of a child: [0] to read, [1] to write. */
struct pipes {
    int in[2], out[2], err[2];
};

/* Moves a descriptor out of the way of the standard ones. */
static int
above_standard(int fd)
{
    if (fd < 0 || fd >= FIRST_FREE)
        return fd;
    int moved = fcntl(fd, F_DUPFD_CLOEXEC, FIRST_FREE);
    close(fd);
    return moved;
}

static bool
open_pipe(int *ends, int ours)
{
    if (pipe2(ends, O_CLOEXEC)) {
        ends[0] = ends[1] = -1;
        return false;
    }
    ends[0] = above_standard(ends[0]);
    ends[1] = above_standard(ends[1]);
    return ends[0] >= 0 && ends[1] >= 0 && fcntl(ends[ours], F_SETFL, O_NONBLOCK) == 0;
}

static void
close_pipe(int *ends)
{
    for (int i = 0; i < 2; i++)
        if (ends[i] >= 0)
            close(ends[i]);
}

/* The directory of a sandboxed child, below the first root that has it; -1 for none. */
static int
open_directory(x07_rt *rt, const char *directory)
{
    const char *roots = rt_policy(rt)->allow_cwd_roots;
    const char *rest = roots;
    x07_view root;
    int fd = -1;

    while (fd < 0 && rt_policy_next(&rest, &root)) {
        char *first = rt_os_text(rt, (const char *)root.ptr, root.len);
        char *name = rt_path_join(rt, first, directory);
        struct place place;
        int error;

        if (!rt_place_open(rt, name, roots, false, &place)) {
            fd = rt_place_file(&place, O_PATH | O_DIRECTORY, &error);
            rt_place_close(&place);
        }
        free(name);
        free(first);
    }
    return above_standard(fd);
}

static int
add_actions(posix_spawn_file_actions_t *actions, const struct pipes *pipes, const char *directory, int fd)
{
    int error = posix_spawn_file_actions_adddup2(actions, pipes->in[0], STDIN_FILENO);

    if (!error)
        error = posix_spawn_file_actions_adddup2(actions, pipes->out[1], STDOUT_FILENO);
    if (!error)
        error = posix_spawn_file_actions_adddup2(actions, pipes->err[1], STDERR_FILENO);
    if (!error && fd >= 0)
        error = posix_spawn_file_actions_addfchdir_np(actions, fd);
    else if (!error && directory)
        error = posix_spawn_file_actions_addchdir_np(actions, directory);
    if (!error)
        error = posix_spawn_file_actions_addclosefrom_np(actions, FIRST_FREE);
    return error;
}

static int
spawn_with(const struct process_request *request, const struct pipes *pipes, int directory, bool group,
           pid_t *pid)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int error = posix_spawn_file_actions_init(&actions);

    if (error)
        return error;
    error = posix_spawnattr_init(&attributes);
    if (!error) {
        error = add_actions(&actions, pipes, request->directory, directory);
        if (!error && group)
            error = posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
        if (!error)
            error = posix_spawn(pid, request->arguments[0], &actions, &attributes, request->arguments,
                                request->environment);
        posix_spawnattr_destroy(&attributes);
    }
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

/* Starts the child; its pipes' other ends are the process's. */
static uint32_t
launch(struct processes *all, struct process *process, const struct process_request *request)
{
    struct pipes pipes = {{-1, -1}, {-1, -1}, {-1, -1}};
    bool sandboxed = rt_policy(all->rt)->sandboxed;
    int directory = sandboxed && request->directory ? open_directory(all->rt, request->directory) : -1;
    bool ok = (!sandboxed || !request->directory || directory >= 0) && open_pipe(pipes.in, 1) &&
              open_pipe(pipes.out, 0) && open_pipe(pipes.err, 0) &&
              spawn_with(request, &pipes, directory, process->whole_group, &process->pid) == 0;

    if (directory >= 0)
        close(directory);
    if (!ok) {
        close_pipe(pipes.in);
        close_pipe(pipes.out);
        close_pipe(pipes.err);
        return PROCESS_SPAWN_FAILED;
    }
    close(pipes.in[0]);
    close(pipes.out[1]);
    close(pipes.err[1]);
    process->input.fd = pipes.in[1];
    process->out.fd = pipes.out[0];
    process->err.fd = pipes.err[0];
    process->pidfd = (int)syscall(SYS_pidfd_open, process->pid, 0);
    return PROCESS_OK;
}

/* An inherited "ignore" would let the system reap children before we do. */
static void
make_ready(struct processes *all)
{
    struct sigaction action;

    if (!all->is_ready && !sigaction(SIGCHLD, NULL, &action) && action.sa_handler == SIG_IGN) {
        action = (struct sigaction){.sa_handler = SIG_DFL};
        sigaction(SIGCHLD, &action, NULL);
    }
    all->is_ready = true;
}

static int64_t
deadline_after(uint32_t ms)
{
    struct timespec now;

    if (!ms)
        return 0;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000 + ms;
}

/* The policy's word on children as such. */
static uint32_t
check_policy(struct processes *all)
{
    const struct policy *policy = rt_policy(all->rt);

    if (!policy->process || !policy->allow_spawn)
        return PROCESS_POLICY_DENIED;
    if (policy->max_spawns)
        all->spawned++;
    if (policy->max_live && all->live >= policy->max_live)
        return PROCESS_POLICY_DENIED;
    return PROCESS_OK;
}

static void
take_room(x07_rt *rt, struct output *output, uint32_t size)
{
    output->data = rt_memory_take(rt, size);
    output->cap = size;
}

static uint32_t
start(struct processes *all, struct process *process, x07_view request_document, x07_view caps_document)
{
    struct process_request request = {0};
    struct process_caps caps;
    uint32_t code = check_policy(all);

    if (!code)
        code = rt_process_caps(all->rt, caps_document, &caps);
    if (!code)
        code = rt_process_request(all->rt, request_document, &request);
    if (!code) {
        make_ready(all);
        code = launch(all, process, &request);
    }
    if (!code) {
        process->state = PROCESS_RUNNING;
        all->live++;
        process->deadline_ms = deadline_after(caps.timeout_ms);
        process->max_total = caps.max_total;
        take_room(all->rt, &process->out, caps.max_stdout);
        take_room(all->rt, &process->err, caps.max_stderr);
        process->input.closing = !process->piped;
        rt_process_queue(all, process, request.input);
        rt_process_feed(all, process);
    }
    rt_process_request_free(&request);
    return code;
}

void
rt_process_start(struct processes *all, struct process *process, x07_view request, x07_view caps)
{
    process->input.fd = process->out.fd = process->err.fd = process->pidfd = -1;
    process->whole_group = rt_policy(all->rt)->kill_tree;
    uint32_t code = start(all, process, request, caps);
    if (code) {
        process->code = code;
        process->state = PROCESS_DONE;
    }
}
