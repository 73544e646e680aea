/* libraries.c: which shared objects an executable needs, by reading its dynamic section. The system's own
 * loader could tell, but it would have to be run on a file that may be anybody's. What is found goes into the
 * guest at the same path, where the guest's loader looks in the same order. */
#include "vm.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* One ELF file, mapped. */
struct object {
    const char *path;
    int file;
    const unsigned char *data;
    size_t size;
    const char *strings; /* the dynamic string table */
    size_t strings_size;
    const Elf64_Dyn *entries;
    size_t entry_count;
};

static const char *const default_folders[] = {
    "/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu", "/lib64", "/usr/lib64", "/lib", "/usr/lib"};
static const char *const other_folders[] = {"/usr/local/lib/x86_64-linux-gnu", "/usr/local/lib"};

enum {
    DEFAULTS = sizeof default_folders / sizeof *default_folders,
    OTHERS = sizeof other_folders / sizeof *other_folders
};

/* `count` bytes at an offset of the file, or NULL. */
static const void *
at(const struct object *object, uint64_t offset, uint64_t count)
{
    return offset <= object->size && count <= object->size - offset ? object->data + offset : NULL;
}

static const Elf64_Phdr *
header(const struct object *object, size_t index)
{
    const Elf64_Ehdr *elf = at(object, 0, sizeof *elf);

    if (!elf || index >= elf->e_phnum || elf->e_phentsize != sizeof(Elf64_Phdr) || elf->e_phoff % 8)
        return NULL;
    return at(object, elf->e_phoff + index * sizeof(Elf64_Phdr), sizeof(Elf64_Phdr));
}

/* Where the loaded address lies in the file. */
static const void *
at_address(const struct object *object, uint64_t address, uint64_t count)
{
    const Elf64_Phdr *segment;

    for (size_t i = 0; (segment = header(object, i)); i++)
        if (segment->p_type == PT_LOAD && address >= segment->p_vaddr &&
            address - segment->p_vaddr < segment->p_filesz)
            return at(object, segment->p_offset + (address - segment->p_vaddr), count);
    return NULL;
}

static bool
is_elf(const struct object *object)
{
    const Elf64_Ehdr *elf = at(object, 0, sizeof *elf);

    return elf && memcmp(elf->e_ident, ELFMAG, SELFMAG) == 0 && elf->e_ident[EI_CLASS] == ELFCLASS64 &&
           elf->e_machine == EM_X86_64;
}

static void
find_dynamic(struct object *object)
{
    const Elf64_Phdr *segment;
    uint64_t strings = 0;

    for (size_t i = 0; (segment = header(object, i)); i++) {
        if (segment->p_type != PT_DYNAMIC || segment->p_offset % 8)
            continue;
        object->entries = at(object, segment->p_offset, segment->p_filesz);
        object->entry_count = object->entries ? segment->p_filesz / sizeof *object->entries : 0;
    }
    for (size_t i = 0; i < object->entry_count; i++) {
        if (object->entries[i].d_tag == DT_STRTAB)
            strings = object->entries[i].d_un.d_ptr;
        if (object->entries[i].d_tag == DT_STRSZ)
            object->strings_size = object->entries[i].d_un.d_val;
    }
    object->strings = at_address(object, strings, object->strings_size);
    if (!object->strings || !object->strings_size || object->strings[object->strings_size - 1])
        object->entry_count = 0;
}

static const char *
text(const struct object *object, const Elf64_Dyn *entry)
{
    return entry->d_un.d_val < object->strings_size ? object->strings + entry->d_un.d_val : "";
}

static bool
object_open(struct object *object, const char *path)
{
    struct stat found;

    *object = (struct object){.path = path, .file = open(path, O_RDONLY | O_CLOEXEC)};
    if (object->file < 0)
        return false;
    if (fstat(object->file, &found) == 0 && S_ISREG(found.st_mode) && found.st_size > 0) {
        void *data = mmap(NULL, (size_t)found.st_size, PROT_READ, MAP_PRIVATE, object->file, 0);
        if (data != MAP_FAILED) {
            object->data = data;
            object->size = (size_t)found.st_size;
            return true;
        }
    }
    close(object->file);
    return false;
}

static void
object_close(struct object *object)
{
    munmap((void *)(uintptr_t)object->data, object->size);
    close(object->file);
}

static bool
try_folder(const char *folder, size_t folder_len, const char *name, char *path)
{
    return folder_len && snprintf(path, PATH_MAX, "%.*s/%s", (int)folder_len, folder, name) < PATH_MAX &&
           access(path, R_OK) == 0;
}

/* A list of folders, separated by ':', in which $ORIGIN is the object's own. */
static bool
try_list(const struct object *object, const char *list, const char *name, char *path)
{
    static const char *const origins[] = {"$ORIGIN", "${ORIGIN}"};
    const char *slash = strrchr(object->path, '/');

    for (const char *folder = list; *folder;) {
        size_t len = strcspn(folder, ":");
        char expanded[PATH_MAX];
        int expanded_len = snprintf(expanded, sizeof expanded, "%.*s", (int)len, folder);
        for (size_t i = 0; i < 2; i++) {
            size_t origin_len = strlen(origins[i]);
            if (strncmp(folder, origins[i], origin_len) == 0 && len >= origin_len && slash)
                expanded_len = snprintf(expanded, sizeof expanded, "%.*s%.*s", (int)(slash - object->path),
                                        object->path, (int)(len - origin_len), folder + origin_len);
        }
        if (expanded_len < PATH_MAX && try_folder(expanded, strlen(expanded), name, path))
            return true;
        folder += len + (folder[len] == ':');
    }
    return false;
}

static bool
find_library(const struct object *object, const char *name, char *path)
{
    if (strchr(name, '/'))
        return snprintf(path, PATH_MAX, "%s", name) < PATH_MAX && access(path, R_OK) == 0;
    for (size_t i = 0; i < object->entry_count && object->entries[i].d_tag != DT_NULL; i++)
        if ((object->entries[i].d_tag == DT_RUNPATH || object->entries[i].d_tag == DT_RPATH) &&
            try_list(object, text(object, &object->entries[i]), name, path))
            return true;
    for (size_t i = 0; i < DEFAULTS; i++)
        if (try_folder(default_folders[i], strlen(default_folders[i]), name, path))
            return true;
    for (size_t i = 0; i < OTHERS; i++)
        if (try_folder(other_folders[i], strlen(other_folders[i]), name, path))
            return true;
    return false;
}

static bool
is_seen(struct libraries *libraries, const char *path)
{
    for (size_t i = 0; i < libraries->count; i++)
        if (strcmp(libraries->seen[i], path) == 0)
            return true;
    if (libraries->count < sizeof libraries->seen / sizeof *libraries->seen)
        libraries->seen[libraries->count++] = strdup(path);
    return false;
}

static x07_status
add_needs(struct payload *payload, struct libraries *libraries, const struct object *object)
{
    x07_status status = X07_OK;
    const Elf64_Phdr *segment;
    char path[PATH_MAX];

    for (size_t i = 0; status == X07_OK && (segment = header(object, i)); i++) {
        const char *loader =
            segment->p_type == PT_INTERP ? at(object, segment->p_offset, segment->p_filesz) : NULL;
        if (loader && segment->p_filesz && !loader[segment->p_filesz - 1])
            status = libraries_add(payload, libraries, loader);
    }
    for (size_t i = 0; status == X07_OK && i < object->entry_count && object->entries[i].d_tag != DT_NULL;
         i++) {
        if (object->entries[i].d_tag != DT_NEEDED)
            continue;
        const char *name = text(object, &object->entries[i]);
        if (!find_library(object, name, path))
            return vm_fail(payload->host, X07_E_NOT_FOUND, "E_VM_LIBRARY",
                           "%s needs %s, which cannot be found", object->path, name);
        status = libraries_add(payload, libraries, path);
    }
    return status;
}

x07_status
libraries_add(struct payload *payload, struct libraries *libraries, const char *path)
{
    struct vm_record record = {.type = RECORD_FILE, .mode = 0555};
    struct object object;

    if (is_seen(libraries, path))
        return X07_OK;
    if (!object_open(&object, path)) {
        x07_status missing = errno == ENOENT || errno == ENOTDIR ? X07_E_NOT_FOUND : X07_E_IO;
        vm_fail_errno(payload->host, "E_PROCESS_START", "%s", path);
        return missing;
    }
    x07_status status = payload_add_file(payload, record, path, object.file, object.size);
    if (status == X07_OK)
        status = payload_add_place(payload, VM_PLACE_LIBRARY, path);
    if (status == X07_OK && is_elf(&object)) {
        find_dynamic(&object);
        status = add_needs(payload, libraries, &object);
    }
    object_close(&object);
    return status;
}

void
libraries_free(struct libraries *libraries)
{
    for (size_t i = 0; i < libraries->count; i++)
        free(libraries->seen[i]);
    libraries->count = 0;
}
