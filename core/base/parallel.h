/* parallel.h: the same work on many things, on all processors.
 * Knows threads; knows nothing of the work. */
#ifndef BASE_PARALLEL_H
#define BASE_PARALLEL_H

#include <stddef.h>

/* Calls work(context, 0) ... work(context, count - 1), each once, in any order and from several threads, and
 * returns when all are done: the work must share nothing that it changes. Without threads to be had it is
 * done one after the other. `label` NULL: in silence; else a line "label done/count" is kept on standard
 * error while that is a terminal, and taken away at the end. */
void parallel_each(size_t count, void (*work)(void *context, size_t index), void *context, const char *label);

#endif
