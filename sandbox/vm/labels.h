/* labels.h: what a run is called. Knows files and texts; knows nothing of machines. */
#ifndef VM_LABELS_H
#define VM_LABELS_H

#include "vm.h"

#include <x07/json_writer.h>

enum { LABELS_INSTANCE = 128 + 1 };

#define LABELS_FILE "labels.json"

struct labels {
    const char *run_id;
    const char *instance;
    const char *image_digest; /* as the user pinned it; NULL: it is not */
    int64_t created_ms;
    int64_t deadline_ms;
};

/* The id of this installation, which the first run makes. Errors: X07_E_ARGUMENT somebody wrote nonsense
 * there; X07_E_IO. */
x07_status labels_read_instance(const x07_host *host, const struct settings *settings,
                                char instance[LABELS_INSTANCE]);
/* Errors: X07_E_ARGUMENT, in the words of the reference. */
x07_status labels_check(const x07_host *host, const char *key, const char *value);
/* Checks them and writes them into the run's folder. */
x07_status labels_write(const x07_host *host, const char *folder, const struct labels *labels);
/* Writes those of a folder as an object; an empty one when there are none. */
void labels_tell(const char *folder, x07_json *json);

#endif
