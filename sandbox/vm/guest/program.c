/* program.c: runs the program under its limits and moves its three streams until it is gone. */
#include "guest.h"
#include "network.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PIPE_SIZE = 1 << 20, CHUNK = VM_FRAME_MAX };

/* A running program. */
struct running {
    pid_t pid;
    int end;   /* readable when it has ended; -1 afterwards */
    int calls; /* what waits for the broker; -1: nothing can */
    int in;    /* our ends of the pipes; -1: closed */
    int out[2];
    uint64_t input_left;
    const char *input; /* taken from the disk and not yet written */
    size_t input_size;
    struct rusage usage;
    int status;
};

/* In the new process. */
static void
become(const struct program *program, const int *fds, int report, int broker)
{
    setsid();
    for (int i = 0; i < 3; i++)
        dup2(fds[i], i);
    signal(SIGPIPE, SIG_DFL);
    boundary_execute(program, report, broker);
}

static void
make_pipe(int *fds)
{
    if (pipe2(fds, O_CLOEXEC) < 0)
        guest_fail("pipe", NULL);
    fcntl(fds[0], F_SETPIPE_SZ, PIPE_SIZE);
}

/* What the new process says until it executes the program. */
static void
hear(int report, char *said, size_t room)
{
    size_t size = 0;
    ssize_t count;

    while (size < room - 1 && (count = read(report, said + size, room - 1 - size)) > 0)
        size += (size_t)count;
    said[size] = 0;
    close(report);
    char *error = strncmp(said, "error ", 6) == 0 ? said : strstr(said, "\nerror ");
    if (!error)
        return;
    error += error != said;
    channel_send(FRAME_FAILED, error, strcspn(error, "\n"));
    guest_stop();
}

static void
start(const struct program *program, struct running *running)
{
    static char layers[LAYERS_MOST];
    int in[2], out[2], err[2], report[2], broker[2];

    make_pipe(in);
    make_pipe(out);
    make_pipe(err);
    make_pipe(report);
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, broker) < 0)
        guest_fail("socketpair", NULL);
    running->pid = fork();
    if (running->pid < 0)
        guest_fail("fork", NULL);
    if (running->pid == 0)
        become(program, (const int[]){in[0], out[1], err[1]}, report[1], broker[1]);
    close(in[0]);
    close(out[1]);
    close(err[1]);
    close(report[1]);
    close(broker[1]);
    running->calls = program->endpoint_count ? boundary_accept(program, broker[0]) : -1;
    close(broker[0]);
    hear(report[0], layers, sizeof layers);
    channel_send(FRAME_STARTED, layers, strlen(layers));
    running->in = in[1];
    running->out[0] = out[0];
    running->out[1] = err[0];
    running->end = pidfd_open(running->pid, 0);
    fcntl(running->in, F_SETFL, O_NONBLOCK);
}

static void
close_input(struct running *running)
{
    if (running->in >= 0)
        close(running->in);
    running->in = -1;
}

static void
feed(struct running *running)
{
    while (running->in >= 0) {
        if (!running->input_size) {
            const void *data;
            if (!running->input_left)
                break;
            running->input_size = disk_take(running->input_left, &data);
            running->input = data;
            running->input_left -= running->input_size;
        }
        ssize_t count = write(running->in, running->input, running->input_size);
        if (count < 0 && errno == EAGAIN)
            return;
        if (count < 0)
            break; /* nobody reads it any more */
        running->input += count;
        running->input_size -= (size_t)count;
    }
    close_input(running);
}

static void
pass_on(int *fd, uint32_t type)
{
    static char buffer[CHUNK];
    ssize_t count = read(*fd, buffer, sizeof buffer);

    if (count > 0) {
        channel_send(type, buffer, (size_t)count);
    } else if (count == 0 || errno != EINTR) {
        close(*fd);
        *fd = -1;
    }
}

/* Every process but ours ends; the pipes then end, too. */
static void
reap(struct running *running)
{
    if (wait4(running->pid, &running->status, 0, &running->usage) < 0)
        guest_fail("wait", NULL);
    close(running->end);
    running->end = -1;
    kill(-1, SIGKILL);
    while (waitpid(-1, NULL, 0) > 0)
        ;
    close_input(running);
}

static void
obey(void)
{
    static char data[VM_FRAME_MAX];
    size_t size;

    if (channel_receive(data, &size) == FRAME_KILL)
        kill(-1, SIGKILL);
}

static void
attend(struct running *running)
{
    while (running->end >= 0 || running->out[0] >= 0 || running->out[1] >= 0) {
        struct pollfd polls[] = {
            {.fd = running->out[0], .events = POLLIN}, {.fd = running->out[1], .events = POLLIN},
            {.fd = running->in, .events = POLLOUT},    {.fd = running->end, .events = POLLIN},
            {.fd = channel_fd(), .events = POLLIN},    {.fd = running->calls, .events = POLLIN},
        };
        if (poll(polls, sizeof polls / sizeof *polls, -1) < 0)
            continue;
        if (polls[0].revents)
            pass_on(&running->out[0], FRAME_OUT);
        if (polls[1].revents)
            pass_on(&running->out[1], FRAME_ERR);
        if (polls[2].revents)
            feed(running);
        if (polls[3].revents)
            reap(running);
        if (polls[4].revents & POLLIN)
            obey();
        if (polls[5].revents & POLLIN)
            boundary_answer(running->calls, running->pid);
        else if (polls[5].revents)
            running->calls = -1; /* nobody is left who could ask */
    }
}

static uint64_t
now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

static uint64_t
microseconds(const struct timeval *time)
{
    return (uint64_t)time->tv_sec * 1000000 + (uint64_t)time->tv_usec;
}

void
program_run(const struct program *program, struct vm_ended *ended)
{
    struct running running = {.input_left = program->input_size};
    uint64_t started = now_us();

    signal(SIGPIPE, SIG_IGN);
    if (program->endpoint_count)
        network_prepare(program->endpoints, program->endpoint_count);
    start(program, &running);
    if (program->endpoint_count)
        network_start();
    feed(&running);
    attend(&running);
    *ended = (struct vm_ended){
        .exit_code = WIFEXITED(running.status) ? WEXITSTATUS(running.status) : -1,
        .signal = WIFSIGNALED(running.status) ? WTERMSIG(running.status) : 0,
        .wall_us = now_us() - started,
        .user_us = microseconds(&running.usage.ru_utime),
        .system_us = microseconds(&running.usage.ru_stime),
        .peak_memory = (uint64_t)running.usage.ru_maxrss * 1024,
    };
}
