/* spec.h: how a package is named: NAME or NAME@VERSION.
 * Knows the form; knows nothing of the index. Any thread. */
#ifndef PACKAGE_SPEC_H
#define PACKAGE_SPEC_H

#include "base/arena.h"
#include "base/error.h"

#include <stdbool.h>

struct package_spec {
    const char *name;
    const char *version; /* NULL: none was given */
};

/* ^[a-z][a-z0-9_-]*$ */
bool spec_is_name(const char *name);

/* Checks a name alone. Error X07PKG_SPEC_INVALID. */
struct error *spec_check_name(const char *name);

/* Reads `text`, white space around it aside; the strings live in `arena`. Error X07PKG_SPEC_INVALID. `text`
 * must be valid UTF-8. */
struct error *spec_read(struct arena *arena, const char *text, struct package_spec *spec);

#endif
