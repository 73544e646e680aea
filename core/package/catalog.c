/* catalog.c: see catalog.h. */
#include "package/catalog.h"

#include <stdlib.h>
#include <string.h>

struct entry {
    const char *module;
    const char *package;
};

static const struct entry entries[] = {
#define MODULE(module, package) {module, package},
#include "package/catalog.def"
#undef MODULE
};

static int
compare(const void *key, const void *row)
{
    return strcmp(key, ((const struct entry *)row)->module);
}

const char *
catalog_find(const char *module)
{
    const struct entry *found =
        bsearch(module, entries, sizeof entries / sizeof entries[0], sizeof entries[0], compare);

    return found ? found->package : NULL;
}
