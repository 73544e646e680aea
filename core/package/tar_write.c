/* tar_write.c: see tar_write.h. Not libarchive's writer, whose fields are padded otherwise: the digest of a
 * package is that of these bytes. */
#include "package/tar_write.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { BLOCK = 512, NAME_MAX_BYTES = 100 };

/* The old GNU header, as it lies in the archive. */
struct header {
    char name[NAME_MAX_BYTES];
    char mode[8];
    char uid[8];
    char gid[8];
    char size[12];
    char mtime[12];
    char checksum[8];
    char type;
    char link_name[100];
    char magic[8];
    char rest[247];
};

_Static_assert(sizeof(struct header) == BLOCK, "a header is one block");

static void
append_header(struct text *archive, const char *name, char type, size_t size)
{
    struct header header = {.mode = "0000644", .uid = "0000000", .gid = "0000000", .mtime = "00000000000"};
    size_t len = strnlen(name, NAME_MAX_BYTES);
    unsigned sum = 0;
    char digits[24];

    memcpy(header.name, name, len);
    snprintf(digits, sizeof digits, "%011llo", (unsigned long long)size);
    memcpy(header.size, digits, sizeof header.size);
    header.type = type;
    memcpy(header.magic, "ustar  ", sizeof header.magic);
    memset(header.checksum, ' ', sizeof header.checksum);
    for (size_t i = 0; i < sizeof header; i++)
        sum += ((const uint8_t *)&header)[i];
    snprintf(digits, sizeof digits, "%07o", sum);
    memcpy(header.checksum, digits, sizeof header.checksum);
    text_append(archive, (const char *)&header, sizeof header);
}

static void
append_data(struct text *archive, const void *data, size_t len)
{
    static const char zeros[BLOCK];

    text_append(archive, data, len);
    text_append(archive, zeros, (BLOCK - len % BLOCK) % BLOCK);
}

void
tar_append(struct text *archive, const char *path, const void *data, size_t len)
{
    size_t path_len = strlen(path);

    if (path_len > NAME_MAX_BYTES) {
        append_header(archive, "././@LongLink", 'L', path_len + 1);
        append_data(archive, path, path_len + 1);
    }
    append_header(archive, path, '0', len);
    append_data(archive, data, len);
}

void
tar_finish(struct text *archive)
{
    static const char zeros[2 * BLOCK];

    text_append(archive, zeros, sizeof zeros);
}
