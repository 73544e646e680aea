/* natives.h: from the backends that a program needs to what is linked. Knows no head and no compiler. */
#ifndef HOST_NATIVES_H
#define HOST_NATIVES_H

#include "base/arena.h"
#include "base/text.h"
#include "emit/compile.h"

/* The libraries of an executable in link order, ending with NULL: the archives of the backends beside
 * `runtime`, `runtime`, then what the archives need of the system ("-lNAME"). In the arena. NULL when a
 * backend is unknown or its archive is not installed; `message` then says which, for the report. */
const char *const *natives_libraries(struct arena *arena, const char *runtime,
                                     const struct compile_result *compiled, struct text *message);

/* The system libraries that programs may link ("-lNAME"), each once, ending with NULL. In the arena. */
const char *const *natives_system_libraries(struct arena *arena);

#endif
