/* gate.h: what the policy says of a path, for the heads that trap when it says no. */
#ifndef RUNTIME_OS_GATE_H
#define RUNTIME_OS_GATE_H

#include "../x07rt.h"

/* Traps when files are off, when nothing may block, and with these texts when the path is not safe, or is
 * hidden and hidden files are denied. */
void rt_gate_path(x07_rt *rt, x07_view path, const char *unsafe, const char *hidden);

#endif
