/* index.h: a sparse package index: where it is, and what lies where in it.
 * Knows the layout; knows nothing of projects. Everything lives in the arena that it was opened with. One
 * thread. */
#ifndef PACKAGE_INDEX_H
#define PACKAGE_INDEX_H

#include "package/entries.h"
#include "package/transfer.h"
#include "package/url.h"

struct index {
    struct arena *arena;
    const char *given;     /* as the user wrote it */
    const char *canonical; /* "sparse+" and the URL in normal form: names the index's token */
    struct url url;
    const char *token; /* or NULL */
    const char *dl;    /* with their final '/'; NULL before index_load_config */
    const char *api;
};

/* Reads an index's URL; `given` NULL: X07_PKG_INDEX_URL. Nothing is fetched. Error X07PKG_INDEX_CONFIG, also
 * when no index is set. */
struct error *index_open(struct arena *arena, const char *given, struct index *index);

/* What X07_PKG_INDEX_URL says, or NULL. In `arena`. */
const char *index_default(struct arena *arena);

/* Fetches config.json, unless that was done. Error X07PKG_INDEX_CONFIG, E_INTERRUPTED. */
struct error *index_load_config(struct index *index, struct transfers *transfers);

/* Prepares the transfer of a package's entries file; the caller sets done and context and adds it. Error
 * X07PKG_INDEX_FETCH for a name that no index has. */
struct error *index_entries_transfer(const struct index *index, const char *name, struct transfer *transfer);

/* What a finished one brought. Frees its body. Error X07PKG_INDEX_FETCH. */
struct error *index_entries_take(const struct index *index, const char *name, struct transfer *transfer,
                                 struct index_entries *entries);

/* Fetches the entries of one package. Errors X07PKG_INDEX_FETCH, E_INTERRUPTED. */
struct error *index_fetch_entries(const struct index *index, struct transfers *transfers, const char *name,
                                  struct index_entries *entries);

/* Prepares the transfer of an archive into `file`. */
void index_archive_transfer(const struct index *index, const char *name, const char *version,
                            const char *file, struct transfer *transfer);

/* The token, if it may be sent to this URL: only where the index itself is. */
const char *index_token_for(const struct index *index, const char *url);

#endif
