/* roots.c: see roots.h. */
#include "sema/roots.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Fewer roots than this are simply tried. */
enum { LISTED_FROM = 4 };

/* What lies at the top of a root. */
struct root_names {
    const char **names; /* sorted; NULL when the folder cannot be listed */
    size_t count;
};

void
roots_module_file(const struct symbol *id, struct text *out)
{
    for (uint32_t i = 0; i < id->len; i++)
        text_putc(out, (char)(id->text[i] == '.' ? '/' : id->text[i]));
    text_puts(out, ".x07.json");
}

static int
compare_names(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

static struct root_names
list_root(struct arena *arena, const char *root)
{
    struct root_names list = {0};
    size_t room = 0;
    DIR *directory = opendir(root);

    for (struct dirent *entry; directory && (entry = readdir(directory)) != NULL;) {
        if (list.count == room) {
            const char **more = ARENA_ARRAY(arena, const char *, room * 2 + 16);
            if (list.count)
                memcpy(more, list.names, list.count * sizeof *more);
            list.names = more;
            room = room * 2 + 16;
        }
        list.names[list.count++] = arena_copy(arena, entry->d_name, strlen(entry->d_name));
    }
    if (directory)
        closedir(directory);
    qsort(list.names, list.count, sizeof *list.names, compare_names);
    return list;
}

static const struct root_names *
list_roots(struct program *program)
{
    if (!program->root_names) {
        program->root_names = ARENA_ARRAY(program->context->arena, struct root_names, program->root_count);
        for (size_t i = 0; i < program->root_count; i++)
            program->root_names[i] = list_root(program->context->arena, program->roots[i]);
    }
    return program->root_names;
}

/* Whether the first part of `file` is at the top of a root, as far as is known. */
static bool
may_hold(const struct root_names *names, const char *top)
{
    return !names->names || bsearch(&top, names->names, names->count, sizeof top, compare_names);
}

size_t
roots_search(struct program *program, const struct symbol *id, const char ***found)
{
    struct arena *arena = program->context->arena;
    const struct root_names *names = program->root_count < LISTED_FROM ? NULL : list_roots(program);
    struct text file = {0};
    size_t count = 0;

    *found = ARENA_ARRAY(arena, const char *, program->root_count + 1);
    roots_module_file(id, &file);
    const char *top = arena_copy(arena, file.data, strcspn(file.data, "/"));
    for (size_t i = 0; i < program->root_count; i++) {
        if (names && !may_hold(&names[i], top))
            continue;
        const char *path = arena_printf(arena, "%s/%s", program->roots[i], file.data);
        if (access(path, F_OK) == 0)
            (*found)[count++] = path;
    }
    text_free(&file);
    return count;
}
