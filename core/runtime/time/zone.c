/* zone.c: reads TZif files (RFC 8536). Everything in them is checked before it is used. */
#include "zone.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { HEADER = 44, NAME_MAX_LEN = 64, TYPE_SIZE = 6 };

/* Names that the directory has besides those of zones. */
static const char *const no_zones[] = {"Factory", "localtime", "posixrules"};
static const char *const no_folders[] = {"posix/", "right/"};

/* Segments of letters, digits, '_', '+' and '-': no dot, so no path leaves the directory. */
static bool
is_zone_name(const char *name)
{
    if (!*name || *name == '/' || name[strlen(name) - 1] == '/' || strstr(name, "//"))
        return false;
    if (name[strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/")])
        return false;
    for (size_t i = 0; i < sizeof no_zones / sizeof no_zones[0]; i++)
        if (strcmp(name, no_zones[i]) == 0)
            return false;
    for (size_t i = 0; i < sizeof no_folders / sizeof no_folders[0]; i++)
        if (strncmp(name, no_folders[i], strlen(no_folders[i])) == 0)
            return false;
    return true;
}

static bool
read_file(const char *path, struct zone *zone)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    ssize_t got = 1;

    zone->len = 0;
    if (fd < 0)
        return false;
    while (got > 0 && zone->len < ZONE_MAX - 1) {
        got = read(fd, zone->data + zone->len, ZONE_MAX - 1 - zone->len);
        if (got > 0)
            zone->len += (size_t)got;
    }
    close(fd);
    zone->data[zone->len] = 0;
    return got == 0;
}

bool
zone_read(const char *name, size_t len, struct zone *zone)
{
    char text[NAME_MAX_LEN], path[NAME_MAX_LEN + sizeof ZONE_DIRECTORY + 1];

    if (len >= sizeof text || memchr(name, 0, len))
        return false;
    memcpy(text, name, len);
    text[len] = '\0';
    if (!is_zone_name(text))
        return false;
    snprintf(path, sizeof path, "%s/%s", ZONE_DIRECTORY, text);
    return read_file(path, zone) && zone->len >= HEADER && memcmp(zone->data, "TZif", 4) == 0;
}

static int64_t
big_endian(const uint8_t *p, size_t size)
{
    uint64_t value = p[0] & 0x80 ? UINT64_MAX : 0;

    for (size_t i = 0; i < size; i++)
        value = value << 8 | p[i];
    return (int64_t)value;
}

/* One block of data. */
struct block {
    const uint8_t *times; /* `count` of them */
    const uint8_t *kinds; /* the type that begins at each */
    const uint8_t *types;
    const uint8_t *end;
    size_t count, type_count;
};

/* Finds the parts of the block whose header is at `p`; its times have `size` bytes. */
static bool
block_open(const uint8_t *p, const uint8_t *limit, size_t size, struct block *block)
{
    uint32_t counts[6];
    uint64_t total = HEADER;

    if (limit - p < HEADER || memcmp(p, "TZif", 4) != 0)
        return false;
    for (size_t i = 0; i < 6; i++) {
        counts[i] = (uint32_t)big_endian(p + 20 + 4 * i, 4);
        if (counts[i] > ZONE_MAX)
            return false;
    }
    uint32_t is_ut = counts[0], is_std = counts[1], leaps = counts[2], times = counts[3], types = counts[4],
             characters = counts[5];
    total += (uint64_t)times * (size + 1) + (uint64_t)types * TYPE_SIZE + characters;
    total += (uint64_t)leaps * (size + 4) + is_std + is_ut;
    if (total > (uint64_t)(limit - p) || !types)
        return false;
    block->times = p + HEADER;
    block->kinds = block->times + (size_t)times * size;
    block->types = block->kinds + times;
    block->end = p + total;
    block->count = times;
    block->type_count = types;
    return true;
}

/* The number of transitions that are not after the instant. */
static size_t
block_find(const struct block *block, int64_t instant)
{
    size_t low = 0, high = block->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (big_endian(block->times + 8 * middle, 8) <= instant)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool
zone_offset(const struct zone *zone, int64_t instant, int64_t *offset)
{
    const uint8_t *limit = zone->data + zone->len;
    struct block block;

    /* The first block has times of 32 bits and is passed over; the second one follows it. */
    if (zone->data[4] < '2' || !block_open(zone->data, limit, 4, &block) ||
        !block_open(block.end, limit, 8, &block))
        return false;
    size_t passed = block_find(&block, instant);
    if (passed == block.count && limit - block.end > 2 && block.end[0] == '\n' && block.end[1] != '\n')
        return zone_rule_offset((const char *)block.end + 1, instant, offset);
    size_t type = passed ? block.kinds[passed - 1] : 0;
    if (type >= block.type_count)
        return false;
    *offset = big_endian(block.types + TYPE_SIZE * type, 4);
    return true;
}
