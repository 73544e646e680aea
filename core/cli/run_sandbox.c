/* run_sandbox.c: behind which sandbox backend a run takes place: the option, else the environment, else the
 * registry's choice for the world. There is no fallback from one to another. */
#include "base/memory.h"
#include "base/quote.h"
#include "base/utf8.h"
#include "cli/run.h"
#include "project/worlds.h"
#include "registry/look.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define BACKEND_VARIABLE "X07_SANDBOX_BACKEND"
#define ACCEPT_VARIABLE "X07_I_ACCEPT_WEAKER_ISOLATION"

/* An environment variable without white space around it; NULL when it is not set or blank. */
static const char *
setting(struct arena *arena, const char *name)
{
    const char *value = getenv(name);
    size_t len = value ? strlen(value) : 0;

    if (!value)
        return NULL;
    if (utf8_prefix(value, len) == len)
        utf8_trim(&value, &len);
    return len ? arena_copy(arena, value, len) : NULL;
}

/* In quotes, as far as it is text. */
static const char *
shown(struct arena *arena, const char *value)
{
    return quote_string(arena, arena_copy(arena, value, utf8_prefix(value, strlen(value))));
}

/* The keys that may be named: the world's default first. */
static int
compare_services(const void *left_item, const void *right_item)
{
    const struct registry_service *left = *(const struct registry_service *const *)left_item;
    const struct registry_service *right = *(const struct registry_service *const *)right_item;

    if (left->priority != right->priority)
        return left->priority > right->priority ? -1 : 1;
    return strcmp(left->key, right->key);
}

static bool
has_key(const struct registry_service *const *services, size_t count, const char *key)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(services[i]->key, key) == 0)
            return true;
    return false;
}

/* One row for each sandbox key there is, in the order in which they are shown. */
static const struct registry_service **
known_services(const struct run *run, size_t *count)
{
    size_t rows = 0;

    for (size_t i = 0; i < registry_count(run->registry); i++)
        rows += registry_plugin_at(run->registry, i)->descriptor.service_count;
    const struct registry_service **known =
        ARENA_ARRAY(run->arena, const struct registry_service *, rows + 1);
    const struct registry_service **all = ARENA_ARRAY(run->arena, const struct registry_service *, rows + 1);
    size_t found = 0;
    for (size_t i = 0; i < registry_count(run->registry); i++) {
        const struct registry_plugin *plugin = registry_plugin_at(run->registry, i);
        for (size_t row = 0; plugin->state == PLUGIN_AVAILABLE && row < plugin->descriptor.service_count;
             row++)
            if (plugin->descriptor.services[row].kind == X07_KIND_SANDBOX)
                all[found++] = &plugin->descriptor.services[row];
    }
    /* Lowest last: a key with a row for each world is shown by that of the stricter one, which is lower. */
    qsort(all, found, sizeof *all, compare_services);
    *count = 0;
    for (size_t i = 0; i < found; i++)
        if (!has_key(all + i + 1, found - i - 1, all[i]->key))
            known[(*count)++] = all[i];
    return known;
}

/* Whether a plugin offers a backend of that name; if not, `expected` says what may be named. */
static bool
is_known(const struct run *run, const char *key, const char **expected)
{
    struct text list = {0};
    size_t count;
    const struct registry_service **known = known_services(run, &count);
    bool found = has_key(known, count, key);

    text_puts(&list, "auto");
    for (size_t i = 0; i < count; i++)
        text_printf(&list, ", %s", known[i]->key);
    *expected = arena_copy(run->arena, text_string(&list), list.len);
    text_free(&list);
    return found;
}

/* What was asked for: a known key, or NULL for the registry's choice. "native" is an old name of "os". */
static struct error *
check_key(const struct run *run, const char *given, const char *variable_value, const char **key)
{
    const char *expected;

    *key = strcmp(given, "native") == 0 ? "os" : given;
    if (strcmp(given, "auto") == 0)
        *key = NULL;
    if (!*key || is_known(run, *key, &expected))
        return NULL;
    if (!variable_value)
        return error_new("E_SANDBOX_BACKEND", "invalid sandbox backend %s (expected one of: %s)",
                         shown(run->arena, given), expected);
    return error_new("E_SANDBOX_BACKEND",
                     "invalid environment variable " BACKEND_VARIABLE
                     "=%s: invalid sandbox backend %s (expected one of: %s)",
                     shown(run->arena, variable_value), shown(run->arena, given), expected);
}

static struct error *
read_key(const struct run *run, const char **key)
{
    const char *option = run->options.sandbox_backend;
    const char *value = setting(run->arena, BACKEND_VARIABLE);
    struct error *error = NULL;

    *key = NULL;
    if (value) {
        char *lower = arena_copy(run->arena, value, strlen(value));
        for (char *c = lower; *c; c++)
            *c = (char)tolower((unsigned char)*c);
        error = check_key(run, lower, getenv(BACKEND_VARIABLE), key);
    }
    return error || !option ? error : check_key(run, option, NULL, key);
}

static struct error *
read_acceptance(struct run *run)
{
    static const char *const yes[] = {"1", "true", "TRUE", "yes", "YES"};
    static const char *const no[] = {"0", "false", "FALSE", "no", "NO"};
    const char *value = setting(run->arena, ACCEPT_VARIABLE);

    run->accept_weaker = run->options.accept_weaker;
    for (size_t i = 0; value && i < sizeof yes / sizeof yes[0]; i++) {
        if (strcmp(value, no[i]) == 0)
            return NULL;
        if (strcmp(value, yes[i]) != 0)
            continue;
        run->accept_weaker = true;
        return NULL;
    }
    return value ? error_new("E_ACCEPT_WEAKER",
                             "invalid environment variable " ACCEPT_VARIABLE
                             "=%s (expected one of: 1, 0, true, false, yes, no)",
                             shown(run->arena, getenv(ACCEPT_VARIABLE)))
                 : NULL;
}

static struct error *
refuse_weaker(const char *key)
{
    return error_new("E_WEAKER_ISOLATION",
                     "run-os-sandboxed defaults to sandbox_backend=vm and fails closed; effective sandbox "
                     "backend is %c%s\n\n"
                     "fix:\n"
                     "  - use a VM backend: --sandbox-backend=vm (default), or\n"
                     "  - explicitly accept weaker isolation: --i-accept-weaker-isolation (or set "
                     "X07_I_ACCEPT_WEAKER_ISOLATION=1)",
                     toupper((unsigned char)key[0]), key + 1);
}

/* Without the user's consent a backend that is not the default must have a kernel of its own. */
static struct error *
check_strength(const struct run *run, const struct registry_match *chosen)
{
    json_object *probe = look_probe(run->registry, chosen->plugin, chosen->service);
    const char *strength = json_object_get_string(json_object_object_get(probe, "strength"));
    bool available = json_object_get_boolean(json_object_object_get(probe, "available"));
    bool strong = available && strcmp(strength, "vm") == 0;

    json_object_put(probe);
    return strong ? NULL : refuse_weaker(chosen->service->key);
}

static struct error *
choose(struct run *run, const char *key)
{
    struct registry_query query = {
        .kind = X07_KIND_SANDBOX, .world = run->world, .profile = run->profile ? run->profile->name : NULL};
    struct registry_match usual;
    struct registry_match chosen;
    struct error *no_usual = registry_match(run->registry, &query, &usual);

    if (!key && no_usual)
        return error_wrap(no_usual, "no sandbox backend is the default here");
    error_free(no_usual);
    query.key = key ? key : usual.service->key;
    run->sandbox_key = arena_copy(run->arena, query.key, strlen(query.key));
    struct error *error = registry_match(run->registry, &query, &chosen);
    if (error && strcmp(error->code, "E_PLUGIN_NONE") == 0) {
        /* There for other worlds only: the run itself says so, in its report. */
        error_free(error);
        return NULL;
    }
    if (error || run->accept_weaker || !world_is_sandboxed(run->world))
        return error;
    bool is_default = chosen.plugin == usual.plugin && strcmp(chosen.service->key, usual.service->key) == 0;
    return is_default ? NULL : check_strength(run, &chosen);
}

struct error *
run_select_sandbox(struct run *run)
{
    const char *key;

    if (!world_is_os(run->world))
        return NULL;
    struct error *error = read_key(run, &key);
    if (!error)
        error = read_acceptance(run);
    return error ? error : choose(run, key);
}
