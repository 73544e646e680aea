/* latency.h: how long, in virtual time, it takes to read a file or the value of a key: the indexes
 * .x07_fs/latency.evfslat and .x07_kv/latency.evkvlat. */
#ifndef RUNTIME_OS_LATENCY_H
#define RUNTIME_OS_LATENCY_H

#include "../x07rt.h"

/* The ticks of a path or a key; 0 without an index. The index is read at the first call. Traps when it is not
 * valid. */
uint32_t rt_fs_latency(x07_rt *rt, x07_view path);
uint32_t rt_kv_latency(x07_rt *rt, x07_view key);

#endif
