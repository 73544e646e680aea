/* rr.c: rr.*: recorded answers. Handles count from 1 and are not used again. */
#include "../internal.h"
#include "../x07rt_os.h"
#include "rr_cassette.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { NUMBER = 2, STRING = 3, STATS_TEXT = 200 };

struct handle {
    bool open;
    struct rr_cassette cassette;
};

struct handles {
    struct handle *slots; /* by handle - 1 */
    uint32_t count, current;
};

static void
handles_release(void *data)
{
    struct handles *handles = data;

    for (uint32_t i = 0; i < handles->count; i++)
        if (handles->slots[i].open)
            rr_cassette_close(&handles->slots[i].cassette);
    free(handles->slots);
    free(handles);
}

static struct handles *
handles_of(x07_rt *rt)
{
    struct native_state *state = &runtime_of(rt)->cassettes;

    if (!state->data)
        *state = (struct native_state){calloc(1, sizeof(struct handles)), handles_release};
    if (!state->data)
        x07_trap(rt, "out of memory");
    return state->data;
}

/* NULL: the handle is not open. */
static struct handle *
find(x07_rt *rt, uint32_t h)
{
    struct handles *handles = handles_of(rt);

    return h - 1 < handles->count && handles->slots[h - 1].open ? &handles->slots[h - 1] : NULL;
}

static struct rr_cassette *
demand(x07_rt *rt, uint32_t h)
{
    struct handle *handle = find(rt, h);

    if (!handle)
        x07_trap(rt, "rr invalid handle");
    return &handle->cassette;
}

x07_result_i32
x07_rr_open_v1(x07_rt *rt, x07_view configuration)
{
    struct handles *handles = handles_of(rt);
    struct handle opened = {.open = true};

    runtime_of(rt)->world.rr_opens++;
    enum rr_code code = rr_cassette_open(rt, configuration, &opened.cassette);
    if (code != RR_OK)
        return x07_result_i32_err(rt, code);
    struct handle *slots = realloc(handles->slots, (handles->count + (size_t)1) * sizeof *slots);
    if (!slots)
        x07_trap(rt, "out of memory");
    handles->slots = slots;
    slots[handles->count++] = opened;
    return x07_result_i32_ok(rt, handles->count);
}

uint32_t
x07_rr_close_v1(x07_rt *rt, uint32_t h)
{
    struct handles *handles = handles_of(rt);
    struct handle *handle = find(rt, h);

    runtime_of(rt)->world.rr_closes++;
    if (!handle)
        return 0;
    rr_cassette_close(&handle->cassette);
    handle->open = false;
    if (handles->current == h)
        handles->current = 0;
    return 1;
}

uint32_t
x07_rr_current_v1(x07_rt *rt)
{
    return handles_of(rt)->current;
}

x07_bytes
x07_rr_stats_v1(x07_rt *rt, uint32_t h)
{
    const struct rr_cassette *cassette = demand(rt, h);
    char text[STATS_TEXT];

    runtime_of(rt)->world.rr_stats++;
    int len = snprintf(text, sizeof text,
                       "{\"v\":1,\"mode\":%d,\"match_mode\":%d,\"cassettes\":1,\"entries\":%" PRIu32
                       ",\"used\":%" PRIu32 ",\"bytes\":%" PRIu32 "}",
                       (int)cassette->mode, (int)cassette->match, cassette->count + cassette->appended,
                       cassette->used, cassette->image.size);
    return x07_view_to_bytes(rt, (x07_view){(const uint8_t *)text, (uint32_t)len});
}

x07_result_bytes
x07_rr_next_v1(x07_rt *rt, uint32_t h, x07_view kind, x07_view op, x07_view key)
{
    struct rr_entry wanted = {.kind = kind, .op = op, .key = key};
    struct world_figures *world = &runtime_of(rt)->world;
    const struct rr_loaded *found;

    world->rr_nexts++;
    enum rr_code code = rr_cassette_next(demand(rt, h), &wanted, &found);
    if (code != RR_OK) {
        world->rr_misses += code == RR_NO_MATCH || code == RR_OTHER_KIND || code == RR_OTHER_OP;
        return x07_result_bytes_err(rt, code);
    }
    /* The copy comes first: whoever runs meanwhile may close the cassette. */
    uint32_t latency = found->entry.latency;
    x07_bytes document = x07_view_to_bytes(rt, found->document);
    if (rt_sleep(rt, latency))
        return x07_result_bytes_ok(rt, document);
    x07_drop_bytes(rt, document);
    return X07_EMPTY_RESULT_BYTES;
}

x07_result_i32
x07_rr_append_v1(x07_rt *rt, uint32_t h, x07_view entry)
{
    runtime_of(rt)->world.rr_appends++;
    enum rr_code code = rr_cassette_append(rt, demand(rt, h), entry);
    return code == RR_OK ? x07_result_i32_ok(rt, 0) : x07_result_i32_err(rt, code);
}

x07_bytes
x07_rr_entry_resp_v1(x07_rt *rt, x07_view entry)
{
    x07_view response;
    enum rr_member answer = rr_entry_member(entry, "resp", STRING, &response);

    if (answer == RR_MEMBER_INVALID)
        x07_trap(rt, "rr.entry_resp_v1 invalid entry");
    if (answer == RR_MEMBER_MISSING)
        x07_trap(rt, "rr.entry_resp_v1 missing resp");
    return x07_view_to_bytes(rt, response);
}

/* False unless it is digits, perhaps after a minus, of at most INT32_MAX. */
static bool
number_read(x07_view text, uint32_t *value)
{
    bool negative = text.len && text.ptr[0] == '-';
    uint64_t sum = 0;

    if (text.len <= negative)
        return false;
    for (uint32_t i = negative; i < text.len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return false;
        sum = sum * 10 + (uint64_t)(text.ptr[i] - '0');
        if (sum > INT32_MAX)
            return false;
    }
    *value = negative ? (uint32_t)-sum : (uint32_t)sum;
    return true;
}

uint32_t
x07_rr_entry_err_v1(x07_rt *rt, x07_view entry)
{
    x07_view digits;
    uint32_t value;
    enum rr_member answer = rr_entry_member(entry, "err", NUMBER, &digits);

    if (answer == RR_MEMBER_INVALID)
        x07_trap(rt, "rr.entry_err_v1 invalid entry");
    if (answer == RR_MEMBER_MISSING)
        x07_trap(rt, "rr.entry_err_v1 missing err");
    if (!number_read(digits, &value))
        x07_trap(rt, "rr.entry_err_v1 invalid err");
    return value;
}
