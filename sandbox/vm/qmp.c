/* qmp.c: the conversation with QEMU: lines of JSON. */
#include "vm.h"

#include <errno.h>
#include <json-c/json.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LINE_MOST = 1 << 20, CHUNK = 4096, POLL_MS = 50 };

static const char ignore_shared[] =
    "{\"execute\":\"migrate-set-capabilities\",\"arguments\":{\"capabilities\":"
    "[{\"capability\":\"x-ignore-shared\",\"state\":true}]}}\n";

static x07_status
fail_machine(struct machine *machine, const char *what)
{
    char *words = machine_last_words(machine);
    x07_status status =
        vm_fail(machine->host, X07_E_UNAVAILABLE, "E_VM_QEMU", "%s%s%s", what, words[0] ? ": " : "", words);

    free(words);
    return status;
}

/* Waits until there is something to read. */
static x07_status
await(struct machine *machine, int64_t deadline)
{
    struct pollfd watch = {.fd = machine->qmp, .events = POLLIN};

    for (;;) {
        if (poll(&watch, 1, POLL_MS) > 0)
            return X07_OK;
        if (machine->host->cancelled(machine->host))
            return vm_fail(machine->host, X07_E_CANCELLED, "E_CANCELLED", "interrupted");
        if (vm_now_ms() > deadline)
            return fail_machine(machine, "QEMU does not answer");
    }
}

/* The next line as an object that the caller puts. */
static x07_status
read_line(struct machine *machine, int64_t deadline, json_object **line)
{
    struct buffer *heard = &machine->heard;
    char *end;

    while (!(end = heard->size ? memchr(heard->data, '\n', heard->size) : NULL)) {
        char chunk[CHUNK];
        x07_status status = await(machine, deadline);
        if (status != X07_OK)
            return status;
        ssize_t count = recv(machine->qmp, chunk, sizeof chunk, 0);
        if (count <= 0 || heard->size > LINE_MOST)
            return fail_machine(machine, "QEMU ended");
        buffer_add(heard, chunk, (size_t)count);
    }
    *end = 0;
    *line = json_tokener_parse(heard->data);
    size_t used = (size_t)(end - heard->data) + 1;
    memmove(heard->data, heard->data + used, heard->size - used);
    heard->size -= used;
    return *line ? X07_OK : fail_machine(machine, "QEMU speaks no JSON");
}

x07_status
qmp_greet(struct machine *machine, int64_t deadline)
{
    json_object *greeting;
    x07_status status = read_line(machine, deadline, &greeting);

    if (status != X07_OK)
        return status;
    json_object_put(greeting);
    return qmp_call(machine, "{\"execute\":\"qmp_capabilities\"}\n", -1, deadline);
}

static bool
send_command(int socket, const char *command, int passed)
{
    char control[CMSG_SPACE(sizeof(int))] = {0};
    struct iovec bytes = {.iov_base = (char *)(uintptr_t)command, .iov_len = strlen(command)};
    struct msghdr message = {.msg_iov = &bytes, .msg_iovlen = 1};

    if (passed >= 0) {
        message.msg_control = control;
        message.msg_controllen = sizeof control;
        struct cmsghdr *header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(sizeof(int));
        memcpy(CMSG_DATA(header), &passed, sizeof passed);
    }
    return sendmsg(socket, &message, MSG_NOSIGNAL) == (ssize_t)bytes.iov_len;
}

/* *answer: what QEMU returned, for the caller to put. */
static x07_status
ask(struct machine *machine, const char *command, int passed, int64_t deadline, json_object **answer)
{
    json_object *line, *value;

    if (!send_command(machine->qmp, command, passed))
        return fail_machine(machine, "QEMU ended");
    for (;;) {
        x07_status status = read_line(machine, deadline, &line);
        if (status != X07_OK)
            return status;
        if (json_object_object_get_ex(line, "error", &value)) {
            json_object *text = json_object_object_get(value, "desc");
            status = vm_fail(machine->host, X07_E_UNAVAILABLE, "E_VM_QEMU", "QEMU refuses %.60s: %s", command,
                             text ? json_object_get_string(text) : "?");
            json_object_put(line);
            return status;
        }
        if (json_object_object_get_ex(line, "return", &value)) {
            *answer = json_object_get(value);
            json_object_put(line);
            return X07_OK;
        }
        json_object_put(line); /* an event */
    }
}

x07_status
qmp_call(struct machine *machine, const char *command, int passed, int64_t deadline)
{
    json_object *answer;
    x07_status status = ask(machine, command, passed, deadline, &answer);

    if (status == X07_OK)
        json_object_put(answer);
    return status;
}

static x07_status
await_migration(struct machine *machine, int64_t deadline)
{
    for (;;) {
        json_object *answer, *value;
        x07_status status = ask(machine, "{\"execute\":\"query-migrate\"}\n", -1, deadline, &answer);
        if (status != X07_OK)
            return status;
        const char *state =
            json_object_object_get_ex(answer, "status", &value) ? json_object_get_string(value) : "none";
        bool completed = strcmp(state, "completed") == 0;
        bool failed = strcmp(state, "failed") == 0 || strcmp(state, "cancelled") == 0;
        json_object_put(answer);
        if (completed)
            return X07_OK;
        if (failed)
            return fail_machine(machine, "the guest could not be frozen");
        if (vm_now_ms() > deadline)
            return fail_machine(machine, "the guest is not frozen in time");
        vm_pause_ms(2);
    }
}

x07_status
qmp_freeze(struct machine *machine, int file, int64_t deadline)
{
    x07_status status = qmp_call(machine, ignore_shared, -1, deadline);

    if (status == X07_OK)
        status = qmp_call(machine, "{\"execute\":\"getfd\",\"arguments\":{\"fdname\":\"devices\"}}\n", file,
                          deadline);
    if (status == X07_OK)
        status = qmp_call(machine, "{\"execute\":\"migrate\",\"arguments\":{\"uri\":\"fd:devices\"}}\n", -1,
                          deadline);
    if (status == X07_OK)
        status = await_migration(machine, deadline);
    return status;
}

/* The guest froze while it ran, so it runs as soon as its state has been read. */
x07_status
qmp_resume(struct machine *machine, int64_t deadline)
{
    char command[128];
    x07_status status = qmp_call(machine, ignore_shared, -1, deadline);

    snprintf(command, sizeof command,
             "{\"execute\":\"migrate-incoming\",\"arguments\":{\"uri\":\"fd:%d\"}}\n", MACHINE_FD_DEVICES);
    return status == X07_OK ? qmp_call(machine, command, -1, deadline) : status;
}
