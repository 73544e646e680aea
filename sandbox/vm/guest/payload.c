/* payload.c: unpacks the records of the payload into files and the description of a program. */
#include "guest.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct unpacking {
    struct program *program;
    struct vm_record record;
    char name[VM_NAME_MAX + 1];
};

void
payload_make_parents(char *path)
{
    for (char *at = path + 1; *at; at++) {
        if (*at != '/')
            continue;
        *at = 0;
        if (mkdir(path, 0755) < 0 && errno != EEXIST)
            guest_fail("mkdir", path);
        *at = '/';
    }
}

/* A link's times are its own. */
static void
finish(const struct unpacking *unpacking)
{
    struct timespec times[2] = {{.tv_nsec = UTIME_OMIT},
                                {.tv_sec = unpacking->record.mtime_ns / 1000000000,
                                 .tv_nsec = unpacking->record.mtime_ns % 1000000000}};
    uid_t user = unpacking->program->setup.user;

    if (unpacking->record.writable && lchown(unpacking->name, user, user) < 0)
        guest_fail("chown", unpacking->name);
    utimensat(AT_FDCWD, unpacking->name, times, AT_SYMLINK_NOFOLLOW);
}

static void
unpack_directory(struct unpacking *unpacking)
{
    payload_make_parents(unpacking->name);
    if (mkdir(unpacking->name, 0755) < 0 && errno != EEXIST)
        guest_fail("mkdir", unpacking->name);
    if (chmod(unpacking->name, unpacking->record.mode & 07777) < 0)
        guest_fail("chmod", unpacking->name);
    finish(unpacking);
}

static void
unpack_file(struct unpacking *unpacking)
{
    payload_make_parents(unpacking->name);
    unlink(unpacking->name);
    int file = open(unpacking->name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0)
        guest_fail("create", unpacking->name);
    for (uint64_t left = unpacking->record.data_size; left;) {
        const void *data;
        size_t size = disk_take(left, &data);
        if (write(file, data, size) != (ssize_t)size)
            guest_fail("write", unpacking->name);
        left -= size;
    }
    if (fchmod(file, unpacking->record.mode & 0777) < 0)
        guest_fail("chmod", unpacking->name);
    close(file);
    finish(unpacking);
}

static char *
take_text(size_t size)
{
    char *text = malloc(size + 1);

    if (!text)
        guest_fail("malloc", NULL);
    disk_copy(text, size);
    text[size] = 0;
    return text;
}

static void
unpack_link(struct unpacking *unpacking)
{
    char *target = take_text(unpacking->record.data_size);

    payload_make_parents(unpacking->name);
    unlink(unpacking->name);
    if (symlink(target, unpacking->name) < 0)
        guest_fail("symlink", unpacking->name);
    free(target);
    finish(unpacking);
}

static void
unpack_tree(struct unpacking *unpacking)
{
    struct program *program = unpacking->program;

    if (program->tree_count == MAX_TREES)
        guest_fail("too many", "write roots");
    program->trees[program->tree_count++] = strdup(unpacking->name);
}

static void
unpack_share(struct unpacking *unpacking)
{
    struct program *program = unpacking->program;

    if (program->share_count == MAX_SHARES)
        guest_fail("too many", "roots");
    program->shares[program->share_count++] =
        (struct share){.path = strdup(unpacking->name), .writable = unpacking->record.writable != 0};
}

static void
unpack_setup(struct unpacking *unpacking)
{
    disk_copy(&unpacking->program->setup, sizeof unpacking->program->setup);
}

static void
unpack_program(struct unpacking *unpacking)
{
    unpacking->program->path = strdup(unpacking->name);
}

static void
unpack_direction(struct unpacking *unpacking)
{
    payload_make_parents(unpacking->name);
    if (mkdir(unpacking->name, 0755) < 0 && errno != EEXIST)
        guest_fail("mkdir", unpacking->name);
    unpacking->program->directory = strdup(unpacking->name);
}

static void
unpack_place(struct unpacking *unpacking)
{
    struct program *program = unpacking->program;

    if (program->place_count == MAX_PLACES)
        guest_fail("too many", "places");
    program->places[program->place_count++] =
        (struct granted){.path = strdup(unpacking->name), .kind = unpacking->record.mode};
}

static void
add_word(struct unpacking *unpacking, char **words, size_t *count)
{
    if (*count == MAX_WORDS)
        guest_fail("too many", "words");
    words[(*count)++] = take_text(unpacking->record.data_size);
}

static void
unpack_argument(struct unpacking *unpacking)
{
    add_word(unpacking, unpacking->program->arguments, &unpacking->program->argument_count);
}

static void
unpack_variable(struct unpacking *unpacking)
{
    add_word(unpacking, unpacking->program->variables, &unpacking->program->variable_count);
}

static void
unpack_endpoints(struct unpacking *unpacking)
{
    struct program *program = unpacking->program;

    program->endpoints = (void *)take_text(unpacking->record.data_size);
    program->endpoint_count = unpacking->record.data_size / sizeof *program->endpoints;
}

static void (*const unpackers[])(struct unpacking *) = {
    [RECORD_DIRECTORY] = unpack_directory, [RECORD_FILE] = unpack_file,
    [RECORD_LINK] = unpack_link,           [RECORD_TREE] = unpack_tree,
    [RECORD_SETUP] = unpack_setup,         [RECORD_PROGRAM] = unpack_program,
    [RECORD_ARGUMENT] = unpack_argument,   [RECORD_VARIABLE] = unpack_variable,
    [RECORD_DIRECTION] = unpack_direction, [RECORD_PLACE] = unpack_place,
    [RECORD_ENDPOINTS] = unpack_endpoints, [RECORD_SHARE] = unpack_share,
};

void
payload_unpack(struct program *program)
{
    static struct unpacking unpacking;

    unpacking.program = program;
    for (;;) {
        struct vm_record *record = &unpacking.record;

        disk_copy(record, sizeof *record);
        if (record->magic != VM_PAYLOAD_MAGIC || record->name_size > VM_NAME_MAX)
            guest_fail("payload is damaged", NULL);
        disk_copy(unpacking.name, record->name_size);
        unpacking.name[record->name_size] = 0;
        disk_align();
        if (record->type == RECORD_INPUT)
            break;
        if (record->type >= sizeof unpackers / sizeof *unpackers || !unpackers[record->type])
            guest_fail("payload has an unknown record", NULL);
        unpackers[record->type](&unpacking);
        disk_align();
    }
    program->input_size = unpacking.record.data_size;
}
