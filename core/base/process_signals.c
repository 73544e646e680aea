/* process_signals.c: the signals that are held back while a child runs. */
#include "base/process_child.h"

#include <signal.h>

void
process_signals(sigset_t *set)
{
    sigemptyset(set);
    sigaddset(set, SIGINT);
    sigaddset(set, SIGTERM);
    sigaddset(set, SIGHUP);
}

void
process_hold_signals(sigset_t *saved)
{
    sigset_t set;

    process_signals(&set);
    sigprocmask(SIG_BLOCK, &set, saved);
}

void
process_release_signals(const sigset_t *saved)
{
    sigprocmask(SIG_SETMASK, saved, NULL);
}

int
process_pending_signal(void)
{
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
    sigset_t set;

    sigpending(&set);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (sigismember(&set, numbers[i]))
            return numbers[i];
    return 0;
}
