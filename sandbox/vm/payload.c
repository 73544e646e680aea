/* payload.c: the disk that carries a job into the guest: records in a file that lives in memory and dies with
 * us. Nothing in it is believed by the host afterwards: the guest only reads it. */
#include "vm.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FRAME_PREFIX = 4, CHUNK = 1 << 18 };

x07_status
payload_open(const x07_host *host, struct payload *payload)
{
    *payload = (struct payload){.host = host, .file = memfd_create("x07-payload", MFD_CLOEXEC)};
    if (payload->file >= 0 && ftruncate(payload->file, MACHINE_PAYLOAD_SIZE) == 0)
        return X07_OK;
    x07_status status = vm_fail_errno(host, "E_VM_PAYLOAD", "create the payload");
    payload_close(payload);
    return status;
}

void
payload_close(struct payload *payload)
{
    if (payload->file >= 0)
        close(payload->file);
    payload->file = -1;
}

static void
align(struct payload *payload)
{
    payload->end = (payload->end + VM_SECTOR - 1) / VM_SECTOR * VM_SECTOR;
}

static x07_status
put(struct payload *payload, const void *data, size_t size)
{
    for (const char *at = data; size;) {
        ssize_t count = pwrite(payload->file, at, size, payload->end);
        if (count < 0)
            return vm_fail_errno(payload->host, "E_VM_PAYLOAD", "write the payload");
        at += count;
        payload->end += count;
        size -= (size_t)count;
    }
    return X07_OK;
}

static x07_status
begin(struct payload *payload, struct vm_record record, const char *name, uint64_t size)
{
    record.magic = VM_PAYLOAD_MAGIC;
    record.name_size = name ? strlen(name) : 0;
    record.data_size = size;
    if (record.name_size > VM_NAME_MAX)
        return vm_fail(payload->host, X07_E_ARGUMENT, "E_VM_PATH", "path is too long: %.200s...", name);
    if (size > (uint64_t)(MACHINE_PAYLOAD_SIZE / 2 - payload->end))
        return vm_fail(payload->host, X07_E_LIMIT, "E_VM_PAYLOAD", "the job is too large for a guest");
    x07_status status = put(payload, &record, sizeof record);
    if (status == X07_OK)
        status = put(payload, name, record.name_size);
    align(payload);
    return status;
}

x07_status
payload_add(struct payload *payload, struct vm_record record, const char *name, const void *data, size_t size)
{
    x07_status status = begin(payload, record, name, size);

    if (status == X07_OK)
        status = put(payload, data, size);
    align(payload);
    return status;
}

/* So many bytes from where the file stands. */
static x07_status
put_file(struct payload *payload, const char *name, int file, uint64_t size)
{
    if (lseek(payload->file, payload->end, SEEK_SET) < 0)
        return vm_fail_errno(payload->host, "E_VM_PAYLOAD", "write the payload");
    while (size) {
        ssize_t count = sendfile(payload->file, file, NULL, size < CHUNK * 64 ? size : CHUNK * 64);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return vm_fail_errno(payload->host, "E_VM_IO", "read %s", name);
        if (count == 0)
            return vm_fail(payload->host, X07_E_IO, "E_VM_IO", "%s became shorter while it was read", name);
        payload->end += count;
        size -= (uint64_t)count;
    }
    return X07_OK;
}

x07_status
payload_add_file(struct payload *payload, struct vm_record record, const char *name, int file, uint64_t size)
{
    x07_status status = begin(payload, record, name, size);

    if (status == X07_OK)
        status = put_file(payload, name, file, size);
    align(payload);
    return status;
}

x07_status
payload_add_place(struct payload *payload, uint32_t kind, const char *path)
{
    return payload_add(payload, (struct vm_record){.type = RECORD_PLACE, .mode = kind}, path, NULL, 0);
}

/* ---- The input --------------------------------------------------------------------------------------- */

static x07_status
begin_input(struct payload *payload, const x07_input *input, uint64_t size)
{
    uint32_t prefix = (uint32_t)size;

    if (input && input->framed && size > UINT32_MAX)
        return vm_fail(payload->host, X07_E_ARGUMENT, "E_VM_INPUT", "input too large for a frame");
    x07_status status = begin(payload, (struct vm_record){.type = RECORD_INPUT}, NULL,
                              size + (input && input->framed ? FRAME_PREFIX : 0));
    return status == X07_OK && input && input->framed ? put(payload, &prefix, sizeof prefix) : status;
}

/* A pipe's length must be known before its first byte. */
static x07_status
add_pipe(struct payload *payload, const x07_input *input, int file, const char *name)
{
    struct buffer all = {0};
    static char chunk[CHUNK];
    ssize_t count;

    while ((count = read(file, chunk, sizeof chunk)) > 0 || (count < 0 && errno == EINTR))
        if (count > 0)
            buffer_add(&all, chunk, (size_t)count);
    x07_status status = count < 0 ? vm_fail_errno(payload->host, "E_VM_INPUT", "read %s", name)
                                  : begin_input(payload, input, all.size);
    if (status == X07_OK)
        status = put(payload, all.data, all.size);
    buffer_free(&all);
    return status;
}

static x07_status
add_open(struct payload *payload, const x07_input *input, int file, const char *name)
{
    struct stat found;
    off_t position = lseek(file, 0, SEEK_CUR);

    if (position < 0 || fstat(file, &found) < 0 || !S_ISREG(found.st_mode))
        return add_pipe(payload, input, file, name);
    uint64_t size = found.st_size > position ? (uint64_t)(found.st_size - position) : 0;
    x07_status status = begin_input(payload, input, size);
    return status == X07_OK ? put_file(payload, name, file, size) : status;
}

static x07_status
add_path(struct payload *payload, const x07_input *input)
{
    int file = open(input->path, O_RDONLY | O_CLOEXEC);

    if (file < 0)
        return vm_fail_errno(payload->host, "E_VM_INPUT", "%s", input->path);
    x07_status status = add_open(payload, input, file, input->path);
    close(file);
    return status;
}

x07_status
payload_add_input(struct payload *payload, const x07_input *input)
{
    x07_status status;

    if (!input || input->kind == X07_INPUT_EMPTY)
        return begin_input(payload, input, 0);
    switch (input->kind) {
    case X07_INPUT_BYTES:
        status = begin_input(payload, input, input->data_size);
        return status == X07_OK ? put(payload, input->data, (size_t)input->data_size) : status;
    case X07_INPUT_PATH:
        return add_path(payload, input);
    case X07_INPUT_FD:
        return add_open(payload, input, input->fd, "input");
    default:
        return vm_fail(payload->host, X07_E_ARGUMENT, "E_VM_INPUT", "unknown kind of input %u", input->kind);
    }
}
