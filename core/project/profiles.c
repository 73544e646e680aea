/* profiles.c: see profiles.h. */
#include "project/profiles.h"

#include "base/quote.h"
#include "base/utf8.h"
#include "project/worlds.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

#define AT(member) offsetof(struct profile, member)
static const struct json_shape_field profile_fields[] = {
    {"world", SHAPE_STRING, AT(world), .required = true, .trim = true},
    {"policy", SHAPE_STRING, AT(policy), .nullable = true, .trim = true},
    {"runner", SHAPE_STRING, AT(runner), .nullable = true, .trim = true},
    {"input", SHAPE_STRING, AT(input), .nullable = true, .trim = true},
    {"cc_profile", SHAPE_STRING, AT(cc_profile), .nullable = true, .trim = true},
    {"plugin", SHAPE_STRING, AT(plugin), .nullable = true, .trim = true},
    {"auto_ffi", SHAPE_FLAG, AT(auto_ffi), .nullable = true},
    {"solve_fuel", SHAPE_NATURAL, AT(solve_fuel), .nullable = true},
    {"cpu_time_limit_seconds", SHAPE_NATURAL, AT(cpu_time_limit_seconds), .nullable = true},
    {"max_memory_bytes", SHAPE_NATURAL, AT(max_memory_bytes), .nullable = true},
    {"max_output_bytes", SHAPE_NATURAL, AT(max_output_bytes), .nullable = true},
};
#undef AT
static const struct json_shape profile_shape = {"RunProfile", profile_fields, COUNT(profile_fields),
                                                sizeof(struct profile)};

#define AT(member) offsetof(struct profiles, member)
static const struct json_shape_field fields[] = {
    {"default_profile", SHAPE_STRING, AT(default_name), .nullable = true, .trim = true},
    {"profiles", SHAPE_MAP, AT(list), .shape = &profile_shape, .nullable = true},
};
#undef AT
static const struct json_shape shape = {"ProjectProfiles", fields, COUNT(fields), sizeof(struct profiles)};

static void
drop_empty(const char **value)
{
    if (*value && !**value)
        *value = NULL;
}

struct error *
profiles_parse(struct arena *arena, const char *path, const char *text, size_t len, struct profiles *profiles)
{
    struct text message = {0};
    struct error *error = NULL;

    *profiles = (struct profiles){0};
    if (!json_decode(arena, text, len, &shape, profiles, NULL, &message))
        error = error_new("E_PROJECT_PARSE", "[X07PROJECT_PARSE] parse project JSON: %s: %s", path,
                          text_string(&message));
    text_free(&message);
    drop_empty(&profiles->default_name);
    for (size_t i = 0; i < profiles->list.count && !error; i++) {
        struct profile *profile = (struct profile *)profiles->list.items + i;
        drop_empty(&profile->policy);
        drop_empty(&profile->runner);
        drop_empty(&profile->input);
        drop_empty(&profile->cc_profile);
        drop_empty(&profile->plugin);
    }
    return error;
}

static const struct profile *
find(const struct profiles *profiles, const char *name)
{
    const struct profile *found = NULL;

    for (size_t i = 0; i < profiles->list.count; i++) {
        const struct profile *profile = (const struct profile *)profiles->list.items + i;
        if (strcmp(profile->name, name) == 0)
            found = profile;
    }
    return found;
}

static int
compare_strings(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

static struct error *
fail_unknown(struct arena *arena, const struct profiles *profiles, const char *name)
{
    size_t count = profiles->list.count;
    const char **names = ARENA_ARRAY(arena, const char *, count + 1);
    struct text list = {0};

    for (size_t i = 0; i < count; i++)
        names[i] = ((const struct profile *)profiles->list.items)[i].name;
    qsort(names, count, sizeof *names, compare_strings);
    for (size_t i = 0; i < count; i++)
        text_printf(&list, "%s%s", i ? ", " : "", names[i]);
    struct error *error = error_new("E_PROFILE", "unknown profile %s (available: %s)",
                                    quote_string(arena, name), text_string(&list));
    text_free(&list);
    return error;
}

static bool
is_one_of(const char *value, const char *const *choices)
{
    for (; *choices; choices++)
        if (strcmp(value, *choices) == 0)
            return true;
    return false;
}

static struct error *
check(struct arena *arena, const struct profile *profile)
{
    static const char *const runners[] = {"auto", "host", "os", NULL};
    static const char *const cc_profiles[] = {"default", "size", NULL};
    const char *name = quote_string(arena, profile->name);
    bool sandboxed = world_is_sandboxed(profile->world);

    if (!world_is_known(profile->world))
        return error_new("E_PROFILE", "invalid profiles[%s].world %s: unknown world: %s", name,
                         quote_string(arena, profile->world), profile->world);
    if (sandboxed && !profile->policy)
        return error_new("E_PROFILE",
                         "profiles[%s].policy is required when profiles[%s].world is run-os-sandboxed", name,
                         name);
    if (!sandboxed && profile->policy)
        return error_new("E_PROFILE",
                         "profiles[%s].policy is only valid when profiles[%s].world is run-os-sandboxed",
                         name, name);
    if (profile->runner && !is_one_of(profile->runner, runners))
        return error_new("E_PROFILE",
                         "invalid profiles[%s].runner: expected one of \"auto\", \"host\", or \"os\", got %s",
                         name, quote_string(arena, profile->runner));
    if (profile->cc_profile && !is_one_of(profile->cc_profile, cc_profiles))
        return error_new("E_PROFILE",
                         "invalid profiles[%s].cc_profile: expected one of \"default\" or \"size\", got %s",
                         name, quote_string(arena, profile->cc_profile));
    return NULL;
}

struct error *
profiles_select(struct arena *arena, const struct profiles *profiles, const char *name,
                const struct profile **selected)
{
    size_t len = name ? strlen(name) : 0;

    *selected = NULL;
    if (!profiles->list.given)
        return name ? error_new("E_PROFILE", "--profile requires x07.json.profiles") : NULL;
    if (name)
        utf8_trim(&name, &len);
    const char *wanted = len                      ? arena_copy(arena, name, len)
                         : profiles->default_name ? profiles->default_name
                         : find(profiles, "dev")  ? "dev"
                         : find(profiles, "os")   ? "os"
                                                  : NULL;
    if (!wanted)
        return error_new("E_PROFILE", "profiles present but default_profile missing; set default_profile or "
                                      "pass --profile");
    *selected = find(profiles, wanted);
    return *selected ? check(arena, *selected) : fail_unknown(arena, profiles, wanted);
}
