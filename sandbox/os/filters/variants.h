/* variants.h: what a filter depends on. A variant is a sum of these. */
#ifndef FILTERS_VARIANTS_H
#define FILTERS_VARIANTS_H

enum {
    VARIANT_SPAWN = 1 << 0,
    VARIANT_THREADS = 1 << 1,
    VARIANT_MONITOR = 1 << 2,
    VARIANT_BROKER = 1 << 3,       /* sockets by way of the broker */
    VARIANT_HOST_NETWORK = 1 << 4, /* sockets as they are; not with the one before */
    VARIANT_BARE = 1 << 5,         /* no view and perhaps no namespaces: only with THREADS */
    VARIANT_COUNT = 1 << 6
};

#endif
