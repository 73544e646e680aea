/* rr_cassette.h: one opened cassette: its configuration, the entries that were loaded, and the file that is
 * appended to. A cassette is the file .x07_rr/<path>: frames of u32 length and an entry. Knows no handles. */
#ifndef RUNTIME_OS_RR_CASSETTE_H
#define RUNTIME_OS_RR_CASSETTE_H

#include "image.h"
#include "rr_entry.h"

enum rr_mode { RR_OFF, RR_RECORD, RR_REPLAY, RR_RECORD_MISSING, RR_REWRITE };
enum rr_match { RR_LOOKUP, RR_TRANSCRIPT };

struct rr_loaded {
    x07_view document;
    struct rr_entry entry;
    bool used;
};

struct rr_cassette {
    enum rr_mode mode;
    enum rr_match match;
    struct rr_limits limits;
    char *path;         /* with the folder of all cassettes; of malloc's */
    struct image image; /* what was loaded */
    struct rr_loaded *entries;
    uint32_t count, room, used, next; /* next: of a transcript */
    uint32_t appended;
    uint64_t bytes; /* loaded or appended */
    int fd;         /* to append to; -1 before the first time */
};

/* Opens by a configuration (X7RC); replay modes load the file. After an error nothing is left. */
enum rr_code rr_cassette_open(x07_rt *rt, x07_view configuration, struct rr_cassette *cassette);
void rr_cassette_close(struct rr_cassette *cassette);

/* The entry that answers; it counts as taken from then on. Valid until the cassette is closed. */
enum rr_code rr_cassette_next(struct rr_cassette *cassette, const struct rr_entry *wanted,
                              const struct rr_loaded **found);

/* Writes an entry behind the others. Entries appended through the same cassette do not answer. */
enum rr_code rr_cassette_append(x07_rt *rt, struct rr_cassette *cassette, x07_view document);

#endif
