/* names.h: a list of texts that ends up sorted, as lines. */
#ifndef RUNTIME_OS_NAMES_H
#define RUNTIME_OS_NAMES_H

#include "../x07rt.h"

struct names {
    char **list;
    uint32_t count, cap;
};

/* Adds a text of malloc's, which then belongs to the list. */
void rt_names_add(x07_rt *rt, struct names *names, char *name);

/* Bytewise. */
void rt_names_sort(struct names *names);

/* The sorted texts, each with a line feed; a line feed alone for none. Traps `out of memory`. */
x07_bytes rt_names_lines(x07_rt *rt, struct names *names);

void rt_names_free(struct names *names);

#endif
