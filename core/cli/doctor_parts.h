/* doctor_parts.h: what the files of `x07 doctor` share. Not for other commands. */
#ifndef CLI_DOCTOR_PARTS_H
#define CLI_DOCTOR_PARTS_H

#include "base/arena.h"
#include "base/json_out.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>

/* Columns of the tables of commands that mend. */
enum distro { DISTRO_DEBIAN, DISTRO_FEDORA, DISTRO_ARCH, DISTRO_OTHER, DISTROS };

/* A command's state. Texts live in the arena. */
struct doctor {
    struct arena *arena;
    x07_json report;
    const char *suggestions[64];
    size_t suggestion_count;
    const char *distro_id; /* NULL: unknown */
    enum distro distro;
    bool ok; /* nothing that everybody needs is missing */
};

/* The text as a string of the arena; frees it. */
const char *doctor_take(struct doctor *doctor, struct text *text);

/* Adds a member with a string. */
void doctor_string(x07_json *json, const char *name, const char *value);

/* Adds a row to the open array of checks. */
void doctor_check(struct doctor *doctor, const char *name, bool ok, const char *detail);

/* Notes what the user can do; `suggestion` lives as long as the arena. */
void doctor_suggest(struct doctor *doctor, const char *suggestion);

/* Finds the distribution: sets distro_id and distro. */
void doctor_find_distro(struct doctor *doctor);

/* Adds the member "platform". */
void doctor_platform(struct doctor *doctor);

/* Adds the rows of plugins and of each sandbox backend's probe. */
void doctor_plugins(struct doctor *doctor);

#endif
