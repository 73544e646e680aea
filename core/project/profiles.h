/* profiles.h: the run profiles of a manifest, and which one is meant.
 * Knows the manifest's members of that purpose alone, so that a manifest that is wrong elsewhere still has
 * profiles; knows nothing of options. Everything read lives in the arena. Errors: those of manifest.h, and
 * E_PROFILE. */
#ifndef PROJECT_PROFILES_H
#define PROJECT_PROFILES_H

#include "ast/json_decode.h"
#include "base/error.h"

/* Strings are NULL when absent or empty. */
struct profile {
    const char *name;
    const char *world; /* never NULL in a selected profile */
    const char *policy;
    const char *runner; /* "auto", "host", "os" */
    const char *input;
    const char *cc_profile; /* "default", "size" */
    const char *plugin;     /* id of the runner plugin that must serve it */
    struct json_flag auto_ffi;
    struct json_natural solve_fuel;
    struct json_natural cpu_time_limit_seconds;
    struct json_natural max_memory_bytes;
    struct json_natural max_output_bytes;
};

struct profiles {
    const char *default_name;
    struct json_list list; /* struct profile; given: the manifest has the member */
};

/* From the bytes of a manifest, which must outlive the result. */
struct error *profiles_parse(struct arena *arena, const char *path, const char *text, size_t len,
                             struct profiles *profiles);

/* The profile of that name (NULL or blank: the default one), checked. *selected is NULL when the manifest has
 * no profiles and none was asked for. */
struct error *profiles_select(struct arena *arena, const struct profiles *profiles, const char *name,
                              const struct profile **selected);

#endif
