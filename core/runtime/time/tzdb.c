/* tzdb.c: os.time.tzdb_* on the system's files of time zones. Knows documents, not how zones are written. */
#include "../internal.h"
#include "../x07rt_time.h"
#include "zone.h"

#include <stdio.h>

enum { ERROR_NAME = 100, ERROR_RANGE = 101, ERROR_INTERNAL = 102 };

static const int64_t first_instant = INT64_C(-8334601228800), last_instant = INT64_C(8210266876799);

uint32_t
x07_os_time_tzdb_is_valid_tzid_v1(x07_rt *rt, x07_view tzid)
{
    struct zone zone;

    (void)rt;
    return zone_read((const char *)tzid.ptr, tzid.len, &zone);
}

static void
put_little_endian(uint8_t *to, uint64_t value, int size)
{
    for (int i = 0; i < size; i++)
        to[i] = (uint8_t)(value >> 8 * i);
}

static x07_bytes
error_document(x07_rt *rt, uint32_t code)
{
    x07_bytes out = x07_bytes_alloc(rt, 9);

    put_little_endian(out.ptr + 1, code, 4);
    return out;
}

x07_bytes
x07_os_time_tzdb_offset_duration_v1(x07_rt *rt, x07_view tzid, uint32_t unix_s_lo, uint32_t unix_s_hi)
{
    int64_t instant = (int64_t)((uint64_t)unix_s_hi << 32 | unix_s_lo);
    int64_t seconds;
    struct zone zone;

    if (!zone_read((const char *)tzid.ptr, tzid.len, &zone))
        return error_document(rt, ERROR_NAME);
    if (instant < first_instant || instant > last_instant)
        return error_document(rt, ERROR_RANGE);
    if (!zone_offset(&zone, instant, &seconds))
        return error_document(rt, ERROR_INTERNAL);
    x07_bytes out = x07_bytes_alloc(rt, 14);
    out.ptr[0] = out.ptr[1] = 1;
    put_little_endian(out.ptr + 2, (uint64_t)seconds, 8);
    return out;
}

/* The first line of tzdata.zi is "# version RELEASE". */
x07_bytes
x07_os_time_tzdb_snapshot_id_v1(x07_rt *rt)
{
    char release[32] = "unknown", text[40];
    FILE *file = fopen(ZONE_DIRECTORY "/tzdata.zi", "re");

    if (file) {
        if (fscanf(file, "# version %31s", release) != 1)
            strcpy(release, "unknown");
        fclose(file);
    }
    int len = snprintf(text, sizeof text, "tzdb-%s", release);
    return x07_view_to_bytes(rt, (x07_view){(const uint8_t *)text, (uint32_t)len});
}
