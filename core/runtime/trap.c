/* trap.c: how a program ends when it must not go on. */
#include "internal.h"

uint8_t x07_nothing[1];

void
x07_trap_at(x07_rt *rt, const char *text, const char *at)
{
    (void)rt;
    rt_print_trap(text, at);
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
