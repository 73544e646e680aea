/* ptrmap.h: a hash map from pointers to pointers. Zero-initialise it ({0}); free it with ptrmap_free. */
#ifndef BASE_PTRMAP_H
#define BASE_PTRMAP_H

#include <stddef.h>

struct ptrmap_entry {
    const void *key;
    void *value;
};

struct ptrmap {
    struct ptrmap_entry *entries;
    size_t capacity;
    size_t count;
};

/* NULL when the key is absent. */
void *ptrmap_get(const struct ptrmap *map, const void *key);

/* `key` must not be NULL. A NULL value is stored like any other. */
void ptrmap_set(struct ptrmap *map, const void *key, void *value);

void ptrmap_free(struct ptrmap *map);

#endif
