/* x07rt_library.h: what the C of a program that is compiled as a library includes; see x07rt_embed.h for what
 * the library offers to its host. */
#ifndef X07RT_LIBRARY_H
#define X07RT_LIBRARY_H

#include "x07rt.h"
#include "x07rt_embed.h"

/* The whole of x07_solve_v2 but for the program, whose `memory` is not used. */
bytes_t x07_embed(const x07_program *program, uint8_t *arena, uint32_t cap, const uint8_t *input,
                  uint32_t len);

#endif
