/* glob.h: patterns of relative paths. Bytes are matched, all of them: `?` any one and `*` any run, "/"
 * included; two stars that stand alone between slashes are whole directories, none or more; sets in brackets;
 * alternatives in braces, which do not nest; "\" before a literal. Time is at most the length of the pattern
 * times that of the path. */
#ifndef RUNTIME_OS_GLOB_H
#define RUNTIME_OS_GLOB_H

#include "../x07rt.h"

#include <stdbool.h>

struct glob;

/* Compiles a pattern that is UTF-8. NULL: it is not valid. Free with rt_glob_free. Traps `out of memory`. */
struct glob *rt_glob_compile(x07_rt *rt, x07_view pattern);
bool rt_glob_matches(x07_rt *rt, const struct glob *glob, x07_view path);
void rt_glob_free(struct glob *glob);

#endif
