/* unpack.h: takes a package archive apart, or refuses it.
 * Knows archives and files; knows nothing of packages. What comes from elsewhere is trusted in nothing: only
 * directories and regular files are accepted, with relative paths that stay where they are put.
 *
 * Errors, each in one line with the member's path:
 *   X07PKG_ARCHIVE_FORMAT     no tar archive, damaged, or cut off
 *   X07PKG_ARCHIVE_PATH       an empty or absolute path, ".", "..", not UTF-8, too long or too deep
 *   X07PKG_ARCHIVE_TYPE       a link, a device, a named pipe, a socket, a sparse file
 *   X07PKG_ARCHIVE_MODE       a set-user-id, set-group-id or sticky bit
 *   X07PKG_ARCHIVE_DUPLICATE  two members with one path, or one beneath another that is a file
 *   X07PKG_ARCHIVE_LIMIT      more than UNPACK_MAX_MEMBERS members or UNPACK_MAX_BYTES of content
 *   E_FILE_WRITE              the file system's
 * Any thread. */
#ifndef PACKAGE_UNPACK_H
#define PACKAGE_UNPACK_H

#include "base/error.h"

#include <stddef.h>

enum { UNPACK_MAX_MEMBERS = 20000, UNPACK_MAX_BYTES = 256 << 20 };

/* Unpacks the archive in the file `path` into `dir`, an empty directory. Modes and times are ignored. After
 * an error `dir` holds what came before it: it is the caller's to remove. */
struct error *unpack_file(const char *path, const char *dir);

/* The same for an archive in memory; `dir` NULL: it is only checked. */
struct error *unpack_memory(const void *data, size_t len, const char *dir);

#endif
