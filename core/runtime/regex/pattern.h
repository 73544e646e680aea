/* pattern.h: one compiled pattern and its searches. Knows the library and translations, no documents. */
#ifndef RUNTIME_REGEX_PATTERN_H
#define RUNTIME_REGEX_PATTERN_H

#include "syntax.h"

struct pattern;

struct span {
    size_t start, end;
};

/* Compiles; NULL with *code and *at when the pattern is not good. Free it with pattern_free. */
struct pattern *pattern_new(const uint8_t *text, uint32_t len, unsigned modes, enum regex_code *code,
                            uint32_t *at);
void pattern_free(struct pattern *pattern);

uint32_t pattern_groups(const struct pattern *pattern);

/* What came of a search. */
enum search { SEARCH_NONE, SEARCH_FOUND, SEARCH_GAVE_UP };

/* The leftmost-longest match that begins at `from` or later. */
enum search pattern_search(struct pattern *pattern, const uint8_t *text, size_t len, size_t from,
                           struct span *match);

/* The captures of a match that pattern_search found: pattern_groups spans; SIZE_MAX twice for one that took
 * no part. */
enum search pattern_captures(struct pattern *pattern, const uint8_t *text, size_t len, struct span match,
                             struct span *groups);

#endif
