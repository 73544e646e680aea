/* fetch.h: brings missing packages to where the project looks for them.
 * Knows the index and the installer; knows nothing of requirements. */
#ifndef PACKAGE_FETCH_H
#define PACKAGE_FETCH_H

#include "package/dependencies.h"
#include "package/install.h"
#include "package/supply.h"

/* A package that was fetched, for reports. */
struct fetched {
    const char *name, *version, *path, *sha256;
    struct fetched *next;
};

/* Downloads, all at once, and installs, in the order given. Those after the first that fails are not
 * installed. Appends to the list that `end` is the end of. Errors X07PKG_INDEX_CONFIG, X07PKG_INDEX_FETCH,
 * X07PKG_INDEX_NO_MATCH, X07PKG_DOWNLOAD_FAILED, X07PKG_ARCHIVE_..., E_INSTALL, E_INTERRUPTED. */
struct error *fetch_packages(struct supply *supply, struct installer *installer,
                             struct dependency *const *missing, size_t count, struct fetched ***end);

#endif
