/* zone.h: one zone of the database of time zones, from its TZif file. */
#ifndef RUNTIME_TIME_ZONE_H
#define RUNTIME_TIME_ZONE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where the files lie. */
#define ZONE_DIRECTORY "/usr/share/zoneinfo"

enum { ZONE_MAX = 65536 };

struct zone {
    uint8_t data[ZONE_MAX]; /* the file, and a NUL */
    size_t len;
};

/* Reads the zone of that name; false when the database has none. */
bool zone_read(const char *name, size_t len, struct zone *zone);

/* The offset from UTC in seconds at an instant; false when the data is damaged. */
bool zone_offset(const struct zone *zone, int64_t instant, int64_t *offset);

/* The offset by the rule that holds after the last transition: `rule` is a POSIX TZ string, ended by a NUL or
 * a line feed. False when it is none. */
bool zone_rule_offset(const char *rule, int64_t instant, int64_t *offset);

#endif
