/* files.h: the parts of x07-vm-files, which serves the shared roots of a guest: it reads FUSE requests of the
 * guest's kernel from its standard input, a socket, does what they ask beneath the roots and nowhere else,
 * and answers there.
 *
 *   wire     requests in, replies out
 *   nodes    what the guest's kernel knows by number
 *   beneath  from a node to an open file
 *   handles  what the guest has open
 *   names    calls on names: look up, make, remove, rename
 *   data     calls on open files and folders
 *   status   calls on what files are: attributes, access, space
 *   calls    the table of calls, and INIT
 *
 * The guest is not trusted: whoever took its kernel over writes what it likes. Lengths, numbers and names are
 * checked; the kernel resolves every path beneath its root and through no link; and the whole process runs
 * within the boundary of the backend "os", where only the roots can be seen. One thread. */
#ifndef VM_FILES_FILES_H
#define VM_FILES_FILES_H

#include <linux/fuse.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

enum {
    FILES_WRITE_MAX = 1 << 20,             /* bytes of one read or write */
    FILES_REQUEST_MAX = (1 << 20) + 65536, /* bytes of one request with its header */
    FILES_NODES_MAX = 1 << 20,
    FILES_HANDLES_MAX = 1 << 13,
    FILES_NAME_MAX = 255
};

/* A shared root; lives as long as the process. */
struct root {
    int folder;       /* the root itself, or where its file lies; -1: it is not there */
    const char *file; /* the file's name when the root is one file; else NULL */
    bool writable;
};

/* ---- nodes.c ------------------------------------------------------------------------------------------- */

/* What the guest's kernel knows: a name in a folder. */
struct node {
    uint64_t id;
    const struct root *root;
    struct node *parent; /* NULL: a root, or nothing that can be found any more */
    char *name;          /* NULL: a root */
    struct node *next;   /* of the same hash */
    uint64_t lookups;    /* how often the guest was told the number */
    uint32_t children;   /* nodes whose parent this is */
    dev_t device;        /* which file it was when it was last looked up */
    ino_t inode;
};

struct nodes {
    struct node **slots; /* by the lower half of their number */
    uint32_t *ages;      /* the upper half of the next number in that slot */
    uint32_t slot_count;
    uint32_t used; /* slots that have ever been used */
    uint32_t *free;
    uint32_t free_count;
    struct node **names; /* by parent and name */
};

/* Makes the nodes of the roots: the first has the number FUSE_ROOT_ID + 1. Ends the process without memory.
 */
void nodes_open(struct nodes *nodes, const struct root *roots, size_t count);
/* NULL: there is none of that number. */
struct node *nodes_find(const struct nodes *nodes, uint64_t id);
/* The node of a name, if the guest knows one. */
struct node *nodes_at(const struct nodes *nodes, const struct node *parent, const char *name);
/* The node of a name, made if need be, with one more lookup. A node of another file gives way. NULL: too
 * many. */
struct node *nodes_look_up(struct nodes *nodes, struct node *parent, const char *name,
                           const struct stat *found);
/* What was there is somewhere else now; what the guest knew there is gone. */
void nodes_move(struct nodes *nodes, struct node *node, struct node *parent, const char *name);
void nodes_exchange(struct nodes *nodes, struct node *left, struct node *right);
/* Its name leads to it no more. */
void nodes_lose(struct nodes *nodes, struct node *node);
void nodes_forget(struct nodes *nodes, uint64_t id, uint64_t lookups);

/* ---- beneath.c ----------------------------------------------------------------------------------------- */

/* Opens what a node is, through no link. Returns a descriptor or -errno. */
int beneath_open(const struct node *node, int flags);
/* Opens or makes a name in an open folder. */
int beneath_open_name(int folder, const char *name, int flags, mode_t mode);
/* How many folders lie between a root and what is in this node. */
unsigned beneath_depth(const struct node *node);

/* ---- handles.c ----------------------------------------------------------------------------------------- */

struct handle {
    int file; /* -1: free */
    uint64_t node;
    bool is_folder;
};

struct handles {
    struct handle *items;
    size_t count;
};

/* Takes the descriptor over. Returns the handle's number or -errno. */
int64_t handles_add(struct handles *handles, int file, uint64_t node, bool is_folder);
/* The descriptor, or -EBADF. */
int handles_file(const struct handles *handles, uint64_t number, uint64_t node, bool is_folder);
void handles_close(struct handles *handles, uint64_t number, uint64_t node);
/* Any open file of a node; -1: none. */
int handles_of(const struct handles *handles, uint64_t node);

/* ---- calls.c ------------------------------------------------------------------------------------------- */

struct server {
    struct root *roots;
    size_t root_count;
    struct nodes nodes;
    struct handles handles;
    uint32_t minor; /* of the guest's protocol; 0: there was no INIT yet */
    char *request;  /* FILES_REQUEST_MAX and a byte */
    char *reply;    /* FILES_REQUEST_MAX */
};

/* One request on its way. */
struct call {
    struct server *server;
    const struct fuse_in_header *header;
    struct node *node; /* NULL: the folder of all roots */
    const char *body;
    size_t body_size;
    char *out; /* room for FILES_WRITE_MAX and more */
    size_t out_size;
    bool is_silent; /* this call has no reply */
};

/* Does what a request asks, into call->out. Returns 0 or -errno. */
int calls_do(struct call *call);

/* ---- names.c, data.c, status.c: one function per call; 0 or -errno ------------------------------------- */

/* A name from the body, `skip` bytes in: a plain one, or NULL. next  where the body goes on. */
const char *call_name(const struct call *call, size_t skip, size_t *next);
/* Tells the guest of what lies at a name of the call's folder, in an entry. */
int call_entry(struct call *call, int folder, const char *name, struct fuse_entry_out *entry);
void call_fill_attributes(const struct stat *found, struct fuse_attr *attributes);

#define FILES_VALID_NS 50000000u /* so long the guest may believe what it was told of a file */

int call_look_up(struct call *call);
int call_read_link(struct call *call);
int call_symlink(struct call *call);
int call_make_node(struct call *call);
int call_make_folder(struct call *call);
int call_unlink(struct call *call);
int call_remove_folder(struct call *call);
int call_rename(struct call *call);
int call_rename2(struct call *call);
int call_link(struct call *call);
int call_create(struct call *call);

int call_open(struct call *call);
int call_open_folder(struct call *call);
int call_read(struct call *call);
int call_write(struct call *call);
int call_release(struct call *call);
int call_sync(struct call *call);
int call_read_folder(struct call *call);
int call_read_folder_plus(struct call *call);

int call_get_attributes(struct call *call);
int call_set_attributes(struct call *call);
int call_access(struct call *call);
int call_space(struct call *call);

/* ---- filter.c ------------------------------------------------------------------------------------------ */

/* Leaves this process no system call but those that it needs. */
bool filter_self(void);

#endif
