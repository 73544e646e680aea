/* run_fixtures.c: which folders the fixtures of a deterministic world come from. */
#include "base/file.h"
#include "cli/run.h"
#include "host/fixtures.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* One row per kind of fixture. */
#define FLAG(member) offsetof(struct run_options, member)
#define FOUND(member) offsetof(struct run_fixtures, member)
static const struct {
    const char *name;
    size_t flag, found;
} kinds[] = {
    {"fs", FLAG(fixture_fs_dir), FOUND(fs_dir)},
    {"rr", FLAG(fixture_rr_dir), FOUND(rr_dir)},
    {"kv", FLAG(fixture_kv_dir), FOUND(kv_dir)},
};

/* The first of these that is a folder: <fixtures>/K, <project>/.x07/fixtures/K, <project>/fixtures/K. */
static const char *
find(const struct run *run, const char *kind)
{
    const char *const places[] = {
        run->options.fixtures ? arena_printf(run->arena, "%s/%s", run->options.fixtures, kind) : "",
        arena_printf(run->arena, "%s/.x07/fixtures/%s", run->project_root, kind),
        arena_printf(run->arena, "%s/fixtures/%s", run->project_root, kind),
    };

    for (size_t i = 0; i < COUNT(places); i++)
        if (places[i][0] && file_is_dir(places[i]))
            return places[i];
    return NULL;
}

struct error *
run_find_fixtures(struct run *run)
{
    const struct run_fixtures *found = &run->fixtures;

    if (strcmp(run->runner_key, "host") != 0)
        return NULL;
    for (size_t i = 0; i < COUNT(kinds); i++) {
        const char *named = *(const char *const *)(const void *)((const char *)&run->options + kinds[i].flag);
        const char **place = (const char **)(void *)((char *)&run->fixtures + kinds[i].found);
        *place = named ? named : find(run, kinds[i].name);
        if (!*place && strncmp(run->world, "solve-", 6) == 0 && strcmp(run->world + 6, kinds[i].name) == 0)
            return error_new("E_FIXTURES",
                             "%s requires a fixture %s dir (set --fixture-%s-dir or --fixtures)", run->world,
                             kinds[i].name, kinds[i].name);
    }
    if (strcmp(run->world, "solve-full") == 0 && (!found->fs_dir || !found->rr_dir || !found->kv_dir))
        return error_new("E_FIXTURES", "solve-full requires fs/rr/kv fixture dirs (set --fixtures or the "
                                       "per-world flags)");
    return NULL;
}

struct error *
run_place_fixtures(struct run *run)
{
    const struct run_options *options = &run->options;
    const struct run_fixtures *found = &run->fixtures;
    bool all = strcmp(run->world, "solve-full") == 0;
    struct fixtures fixtures = {0};

    if (all || strcmp(run->world, "solve-fs") == 0) {
        fixtures.fs_dir = found->fs_dir;
        fixtures.fs_root = options->fixture_fs_root;
        fixtures.fs_latency_index = options->fixture_fs_latency_index;
    }
    if (all || strcmp(run->world, "solve-rr") == 0)
        fixtures.rr_dir = found->rr_dir;
    if (all || strcmp(run->world, "solve-kv") == 0) {
        fixtures.kv_dir = found->kv_dir;
        fixtures.kv_seed = options->fixture_kv_seed;
    }
    if (!fixtures.fs_dir && !fixtures.rr_dir && !fixtures.kv_dir)
        return NULL;
    return host_place_fixtures(run->host, &fixtures, &run->fixtures.placed);
}
