/* rr_cassette.c: see rr_cassette.h. In a sandboxed program the policy's word on files holds for cassettes:
 * one that may not be opened cannot be opened. */
#include "rr_cassette.h"

#include "document.h"
#include "path.h"
#include "place.h"
#include "transfer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

enum { HEADER_SIZE = 40, VERSION = 1, FRAME_PREFIX = 4 };

#define FOLDER ".x07_rr/"

/* ---- the configuration ---- */

static enum rr_code
configuration_read(x07_rt *rt, x07_view from, struct rr_cassette *cassette)
{
    if (from.len < HEADER_SIZE || memcmp(from.ptr, "X7RC", 4) != 0)
        return RR_CONFIGURATION;
    if ((from.ptr[4] | from.ptr[5] << 8) != VERSION)
        return RR_VERSION;
    x07_view path = {from.ptr + HEADER_SIZE, from.len - HEADER_SIZE};
    if (from.ptr[8] > RR_REWRITE || from.ptr[9] > RR_TRANSCRIPT || document_u32(from.ptr + 36) != path.len ||
        !path.len || !rt_path_is_safe(path))
        return RR_CONFIGURATION;
    cassette->mode = from.ptr[8];
    cassette->match = from.ptr[9];
    cassette->limits = (struct rr_limits){
        .cassette = document_u32(from.ptr + 12) | (uint64_t)document_u32(from.ptr + 16) << 32,
        .entries = document_u32(from.ptr + 20),
        .request = document_u32(from.ptr + 24),
        .response = document_u32(from.ptr + 28),
        .key = document_u32(from.ptr + 32),
    };
    char *name = rt_os_text(rt, (const char *)path.ptr, path.len);
    cassette->path = rt_path_join(rt, FOLDER, name);
    free(name);
    return RR_OK;
}

/* ---- files ---- */

/* A descriptor, or -1: the file cannot be opened, or *exists is false. */
static int
file_open(x07_rt *rt, const struct rr_cassette *cassette, bool write, bool *exists)
{
    const struct policy *policy = rt_policy(rt);
    x07_view path = {(const uint8_t *)cassette->path + strlen(FOLDER),
                     (uint32_t)(strlen(cassette->path) - strlen(FOLDER))};
    int flags = O_RDONLY, error = PLACE_DENIED, fd = -1;
    struct place place;

    if (write)
        flags = O_WRONLY | O_CREAT | O_APPEND | (cassette->mode == RR_REWRITE ? O_TRUNC : 0);
    *exists = true;
    if (!policy->fs || !policy->max_blocking || (policy->deny_hidden && rt_path_is_hidden(path)))
        return -1;
    error =
        rt_place_open(rt, cassette->path, write ? policy->write_roots : policy->read_roots, false, &place);
    if (!error) {
        fd = rt_place_file(&place, flags, &error);
        rt_place_close(&place);
    }
    *exists = fd >= 0 || error != ENOENT;
    return fd;
}

/* ---- loading ---- */

static void
entries_add(x07_rt *rt, struct rr_cassette *cassette, const struct rr_loaded *loaded)
{
    if (cassette->count == cassette->room) {
        uint32_t room = cassette->room ? cassette->room * 2 : 16;
        struct rr_loaded *entries = realloc(cassette->entries, room * sizeof *entries);

        if (!entries)
            x07_trap(rt, "out of memory");
        cassette->entries = entries;
        cassette->room = room;
    }
    cassette->entries[cassette->count++] = *loaded;
}

static enum rr_code
frames_read(x07_rt *rt, struct rr_cassette *cassette)
{
    struct walk walk = {cassette->image.data, cassette->image.data + cassette->image.size};

    while (walk.at != walk.end) {
        struct rr_loaded loaded = {0};
        if (!walk_text(&walk, &loaded.document))
            return RR_TRUNCATED;
        if (cassette->count >= cassette->limits.entries)
            return RR_ENTRIES;
        enum rr_code code = rr_entry_read(loaded.document, &cassette->limits, &loaded.entry);
        if (code != RR_OK)
            return code;
        entries_add(rt, cassette, &loaded);
    }
    return RR_OK;
}

static enum rr_code
file_load(x07_rt *rt, struct rr_cassette *cassette)
{
    uint64_t limit = cassette->limits.cassette;
    bool exists;
    int fd = file_open(rt, cassette, false, &exists);

    if (fd < 0)
        return !exists && cassette->mode == RR_RECORD_MISSING ? RR_OK : RR_FILE;
    enum image_fault fault =
        rt_image_read(rt, fd, limit < INT32_MAX ? (uint32_t)limit : INT32_MAX, &cassette->image);
    if (fault != IMAGE_WHOLE)
        return fault == IMAGE_TOO_LARGE ? RR_CASSETTE_SIZE : RR_FILE;
    cassette->bytes = cassette->image.size;
    return frames_read(rt, cassette);
}

enum rr_code
rr_cassette_open(x07_rt *rt, x07_view configuration, struct rr_cassette *cassette)
{
    *cassette = (struct rr_cassette){.fd = -1};
    enum rr_code code = configuration_read(rt, configuration, cassette);

    if (code == RR_OK && (cassette->mode == RR_REPLAY || cassette->mode == RR_RECORD_MISSING))
        code = file_load(rt, cassette);
    if (code != RR_OK)
        rr_cassette_close(cassette);
    return code;
}

void
rr_cassette_close(struct rr_cassette *cassette)
{
    if (cassette->fd >= 0)
        close(cassette->fd);
    free(cassette->path);
    free(cassette->image.data);
    free(cassette->entries);
    *cassette = (struct rr_cassette){.fd = -1};
}

/* ---- replay ---- */

static enum rr_code
look_up(struct rr_cassette *cassette, const struct rr_entry *wanted, const struct rr_loaded **found)
{
    for (uint32_t i = 0; i < cassette->count; i++) {
        struct rr_loaded *loaded = &cassette->entries[i];

        if (loaded->used || !view_is(loaded->entry.kind, wanted->kind) ||
            !view_is(loaded->entry.op, wanted->op) || !view_is(loaded->entry.key, wanted->key))
            continue;
        loaded->used = true;
        cassette->used++;
        *found = loaded;
        return RR_OK;
    }
    return RR_NO_MATCH;
}

static enum rr_code
follow(struct rr_cassette *cassette, const struct rr_entry *wanted, const struct rr_loaded **found)
{
    if (cassette->next == cassette->count)
        return RR_NO_MATCH;
    *found = &cassette->entries[cassette->next++];
    if (!view_is((*found)->entry.kind, wanted->kind))
        return RR_OTHER_KIND;
    return view_is((*found)->entry.op, wanted->op) ? RR_OK : RR_OTHER_OP;
}

enum rr_code
rr_cassette_next(struct rr_cassette *cassette, const struct rr_entry *wanted, const struct rr_loaded **found)
{
    if (cassette->mode != RR_REPLAY && cassette->mode != RR_RECORD_MISSING)
        return RR_NO_REPLAY;
    if (wanted->key.len > cassette->limits.key)
        return RR_KEY_SIZE;
    return cassette->match == RR_LOOKUP ? look_up(cassette, wanted, found) : follow(cassette, wanted, found);
}

/* ---- recording ---- */

/* A frame that cannot be written whole is taken back. */
static bool
frame_put(int fd, x07_view document)
{
    uint8_t prefix[FRAME_PREFIX];
    struct stat before;

    document_put_u32(prefix, document.len);
    if (fstat(fd, &before))
        return false;
    if (!rt_write_all(fd, (x07_view){prefix, sizeof prefix}) && !rt_write_all(fd, document))
        return true;
    /* Where even that fails, the cassette ends inside a frame, which its reader notices. */
    int taken_back = ftruncate(fd, before.st_size);
    (void)taken_back;
    return false;
}

static enum rr_code
frame_write(x07_rt *rt, struct rr_cassette *cassette, x07_view document)
{
    bool exists;

    if (cassette->fd < 0)
        cassette->fd = file_open(rt, cassette, true, &exists);
    if (cassette->fd < 0)
        return RR_FILE;
    if (cassette->mode == RR_REWRITE)
        cassette->mode = RR_RECORD;
    if (!frame_put(cassette->fd, document))
        return RR_FILE;
    cassette->appended++;
    cassette->bytes += FRAME_PREFIX + (uint64_t)document.len;
    return RR_OK;
}

enum rr_code
rr_cassette_append(x07_rt *rt, struct rr_cassette *cassette, x07_view document)
{
    struct rr_entry entry;

    if (cassette->mode == RR_OFF || cassette->mode == RR_REPLAY)
        return RR_NO_APPEND;
    enum rr_code code = rr_entry_read(document, &cassette->limits, &entry);
    if (code != RR_OK)
        return code;
    if ((uint64_t)cassette->count + cassette->appended + 1 > cassette->limits.entries)
        return RR_ENTRIES;
    if (cassette->bytes + FRAME_PREFIX + document.len > cassette->limits.cassette)
        return RR_CASSETTE_SIZE;
    return frame_write(rt, cassette, document);
}
