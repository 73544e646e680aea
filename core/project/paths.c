/* paths.c: see paths.h. */
#include "project/paths.h"

#include "base/file.h"
#include "base/quote.h"
#include "base/text.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char workspace[] = "$workspace";

/* The next component of `*path`, which it is taken from; NULL at the end. */
static const char *
next_component(const char **path, size_t *len)
{
    *path += strspn(*path, "/");
    if (!**path)
        return NULL;
    const char *start = *path;
    *len = strcspn(start, "/");
    *path += *len;
    return start;
}

static bool
climbs(const char *path)
{
    size_t len;

    for (const char *part; (part = next_component(&path, &len)) != NULL;)
        if (len == 2 && memcmp(part, "..", 2) == 0)
            return true;
    return false;
}

struct error *
paths_check(const char *path, const char *what, ...)
{
    struct text name = {0}, quoted = {0};
    struct error *error = NULL;
    va_list args;

    va_start(args, what);
    text_vprintf(&name, what, args);
    va_end(args);
    text_append_quoted(&quoted, path, strlen(path));
    if (!path[0])
        error = error_new("E_PROJECT", "%s must be non-empty", text_string(&name));
    else if (path[0] == '/')
        error = error_new("E_PROJECT", "%s must be a relative path, got %s", text_string(&name),
                          text_string(&quoted));
    else if (climbs(path))
        error = error_new("E_PROJECT", "%s must not contain '..' segments: %s", text_string(&name),
                          text_string(&quoted));
    text_free(&name);
    text_free(&quoted);
    return error;
}

const char *
paths_folder(struct arena *arena, const char *file)
{
    const char *slash = strrchr(file, '/');

    if (!slash)
        return "";
    return slash == file ? "/" : arena_copy(arena, file, (size_t)(slash - file));
}

static void
append_components(struct text *out, const char *path)
{
    size_t len;

    if (path[0] == '/' && !out->len)
        text_putc(out, '/');
    for (const char *part; (part = next_component(&path, &len)) != NULL;) {
        if (len == 1 && part[0] == '.')
            continue;
        if (out->len && out->data[out->len - 1] != '/')
            text_putc(out, '/');
        text_append(out, part, len);
    }
}

const char *
paths_join(struct arena *arena, const char *folder, const char *path)
{
    struct text joined = {0};

    append_components(&joined, folder);
    append_components(&joined, path);
    const char *result = joined.len ? arena_copy(arena, joined.data, joined.len) : ".";
    text_free(&joined);
    return result;
}

const char *
paths_absolute(struct arena *arena, const char *folder)
{
    char *real = realpath(folder[0] ? folder : ".", NULL);
    const char *result = real ? arena_copy(arena, real, strlen(real)) : folder;

    free(real);
    return result;
}

static bool
exists(const char *path)
{
    struct stat status;

    return stat(path, &status) == 0;
}

/* ---- $workspace ---- */

static const char *
find_repository(struct arena *arena, const char *folder)
{
    const char *at = paths_absolute(arena, folder);

    while (at[0] == '/') {
        if (exists(arena_printf(arena, "%s/.git", strcmp(at, "/") == 0 ? "" : at)))
            return at;
        if (strcmp(at, "/") == 0)
            break;
        at = paths_folder(arena, at);
    }
    return NULL;
}

static struct error *
find_workspace(struct arena *arena, const char *folder, const char *path, const char **root)
{
    const char *setting = getenv("X07_WORKSPACE_ROOT");

    if (!setting) {
        *root = find_repository(arena, folder);
        if (*root)
            return NULL;
        return error_new("E_WORKSPACE",
                         "X07_WORKSPACE_ROOT must be set when using %s (or use $workspace within a git repo)",
                         quote_string(arena, path));
    }
    if (!setting[strspn(setting, " \t\r\n")])
        return error_new("E_WORKSPACE", "X07_WORKSPACE_ROOT must be non-empty when using %s",
                         quote_string(arena, path));
    char *real = realpath(setting, NULL);
    if (!real)
        return error_errno("E_WORKSPACE", "canonicalize X07_WORKSPACE_ROOT: %s", setting);
    *root = arena_copy(arena, real, strlen(real));
    free(real);
    return NULL;
}

static bool
is_inside(const char *path, const char *root)
{
    size_t len = strlen(root);

    return strcmp(root, "/") == 0 || (strncmp(path, root, len) == 0 && (!path[len] || path[len] == '/'));
}

struct error *
paths_resolve(struct arena *arena, const char *folder, const char *path, const char **resolved)
{
    size_t len = sizeof workspace - 1;
    const char *root;

    if (strncmp(path, workspace, len) != 0 || (path[len] && path[len] != '/')) {
        *resolved = paths_join(arena, folder, path);
        return NULL;
    }
    struct error *error = find_workspace(arena, folder, path, &root);
    if (error)
        return error;
    const char *joined = paths_join(arena, root, path[len] ? path + len + 1 : "");
    *resolved = paths_absolute(arena, joined);
    if (!is_inside(*resolved, root))
        return error_new("E_WORKSPACE", "$workspace path escapes workspace root: %s -> %s (root %s)",
                         quote_string(arena, path), *resolved, root);
    return NULL;
}
