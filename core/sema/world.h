/* world.h: the worlds a program can be compiled for and their capabilities (language chapter, section 9). */
#ifndef SEMA_WORLD_H
#define SEMA_WORLD_H

#include <stdbool.h>

struct world {
    const char *id;
    bool fs, rr, kv;
    bool os; /* standalone: os.* heads, unsafe and ffi where allowed */
};

/* NULL when there is no such world. */
const struct world *world_find(const char *id);

#endif
