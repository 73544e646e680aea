/* progress.h: a line "label done/count" on standard error while something long runs there.
 * Knows terminals; knows nothing of the work. On anything but a terminal nothing is shown. One thread. */
#ifndef BASE_PROGRESS_H
#define BASE_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct progress {
    const char *label; /* NULL: nothing is shown */
    int64_t shown;     /* when, in milliseconds */
    bool any;
};

/* `label` must outlive the progress; NULL: in silence. */
void progress_begin(struct progress *progress, const char *label);

/* Shows how far the work is, at most ten times a second. */
void progress_show(struct progress *progress, size_t done, size_t count);

/* Takes the line away. */
void progress_end(const struct progress *progress);

#endif
