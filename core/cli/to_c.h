/* to_c.h: from a program to files of C: what `x07 build`, `x07c build` and `x07c compile` share.
 * Knows projects and the compiler; knows nothing of repair and options. */
#ifndef CLI_TO_C_H
#define CLI_TO_C_H

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "host/host.h"

#include <stdbool.h>
#include <stdint.h>

struct to_c {
    struct arena *arena;
    struct host *host;
    const char *program; /* the entry document */
    const char *world;
    const char *const *roots; /* of modules */
    size_t root_count;
    bool os_roots;        /* and those of the world's standard library */
    const char *out;      /* where to write the C; NULL: standard output */
    const char *header;   /* where to write the header of a library for a C host; NULL: it is none */
    const char *mono_map; /* where to write the map of specialisations; NULL: nowhere */
    bool freestanding;
    uint64_t max_c_bytes; /* 0: the compiler's default */
};

/* Fills in program, world and roots of a project, whose lock must be right. Errors of project/project.h,
 * after "load project: ". */
struct error *to_c_project(struct to_c *to_c, const char *manifest);

/* What can be refused before the program is looked at. */
struct error *to_c_check(const struct to_c *to_c);

/* Compiles the text of the entry document and writes what was asked for. Nothing is written unless it
 * compiles. Errors E_COMPILE "compile failed: Kind: message", or those of the file system. */
struct error *to_c_write(const struct to_c *to_c, const struct text *source);

#endif
