/* plan.h: what the command line asks for. Everything else in the helper reads it and changes nothing in it.
 */
#ifndef CONFINE_PLAN_H
#define CONFINE_PLAN_H

#include "report.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What the program may do with a place in the file system. */
enum place_kind {
    PLACE_READ,
    PLACE_WRITE,   /* and read */
    PLACE_RUN,     /* read and execute */
    PLACE_LIBRARY, /* read and map as code; execute when processes may be started */
    PLACE_DEVICE   /* a device node: read, write, ioctl */
};

struct place {
    const char *path; /* as given: absolute, or relative to the working directory */
    enum place_kind kind;
    const char *source; /* where it really is; NULL: there */
};

/* Who may be talked to. */
enum network {
    NETWORK_NONE,
    NETWORK_BROKER, /* the endpoints of --connect, by way of the broker */
    NETWORK_HOST    /* the network of the host as it is */
};

/* Addresses that may be talked to at a port. Those of version 4 are written as mapped ones of version 6. */
struct endpoint {
    bool datagrams; /* UDP, else TCP */
    uint8_t first[16];
    uint8_t last[16];
    uint16_t port;
};

struct limit {
    int resource; /* RLIMIT_... */
    uint64_t value;
};

enum { MOST_LIMITS = 8 };

struct plan {
    struct report report;
    struct place *places; /* the system's own first */
    size_t place_count;
    struct limit limits[MOST_LIMITS];
    size_t limit_count;
    bool spawn;         /* may start processes, and execute what may be run */
    bool threads;       /* may start threads */
    bool monitor;       /* is a virtual machine monitor: more system calls */
    bool bare;          /* has no view: Landlock and the filter alone (bare.h) */
    bool shared;        /* and is among the processes of the host */
    bool check;         /* only try: run nothing */
    unsigned keep;      /* descriptors from 3 to below it go inside, too */
    uint64_t temporary; /* bytes of a private /tmp; 0: none */
    enum network network;
    struct endpoint *endpoints;
    size_t endpoint_count;
    bool group;            /* a control group around it, where one can be made */
    uint64_t group_memory; /* bytes of all its processes together; 0: no limit */
    char *directory;       /* the working directory, absolute */
    const char *program;
    const char **argv; /* of the program */
    const char *name;  /* what it shall find as argv[0], or NULL */
};

/* Reads the command line. Ends the process with a line in the report when it is wrong. */
void plan_read(struct plan *plan, int argc, char *const *argv);

/* Memory of a helper that lives for one program: never freed, never NULL. */
void *plan_alloc(size_t bytes);
char *plan_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
