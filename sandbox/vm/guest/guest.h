/* guest.h: the guest's init, piece by piece. It is the only program of the guest that is ours: it mounts what
 * a program expects, waits for a job on the channel, unpacks the payload, runs the program under its limits,
 * and reports. Whatever goes wrong ends the guest with a FRAME_FAILED; the host does the rest. */
#ifndef VM_GUEST_GUEST_H
#define VM_GUEST_GUEST_H

#include "../protocol.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* ---- channel.c: frames to and from the host ------------------------------------------------------------ */

/* Waits for the port's device and opens it. */
void channel_open(void);
int channel_fd(void);
void channel_send(uint32_t type, const void *data, size_t size);
/* Two pieces in one frame. */
void channel_send2(uint32_t type, const void *head, size_t head_size, const void *data, size_t size);
/* The next frame's type, its bytes in `data` (room for VM_FRAME_MAX) and their number. */
uint32_t channel_receive(void *data, size_t *size);
/* Says FRAME_FAILED with "WHAT: reason of errno" and stops the machine. */
void guest_fail(const char *what, const char *name) __attribute__((noreturn));
void guest_stop(void) __attribute__((noreturn));

/* ---- disk.c: the payload's bytes, read past the page cache --------------------------------------------- */

void disk_open(const char *path);
/* The next bytes, at most `size`, in *data until the next call; their number. */
size_t disk_take(size_t size, const void **data);
void disk_copy(void *to, size_t size);
/* Goes on to the next sector. */
void disk_align(void);

/* ---- payload.c: from records to files and a program ---------------------------------------------------- */

enum { MAX_WORDS = 4096, MAX_TREES = 64, MAX_SHARES = 512, MAX_PLACES = 4096, LAYERS_MOST = 4096 };

struct granted {
    char *path;
    uint32_t kind; /* VM_PLACE_* */
};

struct share {
    char *path;
    bool writable;
};

struct program {
    char *path;
    char *directory;
    char *arguments[MAX_WORDS + 1];
    char *variables[MAX_WORDS + 1];
    size_t argument_count;
    size_t variable_count;
    char *trees[MAX_TREES]; /* write roots */
    size_t tree_count;
    struct share shares[MAX_SHARES]; /* in the order in which they are mounted */
    size_t share_count;
    struct granted places[MAX_PLACES];
    size_t place_count;
    struct vm_setup setup;
    struct vm_endpoint *endpoints;
    size_t endpoint_count;
    uint64_t input_size; /* its bytes are next on the disk */
};

void payload_unpack(struct program *program);
/* The folders above a path. */
void payload_make_parents(char *path);

/* ---- shares.c: roots that host and guest share --------------------------------------------------------- */

/* After all else is unpacked: nothing of that may go through a shared root. */
void shares_mount(const struct program *program);

/* ---- boundary.c: what holds inside the guest, so that its kernel is not open to attack ------------------
 */

/* In the program's process, as root: executes it with nothing but what is granted. Says the layers, and what
 * went wrong, on `report`, which ends when the program starts. broker  leads to boundary_accept; -1 when
 * there is no network. */
void boundary_execute(const struct program *program, int report, int broker) __attribute__((noreturn));
/* The other end: takes over the calls that concern addresses. Returns where they wait, for boundary_answer;
 * -1 when the program could not start. */
int boundary_accept(const struct program *program, int broker);
/* Answers one call, and forgets processes that answered earlier ones. */
void boundary_answer(int calls, pid_t program);

/* ---- program.c: runs it ------------------------------------------------------------------------------- */

/* Starts the program, moves its streams, and ends with all its processes gone. */
void program_run(const struct program *program, struct vm_ended *ended);

/* ---- trees.c: the write roots as the program left them ------------------------------------------------- */

/* Lets the clock move on, so that a later change can be told by its time. */
void trees_mark(void);
void trees_send(const struct program *program);

#endif
