/* x07/abi.h: the ground rules of the x07 plugin interface, its version and its status codes.
 *
 * Versions. X07_ABI_MAJOR changes when a plugin must be changed; a host refuses a plugin of another major.
 * X07_ABI_MINOR grows when something is added: a new member at the end of a struct, a new status, a new flag.
 * A plugin built for an older minor keeps working, and one built for a newer minor must look at sizes
 * (X07_HAS) before it uses what the older host does not have.
 *
 * Structs. Every struct begins with `uint32_t size`, set by the side that owns the storage to the sizeof that
 * it was compiled with. The other side never reads or writes beyond it. In an array of structs every element
 * has the same size, and the step from one to the next is the first one's `size`. Padding and `reserved`
 * members are zero.
 *
 * Text. `const char *` is UTF-8 with a final NUL. Documents (reports, policies, programs) cross as UTF-8 JSON
 * text. Paths are bytes as the system knows them.
 *
 * Ownership. What a call is given is valid until it returns; copy what must live longer. What a call hands
 * back through a `char *` or `uint8_t *` member comes from host->alloc and belongs to the receiver, who gives
 * it to host->release. What is handed back through `const char *` is owned by the plugin and lives until its
 * fini.
 *
 * Threads. The host calls a plugin from one thread at a time, and a plugin calls the host from the thread
 * that the host called it on. A plugin may have threads of its own; they stay away from the host table.
 *
 * Errors. A call that can fail returns an x07_status; its reason goes through host->fail. No C library state
 * (errno, locale, FILE) is part of the interface. A plugin never ends the process, never changes signal
 * handlers, the working directory, the umask or the environment of the host, and never writes to the host's
 * stdout.
 *
 * The headers are C11 and C++11. Since ABI 1.0. */
#ifndef X07_ABI_H
#define X07_ABI_H

#include <stddef.h>
#include <stdint.h>

#define X07_ABI_MAJOR 1u
#define X07_ABI_MINOR 3u

#ifdef __cplusplus
#define X07_EXTERN extern "C"
#else
#define X07_EXTERN extern
#endif

/* Marks the one symbol that a plugin exports, also when all others are hidden. */
#define X07_EXPORT X07_EXTERN __attribute__((visibility("default")))

/* Bytes of `type` up to and including `member`: the least `size` of a struct that has it. */
#define X07_SIZE_UP_TO(type, member) ((uint32_t)(offsetof(type, member) + sizeof(((type *)0)->member)))

/* Whether the other side's struct is new enough to have `member`. */
#define X07_HAS(pointer, type, member) ((pointer)->size >= X07_SIZE_UP_TO(type, member))

/* How a call ended. Values are never reused; an unknown one is treated as X07_E_FAILED. Since ABI 1.0. */
typedef int32_t x07_status;
enum {
    X07_OK = 0,
    X07_E_FAILED = 1,      /* none of the others */
    X07_E_ARGUMENT = 2,    /* the caller broke a rule of this interface: null pointer, size too small */
    X07_E_UNAVAILABLE = 3, /* what was asked for cannot be had on this machine */
    X07_E_UNSUPPORTED = 4, /* understood, and not offered by this side */
    X07_E_POLICY = 5,      /* the policy forbids it, or asks for what cannot be enforced */
    X07_E_IO = 6,          /* a file, pipe or process failed */
    X07_E_LIMIT = 7,       /* a limit of the request was exceeded */
    X07_E_NOT_FOUND = 8,   /* no such key, file, plugin */
    X07_E_INVALID = 9,     /* a document was malformed */
    X07_E_CANCELLED = 10   /* the user interrupted */
};

/* A name and a value for people and reports, e.g. {"kvm", "/dev/kvm is writable"}. Since ABI 1.0. */
typedef struct x07_fact {
    uint32_t size;
    uint32_t reserved;
    const char *name; /* lower-case words joined by '_'; owned by the plugin */
    char *value;      /* from host->alloc */
} x07_fact;

#endif
