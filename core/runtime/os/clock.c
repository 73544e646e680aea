/* clock.c: os.time.*: the wall clock, sleeping, and the local zone. Time zones proper are in ../time. */
#include "../internal.h"
#include "../x07rt_os.h"
#include "document.h"
#include "policy.h"

#include <errno.h>
#include <time.h>

enum { ERROR_DENIED = 300, ERROR_CLOCK = 301, INSTANT_SIZE = 14 };

static bool
may_read_clock(const struct policy *policy)
{
    return policy->time && policy->allow_wall_clock;
}

uint32_t
x07_os_time_now_unix_ms(x07_rt *rt)
{
    const struct policy *policy = rt_policy(rt);
    struct timespec now;

    if (!policy->time)
        x07_trap(rt, "os.time disabled by policy");
    if (!may_read_clock(policy))
        x07_trap(rt, "os.time.now_unix_ms disabled by policy");
    if (clock_gettime(CLOCK_REALTIME, &now))
        x07_trap(rt, "os.time.now_unix_ms failed");
    return (uint32_t)((uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000);
}

x07_bytes
x07_os_time_now_instant_v1(x07_rt *rt)
{
    struct timespec now;

    if (!may_read_clock(rt_policy(rt)))
        return rt_error_document(rt, ERROR_DENIED);
    if (clock_gettime(CLOCK_REALTIME, &now))
        return rt_error_document(rt, ERROR_CLOCK);
    x07_bytes out = x07_bytes_alloc(rt, INSTANT_SIZE);
    out.ptr[0] = out.ptr[1] = 1;
    document_put_u32(out.ptr + 2, (uint32_t)(uint64_t)now.tv_sec);
    document_put_u32(out.ptr + 6, (uint32_t)((uint64_t)now.tv_sec >> 32));
    document_put_u32(out.ptr + 10, (uint32_t)now.tv_nsec);
    return out;
}

uint32_t
x07_os_time_sleep_ms_v1(x07_rt *rt, uint32_t ms)
{
    const struct policy *policy = rt_policy(rt);
    struct timespec rest = {.tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000};

    /* A negative number of milliseconds lies above every limit. */
    if (!policy->time || !policy->allow_sleep || ms > INT32_MAX || ms > policy->max_sleep_ms)
        return 0;
    while (clock_nanosleep(CLOCK_MONOTONIC, 0, &rest, &rest) == EINTR)
        ;
    return 1;
}

x07_bytes
x07_os_time_local_tzid_v1(x07_rt *rt)
{
    const struct policy *policy = rt_policy(rt);
    bool allowed = policy->time && policy->allow_local_tzid;
    x07_bytes out = x07_bytes_alloc(rt, allowed ? 6 : 5);

    if (allowed)
        out.ptr[0] = out.ptr[1] = 1; /* and the length of a zone's name: none is given */
    else
        out.ptr[1] = 1; /* the code */
    return out;
}
