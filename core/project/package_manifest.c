/* package_manifest.c: see package_manifest.h. */
#include "project/package_manifest.h"

#include "base/file.h"
#include "base/quote.h"
#include "project/paths.h"

#include <stddef.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define VERSION "x07.package@0.1.0"

#define AT(member) offsetof(struct package_meta, member)
static const struct json_shape_field meta_fields[] = {
    {"requires_packages", SHAPE_STRINGS, AT(requires_packages), .nullable = true},
    {"import_mode", SHAPE_STRING, AT(import_mode), .nullable = true},
    {"ffi_libs", SHAPE_STRINGS, AT(ffi_libs), .nullable = true},
};
#undef AT
static const struct json_shape meta_shape = {"PackageMeta", meta_fields, COUNT(meta_fields),
                                             sizeof(struct package_meta)};

#define AT(member) offsetof(struct package_manifest, member)
static const struct json_shape_field fields[] = {
    {"schema_version", SHAPE_STRING, AT(schema_version), .required = true, .trim = true},
    {"name", SHAPE_STRING, AT(name), .required = true, .trim = true},
    {"version", SHAPE_STRING, AT(version), .required = true, .trim = true},
    {"module_root", SHAPE_STRING, AT(module_root), .required = true, .trim = true},
    {"modules", SHAPE_STRINGS, AT(modules), .required = true, .trim = true},
    {"description", SHAPE_STRING, AT(description), .nullable = true},
    {"docs", SHAPE_STRING, AT(docs), .nullable = true},
    {"meta", SHAPE_OBJECT, AT(meta), .shape = &meta_shape, .nullable = true},
};
#undef AT
static const struct json_shape shape = {"PackageManifest", fields, COUNT(fields),
                                        sizeof(struct package_manifest)};

/* What is wrong with a module id, or NULL. */
static const char *
module_fault(const char *id)
{
    if (!id[0])
        return "module id must be non-empty";
    if (strpbrk(id, "/\\"))
        return "module id must not contain '/', '\\\\', or NUL";
    /* Segments end with dots, so an empty one is the only way to "." and "..". */
    if (id[0] == '.' || id[strlen(id) - 1] == '.' || strstr(id, ".."))
        return "module id must not contain empty segments";
    return NULL;
}

static struct error *
check_modules(const struct package_manifest *manifest)
{
    for (size_t i = 0; i < manifest->modules.count; i++) {
        const char *id = manifest->modules.items[i], *fault = module_fault(id);
        struct text quoted = {0};
        if (!fault)
            continue;
        if (id[0]) {
            text_puts(&quoted, ": ");
            text_append_quoted(&quoted, id, strlen(id));
        }
        struct error *error = error_new("E_PACKAGE", "invalid package.modules[%zu] in %s: %s%s", i,
                                        manifest->path, fault, text_string(&quoted));
        text_free(&quoted);
        return error;
    }
    return NULL;
}

static struct error *
check(const struct package_manifest *manifest)
{
    const struct {
        const char *name, *value;
    } filled[] = {
        {"name", manifest->name}, {"version", manifest->version}, {"module_root", manifest->module_root}};

    if (strcmp(manifest->schema_version, VERSION) != 0) {
        struct text quoted = {0};
        text_append_quoted(&quoted, manifest->schema_version, strlen(manifest->schema_version));
        struct error *error =
            error_new("E_PACKAGE", "package schema_version mismatch: expected " VERSION " got %s",
                      text_string(&quoted));
        text_free(&quoted);
        return error;
    }
    for (size_t i = 0; i < COUNT(filled); i++)
        if (!filled[i].value[0])
            return error_new("E_PACKAGE", "package %s must be non-empty: %s", filled[i].name, manifest->path);
    struct error *error = paths_check(manifest->module_root, "package.module_root");
    return error ? error : check_modules(manifest);
}

struct error *
package_manifest_parse(struct arena *arena, const char *path, const char *text, size_t len,
                       struct package_manifest *manifest)
{
    struct text message = {0};
    struct error *error = NULL;

    *manifest = (struct package_manifest){.path = path, .text = text, .text_len = len};
    if (!json_decode(arena, text, len, &shape, manifest, NULL, &message))
        error = error_new("E_PACKAGE", "parse package JSON: %s: %s", path, text_string(&message));
    text_free(&message);
    return error ? error : check(manifest);
}

struct error *
package_manifest_read(struct arena *arena, const char *folder, struct package_manifest *manifest)
{
    const char *path = paths_join(arena, folder, PACKAGE_MANIFEST_FILE);
    struct text bytes = {0};
    struct error *error = file_read(path, FILE_NO_LIMIT, &bytes);

    if (error) {
        error->code = "E_PACKAGE";
        error = error_wrap(error, "read package");
    } else {
        const char *text = arena_copy(arena, text_string(&bytes), bytes.len);
        error = package_manifest_parse(arena, path, text, bytes.len, manifest);
    }
    text_free(&bytes);
    return error;
}

const char *
package_module_file(struct arena *arena, const char *module)
{
    char *file = arena_printf(arena, "%s.x07.json", module);

    for (size_t i = 0; module[i]; i++)
        if (file[i] == '.')
            file[i] = '/';
    return file;
}
