/* fuzz_package.c: what comes from a package index: archives, entries, URLs, package manifests.
 *
 * The first byte of the input chooses the reader, the rest is what it reads. Archives are only checked, not
 * written. */
#include "package/entries.h"
#include "package/semver.h"
#include "package/unpack.h"
#include "package/url.h"
#include "project/package_manifest.h"

#include <stdlib.h>
#include <string.h>

static void
demand(int condition)
{
    if (!condition)
        abort();
}

static void
read_entries(struct arena *arena, const char *data, size_t size)
{
    struct index_entries entries;
    struct error *error = entries_read(arena, data, size, &entries);

    if (!error)
        for (size_t i = 0; i < entries.count; i++) {
            const struct index_entry *entry = &entries.items[i];
            demand(entries_find(&entries, entry->name, entry->version) == entry);
            const struct index_entry *latest = entries_latest(&entries, entry->name);
            demand(!latest || (semver_is_valid(latest->version) && !latest->yanked.value));
        }
    error_free(error);
}

/* A URL in normal form is read as itself. */
static void
read_url(struct arena *arena, const char *data, size_t size)
{
    struct text message = {0};
    struct url first, second;

    if (url_read(arena, arena_copy(arena, data, size), &first, &message)) {
        demand(url_read(arena, first.text, &second, &message));
        demand(strcmp(first.text, second.text) == 0 && strcmp(first.origin, second.origin) == 0);
        url_file_path(arena, &first);
    }
    text_free(&message);
}

static void
read_manifest(struct arena *arena, const char *data, size_t size)
{
    struct package_manifest manifest;

    error_free(
        package_manifest_parse(arena, "x07-package.json", arena_copy(arena, data, size), size, &manifest));
}

static void
check_archive(struct arena *arena, const char *data, size_t size)
{
    (void)arena;
    error_free(unpack_memory(data, size, NULL));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static void (*const readers[])(struct arena *, const char *, size_t) = {check_archive, read_entries,
                                                                            read_url, read_manifest};

    if (!size)
        return 0;
    struct arena *arena = arena_new();
    readers[data[0] % 4](arena, (const char *)data + 1, size - 1);
    arena_free(arena);
    return 0;
}
