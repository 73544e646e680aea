/* translate.h: trees of patterns in the library's syntax. */
#ifndef RUNTIME_REGEX_TRANSLATE_H
#define RUNTIME_REGEX_TRANSLATE_H

#include "syntax.h"

struct translation {
    char *text; /* free() it */
    size_t len, cap;
    bool failed; /* without memory, or too large */
};

/* Appends the pattern for the library's byte mode, which needs no options. Groups capture when `captures` is
 * set. */
void regex_translate(const struct regex_tree *tree, bool captures, struct translation *out);

/* How many states an automaton of the tree has, at most REGEX_STATES_MAX + 1. */
enum { REGEX_STATES_MAX = 327673 };
uint64_t regex_states(const struct regex_node *node);

#endif
