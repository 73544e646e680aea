/* fetch.c: see fetch.h. */
#include "package/fetch.h"

#include "base/file.h"
#include "base/quote.h"
#include "base/sha256.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* One package on its way. */
struct fetch {
    struct supply *supply;
    const struct dependency *dependency;
    const struct index_entry *entry;
    const char *place, *archive, *part;
    struct transfer transfer;
    struct error *error;
};

static void begin_download(struct fetch *fetch);

static struct error *
wrap_download(const struct fetch *fetch, struct error *error)
{
    struct arena *arena = fetch->supply->arena;

    if (!error)
        return NULL;
    struct error *outer =
        error_new("X07PKG_DOWNLOAD_FAILED", "download %s@%s: %s (hint: check network access and index URL)",
                  quote_string(arena, fetch->dependency->name),
                  quote_string(arena, fetch->dependency->version), error->message);
    error_free(error);
    return outer;
}

/* Whether the part is the archive that the index means. One that was continued may have begun as something
 * else: then it is fetched once more, from its start. */
static void
on_archive(struct transfer *transfer, void *context)
{
    struct fetch *fetch = context;
    struct error *error = transfer->error;
    bool same = false, again = transfer->continued;
    char actual[SHA256_HEX];

    transfer->error = NULL;
    /* What is too large is no beginning to continue from. */
    if (error && strcmp(error->code, "E_TRANSFER_LIMIT") == 0)
        unlink(fetch->part);
    if (!error)
        error = install_check_digest(fetch->part, fetch->entry->cksum, actual, &same);
    if (!error && !same) {
        unlink(fetch->part);
        if (again) {
            begin_download(fetch);
            return;
        }
        error = error_new("X07PKG_DOWNLOAD_FAILED", "download sha256 mismatch for %s@%s: expected %s got %s",
                          fetch->dependency->name, fetch->dependency->version, fetch->entry->cksum, actual);
    }
    if (!error && rename(fetch->part, fetch->archive) < 0)
        error = error_errno("E_INSTALL", "write %s", fetch->archive);
    fetch->error = wrap_download(fetch, error);
}

static void
begin_download(struct fetch *fetch)
{
    index_archive_transfer(&fetch->supply->index, fetch->dependency->name, fetch->dependency->version,
                           fetch->part, &fetch->transfer);
    fetch->transfer.done = on_archive;
    fetch->transfer.context = fetch;
    transfers_add(fetch->supply->transfers, &fetch->transfer);
}

/* An archive in the cache that is not what its name says is no download's fault: it is not repaired silently.
 */
static struct error *
check_cached(const struct fetch *fetch)
{
    char actual[SHA256_HEX];
    bool same = false;
    struct error *error = install_check_digest(fetch->archive, fetch->entry->cksum, actual, &same);

    if (error || same)
        return error;
    return error_new("E_INSTALL", "cached archive sha256 mismatch: expected %s got %s (%s)",
                     fetch->entry->cksum, actual, fetch->archive);
}

/* Finds out what is to be downloaded, and begins unless it is there already. Two that want the same archive
 * share it. */
static struct error *
begin(struct fetch *fetch, struct installer *installer, const struct fetch *others, size_t count)
{
    const struct dependency *dependency = fetch->dependency;
    struct error *error = install_place(installer, dependency->path, &fetch->place);

    if (!error)
        error = supply_entry(fetch->supply, dependency->name, dependency->version, &fetch->entry);
    if (!error)
        error = install_cache_paths(installer, fetch->entry->cksum, &fetch->archive, &fetch->part);
    if (error)
        return error;
    for (size_t i = 0; i < count; i++)
        if (others[i].entry && strcmp(others[i].entry->cksum, fetch->entry->cksum) == 0)
            return NULL;
    if (file_is_regular(fetch->archive))
        return check_cached(fetch);
    begin_download(fetch);
    return NULL;
}

static struct error *
prefetch_entries(struct supply *supply, struct dependency *const *missing, size_t count)
{
    const char **names = ARENA_ARRAY(supply->arena, const char *, count);

    for (size_t i = 0; i < count; i++)
        names[i] = missing[i]->name;
    return supply_prefetch(supply, names, count);
}

/* The first failure in the order of the packages, whatever came first on the net. */
static struct error *
take_error(struct fetch *fetches, size_t count)
{
    struct error *first = NULL;

    for (size_t i = 0; i < count; i++) {
        if (first)
            error_free(fetches[i].error);
        else
            first = fetches[i].error;
        fetches[i].error = NULL;
    }
    return first;
}

static struct error *
install_all(struct fetch *fetches, size_t count, struct installer *installer, struct fetched ***end)
{
    for (size_t i = 0; i < count; i++) {
        const struct dependency *dependency = fetches[i].dependency;
        struct error *error = install_archive(installer, fetches[i].archive, dependency->name,
                                              dependency->version, fetches[i].place);
        if (error)
            return error;
        struct fetched *fetched = ARENA_NEW(installer->arena, struct fetched);
        *fetched = (struct fetched){dependency->name, dependency->version, dependency->path,
                                    fetches[i].entry->cksum, NULL};
        **end = fetched;
        *end = &fetched->next;
    }
    return NULL;
}

struct error *
fetch_packages(struct supply *supply, struct installer *installer, struct dependency *const *missing,
               size_t count, struct fetched ***end)
{
    struct fetch *fetches = ARENA_ARRAY(supply->arena, struct fetch, count);
    struct error *error = supply_open(supply);

    if (!error)
        error = prefetch_entries(supply, missing, count);
    if (error)
        return error;
    for (size_t i = 0; i < count; i++) {
        fetches[i].supply = supply;
        fetches[i].dependency = missing[i];
        fetches[i].error = begin(&fetches[i], installer, fetches, i);
    }
    error = transfers_run(supply->transfers);
    struct error *failed = take_error(fetches, count);
    if (error) {
        error_free(failed);
        for (size_t i = 0; i < count; i++)
            error_free(fetches[i].transfer.error);
        return error;
    }
    return failed ? failed : install_all(fetches, count, installer, end);
}
