/* rr_entry.h: one entry of a cassette: a document of byte 1 and a map with ascending keys. Knows no files and
 * no handles. */
#ifndef RUNTIME_OS_RR_ENTRY_H
#define RUNTIME_OS_RR_ENTRY_H

#include "../x07rt.h"

#include <stdbool.h>

/* Codes of chapter "record and replay". */
enum rr_code {
    RR_OK = 0,
    RR_CONFIGURATION = 2000,
    RR_VERSION = 2001,
    RR_FILE = 2002,
    RR_CASSETTE_SIZE = 2003,
    RR_ENTRIES = 2004,
    RR_REQUEST_SIZE = 2005,
    RR_RESPONSE_SIZE = 2006,
    RR_KEY_SIZE = 2007,
    RR_ENTRY = 2008,
    RR_NO_MATCH = 2009,
    RR_OTHER_KIND = 2010,
    RR_OTHER_OP = 2011,
    RR_NO_REPLAY = 2012,
    RR_NO_APPEND = 2013,
    RR_TRUNCATED = 2014,
};

struct rr_limits {
    uint64_t cassette;
    uint32_t entries, request, response, key;
};

/* What is used of an entry; the views lie in its document. */
struct rr_entry {
    x07_view kind, op, key;
    uint32_t latency;
};

/* Reads an entry; anything but RR_OK says what is wrong with it. */
enum rr_code rr_entry_read(x07_view document, const struct rr_limits *limits, struct rr_entry *entry);

enum rr_member { RR_MEMBER_FOUND, RR_MEMBER_MISSING, RR_MEMBER_INVALID };

/* A string (tag 3) or number (tag 2) of an entry by its key. RR_MEMBER_INVALID: the document is no map of
 * ascending keys; a member of another type counts as missing. */
enum rr_member rr_entry_member(x07_view document, const char *key, uint8_t tag, x07_view *value);

#endif
