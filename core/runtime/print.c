/* print.c: stderr. Apart from everything else, so that a program can bring a silent rt_print and
 * rt_print_trap of its own and needs no stderr. */
#include "internal.h"

#include <errno.h>
#include <unistd.h>

/* Best effort: there is nobody to tell when stderr does not take it. */
void
rt_print(const char *text, size_t len)
{
    while (len) {
        ssize_t n = write(STDERR_FILENO, text, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return;
        text += n;
        len -= (size_t)n;
    }
}
