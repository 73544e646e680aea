/* driver.h: what the native compilers share that are programs with a compiler's command line. A plugin is one
 * struct driver, its descriptor, and three functions that pass the driver on. */
#ifndef CC_DRIVER_H
#define CC_DRIVER_H

#include <x07/native.h>

/* Arguments of a profile, separated by single blanks. */
struct driver_profile {
    const char *name; /* NULL ends the list */
    const char *tokens;
};

struct driver {
    const char *name;               /* of the program, when the variable does not name another */
    const char *program_variable;   /* environment variable that names the program */
    const char *arguments_variable; /* environment variable with more arguments */
    const char *const *arguments;   /* for every build; ends with NULL */
    const struct driver_profile *profiles;
};

/* The two calls of a native compiler's vtable, see x07/native.h. Both read the environment. */
x07_status driver_identity(const struct driver *driver, const x07_host *host, const char *profile,
                           char **identity);
x07_status driver_build(const struct driver *driver, const x07_host *host, const x07_native_request *request,
                        x07_native_result *result);

/* The program's name or path. */
const char *driver_program(const struct driver *driver);

/* The user's arguments and the tokens of the profile, those already there not repeated; release it. NULL: no
 * such profile. */
char *driver_extra_arguments(const struct driver *driver, const x07_host *host, const char *profile);

/* The argument vector, its strings included, as one block to release. `extra` is cut at its blanks. */
char **driver_arguments(const struct driver *driver, const x07_host *host, const x07_native_request *request,
                        const char *extra);

/* One argument per line, without a final line feed; release it. */
char *driver_join_lines(const x07_host *host, char *const *arguments);

#endif
