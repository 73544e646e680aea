/* select.c: which row serves a query.
 * Knows rows, priorities and preferences; opens nothing. */
#include "base/text.h"
#include "registry/inside.h"

#include <stdlib.h>
#include <string.h>

static bool
fits(const char *offered, const char *asked)
{
    return !offered || (asked && !strcmp(offered, asked));
}

static bool
row_fits(const struct registry_service *row, const struct registry_query *query)
{
    return row->kind == query->kind && (!query->key || !strcmp(row->key, query->key)) &&
           fits(row->profile, query->profile) && fits(row->world, query->world);
}

/* Positive when `left` comes before `right`: profile, then world, then priority. */
static int
row_compare(const struct registry_service *left, const struct registry_service *right)
{
    if (!left->profile != !right->profile)
        return left->profile ? 1 : -1;
    if (!left->world != !right->world)
        return left->world ? 1 : -1;
    return (left->priority > right->priority) - (left->priority < right->priority);
}

/* What a search found: the best row so far, and another one of the same rank. */
struct contest {
    struct registry_match best;
    struct registry_match rival;
};

static void
contest_enter(struct contest *contest, const struct registry_plugin *plugin,
              const struct registry_service *row)
{
    struct registry_match entry = {plugin, row};
    int order = contest->best.plugin ? row_compare(row, contest->best.service) : 1;

    if (order > 0)
        *contest = (struct contest){.best = entry};
    else if (order == 0 && plugin != contest->best.plugin && !contest->rival.plugin)
        contest->rival = entry;
}

/* A row of negative priority serves only who names its key. */
static bool
row_competes(const struct registry_service *row, const struct registry_query *query)
{
    return row_fits(row, query) && (query->key || row->priority >= 0);
}

/* All available plugins, or only the one of id `only`. */
static struct contest
contest_run(const struct registry *registry, const struct registry_query *query, const char *only)
{
    struct contest contest = {0};

    for (size_t i = 0; i < registry->plugin_count; i++) {
        const struct registry_plugin *plugin = &registry->plugins[i];

        if (plugin->state != PLUGIN_AVAILABLE || (only && strcmp(only, plugin->descriptor.id) != 0))
            continue;
        for (size_t row = 0; row < plugin->descriptor.service_count; row++)
            if (row_competes(&plugin->descriptor.services[row], query))
                contest_enter(&contest, plugin, &plugin->descriptor.services[row]);
    }
    return contest;
}

/* "runner "os" (profile ..., world ...)" */
static void
query_text(const struct registry_query *query, struct text *out)
{
    text_puts(out, registry_kind_name(query->kind) ? registry_kind_name(query->kind) : "unknown kind");
    if (query->key)
        text_printf(out, " \"%s\"", query->key);
    if (query->profile)
        text_printf(out, " in profile \"%s\"", query->profile);
    if (query->world)
        text_printf(out, " in world %s", query->world);
}

static struct error *
none_error(const struct registry *registry, const struct registry_query *query)
{
    struct text what = {0};
    size_t broken = 0;

    for (size_t i = 0; i < registry->plugin_count; i++)
        broken += registry->plugins[i].state > PLUGIN_SHADOWED;
    query_text(query, &what);
    if (broken)
        text_printf(&what, "; %zu of %zu plugin files could not be used", broken, registry->plugin_count);
    struct error *error =
        error_new("E_PLUGIN_NONE", "no plugin serves %s (see: x07 plugins list)", text_string(&what));
    text_free(&what);
    return error;
}

static struct error *
tie_error(const struct registry_query *query, const struct contest *contest)
{
    struct text what = {0};

    query_text(query, &what);
    struct error *error = error_new(
        "E_PLUGIN_TIE", "%s and %s both serve %s with priority %d; choose with X07_PLUGIN_PREFER=%s/%s=%s",
        contest->best.plugin->descriptor.id, contest->rival.plugin->descriptor.id, text_string(&what),
        (int)contest->best.service->priority, registry_kind_name(query->kind), contest->best.service->key,
        contest->best.plugin->descriptor.id);
    text_free(&what);
    return error;
}

static struct error *
preferred_error(const struct registry *registry, const struct registry_query *query, const char *id)
{
    const struct registry_plugin *plugin = registry_find(registry, id);
    struct text what = {0};

    query_text(query, &what);
    if (plugin && plugin->state != PLUGIN_AVAILABLE)
        text_printf(&what, ": %s %s", plugin->path, plugin->reason);
    else
        text_puts(&what, plugin ? ": it does not serve this" : ": there is no such plugin");
    struct error *error = error_new("E_PLUGIN_PREFERRED", "%s is preferred for %s", id, text_string(&what));
    text_free(&what);
    return error;
}

static const char *
preference_named(const struct registry *registry, uint32_t kind, const char *key)
{
    struct text name = {0};

    text_printf(&name, "%s/%s", registry_kind_name(kind), key);
    const char *id = config_find(registry->config.preferences, name.data);
    text_free(&name);
    return id;
}

/* The user's preference for the query's key. One that leaves the key open asks for the key "*" and then for
 * the key of the row that would win. */
static const char *
preference_for(const struct registry *registry, const struct registry_query *query,
               const struct registry_service *winner)
{
    if (query->key)
        return preference_named(registry, query->kind, query->key);
    const char *id = preference_named(registry, query->kind, "*");
    return id || !winner ? id : preference_named(registry, query->kind, winner->key);
}

static struct error *
match_preferred(const struct registry *registry, const struct registry_query *query, const char *id,
                struct registry_match *match)
{
    *match = contest_run(registry, query, id).best;
    return match->plugin ? NULL : preferred_error(registry, query, id);
}

struct error *
registry_match(const struct registry *registry, const struct registry_query *query,
               struct registry_match *match)
{
    struct contest contest = contest_run(registry, query, NULL);
    const char *id = query->preferred;

    *match = (struct registry_match){0};
    if (!registry_kind_name(query->kind))
        return none_error(registry, query);
    if (!id)
        id = preference_for(registry, query, contest.best.service);
    if (id)
        return match_preferred(registry, query, id, match);
    if (!contest.best.plugin)
        return none_error(registry, query);
    if (contest.rival.plugin)
        return tie_error(query, &contest);
    *match = contest.best;
    return NULL;
}

/* The registry's own array of matches outlives a sort, so it is sorted in place. */
static int
by_rank_then_name(const void *left_match, const void *right_match)
{
    const struct registry_match *left = left_match;
    const struct registry_match *right = right_match;

    if (left->service->rank != right->service->rank)
        return left->service->rank < right->service->rank ? -1 : 1;
    int keys = strcmp(left->service->key, right->service->key);
    int ids = strcmp(left->plugin->descriptor.id, right->plugin->descriptor.id);
    if (left->service->kind == X07_KIND_REPAIR)
        return ids ? ids : keys;
    return keys;
}

static bool
has_key(const struct registry_match *matches, size_t count, const char *key)
{
    for (size_t i = 0; i < count; i++)
        if (!strcmp(matches[i].service->key, key))
            return true;
    return false;
}

/* Adds the winner of the row's key, unless it is there or does not fit. */
static struct error *
add_key(const struct registry *registry, const struct registry_query *query,
        const struct registry_service *row, struct registry_match *matches, size_t *count)
{
    struct registry_query one = *query;

    if (!row_fits(row, query) || has_key(matches, *count, row->key))
        return NULL;
    one.key = row->key;
    struct error *error = registry_match(registry, &one, &matches[*count]);
    if (!error)
        (*count)++;
    return error;
}

struct error *
registry_match_all(struct registry *registry, uint32_t kind, const char *profile, const char *world,
                   const struct registry_match **matches, size_t *count)
{
    struct registry_query query = {.kind = kind, .profile = profile, .world = world};
    size_t rows = 0;

    for (size_t i = 0; i < registry->plugin_count; i++)
        rows += registry->plugins[i].descriptor.service_count;
    struct registry_match *found = ARENA_ARRAY(registry->arena, struct registry_match, rows + 1);
    *matches = found;
    *count = 0;
    for (size_t i = 0; i < registry->plugin_count; i++) {
        const struct registry_plugin *plugin = &registry->plugins[i];
        size_t services = plugin->state == PLUGIN_AVAILABLE ? plugin->descriptor.service_count : 0;

        for (size_t row = 0; row < services; row++) {
            struct error *error = add_key(registry, &query, &plugin->descriptor.services[row], found, count);
            if (error)
                return error;
        }
    }
    qsort(found, *count, sizeof *found, by_rank_then_name);
    return NULL;
}
