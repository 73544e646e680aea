/* path.h: which texts may name files. Knows nothing of the file system. */
#ifndef RUNTIME_OS_PATH_H
#define RUNTIME_OS_PATH_H

#include "../x07rt.h"

#include <stdbool.h>

/* Relative, without empty segments, "." and "..", NUL, "\", and segments that begin with ".x07_". */
bool rt_path_is_safe(x07_view path);

/* Whether a segment of a relative path begins with a dot. */
bool rt_path_is_hidden(x07_view path);

/* The path without its "." segments, in memory of malloc's; NULL when it is not relative, is empty, is not
 * UTF-8, or has an empty segment, "..", NUL or "\". Traps `out of memory`. */
char *rt_path_clean(x07_rt *rt, x07_view path);

/* malloc and strdup that trap `out of memory`. */
void *rt_os_alloc(x07_rt *rt, size_t size);
char *rt_os_text(x07_rt *rt, const char *text, size_t len);

/* "a/b" of two parts; a slash between them unless the first ends in one. */
char *rt_path_join(x07_rt *rt, const char *first, const char *rest);

#endif
