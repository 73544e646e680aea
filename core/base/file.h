/* file.h: whole files in, whole files out, and temporary places.
 * Knows paths and descriptors; knows nothing of what is in a file.
 *
 * Every error's message begins with the path, e.g. "in.txt: No such file or directory (os error 2)"; callers
 * put what they were doing in front with error_wrap. Error codes: E_FILE_READ, E_FILE_WRITE, E_FILE_LIMIT.
 * Strings returned are the caller's to free. Every call may be used from any thread. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include "base/error.h"
#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define FILE_NO_LIMIT UINT64_MAX

/* Opens a file that the user named as input, without ever waiting for it: a directory and a named pipe that
 * no one has open for writing are errors. On success *fd is the caller's, in blocking mode; *size is the
 * length of a regular file and -1 for anything else (pipe, terminal, device). */
struct error *file_open_input(const char *path, int *fd, int64_t *size);

/* Appends the whole file to `out`; more than `limit` bytes are an error. Rules of file_open_input. */
struct error *file_read(const char *path, uint64_t limit, struct text *out);

/* As file_read, from an open descriptor; `name` stands in messages only. */
struct error *file_read_fd(int fd, const char *name, uint64_t limit, struct text *out);

/* Writes all of it, whatever the number of write calls. */
struct error *file_write_fd(int fd, const char *name, const void *data, size_t len);

/* A new content for `target` that nobody sees before file_draft_commit: a temporary file beside it. */
struct file_draft {
    int fd; /* open for writing until commit or discard */
    char *temporary;
    char *target;
};

/* Makes missing parent directories. A symbolic link is followed, so that the file behind it is replaced. An
 * existing regular target keeps its permissions; a new one gets `mode` under the umask. A target that is no
 * regular file (terminal, pipe, /dev/null) is written in place. On error nothing is left behind. */
struct error *file_draft_open(struct file_draft *draft, const char *target, mode_t mode);

/* Puts the draft in the target's place, in one step; `durable` asks for fsync first. Frees the draft either
 * way; on error the old target is untouched and the temporary file removed. */
struct error *file_draft_commit(struct file_draft *draft, bool durable);
void file_draft_discard(struct file_draft *draft);

/* Draft, write, commit (durable). */
struct error *file_replace(const char *target, const void *data, size_t len, mode_t mode);

/* Copies `from` over `to` in one step (not durable: for what can be made again), with the mode of `from`. */
struct error *file_copy(const char *from, const char *to);

/* mkdir -p. */
struct error *file_make_dirs(const char *path);

/* A fresh directory of mode 0700 beneath `base`, or beneath $TMPDIR (else /tmp) when `base` is NULL. */
struct error *file_make_temp_dir(const char *base, char **path);

/* Removes a file or a directory with all beneath it; symbolic links are not followed. Failures are ignored.
 */
void file_remove_tree(const char *path);

bool file_is_regular(const char *path);
bool file_is_dir(const char *path);

/* A relative path is looked for in the current directory and then in each one above it; when it is nowhere it
 * stays as it is. */
char *file_find_upward(const char *path);

/* "dir" and "name" to "dir/name"; an empty dir gives "name". */
char *file_join(const char *dir, const char *name);

/* What stands before the last '/', "/" for "/name", "" when there is none. */
char *file_parent(const char *path);

#endif
