/* init_parts.h: what the files of `x07 init` share: one project on its way into the current folder. */
#ifndef CLI_INIT_PARTS_H
#define CLI_INIT_PARTS_H

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "cli/init_templates.h"

#include <stdbool.h>
#include <stddef.h>

enum { INIT_MAX_LINES = 32 };

/* A short list of strings that live in the arena. */
struct init_lines {
    const char *items[INIT_MAX_LINES];
    size_t count;
};

struct init_file {
    const char *path; /* relative */
    const char *text;
};

enum { INIT_MAX_FILES = 12 };

struct init {
    struct arena *arena;
    const char *root;                 /* the current folder, absolute */
    const struct init_template *kind; /* NULL: a package */
    const char *docs, *skills;        /* of the toolchain, absolute */
    struct init_file files[INIT_MAX_FILES];
    size_t file_count;
    struct init_lines created, notes, next_steps;
};

static inline void
init_say(struct init_lines *lines, const char *line)
{
    if (lines->count < INIT_MAX_LINES)
        lines->items[lines->count++] = line;
}

/* ---- init_files.c: what is written ---- */

/* Fill init->files, in the order of their creation. */
void init_project_files(struct init *init);
void init_package_files(struct init *init);

/* Name of the package that a folder of this name holds, and what its module is called behind "ext.". */
const char *init_package_name(struct arena *arena, const char *folder);
const char *init_package_tail(struct arena *arena, const char *package);

/* ---- init_agent.c: what is put beside it for those who work on the project ---- */

/* Finds init->docs and init->skills. Error X07INIT_AGENT. */
struct error *init_find_kit(struct init *init);

/* .gitignore: written, or what is missing in it appended. */
struct error *init_ignore_file(struct init *init);

/* x07-toolchain.toml, .agent and AGENT.md. */
struct error *init_kit(struct init *init);

/* Writes a new file and notes it. Error X07INIT_IO. */
struct error *init_write(struct init *init, const char *path, const char *text);

/* ---- init_lock.c: the template's packages ---- */

/* Fetches and locks them, and says what to do when that fails. Errors: X07INIT_PKG_LOCK, or those of a broken
 * disk, which are no outcome of the command. */
struct error *init_lock(struct init *init);

/* ---- init_mcp.c: templates that another program makes ---- */
struct error *init_mcp(struct init *init);

#endif
