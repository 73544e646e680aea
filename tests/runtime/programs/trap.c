/* input: abc */
/* status: 132 */
/* stderr: view.slice oob ptr=/decls/0/body */
#include <x07rt.h>

static x07_bytes
solve(x07_rt *rt)
{
    return x07_bytes_slice(rt, rt->input, 2, 2, "/decls/0/body");
}

int
main(void)
{
    static const x07_program program = {.solve = solve, .fuel = 50000000, .memory = 67108864};

    return x07_main(&program);
}
