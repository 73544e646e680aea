/* url.h: the addresses of an index and of what it points to.
 * Knows the form of file, http and https URLs; knows nothing of transfers. Any thread. */
#ifndef PACKAGE_URL_H
#define PACKAGE_URL_H

#include "base/arena.h"
#include "base/text.h"

#include <stdbool.h>

/* A URL in normal form: scheme and host in lower case, no default port, no "." or ".." segments. The strings
 * live in the arena that it was read with. */
struct url {
    const char *text;   /* the whole of it */
    const char *scheme; /* "file", "http", "https", or another */
    const char *origin; /* scheme, host and port: "https://host:8080" */
    const char *path;   /* from its first '/'; percent escapes as they were */
};

/* Reads an absolute URL. User names, queries, fragments, white space and backslashes are refused, so that no
 * reader of the same text can see another host in it. Returns false and appends what is wrong. */
bool url_read(struct arena *arena, const char *text, struct url *url, struct text *message);

/* Appends `segment` with everything escaped that is not a letter, a digit or one of -._~+ */
void url_append_escaped(struct text *text, const char *segment);

/* The file behind the path of a file URL, escapes decoded; NULL when an escape is bad or hides a NUL. */
const char *url_file_path(struct arena *arena, const struct url *url);

#endif
