/* common.c: small things that every part needs. */
#include "vm.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <json-c/json.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { MESSAGE = 2 * PATH_MAX };

size_t
list_count(const char *const *list)
{
    size_t number = 0;

    while (list && list[number])
        number++;
    return number;
}

/* host->fail wants one line. */
static void
make_line(char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < ' ')
            *text = ' ';
}

x07_status
vm_fail(const x07_host *host, x07_status status, const char *code, const char *format, ...)
{
    char message[MESSAGE];
    va_list args;

    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    make_line(message);
    return host->fail(host, status, code, message);
}

x07_status
vm_fail_errno(const x07_host *host, const char *code, const char *format, ...)
{
    char message[MESSAGE];
    int number = errno;
    va_list args;

    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    return vm_fail(host, X07_E_IO, code, "%s: %s", message, strerror(number));
}

static int64_t
read_clock(clockid_t clock)
{
    struct timespec now;

    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t
vm_now_ms(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

int64_t
vm_unix_ms(void)
{
    return read_clock(CLOCK_REALTIME);
}

void
vm_pause_ms(long ms)
{
    struct timespec pause = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};

    nanosleep(&pause, NULL);
}

x07_status
vm_path(const x07_host *host, char *path, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    int len = vsnprintf(path, PATH_MAX, format, args);
    va_end(args);
    if (len < 0 || len >= PATH_MAX)
        return vm_fail(host, X07_E_ARGUMENT, "E_VM_PATH", "path is too long: %.200s...", path);
    return X07_OK;
}

x07_status
vm_make_dirs(const x07_host *host, const char *path, mode_t mode)
{
    char copy[PATH_MAX];
    x07_status status = vm_path(host, copy, "%s/", path);

    for (char *at = copy + 1; status == X07_OK && *at; at++) {
        if (*at != '/')
            continue;
        *at = 0;
        if (mkdir(copy, mode) < 0 && errno != EEXIST)
            status = vm_fail_errno(host, "E_VM_IO", "create %s", copy);
        *at = '/';
    }
    return status;
}

static int
remove_one(const char *path, const struct stat *status, int kind, struct FTW *place)
{
    (void)status, (void)kind, (void)place;
    remove(path);
    return 0;
}

void
vm_remove_tree(const char *path)
{
    enum { OPEN_AT_ONCE = 16 };

    nftw(path, remove_one, OPEN_AT_ONCE, FTW_DEPTH | FTW_PHYS);
}

bool
vm_write_all(int file, const void *data, size_t size)
{
    for (const char *at = data; size;) {
        ssize_t count = write(file, at, size);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return false;
        at += count;
        size -= (size_t)count;
    }
    return true;
}

bool
vm_write_new(const char *path, const char *text)
{
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool written = file >= 0 && vm_write_all(file, text, strlen(text)) && vm_write_all(file, "\n", 1);

    if (file >= 0)
        close(file);
    return written;
}

char *
vm_read_file(const char *path, size_t most)
{
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    char *text = file < 0 ? NULL : calloc(1, most + 1);
    size_t size = 0;
    ssize_t count = 0;

    while (text && size < most && (count = read(file, text + size, most - size)) > 0)
        size += (size_t)count;
    if (text && (count < 0 || size == most)) {
        free(text);
        text = NULL;
    }
    if (file >= 0)
        close(file);
    return text;
}

char *
vm_copy_text(const x07_host *host, const char *text)
{
    char *copy = host->alloc(host, strlen(text) + 1);

    strcpy(copy, text);
    return copy;
}

void
buffer_add(struct buffer *buffer, const void *data, size_t size)
{
    if (buffer->size + size + 1 > buffer->capacity) {
        size_t capacity = (buffer->size + size + 1) * 2;
        char *grown = realloc(buffer->data, capacity);
        if (!grown)
            abort();
        buffer->data = grown;
        buffer->capacity = capacity;
    }
    if (size)
        memcpy(buffer->data + buffer->size, data, size);
    buffer->size += size;
    buffer->data[buffer->size] = 0;
}

void
buffer_free(struct buffer *buffer)
{
    free(buffer->data);
    *buffer = (struct buffer){0};
}

const char *
vm_json_text(struct json_object *object, const char *name)
{
    json_object *value;

    return json_object_object_get_ex(object, name, &value) && json_object_is_type(value, json_type_string)
               ? json_object_get_string(value)
               : "";
}
