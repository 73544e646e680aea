/* supply.c: see supply.h. */
#include "package/supply.h"

#include "base/quote.h"

#include <string.h>

struct supply_package {
    const char *name;
    struct supply *supply;
    struct transfer transfer;
    struct index_entries entries;
    bool known;
    struct error *error; /* why it is not known */
    struct supply_package *next;
};

void
supply_init(struct supply *supply, struct arena *arena, const char *given, const char *label)
{
    *supply = (struct supply){.arena = arena, .given = given, .transfers = transfers_new(label)};
}

void
supply_free(struct supply *supply)
{
    transfers_free(supply->transfers);
    for (struct supply_package *package = supply->packages; package; package = package->next) {
        text_free(&package->transfer.body);
        error_free(package->transfer.error);
        error_free(package->error);
    }
    *supply = (struct supply){0};
}

struct error *
supply_open(struct supply *supply)
{
    struct error *error = NULL;

    if (!supply->used)
        error = index_open(supply->arena, supply->given, &supply->index);
    if (error)
        return error;
    supply->used = true;
    return index_load_config(&supply->index, supply->transfers);
}

static struct supply_package *
find_package(const struct supply *supply, const char *name)
{
    for (struct supply_package *package = supply->packages; package; package = package->next)
        if (strcmp(package->name, name) == 0)
            return package;
    return NULL;
}

static void
on_entries(struct transfer *transfer, void *context)
{
    struct supply_package *package = context;

    package->error = index_entries_take(&package->supply->index, package->name, transfer, &package->entries);
    package->known = !package->error;
}

static void
begin(struct supply *supply, const char *name)
{
    struct supply_package *package = ARENA_NEW(supply->arena, struct supply_package);

    package->name = name;
    package->supply = supply;
    package->next = supply->packages;
    supply->packages = package;
    package->error = index_entries_transfer(&supply->index, name, &package->transfer);
    if (package->error)
        return;
    package->transfer.done = on_entries;
    package->transfer.context = package;
    transfers_add(supply->transfers, &package->transfer);
}

struct error *
supply_prefetch(struct supply *supply, const char *const *names, size_t count)
{
    bool any = false;

    for (size_t i = 0; i < count; i++)
        if (!find_package(supply, names[i])) {
            begin(supply, names[i]);
            any = true;
        }
    /* What is known needs no waiting for other transfers. */
    return any ? transfers_run(supply->transfers) : NULL;
}

struct error *
supply_entries(struct supply *supply, const char *name, const struct index_entries **entries)
{
    struct error *error = supply_prefetch(supply, &name, 1);
    struct supply_package *package = find_package(supply, name);

    if (error)
        return error;
    if (!package->known) {
        error = error_new(package->error->code, "%s", package->error->message);
        return error;
    }
    *entries = &package->entries;
    return NULL;
}

struct error *
supply_entry(struct supply *supply, const char *name, const char *version, const struct index_entry **entry)
{
    const struct index_entries *entries;
    struct error *error = supply_entries(supply, name, &entries);

    if (error)
        return error;
    *entry = entries_find(entries, name, version);
    if (*entry)
        return NULL;
    return error_new("X07PKG_INDEX_NO_MATCH", "no index entry for %s@%s (hint: run `x07 pkg versions %s`)",
                     quote_string(supply->arena, name), quote_string(supply->arena, version), name);
}
