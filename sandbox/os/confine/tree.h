/* tree.h: detached mounts: copies of parts of this file system, and new ones. Thin over the system calls.
 * Every call that returns a descriptor returns -1 with errno when it fails. */
#ifndef CONFINE_TREE_H
#define CONFINE_TREE_H

#include <stdbool.h>
#include <stdint.h>

/* What a mount allows beyond reading. Set-user-id bits never count. */
enum { TREE_WRITE = 1 << 0, TREE_EXECUTE = 1 << 1, TREE_DEVICES = 1 << 2 };

/* A copy of what is mounted at and beneath a path, which may be a file. Links in the path are followed. */
int tree_copy(const char *path);

/* The same for a path beneath the directory `above`, in which no link is followed. */
int tree_copy_beneath(const char *above, const char *path);

/* Holds everything in a detached mount to `allowed`; restrictions that it has already stay. 0, or -1. */
int tree_restrict(int tree, unsigned allowed, bool recursive);

/* A new file system in memory of at most `bytes`, or a view of the processes of this namespace. */
int tree_memory(uint64_t bytes);
int tree_processes(void);

/* Puts a detached mount onto what `target` refers to. 0, or -1. */
int tree_attach(int tree, int target);

/* Opens a path inside the root `root`, for reference only; links lead nowhere outside of it. */
int tree_inside(int root, const char *path);

#endif
