/* lock_check.c: see lock_check.h. */
#include "package/lock_check.h"

#include <string.h>

struct error *
lock_check_yanked(const struct lock *lock)
{
    struct text list = {0};
    struct error *error = NULL;

    for (size_t i = 0; i < lock->dependencies.count; i++) {
        const struct lock_dependency *dependency = lock_dependency_at(lock, i);
        if (dependency->yanked.value)
            text_printf(&list, "%s%s@%s", list.len ? ", " : "", dependency->name, dependency->version);
    }
    if (list.len)
        error = error_new(
            "X07PKG_YANKED_DEP",
            "lockfile contains yanked dependencies: %s (hint: use project.patch or bump; allow with "
            "--allow-yanked)",
            list.data);
    text_free(&list);
    return error;
}

/* "n@v: ID (summary), ID (summary)" */
static void
append_advised(struct text *list, const struct lock_dependency *dependency)
{
    const struct lock_advisory *advisories = dependency->advisories.items;
    bool any = false;

    for (size_t i = 0; i < dependency->advisories.count; i++) {
        if (advisories[i].withdrawn_at_utc)
            continue;
        if (!any)
            text_printf(list, "%s%s@%s: ", list->len ? "; " : "", dependency->name, dependency->version);
        text_printf(list, "%s%s (%s)", any ? ", " : "", advisories[i].id, advisories[i].summary);
        any = true;
    }
}

struct error *
lock_check_advisories(const struct lock *lock)
{
    struct text list = {0};
    struct error *error = NULL;

    for (size_t i = 0; i < lock->dependencies.count; i++)
        append_advised(&list, lock_dependency_at(lock, i));
    if (list.len)
        error =
            error_new("X07PKG_ADVISED_DEP",
                      "lockfile contains dependencies with active advisories: %s (hint: use project.patch or "
                      "bump; allow with --allow-advisories)",
                      list.data);
    text_free(&list);
    return error;
}

/* The lock's text, without the metadata unless it is wanted. */
static void
write_part(const struct lock *lock, bool metadata, struct text *out)
{
    struct arena *arena = arena_new();
    size_t count = lock->dependencies.count;
    struct lock part = *lock;

    part.dependencies.items = ARENA_ARRAY(arena, struct lock_dependency, count + 1);
    for (size_t i = 0; i < count; i++) {
        struct lock_dependency *dependency = lock_dependency_at(&part, i);
        *dependency = *lock_dependency_at(lock, i);
        if (!metadata) {
            dependency->overridden_by = NULL;
            dependency->yanked = (struct json_flag){0};
            dependency->advisories = (struct json_list){0};
        }
    }
    lock_write(&part, out);
    arena_free(arena);
}

bool
lock_check_same(const struct lock *left, const struct lock *right, bool metadata)
{
    struct text left_text = {0}, right_text = {0};
    bool same = strcmp(left->schema_version, right->schema_version) == 0;

    write_part(left, metadata, &left_text);
    write_part(right, metadata, &right_text);
    same = same && left_text.len == right_text.len &&
           memcmp(left_text.data, right_text.data, left_text.len) == 0;
    text_free(&left_text);
    text_free(&right_text);
    return same;
}
