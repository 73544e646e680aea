/* fixture_documents.h: the JSON that people write latencies and stores in, as the files that compiled
 * programs read. Knows no folders. */
#ifndef HOST_FIXTURE_DOCUMENTS_H
#define HOST_FIXTURE_DOCUMENTS_H

#include "base/error.h"
#include "base/text.h"

#include <stdbool.h>

/* Whether programs may name a file so: relative, without empty segments, ".", "..", those that begin with
 * ".x07_", NUL and "\". */
bool fixture_path_is_safe(const char *path, size_t len);

/* x07.fs.latency@0.1.0 to the index of latencies (X7FL). `path` names the document in errors, E_FIXTURES. */
struct error *fixture_latency_index(const char *path, const struct text *json, struct text *index);

/* x07.kv.seed@0.1.0 to the store (X7KV) and its index of latencies (X7KL). The same errors. */
struct error *fixture_seed(const char *path, const struct text *json, struct text *seed, struct text *index);

#endif
