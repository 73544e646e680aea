/* tar_write.h: the one form of tar archive that packages have: the same files give the same bytes.
 * Knows headers and padding; knows nothing of packages. Members are the caller's to sort. Any thread. */
#ifndef PACKAGE_TAR_WRITE_H
#define PACKAGE_TAR_WRITE_H

#include "base/text.h"

#include <stddef.h>

/* Appends a regular file of mode 0644 and time 0. `path` may have any length. */
void tar_append(struct text *archive, const char *path, const void *data, size_t len);

/* Appends the two zero blocks that end an archive. */
void tar_finish(struct text *archive);

#endif
