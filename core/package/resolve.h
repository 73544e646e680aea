/* resolve.h: completes the dependencies of a project: patches, missing packages, what they require.
 * Knows dependencies and where packages come from; knows nothing of lock files or commands. */
#ifndef PACKAGE_RESOLVE_H
#define PACKAGE_RESOLVE_H

#include "package/fetch.h"

struct resolve {
    struct dependencies *dependencies; /* changed in place */
    struct supply *supply;
    struct installer *installer;
    bool offline;
    struct fetched *fetched; /* what was fetched, in order; set here */
};

/* Works until every dependency is on disk and everything required is a dependency. Packages are installed on
 * the way and stay when a later step fails. Errors: X07PKG_PATCH_MISSING_DEP, X07PKG_LOCAL_MISSING_DEP,
 * X07PKG_OFFLINE_MISSING_DEP, those of fetch.h, and E_RESOLVE, E_PACKAGE, E_WORKSPACE for what is wrong in
 * the project or in a package. */
struct error *resolve_dependencies(struct resolve *resolve);

#endif
