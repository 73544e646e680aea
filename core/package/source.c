/* source.c: see source.h. */
#include "package/source.h"

#include "base/quote.h"

#include <string.h>

struct source_package {
    const char *name;
    struct source *source;
    struct transfer transfer;
    struct index_entries entries;
    bool known;
    struct error *error; /* why it is not known */
    struct source_package *next;
};

void
source_init(struct source *source, struct arena *arena, const char *given, const char *label)
{
    *source = (struct source){.arena = arena, .given = given, .transfers = transfers_new(label)};
}

void
source_free(struct source *source)
{
    transfers_free(source->transfers);
    for (struct source_package *package = source->packages; package; package = package->next) {
        text_free(&package->transfer.body);
        error_free(package->transfer.error);
        error_free(package->error);
    }
    *source = (struct source){0};
}

struct error *
source_open(struct source *source)
{
    struct error *error = NULL;

    if (!source->used)
        error = index_open(source->arena, source->given, &source->index);
    if (error)
        return error;
    source->used = true;
    return index_load_config(&source->index, source->transfers);
}

static struct source_package *
find_package(const struct source *source, const char *name)
{
    for (struct source_package *package = source->packages; package; package = package->next)
        if (strcmp(package->name, name) == 0)
            return package;
    return NULL;
}

static void
on_entries(struct transfer *transfer, void *context)
{
    struct source_package *package = context;

    package->error = index_entries_take(&package->source->index, package->name, transfer, &package->entries);
    package->known = !package->error;
}

static void
begin(struct source *source, const char *name)
{
    struct source_package *package = ARENA_NEW(source->arena, struct source_package);

    package->name = name;
    package->source = source;
    package->next = source->packages;
    source->packages = package;
    package->error = index_entries_transfer(&source->index, name, &package->transfer);
    if (package->error)
        return;
    package->transfer.done = on_entries;
    package->transfer.context = package;
    transfers_add(source->transfers, &package->transfer);
}

struct error *
source_prefetch(struct source *source, const char *const *names, size_t count)
{
    bool any = false;

    for (size_t i = 0; i < count; i++)
        if (!find_package(source, names[i])) {
            begin(source, names[i]);
            any = true;
        }
    /* What is known needs no waiting for other transfers. */
    return any ? transfers_run(source->transfers) : NULL;
}

struct error *
source_entries(struct source *source, const char *name, const struct index_entries **entries)
{
    struct error *error = source_prefetch(source, &name, 1);
    struct source_package *package = find_package(source, name);

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
source_entry(struct source *source, const char *name, const char *version, const struct index_entry **entry)
{
    const struct index_entries *entries;
    struct error *error = source_entries(source, name, &entries);

    if (error)
        return error;
    *entry = entries_find(entries, name, version);
    if (*entry)
        return NULL;
    return error_new("X07PKG_INDEX_NO_MATCH", "no index entry for %s@%s (hint: run `x07 pkg versions %s`)",
                     quote_string(source->arena, name), quote_string(source->arena, version), name);
}
