/* credentials.h: the tokens that indexes asked for, in a file of the user.
 * Knows the file; knows nothing of transfers. One thread. */
#ifndef PACKAGE_CREDENTIALS_H
#define PACKAGE_CREDENTIALS_H

#include "base/arena.h"
#include "base/error.h"

/* The token stored for an index, named by its canonical URL; NULL when there is none, or none that can be
 * sent. Lives in `arena`. What is wrong with the file is passed over. */
const char *credentials_find(struct arena *arena, const char *index);

/* Stores a token, which must not be empty, and keeps the others. The file is replaced in one step and is
 * readable by its owner alone. *path gets its path, in `arena`. Error E_CREDENTIALS: "missing HOME...", what
 * is wrong with the old file, the token or the disk. */
struct error *credentials_store(struct arena *arena, const char *index, const char *token, const char **path);

#endif
