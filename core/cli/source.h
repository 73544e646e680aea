/* source.h: a document that a command reads, changes and puts back, without ever losing what was there.
 * Knows files; knows nothing of what is in them. */
#ifndef CLI_SOURCE_H
#define CLI_SOURCE_H

#include "base/error.h"
#include "base/text.h"

#include <stddef.h>
#include <sys/stat.h>

struct source {
    const char *path; /* the caller's */
    struct text text;
    struct stat status; /* of the file as it was read */
};

/* Reads a whole file. `source` must be zeroed; free it with source_free, also after an error. Messages begin
 * with the path. May be called from any thread, one source per thread. */
struct error *source_read(struct source *source, const char *path);

/* Puts new bytes in the place of the file, in one step: whatever happens, the file is the old one or the new
 * one, with its mode and its owner. A symbolic link stays; the file behind it is replaced. Refused, with the
 * file as it was, when it may not be written, is no regular file, has changed since it was read, or its owner
 * cannot be kept. */
struct error *source_replace(const struct source *source, const char *data, size_t len);

void source_free(struct source *source);

#endif
