/* writeback.h: what writeback.c collects and apply.c carries out. Not for others. */
#ifndef VM_WRITEBACK_H
#define VM_WRITEBACK_H

#include "vm.h"

struct entry {
    const struct write_root *root;
    struct vm_entry said;
    char *name;   /* plain names joined by '/' */
    char *target; /* of a link */
    off_t start;  /* of a file's bytes in the staging file */
};

struct writeback {
    const x07_host *host;
    const struct roots *roots;
    const struct write_root *root; /* that entries belong to now */
    struct entry *entries;
    size_t count;
    size_t capacity;
    int staged; /* the bytes of all files */
    off_t end;
    uint64_t left; /* bytes of the last entry that have not come yet */
};

#endif
