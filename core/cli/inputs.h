/* inputs.h: which files a command works on that takes files and directories.
 * Knows directories and names; opens no document. */
#ifndef CLI_INPUTS_H
#define CLI_INPUTS_H

#include "base/error.h"
#include "cli/options.h"

#include <stddef.h>

struct inputs {
    char **paths; /* as given, or the given directory's path with the rest behind it */
    size_t count;
};

/* Appends what `path` stands for: a file as it is; of a directory all files named *.x07.json beneath it, by
 * path, without following symbolic links and without the directories .git, .x07, target, .agent and .claude.
 * `inputs` starts as {0}. Errors: E_INPUTS, "collect
 * inputs: ...". */
struct error *inputs_add(struct inputs *inputs, const char *path);

/* inputs_add for every path of a list, then inputs_finish. */
struct error *inputs_add_all(struct inputs *inputs, const struct option_list *paths);

/* After the last inputs_add: keeps only the first of equal paths. An empty list is an error. */
struct error *inputs_finish(struct inputs *inputs);

void inputs_free(struct inputs *inputs);

#endif
