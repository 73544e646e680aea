/* writeback.c: collects what the guest says of the write roots. Nothing of the host is touched before all of
 * it has come, and a guest that breaks the rules changes nothing: what it says may be the work of a hostile
 * program. */
#include "writeback.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define BYTES_MOST ((uint64_t)1 << 30)

enum { ENTRIES_MOST = 1 << 20 };

struct writeback *
writeback_new(const x07_host *host, const struct roots *roots)
{
    struct writeback *writeback = calloc(1, sizeof *writeback);

    if (!writeback)
        abort();
    writeback->host = host;
    writeback->roots = roots;
    writeback->root = NULL;
    writeback->staged = memfd_create("x07-writeback", MFD_CLOEXEC);
    return writeback;
}

void
writeback_free(struct writeback *writeback)
{
    if (!writeback)
        return;
    for (size_t i = 0; i < writeback->count; i++) {
        free(writeback->entries[i].name);
        free(writeback->entries[i].target);
    }
    free(writeback->entries);
    if (writeback->staged >= 0)
        close(writeback->staged);
    free(writeback);
}

static x07_status
refuse(struct writeback *writeback, const char *why)
{
    return vm_fail(writeback->host, X07_E_INVALID, "E_VM_GUEST", "the guest breaks the rules: %s", why);
}

/* A path of plain names. */
static bool
is_plain(const char *name, size_t len)
{
    if (!len || len >= VM_NAME_MAX || memchr(name, 0, len))
        return false;
    for (size_t at = 0; at <= len;) {
        size_t part = 0;
        while (at + part < len && name[at + part] != '/')
            part++;
        if (!part || (part == 1 && name[at] == '.') || (part == 2 && name[at] == '.' && name[at + 1] == '.'))
            return false;
        at += part + 1;
    }
    return true;
}

static x07_status
take_tree(struct writeback *writeback, const struct frame *frame)
{
    writeback->left = 0;
    for (size_t i = 0; i < writeback->roots->write_count; i++) {
        const struct write_root *root = &writeback->roots->writes[i];
        if (strlen(root->path) == frame->size && memcmp(root->path, frame->data, frame->size) == 0) {
            writeback->root = root;
            return X07_OK;
        }
    }
    return refuse(writeback, "it tells of a root that was not granted");
}

static struct entry *
new_entry(struct writeback *writeback)
{
    if (writeback->count == writeback->capacity) {
        writeback->capacity = writeback->capacity * 2 + 64;
        writeback->entries = realloc(writeback->entries, writeback->capacity * sizeof *writeback->entries);
        if (!writeback->entries)
            abort();
    }
    struct entry *entry = &writeback->entries[writeback->count++];
    *entry = (struct entry){.root = writeback->root};
    return entry;
}

static x07_status
take_entry(struct writeback *writeback, const struct frame *frame)
{
    struct vm_entry said;

    if (!writeback->root || writeback->left || frame->size < sizeof said)
        return refuse(writeback, "an entry comes too early");
    memcpy(&said, frame->data, sizeof said);
    const char *name = frame->data + sizeof said;
    size_t rest = frame->size - sizeof said;
    if (said.name_len > rest || !is_plain(name, said.name_len))
        return refuse(writeback, "a path leads elsewhere");
    if (said.kind < ENTRY_DIRECTORY || said.kind > ENTRY_SAME || writeback->count == ENTRIES_MOST)
        return refuse(writeback, "an entry is of no known kind, or there are too many");
    if (said.kind != ENTRY_FILE)
        said.size = 0;
    if (said.size > BYTES_MOST || (uint64_t)writeback->end > BYTES_MOST - said.size)
        return vm_fail(writeback->host, X07_E_LIMIT, "E_VM_ROOTS",
                       "the program left more than %llu MiB in its write roots",
                       (unsigned long long)(BYTES_MOST >> 20));
    struct entry *entry = new_entry(writeback);
    entry->said = said;
    entry->name = strndup(name, said.name_len);
    if (said.kind == ENTRY_LINK)
        entry->target = strndup(name + said.name_len, rest - said.name_len);
    entry->start = writeback->end;
    writeback->left = said.size;
    return X07_OK;
}

static x07_status
take_data(struct writeback *writeback, const struct frame *frame)
{
    if (frame->size > writeback->left)
        return refuse(writeback, "a file has more bytes than it says");
    if (!vm_write_all(writeback->staged, frame->data, frame->size))
        return vm_fail_errno(writeback->host, "E_VM_IO", "keep what the guest wrote");
    writeback->left -= frame->size;
    writeback->end += frame->size;
    return X07_OK;
}

x07_status
writeback_take(struct writeback *writeback, const struct frame *frame)
{
    switch (frame->type) {
    case FRAME_TREE:
        return take_tree(writeback, frame);
    case FRAME_ENTRY:
        return take_entry(writeback, frame);
    case FRAME_DATA:
        return take_data(writeback, frame);
    default:
        return refuse(writeback, "a frame of no known type");
    }
}
