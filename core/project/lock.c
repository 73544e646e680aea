/* lock.c: reading and writing of lock files; lock_verify.c computes and compares. */
#include "project/lock.h"

#include "base/file.h"
#include "base/json_out.h"
#include "base/quote.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define VERSION_2 "x07.lock@0.2.0"
#define VERSION_3 "x07.lock@0.3.0"

#define AT(member) offsetof(struct lock_advisory, member)
static const struct json_shape_field advisory_fields[] = {
    {"schema_version", SHAPE_STRING, AT(schema_version), .required = true},
    {"id", SHAPE_STRING, AT(id), .required = true},
    {"package", SHAPE_STRING, AT(package), .required = true},
    {"version", SHAPE_STRING, AT(version), .required = true},
    {"kind", SHAPE_STRING, AT(kind), .required = true},
    {"severity", SHAPE_STRING, AT(severity), .required = true},
    {"summary", SHAPE_STRING, AT(summary), .required = true},
    {"url", SHAPE_STRING, AT(url), .nullable = true},
    {"details", SHAPE_STRING, AT(details), .nullable = true},
    {"created_at_utc", SHAPE_STRING, AT(created_at_utc), .required = true},
    {"withdrawn_at_utc", SHAPE_STRING, AT(withdrawn_at_utc), .nullable = true},
};
#undef AT
const struct json_shape lock_advisory_shape = {"PkgAdvisory", advisory_fields, COUNT(advisory_fields),
                                               sizeof(struct lock_advisory)};

#define AT(member) offsetof(struct lock_dependency, member)
static const struct json_shape_field dependency_fields[] = {
    {"name", SHAPE_STRING, AT(name), .required = true},
    {"version", SHAPE_STRING, AT(version), .required = true},
    {"path", SHAPE_STRING, AT(path), .required = true},
    {"package_manifest_sha256", SHAPE_STRING, AT(package_manifest_sha256), .required = true},
    {"module_root", SHAPE_STRING, AT(module_root), .required = true},
    {"modules_sha256", SHAPE_TEXTS, AT(modules), .required = true},
    {"overridden_by", SHAPE_STRING, AT(overridden_by), .nullable = true},
    {"yanked", SHAPE_FLAG, AT(yanked), .nullable = true},
    {"advisories", SHAPE_LIST, AT(advisories), .shape = &lock_advisory_shape},
};
#undef AT
static const struct json_shape dependency_shape = {"LockedDependency", dependency_fields,
                                                   COUNT(dependency_fields), sizeof(struct lock_dependency)};

#define AT(member) offsetof(struct lock, member)
static const struct json_shape_field lock_fields[] = {
    {"schema_version", SHAPE_STRING, AT(schema_version), .required = true},
    {"dependencies", SHAPE_LIST, AT(dependencies), .shape = &dependency_shape, .required = true},
};
#undef AT
static const struct json_shape lock_shape = {"Lockfile", lock_fields, COUNT(lock_fields),
                                             sizeof(struct lock)};

static int
compare_modules(const void *left, const void *right)
{
    return strcmp(((const struct json_text *)left)->name, ((const struct json_text *)right)->name);
}

static struct error *
parse(struct arena *arena, const char *path, const struct text *bytes, struct lock *lock)
{
    struct text message = {0};
    struct error *error = NULL;
    const char *text = arena_copy(arena, text_string(bytes), bytes->len);

    if (!json_decode(arena, text, bytes->len, &lock_shape, lock, NULL, &message))
        error = error_new("E_LOCK_PARSE", "%s: %s", path, text_string(&message));
    text_free(&message);
    for (size_t i = 0; i < lock->dependencies.count && !error; i++) {
        struct json_list *modules = &lock_dependency_at(lock, i)->modules;
        qsort(modules->items, modules->count, sizeof(struct json_text), compare_modules);
    }
    return error;
}

struct error *
lock_read(struct arena *arena, const char *path, struct lock *lock)
{
    struct text bytes = {0};

    *lock = (struct lock){0};
    struct error *error = file_read(path, FILE_NO_LIMIT, &bytes);
    if (error)
        error->code = access(path, F_OK) == 0 ? "E_LOCK_READ" : "E_LOCK_MISSING";
    else
        error = parse(arena, path, &bytes, lock);
    text_free(&bytes);
    return error;
}

struct error *
lock_check_version(const struct lock *lock)
{
    struct text quoted = {0};

    if (strcmp(lock->schema_version, VERSION_2) == 0 || strcmp(lock->schema_version, VERSION_3) == 0)
        return NULL;
    text_append_quoted(&quoted, lock->schema_version, strlen(lock->schema_version));
    struct error *error =
        error_new("E_LOCK_SCHEMA",
                  "[X07LOCK_SCHEMA] lockfile schema_version mismatch: expected one of "
                  "[\"" VERSION_2 "\", \"" VERSION_3 "\"] got %s (hint: run `x07 pkg lock`)",
                  text_string(&quoted));
    text_free(&quoted);
    return error;
}

/* ---- writing ---- */

/* A member that is left out when it is NULL. */
static void
write_string(x07_json *json, const char *name, const char *value)
{
    if (!value)
        return;
    x07_json_name(json, name);
    x07_json_string(json, value);
}

static void
write_advisory(x07_json *json, const struct lock_advisory *advisory)
{
    x07_json_begin(json, '{');
    for (size_t i = 0; i < COUNT(advisory_fields); i++)
        write_string(
            json, advisory_fields[i].name,
            *(const char *const *)(const void *)((const char *)advisory + advisory_fields[i].offset));
    x07_json_end(json, '}');
}

static void
write_advisories(x07_json *json, const struct json_list *advisories)
{
    if (!advisories->count)
        return;
    x07_json_name(json, "advisories");
    x07_json_begin(json, '[');
    for (size_t i = 0; i < advisories->count; i++)
        write_advisory(json, (const struct lock_advisory *)advisories->items + i);
    x07_json_end(json, ']');
}

static void
write_dependency(x07_json *json, const struct lock_dependency *dependency)
{
    const struct json_text *modules = dependency->modules.items;

    x07_json_begin(json, '{');
    write_string(json, "name", dependency->name);
    write_string(json, "version", dependency->version);
    write_string(json, "path", dependency->path);
    write_string(json, "package_manifest_sha256", dependency->package_manifest_sha256);
    write_string(json, "module_root", dependency->module_root);
    x07_json_name(json, "modules_sha256");
    x07_json_begin(json, '{');
    for (size_t i = 0; i < dependency->modules.count; i++)
        write_string(json, modules[i].name, modules[i].text);
    x07_json_end(json, '}');
    write_string(json, "overridden_by", dependency->overridden_by);
    if (dependency->yanked.given) {
        x07_json_name(json, "yanked");
        x07_json_bool(json, dependency->yanked.value);
    }
    write_advisories(json, &dependency->advisories);
    x07_json_end(json, '}');
}

void
lock_write(const struct lock *lock, struct text *out)
{
    x07_json json = {.pretty = 1};

    x07_json_begin(&json, '{');
    write_string(&json, "schema_version", VERSION_3);
    x07_json_name(&json, "dependencies");
    x07_json_begin(&json, '[');
    for (size_t i = 0; i < lock->dependencies.count; i++)
        write_dependency(&json, lock_dependency_at(lock, i));
    x07_json_end(&json, ']');
    x07_json_end(&json, '}');
    x07_json_line(&json);
    json_out_take(&json, out);
}
