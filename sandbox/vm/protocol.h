/* protocol.h: what host and guest say to each other. Both sides are built from the same source and run on the
 * same machine, so integers cross as they are in memory. The guest is not trusted: the host checks each size.
 *
 * Two ways in: a channel of frames (a virtio-serial port), and the payload, a read-only disk that holds a
 * sequence of records. One way out: the channel. The connections that a policy grants have a port to
 * themselves. */
#ifndef VM_PROTOCOL_H
#define VM_PROTOCOL_H

#include <stdint.h>

#define VM_CHANNEL_NAME "x07"
#define VM_FILES_NAME "x07files"
#define VM_NETWORK_NAME "x07net"
#define VM_PAYLOAD_MAGIC 0x70373078u

enum {
    VM_SECTOR = 512,          /* records and their data begin at multiples of it */
    VM_FRAME_MAX = 256 << 10, /* bytes after a frame's header */
    VM_NAME_MAX = 4096,       /* bytes of a path */
    VM_ENTROPY = 64,
    VM_GUEST_USER = 65534 /* the program's */
};

/* A frame is this header and `size` bytes. */
struct vm_frame {
    uint32_t type; /* FRAME_* */
    uint32_t size;
};

enum {
    FRAME_READY = 1, /* guest: up, and waiting for a job, of which nothing has been seen; struct vm_ready */
    FRAME_JOB,       /* host: the payload is there; struct vm_job */
    FRAME_STARTED,   /* guest: the program runs; the layers around it, as lines */
    FRAME_OUT,       /* guest: bytes of its stdout */
    FRAME_ERR,       /* guest: bytes of its stderr */
    FRAME_KILL,      /* host: end the program now, and report as usual */
    FRAME_ENDED,     /* guest: how it ended; struct vm_ended */
    FRAME_TREE,      /* guest: a write root follows; its path */
    FRAME_ENTRY,     /* guest: struct vm_entry, then the path beneath the root, then a link's target */
    FRAME_DATA,      /* guest: bytes of the entry before */
    FRAME_DONE,      /* guest: nothing more will come */
    FRAME_FAILED     /* guest: the job could not be run; a text of one line */
};

struct vm_ready {
    uint32_t features;
};

enum { VM_SHARES = 1 << 0 }; /* the kernel knows FUSE: roots can be shared */

/* What the guest must do before it looks at the payload. */
struct vm_job {
    int64_t time_ns; /* wall clock */
    uint8_t entropy[VM_ENTROPY];
};

struct vm_ended {
    int32_t exit_code; /* -1 when a signal ended it */
    int32_t signal;
    uint64_t wall_us;
    uint64_t user_us;
    uint64_t system_us;
    uint64_t peak_memory;
};

/* A file of a write root as the program left it. */
struct vm_entry {
    uint32_t kind; /* ENTRY_* */
    uint32_t mode;
    uint64_t size;     /* of a changed file: so many bytes follow in FRAME_DATA frames */
    int64_t mtime_ns;  /* of a changed file */
    uint32_t name_len; /* the rest of the frame is a link's target */
    uint32_t reserved;
};

enum { ENTRY_DIRECTORY = 1, ENTRY_FILE, ENTRY_LINK, ENTRY_SAME /* as it was copied in */ };

/* One record of the payload: this, then the name, then from the next sector on the data. */
struct vm_record {
    uint32_t magic;
    uint32_t type; /* RECORD_* */
    uint32_t mode;
    uint32_t writable; /* belongs to the program's user */
    uint64_t name_size;
    uint64_t data_size;
    int64_t mtime_ns;
};

enum {
    RECORD_DIRECTORY = 1, /* name: an absolute path; parents are made */
    RECORD_FILE,
    RECORD_LINK,      /* data: its target */
    RECORD_TREE,      /* name: a write root, whose contents follow */
    RECORD_SETUP,     /* data: struct vm_setup */
    RECORD_PROGRAM,   /* name: path of the executable, which came as a file */
    RECORD_ARGUMENT,  /* data, in order */
    RECORD_VARIABLE,  /* data: NAME=value */
    RECORD_DIRECTION, /* name: working directory */
    RECORD_PLACE,     /* name: what the program may use; mode: VM_PLACE_* */
    RECORD_ENDPOINTS, /* data: struct vm_endpoint, one after the other */
    RECORD_SHARE,     /* name: where a shared root is to be; the first is the server's root 0, and so on */
    RECORD_INPUT      /* data: all of stdin; the last record */
};

/* Which rlimits count, as bits in this order. */
enum {
    VM_LIMIT_CPU,
    VM_LIMIT_ADDRESS_SPACE,
    VM_LIMIT_FILE_SIZE,
    VM_LIMIT_OPEN_FILES,
    VM_LIMIT_PROCESSES,
    VM_LIMIT_CORE,
    VM_LIMITS
};

/* What the program may do with a place. */
enum { VM_PLACE_READ = 1, VM_PLACE_WRITE, VM_PLACE_RUN, VM_PLACE_LIBRARY };

/* vm_setup.flags */
enum {
    VM_CONFINED = 1 << 0, /* only what is granted, in the guest, too */
    VM_SPAWN = 1 << 1,    /* may start processes */
    VM_THREADS = 1 << 2
};

struct vm_setup {
    uint32_t limits_set;
    uint32_t user; /* the program's uid and gid */
    uint32_t flags;
    uint32_t reserved;
    uint64_t limits[VM_LIMITS];
};

/* A place in the network that the host connects to for the guest; the program sees it at its own address. The
 * frames of the connections, which have a port of their own, are in network/mux.h. */
struct vm_endpoint {
    uint8_t first[16]; /* addresses of version 4 are mapped ones */
    uint8_t last[16];
    uint32_t port;
    uint32_t datagrams; /* UDP, else TCP */
};

#endif
