/* interpreter.c: see interpreter.h. The file is not trusted: every offset in it is checked by the reads. */
#include "interpreter.h"

#include <elf.h>
#include <fcntl.h>
#include <limits.h>
#include <link.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char *
read_name(int fd, const ElfW(Phdr) * header)
{
    if (header->p_filesz < 2 || header->p_filesz > PATH_MAX)
        return NULL;
    char *name = malloc((size_t)header->p_filesz + 1);
    if (!name)
        return NULL;
    ssize_t got = pread(fd, name, (size_t)header->p_filesz, (off_t)header->p_offset);
    name[got > 0 ? got : 0] = '\0';
    if (name[0] == '/')
        return name;
    free(name);
    return NULL;
}

static char *
find_name(int fd)
{
    ElfW(Ehdr) file;
    ElfW(Phdr) header;

    if (pread(fd, &file, sizeof file, 0) != sizeof file || memcmp(file.e_ident, ELFMAG, SELFMAG) != 0 ||
        file.e_phentsize != sizeof header)
        return NULL;
    for (unsigned i = 0; i < file.e_phnum; i++) {
        off_t offset = (off_t)(file.e_phoff + (uint64_t)i * sizeof header);
        if (pread(fd, &header, sizeof header, offset) != sizeof header)
            return NULL;
        if (header.p_type == PT_INTERP)
            return read_name(fd, &header);
    }
    return NULL;
}

char *
interpreter_of(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0)
        return NULL;
    char *name = find_name(fd);
    close(fd);
    return name;
}
