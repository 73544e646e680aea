/* catalog.h: the packages that are known to provide modules, for hints; compiled in, so it needs no network.
 * Knows names; knows nothing of package files or the index. Any thread. */
#ifndef PACKAGE_CATALOG_H
#define PACKAGE_CATALOG_H

/* "name@version" of the package that provides the module, or NULL. Static storage. */
const char *catalog_find(const char *module);

#endif
