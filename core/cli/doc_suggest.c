/* doc_suggest.c: what `x07 doc` suggests instead of a name that it did not find. */
#include "cli/doc_parts.h"
#include "sema/builtin_modules.h"
#include "sema/heads.h"

#include <dirent.h>
#include <string.h>
#include <sys/stat.h>

enum { MAX_FOLDERS = 10000 };

static bool
begins(const char *text, const char *with)
{
    return !strncmp(text, with, strlen(with));
}

/* The walk through the roots; it ends after MAX_FOLDERS. */
struct walk {
    struct doc_search *search;
    size_t root_len;
    unsigned folders;
};

static void walk_folder(struct walk *walk, const char *folder);

static void
walk_entry(struct walk *walk, const char *path)
{
    static const char suffix[] = ".x07.json";
    size_t len = strlen(path), end = sizeof suffix - 1;
    struct stat status;

    if (lstat(path, &status))
        return;
    if (S_ISDIR(status.st_mode)) {
        walk_folder(walk, path);
        return;
    }
    if (!S_ISREG(status.st_mode) || len <= end || strcmp(path + len - end, suffix) != 0)
        return;
    char *id = arena_copy(walk->search->arena, path + walk->root_len + 1, len - end - walk->root_len - 1);
    for (char *c = id; *c; c++)
        if (*c == '/')
            *c = '.';
    if (strstr(id, walk->search->query))
        doc_suggest(walk->search, DOC_MODULE, id);
}

static void
walk_folder(struct walk *walk, const char *folder)
{
    DIR *dir = walk->folders++ < MAX_FOLDERS ? opendir(folder) : NULL;
    const struct dirent *entry;

    while (dir && (entry = readdir(dir)))
        if (entry->d_name[0] != '.')
            walk_entry(walk, arena_printf(walk->search->arena, "%s/%s", folder, entry->d_name));
    if (dir)
        closedir(dir);
}

void
doc_suggest_names(struct doc_search *search)
{
    const struct doc_places *places = &search->places;
    const char *query = search->query, *id;

    for (size_t i = 0; i < places->root_count; i++) {
        struct walk walk = {.search = search, .root_len = strlen(places->roots[i].path)};
        walk_folder(&walk, places->roots[i].path);
    }
    for (size_t i = 0; (id = builtin_module_id(i)); i++)
        if (begins(id, query))
            doc_suggest(search, DOC_MODULE, id);
    for (int head = 0; head < HEAD_END; head++)
        if ((head_is_call(head) || head_is_operator(head)) && !head_is_internal(head) &&
            begins(head_name(head), query))
            doc_suggest(search, DOC_FORM, head_name(head));
    for (size_t i = 0; i < places->package_count; i++)
        if (begins(places->packages[i].manifest->name, query))
            doc_suggest(search, DOC_PACKAGE, places->packages[i].manifest->name);
}
