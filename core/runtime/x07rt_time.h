/* x07rt_time.h: os.time.tzdb_*, the database of time zones. Ownership, errors and threads are as in x07rt.h;
 * results belong to the caller. Linked from an archive of its own, libx07rt_time. */
#ifndef X07RT_TIME_H
#define X07RT_TIME_H

#include "x07rt.h"

/* 1 when the database has a zone of that name, else 0. */
uint32_t x07_os_time_tzdb_is_valid_tzid_v1(x07_rt *rt, x07_view tzid);

/* A duration document, or an error document with code 100 (no such zone), 101 (instant out of range) or 102
 * (the zone's data is damaged). */
x07_bytes x07_os_time_tzdb_offset_duration_v1(x07_rt *rt, x07_view tzid, uint32_t unix_s_lo,
                                              uint32_t unix_s_hi);

/* The name of the release of the database. */
x07_bytes x07_os_time_tzdb_snapshot_id_v1(x07_rt *rt);

#endif
