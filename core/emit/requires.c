/* requires.c: see requires.h. Knows backends by their id only; the host knows what to link for them. */
#include "emit/requires.h"

#include <stdlib.h>
#include <string.h>

/* Sorted by id. */
static const struct {
    const char *id;
    unsigned flag;
    bool silent;
} backends[] = {
    {"x07.async", HEAD_FLAG_ASYNC, true},
    {"x07.ext.fs", HEAD_FLAG_FILES, false},
    {"x07.ext.jsonschema", HEAD_FLAG_SCHEMA, false},
    {"x07.ext.regex", HEAD_FLAG_REGEX, false},
    {"x07.math", HEAD_FLAG_MATH, false},
    {COMPILE_REQUIRE_SYSTEM, HEAD_FLAGS_WORLD, true},
    {"x07.time", HEAD_FLAG_TIME, false},
};

enum { BACKENDS = sizeof backends / sizeof backends[0] };

static int
compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void
requires_features(const bool *used, unsigned flag, struct arena *arena,
                  struct compile_native_require *require)
{
    size_t count = 0;

    require->features = arena_alloc(arena, HEAD_END * sizeof *require->features);
    for (int id = 0; id < HEAD_END; id++)
        if (used[id] && head_is_call(id) && (head_row(id)->flags & flag))
            require->features[count++] = head_name(id);
    qsort(require->features, count, sizeof *require->features, compare_names);
    require->feature_count = count;
}

void
requires_collect(const bool *used, bool system, struct compile_result *result)
{
    result->requires = arena_alloc(result->arena, BACKENDS * sizeof *result->requires);
    for (size_t i = 0; i < BACKENDS; i++) {
        struct compile_native_require *require = &result->requires[result->require_count];

        require->backend_id = backends[i].id;
        require->silent = backends[i].silent;
        requires_features(used, backends[i].flag, result->arena, require);
        result->require_count += require->feature_count > 0 || (system && backends[i].silent);
    }
}
