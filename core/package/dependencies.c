/* dependencies.c: see dependencies.h. */
#include "package/dependencies.h"

#include <stdlib.h>
#include <string.h>

void
dependencies_read(struct arena *arena, const struct manifest *manifest, struct dependencies *all)
{
    const struct ast_json *written = ast_json_get(&manifest->document, "dependencies");
    size_t count = manifest->dependencies.count;

    *all = (struct dependencies){.arena = arena, .manifest = manifest, .capacity = count + 16};
    all->items = ARENA_ARRAY(arena, struct dependency, all->capacity);
    for (size_t i = 0; i < count; i++) {
        const struct manifest_dependency *from = manifest_dependency_at(manifest, i);
        all->items[all->count++] =
            (struct dependency){from->name, from->version, from->path, &written->items[i], false};
    }
}

struct dependency *
dependencies_find(const struct dependencies *all, const char *name)
{
    for (size_t i = 0; i < all->count; i++)
        if (strcmp(all->items[i].name, name) == 0)
            return &all->items[i];
    return NULL;
}

const char *
dependencies_default_path(struct arena *arena, const char *name, const char *version)
{
    return arena_printf(arena, ".x07/deps/%s/%s", name, version);
}

static int
compare(const void *left, const void *right)
{
    const struct dependency *a = left, *b = right;
    int order = strcmp(a->name, b->name);

    return order ? order : strcmp(a->version, b->version);
}

void
dependencies_add(struct dependencies *all, const char *name, const char *version, const char *path)
{
    if (all->count == all->capacity) {
        struct dependency *items = ARENA_ARRAY(all->arena, struct dependency, all->capacity * 2);
        memcpy(items, all->items, all->count * sizeof *items);
        all->items = items;
        all->capacity *= 2;
    }
    all->items[all->count++] = (struct dependency){.name = name, .version = version, .path = path};
    qsort(all->items, all->count, sizeof *all->items, compare);
}

size_t
dependencies_remove(struct dependencies *all, const char *name)
{
    size_t kept = 0, before = all->count;

    for (size_t i = 0; i < all->count; i++)
        if (strcmp(all->items[i].name, name) != 0)
            all->items[kept++] = all->items[i];
    all->count = kept;
    return before - kept;
}

void
dependencies_note(struct arena *arena, struct json_strings *list, const char *name, const char *version)
{
    const char **items = ARENA_ARRAY(arena, const char *, list->count + 1);

    if (list->count)
        memcpy(items, list->items, list->count * sizeof *items);
    items[list->count++] = arena_printf(arena, "%s@%s", name, version);
    list->items = items;
}

bool
dependencies_patch(struct dependencies *all, struct dependency *dependency)
{
    const struct manifest_patch *patch = manifest_find_patch(all->manifest, dependency->name);

    if (!patch)
        return false;
    const char *path = patch->path && patch->path[0]
                           ? patch->path
                           : dependencies_default_path(all->arena, patch->name, patch->version);
    if (strcmp(dependency->version, patch->version) == 0 && strcmp(dependency->path, path) == 0)
        return false;
    dependency->version = patch->version;
    dependency->path = path;
    dependency->scanned = false;
    dependencies_note(all->arena, &all->patched, patch->name, patch->version);
    return true;
}

bool
dependencies_changed(const struct dependencies *all)
{
    return all->upgrade || all->patched.count || all->added.count;
}

/* ---- writing ---- */

static struct ast_json
json_of(const char *string)
{
    return (struct ast_json){.kind = JSON_STRING, .count = (uint32_t)strlen(string), .text = string};
}

/* The last of equal members counts, so a changed value goes behind the written ones. */
static void
put_member(struct ast_json_member *members, uint32_t *count, const char *name, struct ast_json value)
{
    members[(*count)++] = (struct ast_json_member){name, (uint32_t)strlen(name), value};
}

static struct ast_json
write_dependency(struct arena *arena, const struct dependency *dependency)
{
    uint32_t count = dependency->written ? dependency->written->count : 0;
    struct ast_json_member *members = ARENA_ARRAY(arena, struct ast_json_member, count + 3);

    if (count)
        memcpy(members, dependency->written->members, count * sizeof *members);
    put_member(members, &count, "name", json_of(dependency->name));
    put_member(members, &count, "version", json_of(dependency->version));
    put_member(members, &count, "path", json_of(dependency->path));
    return (struct ast_json){.kind = JSON_OBJECT, .count = count, .members = members};
}

void
dependencies_write(const struct dependencies *all, struct text *out)
{
    const struct ast_json *document = &all->manifest->document;
    struct ast_json *items = ARENA_ARRAY(all->arena, struct ast_json, all->count + 1);
    struct ast_json_member *members =
        ARENA_ARRAY(all->arena, struct ast_json_member, (size_t)document->count + 2);
    uint32_t count = document->count;

    for (size_t i = 0; i < all->count; i++)
        items[i] = write_dependency(all->arena, &all->items[i]);
    if (count)
        memcpy(members, document->members, count * sizeof *members);
    put_member(members, &count, "dependencies",
               (struct ast_json){.kind = JSON_ARRAY, .count = (uint32_t)all->count, .items = items});
    if (all->upgrade)
        put_member(members, &count, "schema_version", json_of(MANIFEST_VERSION_3));
    struct ast_json whole = {.kind = JSON_OBJECT, .count = count, .members = members};
    struct ast_json sorted = ast_json_copy_sorted(all->arena, &whole);
    ast_json_write_pretty(&sorted, out);
    text_putc(out, '\n');
}
