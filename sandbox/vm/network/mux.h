/* mux.h: many connections over one link between guest and host. Both sides run this code: in the guest it
 * moves bytes between the program's connections and the link, on the host between the link and those of the
 * policy's endpoints. Knows streams, frames and windows; knows nothing of addresses or policies.
 *
 * Neither side sends more on a stream than the other has said it has room for, so that a stream which nobody
 * reads takes a window of memory and stops nobody else. The other side is not believed: one that breaks these
 * rules loses the link.
 *
 * One thread per mux. Numbers cross as they are in memory: both sides run on the same machine. */
#ifndef VM_NETWORK_MUX_H
#define VM_NETWORK_MUX_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    MUX_STREAMS = 64,        /* at once */
    MUX_WINDOW = 128 << 10,  /* bytes under way on a stream, one way */
    MUX_DATA_MOST = 64 << 10 /* of one frame, and of one datagram */
};

/* A frame is this header and `size` bytes. */
struct mux_frame {
    uint32_t type;   /* MUX_* */
    uint32_t stream; /* chosen by the guest; never used twice */
    uint32_t size;
    uint32_t credit; /* of MUX_CREDIT */
};

enum {
    MUX_OPEN = 1, /* guest: struct mux_open */
    MUX_DATA,     /* both: bytes, or one datagram */
    MUX_SHUT,     /* both: no more bytes from this side */
    MUX_RESET,    /* both: the stream is over, whatever is under way */
    MUX_CREDIT,   /* both: room for so many bytes more */
    MUX_BYE       /* guest: nothing more will come; host: all that came is where it should be */
};

/* Which endpoint of the list that both sides have, and which of its addresses; version 4 as mapped ones. */
struct mux_open {
    uint32_t endpoint;
    uint8_t address[16];
};

struct mux_stream {
    uint32_t id; /* 0: none */
    int fd;      /* -1: datagrams that the owner gives and takes by itself */
    bool datagrams;
    bool connecting;
    bool local_ended;  /* the socket gives no more bytes, and the other side knows */
    bool remote_ended; /* the other side gives none */
    bool is_shut;      /* the socket knows */
    uint32_t credit;   /* bytes that the other side has room for */
    uint32_t owed;     /* bytes that it may send again and does not know of */
    char *waiting;     /* for the socket; MUX_WINDOW bytes */
    size_t start, size;
};

/* What a side does by itself. What it cannot be asked for is NULL. */
struct mux_owner {
    /* Host: a socket for a new stream, which may still be connecting; -1: there is none. */
    int (*open)(void *context, const struct mux_open *asked, bool *datagrams);
    /* Guest: a datagram came for a stream without a socket. */
    void (*datagram)(void *context, uint32_t stream, const char *data, size_t size);
};

struct mux {
    int link; /* does not block */
    const struct mux_owner *owner;
    void *context;
    bool is_lost; /* the link has ended, or the other side broke the rules */
    bool heard_bye;
    struct mux_stream streams[MUX_STREAMS];
    char *out; /* for the link */
    size_t out_start, out_size, out_capacity;
    struct mux_frame head; /* of the frame that is being read */
    size_t filled;         /* bytes of head and data */
    char data[MUX_DATA_MOST];
};

/* The link and the streams, in this order. */
enum { MUX_POLLS = 1 + MUX_STREAMS };

void mux_start(struct mux *mux, int link, const struct mux_owner *owner, void *context);
/* What to wait for. */
void mux_polls(const struct mux *mux, struct pollfd polls[MUX_POLLS]);
/* Moves what can be moved. polls  what poll answered. */
void mux_serve(struct mux *mux, const struct pollfd polls[MUX_POLLS]);
/* A new stream for a socket, which belongs to it from now on; false: there are too many. */
bool mux_open_stream(struct mux *mux, uint32_t id, int fd, bool datagrams, const struct mux_open *open);
bool mux_has_room(const struct mux *mux);
/* A datagram for the other side; lost when it has no room for it. */
void mux_send_datagram(struct mux *mux, uint32_t id, const char *data, size_t size);
/* Ends a stream on both sides, if it is there. */
void mux_reset(struct mux *mux, uint32_t id);
void mux_say_bye(struct mux *mux);
/* Whether every socket has given all that it will. */
bool mux_has_taken_all(const struct mux *mux);
/* Whether every socket has been given all that came for it. */
bool mux_has_given_all(const struct mux *mux);

#endif
