/* select.c: task.scope.select_*: which of several slots and channels is ready first, and the events that say
 * so. */
#include "channel.h"
#include "scope.h"

enum event_tag { EVENT_SLOT = 1, EVENT_SLOT_CANCELED, EVENT_MESSAGE, EVENT_CLOSED, EVENT_TIMEOUT };

/* Ids are not used again, so that one that was kept too long is noticed. */
struct event {
    struct event *next;
    const x07_task_scope *scope;
    uint32_t id;
    enum event_tag tag;
    uint32_t case_index, source;
    x07_bytes payload;
};

/* ---- events ---- */

static uint32_t
event_new(struct tasks *all, const x07_select *select, enum event_tag tag, uint32_t source, x07_bytes payload)
{
    struct event *event = rt_memory_take(all->rt, sizeof *event);

    if (all->last_event == UINT32_MAX)
        x07_trap(all->rt, "out of memory");
    *event = (struct event){.next = all->events,
                            .scope = select->scope,
                            .id = ++all->last_event,
                            .tag = tag,
                            .case_index = tag == EVENT_TIMEOUT ? 0 : select->index,
                            .source = source,
                            .payload = payload};
    all->events = event;
    return event->id;
}

static struct event **
event_find(struct tasks *all, uint32_t id)
{
    struct event **place = &all->events;

    while (*place && (*place)->id != id)
        place = &(*place)->next;
    return place;
}

static struct event *
event_of(x07_rt *rt, uint32_t id)
{
    struct event *event = *event_find(rt_tasks(rt), id);

    if (!event)
        x07_trap(rt, "X07T_SELECT_EVT_INVALID");
    return event;
}

/* Ends it; the payload is the caller's. */
static x07_bytes
event_end(struct tasks *all, struct event **place)
{
    struct event *event = *place;
    x07_bytes payload = event->payload;

    *place = event->next;
    rt_memory_free(all->rt, event);
    return payload;
}

void
rt_events_forget(struct tasks *all, const x07_task_scope *scope)
{
    struct event **place = &all->events;

    while (*place) {
        if (!scope || (*place)->scope == scope)
            x07_drop_bytes(all->rt, event_end(all, place));
        else
            place = &(*place)->next;
    }
}

uint32_t
x07_task_select_evt_tag_v1(x07_rt *rt, uint32_t event)
{
    return event_of(rt, event)->tag;
}

uint32_t
x07_task_select_evt_case_index_v1(x07_rt *rt, uint32_t event)
{
    return event_of(rt, event)->case_index;
}

uint32_t
x07_task_select_evt_src_id_v1(x07_rt *rt, uint32_t event)
{
    return event_of(rt, event)->source;
}

x07_bytes
x07_task_select_evt_take_bytes_v1(x07_rt *rt, uint32_t event)
{
    event_of(rt, event);
    return event_end(rt_tasks(rt), event_find(rt_tasks(rt), event));
}

uint32_t
x07_task_select_evt_drop_v1(x07_rt *rt, uint32_t event)
{
    x07_drop_bytes(rt, x07_task_select_evt_take_bytes_v1(rt, event));
    return 1;
}

void
x07_drop_select_evt(x07_rt *rt, uint32_t event)
{
    struct event **place = event ? event_find(rt_tasks(rt), event) : NULL;

    if (place && *place)
        x07_drop_bytes(rt, event_end(rt_tasks(rt), place));
}

/* ---- select ---- */

void
x07_select_begin(x07_rt *rt, x07_select *select, const x07_select_terms *terms, x07_task_scope *scope)
{
    (void)rt;
    *select = (x07_select){.terms = terms, .scope = scope};
}

void
x07_select_scan(x07_rt *rt, x07_select *select)
{
    (void)rt;
    select->tried = 0;
}

uint32_t
x07_select_next(x07_rt *rt, x07_select *select)
{
    const x07_select_terms *terms = select->terms;
    uint32_t first = terms->fair ? select->scope->cursor % terms->cases : 0;

    (void)rt;
    if (select->tried == terms->cases)
        return 0;
    select->index = (first + select->tried++) % terms->cases;
    return 1;
}

static uint32_t
select_hit(struct tasks *all, x07_select *select, enum event_tag tag, uint32_t source, x07_bytes payload)
{
    if (select->terms->fair)
        select->scope->cursor = select->index + 1;
    return event_new(all, select, tag, source, payload);
}

uint32_t
x07_select_slot(x07_rt *rt, x07_select *select, uint32_t slot)
{
    struct tasks *all = rt_tasks(rt);
    x07_result_bytes value = X07_EMPTY_RESULT_BYTES;

    if (slot == UINT32_MAX)
        return 0;
    switch (rt_slot_try(all, select->scope, slot, false, &value)) {
    case SLOT_READY:
        return select_hit(all, select, EVENT_SLOT, slot, value.value);
    case SLOT_CANCELED:
        return select_hit(all, select, EVENT_SLOT_CANCELED, slot, X07_EMPTY_BYTES);
    case SLOT_NOT_READY:
        break;
    }
    return 0;
}

uint32_t
x07_select_chan(x07_rt *rt, x07_select *select, uint32_t chan)
{
    struct tasks *all = rt_tasks(rt);
    x07_bytes message;

    if (!chan)
        return 0;
    switch (rt_channel_receive(all, chan, &message)) {
    case CHANNEL_MESSAGE:
        return select_hit(all, select, EVENT_MESSAGE, chan, message);
    case CHANNEL_CLOSED:
        return select_hit(all, select, EVENT_CLOSED, chan, X07_EMPTY_BYTES);
    case CHANNEL_EMPTY:
        break;
    }
    return 0;
}

uint32_t
x07_select_wait(x07_rt *rt, x07_select *select)
{
    const x07_select_terms *terms = select->terms;
    struct tasks *all = rt_tasks(rt);

    if (select->polls < UINT32_MAX)
        select->polls++;
    if (terms->max_polls && select->polls > terms->max_polls)
        x07_trap(rt, "X07T_SELECT_MAX_POLLS");
    if (terms->timeout_ticks && select->slept >= terms->timeout_ticks)
        return event_new(all, select, EVENT_TIMEOUT, 0, X07_EMPTY_BYTES);
    if (!terms->poll_sleep_ticks) {
        x07_task_yield(rt);
        return 0;
    }
    select->slept = select->slept > UINT32_MAX - terms->poll_sleep_ticks
                        ? UINT32_MAX
                        : select->slept + terms->poll_sleep_ticks;
    x07_task_sleep(rt, terms->poll_sleep_ticks);
    return 0;
}
