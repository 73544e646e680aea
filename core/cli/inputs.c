/* inputs.c: see inputs.h. */
#include "cli/inputs.h"

#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char *const skipped[] = {".git", ".x07", "target", ".agent", ".claude"};

static bool
is_skipped(const char *name)
{
    for (size_t i = 0; i < sizeof skipped / sizeof skipped[0]; i++)
        if (strcmp(skipped[i], name) == 0)
            return true;
    return false;
}

static bool
is_document_name(const char *name)
{
    static const char ending[] = ".x07.json";
    size_t len = strlen(name);

    return len >= sizeof ending - 1 && strcmp(name + len - (sizeof ending - 1), ending) == 0;
}

/* Takes `path` over. */
static void
append(struct inputs *inputs, char *path)
{
    if ((inputs->count & (inputs->count - 1)) == 0)
        inputs->paths = memory_resize(inputs->paths, sizeof *inputs->paths * (inputs->count * 2 + 1));
    inputs->paths[inputs->count++] = path;
}

static struct error *scan(struct inputs *inputs, const char *path);

/* One entry of a directory; anything but files and directories is passed over. */
static struct error *
scan_entry(struct inputs *inputs, const char *dir, const struct dirent *entry)
{
    struct stat status;
    char *path = file_join(dir, entry->d_name);
    struct error *error = NULL;
    unsigned char type = entry->d_type;

    if (type == DT_UNKNOWN && lstat(path, &status) == 0)
        type = S_ISDIR(status.st_mode) ? DT_DIR : S_ISREG(status.st_mode) ? DT_REG : DT_UNKNOWN;
    if (type == DT_REG && is_document_name(entry->d_name)) {
        append(inputs, path);
        return NULL;
    }
    if (type == DT_DIR && !is_skipped(entry->d_name))
        error = scan(inputs, path);
    free(path);
    return error;
}

static struct error *
scan(struct inputs *inputs, const char *path)
{
    DIR *dir = opendir(path);
    struct error *error = NULL;

    if (!dir)
        return error_errno("E_INPUTS", "collect inputs: %s", path);
    for (;;) {
        errno = 0;
        struct dirent *entry = readdir(dir);
        if (!entry) {
            if (errno)
                error = error_errno("E_INPUTS", "collect inputs: %s", path);
            break;
        }
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        error = scan_entry(inputs, path, entry);
        if (error)
            break;
    }
    closedir(dir);
    return error;
}

/* As paths compare: name by name, so that "a/x" comes before "a-b". */
static int
compare_paths(const void *left, const void *right)
{
    const unsigned char *a = *(const unsigned char *const *)left, *b = *(const unsigned char *const *)right;

    while (*a && *a == *b)
        a++, b++;
    int x = *a == '/' ? 1 : *a ? *a + 1 : 0, y = *b == '/' ? 1 : *b ? *b + 1 : 0;
    return x - y;
}

/* The last name in a path, without slashes behind it. */
static bool
ends_in_skipped(const char *path)
{
    struct text name = {0};
    size_t end = strlen(path);

    while (end > 1 && path[end - 1] == '/')
        end--;
    size_t start = end;
    while (start > 0 && path[start - 1] != '/')
        start--;
    text_append(&name, path + start, end - start);
    bool result = is_skipped(text_string(&name));
    text_free(&name);
    return result;
}

struct error *
inputs_add(struct inputs *inputs, const char *path)
{
    struct stat status;
    size_t first = inputs->count;
    struct error *error = NULL;

    if (stat(path, &status) < 0 || (!S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode)))
        return error_new("E_INPUTS", "collect inputs: --input does not exist or is not a file/dir: %s", path);
    if (S_ISREG(status.st_mode))
        append(inputs, memory_string(path));
    else if (!ends_in_skipped(path))
        error = scan(inputs, path);
    if (error)
        return error;
    if (inputs->count > first)
        qsort(inputs->paths + first, inputs->count - first, sizeof *inputs->paths, compare_paths);
    return NULL;
}

/* By path, then by position in the list. */
static int
compare_places(const void *left, const void *right)
{
    char *const *a = *(char *const *const *)left, *const *b = *(char *const *const *)right;
    int order = strcmp(*a, *b);

    return order ? order : a < b ? -1 : a > b;
}

/* Takes paths away that stand earlier in the list too. */
static void
drop_duplicates(struct inputs *inputs)
{
    char ***places = memory_alloc((inputs->count + 1) * sizeof *places);
    bool *drop = memory_alloc(inputs->count + 1);
    size_t kept = 0;

    for (size_t i = 0; i < inputs->count; i++)
        places[i] = &inputs->paths[i];
    qsort(places, inputs->count, sizeof *places, compare_places);
    for (size_t i = 1; i < inputs->count; i++)
        drop[places[i] - inputs->paths] = strcmp(*places[i - 1], *places[i]) == 0;
    for (size_t i = 0; i < inputs->count; i++) {
        if (drop[i])
            free(inputs->paths[i]);
        else
            inputs->paths[kept++] = inputs->paths[i];
    }
    inputs->count = kept;
    free(places);
    free(drop);
}

struct error *
inputs_finish(struct inputs *inputs)
{
    if (!inputs->count)
        return error_new("E_INPUTS", "collect inputs: no *.x07.json inputs found");
    drop_duplicates(inputs);
    return NULL;
}

struct error *
inputs_add_all(struct inputs *inputs, const struct option_list *paths)
{
    for (size_t i = 0; i < paths->count; i++) {
        struct error *error = inputs_add(inputs, paths->items[i]);
        if (error)
            return error;
    }
    return inputs_finish(inputs);
}

void
inputs_free(struct inputs *inputs)
{
    for (size_t i = 0; i < inputs->count; i++)
        free(inputs->paths[i]);
    free(inputs->paths);
    *inputs = (struct inputs){0};
}
