/* handles.c: what the guest has open, by number. A handle serves only the node that it was opened for. */
#include "files.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

enum { MORE = 64 };

int64_t
handles_add(struct handles *handles, int file, uint64_t node, bool is_folder)
{
    size_t number = 0;

    while (number < handles->count && handles->items[number].file >= 0)
        number++;
    if (number == handles->count) {
        struct handle *more = NULL;
        if (handles->count < FILES_HANDLES_MAX)
            more = reallocarray(handles->items, handles->count + MORE, sizeof *more);
        if (!more) {
            close(file);
            return -ENFILE;
        }
        for (size_t i = 0; i < MORE; i++)
            more[handles->count++] = (struct handle){.file = -1};
        handles->items = more;
    }
    handles->items[number] = (struct handle){.file = file, .node = node, .is_folder = is_folder};
    return (int64_t)number;
}

int
handles_file(const struct handles *handles, uint64_t number, uint64_t node, bool is_folder)
{
    const struct handle *handle = number < handles->count ? &handles->items[number] : NULL;

    return handle && handle->file >= 0 && handle->node == node && handle->is_folder == is_folder
               ? handle->file
               : -EBADF;
}

void
handles_close(struct handles *handles, uint64_t number, uint64_t node)
{
    struct handle *handle = number < handles->count ? &handles->items[number] : NULL;

    if (!handle || handle->file < 0 || handle->node != node)
        return;
    close(handle->file);
    handle->file = -1;
}

int
handles_of(const struct handles *handles, uint64_t node)
{
    for (size_t i = 0; i < handles->count; i++)
        if (handles->items[i].file >= 0 && handles->items[i].node == node && !handles->items[i].is_folder)
            return handles->items[i].file;
    return -1;
}
