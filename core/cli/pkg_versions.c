/* pkg_versions.c: `x07 pkg versions`. */
#include "base/quote.h"
#include "cli/options.h"
#include "cli/pkg.h"
#include "cli/pkg_report.h"
#include "package/semver.h"
#include "package/spec.h"

#include <stdlib.h>

struct versions_options {
    const char *index;
    struct option_list names;
};

#define AT(member) offsetof(struct versions_options, member)

static const struct option options[] = {
    {"index", "URL", OPTION_VALUE, AT(index), .help = "Package index (default X07_PKG_INDEX_URL)"},
};

static const struct option_table table = {
    .command = "x07 pkg versions",
    .summary = "List the versions of a package",
    .options = options,
    .count = sizeof options / sizeof options[0],
    .trailing_name = "NAME",
    .trailing_offset = AT(names),
    .interleaved = true,
};

static int
compare_versions(const void *left, const void *right)
{
    return semver_compare(((const struct index_entry *)left)->version,
                          ((const struct index_entry *)right)->version);
}

static void
write_advisories(x07_json *json, const struct json_list *advisories)
{
    const struct lock_advisory *items = advisories->items;

    if (!advisories->count)
        return;
    x07_json_name(json, "advisories_count");
    x07_json_uint(json, advisories->count);
    x07_json_name(json, "advisories");
    x07_json_begin(json, '[');
    for (size_t i = 0; i < advisories->count; i++) {
        x07_json_begin(json, '{');
        pkg_write_string(json, "id", items[i].id);
        pkg_write_string(json, "kind", items[i].kind);
        pkg_write_string(json, "severity", items[i].severity);
        pkg_write_string(json, "summary", items[i].summary);
        if (items[i].url)
            pkg_write_string(json, "url", items[i].url);
        x07_json_end(json, '}');
    }
    x07_json_end(json, ']');
}

static void
write_result(x07_json *json, const char *index, const char *name, const struct index_entry *entries,
             size_t count)
{
    x07_json_begin(json, '{');
    pkg_write_string(json, "index", index);
    pkg_write_string(json, "name", name);
    x07_json_name(json, "versions");
    x07_json_begin(json, '[');
    for (size_t i = 0; i < count; i++) {
        x07_json_begin(json, '{');
        pkg_write_string(json, "version", entries[i].version);
        x07_json_name(json, "yanked");
        x07_json_bool(json, entries[i].yanked.value);
        write_advisories(json, &entries[i].advisories);
        x07_json_end(json, '}');
    }
    x07_json_end(json, ']');
    x07_json_end(json, '}');
}

static struct error *
run(struct supply *supply, const char *given, x07_json *result)
{
    struct package_spec spec = {0};
    const struct index_entries *all = NULL;
    struct error *error = spec_check_name(given);

    spec.name = given;
    if (!error)
        error = supply_open(supply);
    if (!error)
        error = supply_entries(supply, spec.name, &all);
    if (error)
        return error;
    struct index_entry *valid = ARENA_ARRAY(supply->arena, struct index_entry, all->count + 1);
    size_t count = 0;
    for (size_t i = 0; i < all->count; i++)
        if (semver_is_valid(all->items[i].version))
            valid[count++] = all->items[i];
    if (!count)
        return error_new("X07PKG_INDEX_NO_MATCH", "no semver versions found for %s",
                         quote_string(supply->arena, spec.name));
    qsort(valid, count, sizeof *valid, compare_versions);
    write_result(result, supply->index.given, spec.name, valid, count);
    return NULL;
}

static int
run_versions(int argc, char **argv)
{
    struct versions_options settings = {0};
    struct supply supply;
    x07_json result = {0};
    int code;

    if (!options_start_text(&table, argc, argv, &settings, &code))
        return code;
    const char *name =
        pkg_argument(table.command, table.trailing_name, settings.names.items, settings.names.count);
    code = 2;
    if (name) {
        struct arena *arena = arena_new();
        supply_init(&supply, arena, settings.index, NULL);
        struct error *error = run(&supply, name, &result);
        supply_free(&supply);
        arena_free(arena);
        code = pkg_answer("pkg.versions", &result, error);
    }
    options_free(&table, &settings);
    return code;
}

const struct command pkg_versions_command = {.name = "versions", .run = run_versions, .options = &table};
