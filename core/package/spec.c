/* spec.c: see spec.h. */
#include "package/spec.h"

#include "base/quote.h"
#include "base/utf8.h"
#include "package/semver.h"

#include <string.h>

#define CODE_SPEC "X07PKG_SPEC_INVALID"

bool
spec_is_name(const char *name)
{
    if (*name < 'a' || *name > 'z')
        return false;
    for (; *name; name++)
        if (!(*name >= 'a' && *name <= 'z') && !(*name >= '0' && *name <= '9') && *name != '_' &&
            *name != '-')
            return false;
    return true;
}

/* "text, got "value"". */
static struct error *
fail_got(const char *text, const char *separator, const char *value)
{
    struct text message = {0};

    text_printf(&message, "%s%s got ", text, separator);
    text_append_quoted(&message, value, strlen(value));
    struct error *error = error_new(CODE_SPEC, "%s", text_string(&message));
    text_free(&message);
    return error;
}

struct error *
spec_check_name(const char *name)
{
    if (!*name)
        return error_new(CODE_SPEC, "package name must be non-empty");
    return spec_is_name(name) ? NULL : fail_got("package name must match ^[a-z][a-z0-9_-]*$", ":", name);
}

static char *
trimmed(struct arena *arena, const char *text, size_t len)
{
    utf8_trim(&text, &len);
    return arena_copy(arena, text, len);
}

struct error *
spec_read(struct arena *arena, const char *text, struct package_spec *spec)
{
    char *whole = trimmed(arena, text, strlen(text));
    char *at = strchr(whole, '@');

    if (!*whole)
        return error_new(CODE_SPEC, "package spec must be non-empty");
    spec->name = trimmed(arena, whole, at ? (size_t)(at - whole) : strlen(whole));
    spec->version = at ? trimmed(arena, at + 1, strlen(at + 1)) : NULL;
    struct error *error = spec_check_name(spec->name);
    if (error || !at)
        return error;
    if (!*spec->version)
        return error_new(CODE_SPEC, "package version must be non-empty");
    if (!semver_is_valid(spec->version))
        return fail_got("package version must be semver (MAJOR.MINOR.PATCH)", ",", spec->version);
    return NULL;
}
