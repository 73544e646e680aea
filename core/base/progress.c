/* progress.c: see progress.h. */
#include "base/progress.h"

#include "base/clock.h"

#include <stdio.h>
#include <unistd.h>

enum { PROGRESS_MILLISECONDS = 100 };

void
progress_begin(struct progress *progress, const char *label)
{
    *progress = (struct progress){.label = label && isatty(STDERR_FILENO) ? label : NULL};
    progress->shown = progress->label ? clock_ms() : 0;
}

void
progress_show(struct progress *progress, size_t done, size_t count)
{
    int64_t now = progress->label ? clock_ms() : 0;

    if (!progress->label || now - progress->shown < PROGRESS_MILLISECONDS)
        return;
    progress->shown = now;
    progress->any = true;
    fprintf(stderr, "\r%s %zu/%zu", progress->label, done, count);
}

void
progress_end(const struct progress *progress)
{
    if (progress->any)
        fputs("\r\033[K", stderr);
}
