/* image.c: see image.h. */
#include "image.h"

#include "path.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static bool
read_all(int fd, struct image *image)
{
    for (uint32_t got = 0; got < image->size;) {
        ssize_t count = read(fd, image->data + got, image->size - got);

        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return false;
        got += (uint32_t)count;
    }
    return true;
}

enum image_fault
rt_image_read(x07_rt *rt, int fd, uint32_t limit, struct image *image)
{
    struct stat status;
    enum image_fault fault = IMAGE_WHOLE;

    *image = (struct image){0};
    if (fstat(fd, &status) || !S_ISREG(status.st_mode)) {
        fault = IMAGE_NO_SIZE;
    } else if ((uint64_t)status.st_size > limit) {
        fault = IMAGE_TOO_LARGE;
    } else {
        image->size = (uint32_t)status.st_size;
        image->data = rt_os_alloc(rt, image->size + (size_t)1);
        if (!read_all(fd, image))
            fault = IMAGE_SHORT;
    }
    close(fd);
    if (fault != IMAGE_WHOLE) {
        free(image->data);
        *image = (struct image){0};
    }
    return fault;
}
