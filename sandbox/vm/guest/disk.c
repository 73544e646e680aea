/* disk.c: the payload's bytes in order. Direct reads: what is on the disk differs from job to job, so nothing
 * of it may be in the page cache when the machine is frozen, and large inputs need not pass through it. */
#include "guest.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { BUFFER = 1 << 20 };

static int disk = -1;
static char *buffer;
static off_t position; /* on the disk, of the buffer's end */
static size_t used, filled;

void
disk_open(const char *path)
{
    disk = open(path, O_RDONLY | O_DIRECT | O_CLOEXEC);
    if (disk < 0)
        guest_fail("open", path);
    buffer = mmap(NULL, BUFFER, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (buffer == MAP_FAILED)
        guest_fail("mmap", NULL);
}

static void
fill(void)
{
    ssize_t count = pread(disk, buffer, position == 0 ? BUFFER / 16 : BUFFER, position);

    if (count <= 0)
        guest_fail("read", "payload");
    position += count;
    filled = (size_t)count;
    used = 0;
}

size_t
disk_take(size_t size, const void **data)
{
    if (used == filled)
        fill();
    size_t count = size < filled - used ? size : filled - used;
    *data = buffer + used;
    used += count;
    return count;
}

void
disk_copy(void *to, size_t size)
{
    for (char *out = to; size;) {
        const void *data;
        size_t count = disk_take(size, &data);
        memcpy(out, data, count);
        out += count;
        size -= count;
    }
}

void
disk_align(void)
{
    used = (used + VM_SECTOR - 1) / VM_SECTOR * VM_SECTOR;
}
