/* natives.c: see natives.h. The table is natives.def. */
#include "host/natives.h"

#include "base/file.h"

#include <stdlib.h>
#include <string.h>

enum { SYSTEM_MAX = 4 };

static const struct native {
    const char *backend_id;
    const char *archive;
    const char *system;
} natives[] = {
#define NATIVE(id, archive, system) {id, archive, system},
#include "host/natives.def"
#undef NATIVE
};

static const struct native *
natives_find(const char *backend_id)
{
    for (size_t i = 0; i < sizeof natives / sizeof natives[0]; i++)
        if (strcmp(natives[i].backend_id, backend_id) == 0)
            return &natives[i];
    return NULL;
}

/* The archive's path; NULL when it is not there. */
static const char *
natives_archive(struct arena *arena, const char *runtime, const struct compile_native_require *require,
                struct text *message)
{
    const struct native *native = natives_find(require->backend_id);

    if (!native) {
        text_printf(message, "native backend is unknown: backend_id=%s", require->backend_id);
        return NULL;
    }
    char *dir = file_parent(runtime);
    const char *path = arena_printf(arena, "%s/%s", dir, native->archive);
    free(dir);
    if (file_is_regular(path))
        return path;
    text_printf(message, "native backend file missing: backend_id=%s path=%s", require->backend_id, path);
    return NULL;
}

/* Adds the words of `system` at `list`; returns how many. */
static size_t
natives_system(struct arena *arena, const char *system, const char **list)
{
    size_t count = 0;

    while (*system) {
        size_t len = strcspn(system, " ");

        list[count++] = arena_copy(arena, system, len);
        system += len + (system[len] == ' ');
    }
    return count;
}

/* One archive may serve several backends. */
static bool
natives_has(const char *const *list, size_t count, const char *archive)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(list[i], archive) == 0)
            return true;
    return false;
}

const char *const *
natives_libraries(struct arena *arena, const char *runtime, const struct compile_result *compiled,
                  struct text *message)
{
    size_t count = 0;
    const char **list = ARENA_ARRAY(arena, const char *, compiled->require_count *(1 + SYSTEM_MAX) + 2);

    for (size_t i = 0; i < compiled->require_count; i++) {
        const char *archive = natives_archive(arena, runtime, &compiled->requires[i], message);

        if (!archive)
            return NULL;
        if (!natives_has(list, count, archive))
            list[count++] = archive;
    }
    list[count++] = runtime;
    for (size_t i = 0; i < compiled->require_count; i++)
        count += natives_system(arena, natives_find(compiled->requires[i].backend_id)->system, list + count);
    return list;
}

const char *const *
natives_system_libraries(struct arena *arena)
{
    enum { NATIVES = sizeof natives / sizeof natives[0] };
    const char **list = ARENA_ARRAY(arena, const char *, NATIVES *SYSTEM_MAX + 1);
    size_t count = 0;

    for (size_t i = 0; i < NATIVES; i++) {
        size_t added = natives_system(arena, natives[i].system, list + count);

        for (size_t end = count + added, at = count; at < end; at++) {
            size_t same = 0;

            while (same < count && strcmp(list[same], list[at]) != 0)
                same++;
            if (same == count)
                list[count++] = list[at];
        }
    }
    list[count] = NULL;
    return list;
}
