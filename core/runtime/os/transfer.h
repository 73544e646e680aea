/* transfer.h: moving whole contents between descriptors and the program's memory. */
#ifndef RUNTIME_OS_TRANSFER_H
#define RUNTIME_OS_TRANSFER_H

#include "../x07rt.h"

#include <stdbool.h>

/* Beside errno values: there is more than the limit. */
enum { TRANSFER_TOO_LARGE = -2 };

/* Reads to the end. Returns 0 and the content, which the caller owns, or an errno or TRANSFER_TOO_LARGE. */
int rt_read_to_end(x07_rt *rt, int fd, uint32_t limit, x07_bytes *content);

/* Writes all; returns 0 or an errno. */
int rt_write_all(int fd, x07_view data);

#endif
