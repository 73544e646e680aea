/* caps.h: what the caps document of a file head allows, the error codes of the family, and what every head of
 * it checks first. */
#ifndef RUNTIME_OS_CAPS_H
#define RUNTIME_OS_CAPS_H

#include "place.h"

enum fs_code {
    FS_OK = 0,
    FS_POLICY_DENY = 60001,
    FS_DISABLED = 60002,
    FS_BAD_PATH = 60003,
    FS_BAD_CAPS = 60004,
    FS_BAD_HANDLE = 60005,
    FS_NOT_FOUND = 60010,
    FS_ALREADY_EXISTS = 60011,
    FS_NOT_DIR = 60012,
    FS_IS_DIR = 60013,
    FS_PERMISSION = 60014,
    FS_IO = 60015,
    FS_TOO_LARGE = 60016,
    FS_TOO_MANY_ENTRIES = 60017,
    FS_DEPTH_EXCEEDED = 60018,
    FS_SYMLINK_DENIED = 60019,
    FS_UNSUPPORTED = 60020,
};

struct fs_caps {
    uint32_t max_read, max_write, max_entries, max_depth;
    bool follow_links, create_parents, overwrite, atomic;
};

/* What a head needs of the policy beside the roots; see fs_begin. */
enum fs_need {
    FS_NEED_MKDIR = 1, /* creates directories */
    FS_NEED_REMOVE = 2,
    FS_NEED_RENAME = 4,
    FS_NEED_WALK = 8,
    FS_NEED_GLOB = 16,
    FS_LINKS_LATER = 32, /* whether links may be followed is asked by the head itself */
};

/* Reads the caps and asks the policy for `needs` and for following links. Returns a code or FS_OK. */
uint32_t rt_fs_begin(x07_rt *rt, x07_view caps, unsigned needs, struct fs_caps *out);

/* The same for a head that writes: its needs follow from the caps' flags. Nothing is appended atomically. */
uint32_t rt_fs_begin_write(x07_rt *rt, x07_view caps, bool append, struct fs_caps *out);

/* What FS_LINKS_LATER left open: true when the caps want links followed and the policy does not, and `code`
 * does not already say that the path was refused. */
bool rt_fs_links_denied(x07_rt *rt, const struct fs_caps *caps, uint32_t code);

/* Whether a file may be written where something lies already. With `directory_counts` a directory is an error
 * whatever the caps say. */
uint32_t rt_fs_check_target(const struct place *place, const struct fs_caps *caps, bool directory_counts);

/* The checks of a path: disabled, syntax, hidden, roots. On FS_OK `place` is open and `parents` were created.
 */
uint32_t rt_fs_place(x07_rt *rt, x07_view path, bool writing, bool parents, struct place *place);

/* The place of a file that `size` bytes are to go to: those checks, then the size, then the parents that the
 * caps want created. */
uint32_t rt_fs_place_to_write(x07_rt *rt, x07_view path, const struct fs_caps *caps, uint32_t size,
                              struct place *place);

/* The first three of these checks alone. On FS_OK `*clean` is to be freed, else it is NULL. */
uint32_t rt_fs_clean(x07_rt *rt, x07_view path, char **clean);

/* The code of an errno or PLACE_DENIED. */
uint32_t rt_fs_code(int error);

static inline x07_result_i32
fs_result(uint32_t code, uint32_t value)
{
    return code ? (x07_result_i32){0, code} : (x07_result_i32){1, value};
}

static inline x07_result_bytes
fs_failure(uint32_t code)
{
    return (x07_result_bytes){0, code, {x07_nothing, 0}};
}

#endif
