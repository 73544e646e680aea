/* policy.h: what a program may do, as its environment says. The only place that reads X07_WORLD and X07_OS_*.
 * Knows nothing of what the rights protect.
 *
 * A program is sandboxed when X07_WORLD is "run-os-sandboxed" or X07_OS_SANDBOXED is on; outside the sandbox
 * nothing is restricted, whatever the other variables say. Switches are on for 1, true, TRUE, yes, YES and
 * off for 0, false, FALSE, no, NO; numbers are decimal and must fit 32 bits. What cannot be read counts as
 * unset. */
#ifndef RUNTIME_OS_POLICY_H
#define RUNTIME_OS_POLICY_H

#include "../x07rt.h"

#include <stdbool.h>

struct policy {
    bool sandboxed;
#define SWITCH(field, name, preset, open) bool field;
#define NUMBER(field, name, preset, open, zero) uint32_t field;
#define LIST(field, name) char *field; /* NULL: empty */
#include "policy.def"
#undef SWITCH
#undef NUMBER
#undef LIST
};

/* The program's policy, read at the first call. Valid until the program ends. */
const struct policy *rt_policy(x07_rt *rt);

/* The next element of a list, without the white space around it; empty ones are skipped. `*list` moves on.
 * False at the end. The element lies in the list and is not terminated. */
bool rt_policy_next(const char **list, x07_view *element);

/* Whether the list has this element. */
bool rt_policy_lists(const char *list, x07_view element);

/* True when there is no limit, which 0 means, or `value` does not pass it. */
static inline bool
policy_within(uint64_t value, uint32_t limit)
{
    return !limit || value <= limit;
}

#endif
