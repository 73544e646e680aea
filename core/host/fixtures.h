/* fixtures.h: the folder in which a program of a deterministic world runs: a copy of what its world consists
 * of, in the places that the runtime knows. Knows no worlds and no options. */
#ifndef HOST_FIXTURES_H
#define HOST_FIXTURES_H

#include "host/host.h"

/* What there is of each kind; NULL: nothing of that kind, or no such part. The paths of the second row lie
 * beneath the folder before them. */
struct fixtures {
    const char *fs_dir, *rr_dir, *kv_dir;
    const char *fs_root;          /* the folder whose content the program sees; NULL: fs_dir itself */
    const char *fs_latency_index; /* a JSON document */
    const char *kv_seed;          /* the same; not looked at when kv_dir has a seed.evkv */
};

/* Makes the folder, which nobody may write to. It lives as long as the host, and so does the string. Errors
 * E_FIXTURES and those of the file system. */
struct error *host_place_fixtures(struct host *host, const struct fixtures *fixtures, const char **folder);

#endif
