/* latency.h: how long, in virtual time, reading a file takes: the index .x07_fs/latency.evfslat. */
#ifndef RUNTIME_OS_LATENCY_H
#define RUNTIME_OS_LATENCY_H

#include "../x07rt.h"

/* The ticks of a path; 0 without an index. The index is read at the first call. Traps when it is not valid.
 */
uint32_t rt_fs_latency(x07_rt *rt, x07_view path);

#endif
