/* patchset.h: patches of several files, applied beneath one directory.
 * Knows paths and patches; knows nothing of command lines. Not thread-safe in one patchset. */
#ifndef CLI_PATCHSET_H
#define CLI_PATCHSET_H

#include "ast/json.h"
#include "base/arena.h"
#include "base/error.h"

#include <stdbool.h>

struct patchset {
    struct arena *arena;
    const char *root; /* absolute, without symbolic links */
    bool write;
    struct patchset_target *targets; /* private: {0} at the start */
    size_t target_count;
};

/* Applies one patch to the file at `path` beneath the root; a file that is not there begins as {}. With
 * `write` the file is replaced in one step: x07AST documents in canonical form, other files as JSON with
 * sorted members on several lines. Without, later patches of the file see the result all the same. `patch`
 * must live as long as the arena. Nothing is changed on error. */
struct error *patchset_apply(struct patchset *set, const char *path, const struct ast_json *patch);

void patchset_free(struct patchset *set);

#endif
