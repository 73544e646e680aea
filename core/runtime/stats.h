/* stats.h: the line of figures that a program leaves on stderr. */
#ifndef RUNTIME_STATS_H
#define RUNTIME_STATS_H

#include "internal.h"

/* Writes the line to the file descriptor; errors are ignored, since the output frame has been written by
 * then. `fuel` is what was given at the start. */
void rt_stats_print(int fd, const struct runtime *runtime, int64_t fuel);

#endif
