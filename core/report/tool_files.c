/* tool_files.c: see tool_files.h. */
#include "report/tool_files.h"

#include "base/file.h"
#include "base/memory.h"
#include "base/sha256.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CHUNK = 64 * 1024 };

void
tool_files_add(struct tool_files *files, const char *path, size_t len)
{
    if (!len || memchr(path, '\0', len) || utf8_prefix(path, len) != len)
        return;
    files->paths = memory_resize(files->paths, (files->count + 1) * sizeof *files->paths);
    files->paths[files->count++] = memory_copy(path, len);
}

static const struct ast_json *
member(const struct ast_json *object, const char *name)
{
    return object && object->kind == JSON_OBJECT ? ast_json_get(object, name) : NULL;
}

static void
add_all(struct tool_files *files, const struct ast_json *document, const char *name)
{
    const struct ast_json *plain = member(member(document, "meta"), name);
    const struct ast_json *digests = member(member(document, "digests"), name);
    const struct ast_json *list = plain && plain->kind == JSON_ARRAY ? plain : digests;

    for (uint32_t i = 0; list && list->kind == JSON_ARRAY && i < list->count; i++) {
        const struct ast_json *path = &list->items[i];
        if (list == digests)
            path = member(path, "path");
        if (path && path->kind == JSON_STRING)
            tool_files_add(files, path->text, path->count);
    }
}

void
tool_files_of_document(const struct ast_json *document, struct tool_files *inputs, struct tool_files *outputs)
{
    add_all(inputs, document, "inputs");
    add_all(outputs, document, "outputs");
}

static bool
digest(const char *path, char hex[SHA256_HEX], uint64_t *size)
{
    struct sha256 context;
    char *buffer;
    ssize_t got;
    int64_t length;
    int fd;
    struct error *error = file_open_input(path, &fd, &length);

    error_free(error);
    if (error)
        return false;
    /* What is no regular file may never end. */
    got = length < 0 ? -1 : 0;
    buffer = memory_alloc(CHUNK);
    sha256_init(&context);
    *size = 0;
    while (got >= 0 && (got = read(fd, buffer, CHUNK)) > 0) {
        sha256_update(&context, buffer, (size_t)got);
        *size += (uint64_t)got;
    }
    sha256_final_hex(&context, hex);
    free(buffer);
    close(fd);
    return got == 0;
}

static int
compare_paths(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

void
tool_files_write(struct tool_files *files, x07_json *json)
{
    char hex[SHA256_HEX];
    uint64_t size;

    if (files->count)
        qsort(files->paths, files->count, sizeof *files->paths, compare_paths);
    x07_json_begin(json, '[');
    for (size_t i = 0; i < files->count; i++) {
        if ((i && strcmp(files->paths[i], files->paths[i - 1]) == 0) || !digest(files->paths[i], hex, &size))
            continue;
        x07_json_begin(json, '{');
        x07_json_name(json, "bytes_len");
        x07_json_uint(json, size);
        x07_json_name(json, "path");
        x07_json_string(json, files->paths[i]);
        x07_json_name(json, "sha256");
        x07_json_string(json, hex);
        x07_json_end(json, '}');
    }
    x07_json_end(json, ']');
}

void
tool_files_free(struct tool_files *files)
{
    for (size_t i = 0; i < files->count; i++)
        free(files->paths[i]);
    free(files->paths);
    *files = (struct tool_files){0};
}
