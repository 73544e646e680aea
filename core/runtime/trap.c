/* trap.c: how a program ends when it must not go on. */
#include "internal.h"

#include <errno.h>
#include <sys/uio.h>
#include <unistd.h>

uint8_t x07_nothing[1];

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

static void
print(const char *text)
{
    rt_print(text, strlen(text));
}

void
x07_trap_at(x07_rt *rt, const char *text, const char *at)
{
    (void)rt;
    print(text);
    if (at) {
        print(" ptr=");
        print(at);
    }
    print("\n");
    __builtin_trap();
}

void
x07_trap(x07_rt *rt, const char *text)
{
    x07_trap_at(rt, text, NULL);
}

void
x07_trap_fuel(x07_rt *rt)
{
    x07_trap(rt, runtime_of(rt)->fuel_clamped ? "X07T_BUDGET_EXCEEDED_FUEL" : "fuel exhausted");
}

uint32_t
x07_fuel_rounds(int64_t fuel, int64_t cost)
{
    if (fuel <= 0 || cost <= 0)
        return 0;
    int64_t rounds = fuel / cost;
    return rounds < UINT32_MAX ? (uint32_t)rounds : UINT32_MAX;
}
