/* print_trap.c: the line of a trap. Apart from print.c for the same reason. */
#include "internal.h"

static void
print(const char *text)
{
    rt_print(text, strlen(text));
}

void
rt_print_trap(const char *text, const char *at)
{
    print(text);
    if (at) {
        print(" ptr=");
        print(at);
    }
    print("\n");
}
