/* input: hi */
/* output: hi */
/* stderr: {"fuel_used":2,"heap_used":4, */
#include <x07rt.h>

static x07_bytes
solve(x07_rt *rt)
{
    rt->fuel -= 2;
    return x07_view_to_bytes(rt, rt->input);
}

int
main(void)
{
    static const x07_program program = {.solve = solve, .fuel = 50000000, .memory = 67108864};

    return x07_main(&program);
}
