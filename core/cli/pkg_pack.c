/* pkg_pack.c: `x07 pkg pack`. */
#include "cli/pkg_pack.h"

#include "base/file.h"
#include "base/sha256.h"
#include "base/utf8.h"
#include "cli/options.h"
#include "cli/pkg.h"
#include "cli/pkg_report.h"
#include "package/pack.h"

#include <stdlib.h>
#include <string.h>

struct pack_options {
    const char *package;
    const char *out;
};

#define AT(member) offsetof(struct pack_options, member)

static const struct option options[] = {
    {"package", "DIR", OPTION_VALUE, AT(package), .help = "The package's directory", .required = true},
    {"out", "PATH", OPTION_VALUE, AT(out), .help = "The archive to write (required)"},
};

static const struct option_table table = {
    .command = "x07 pkg pack",
    .summary = "Make the archive of a package; the same files give the same bytes",
    .options = options,
    .count = sizeof options / sizeof options[0],
};

struct error *
pkg_pack_folder(struct arena *arena, const char *given, struct packed *packed)
{
    char *found = file_find_upward(given);

    packed->folder = arena_copy(arena, found, strlen(found));
    free(found);
    if (utf8_prefix(packed->folder, strlen(packed->folder)) != strlen(packed->folder))
        return error_new("E_PACK", "the path of the package is not UTF-8");
    struct error *error = error_wrap(package_manifest_read(arena, packed->folder, &packed->manifest),
                                     "load package manifest in %s", packed->folder);
    if (!error)
        error = pack_package(arena, packed->folder, &packed->manifest, &packed->archive);
    if (!error)
        sha256_hex(packed->archive.data, packed->archive.len, packed->sha256);
    return error;
}

static void
write_result(const struct packed *packed, const char *out, x07_json *json)
{
    x07_json_begin(json, '{');
    pkg_write_string(json, "package_dir", packed->folder);
    pkg_write_string(json, "out", out);
    pkg_write_string(json, "sha256", packed->sha256);
    x07_json_name(json, "bytes");
    x07_json_uint(json, packed->archive.len);
    x07_json_end(json, '}');
}

static int
run_pack(int argc, char **argv)
{
    struct pack_options settings = {0};
    struct packed packed = {0};
    x07_json result = {0};
    struct error *error = NULL;
    int code;

    if (!options_start_text(&table, argc, argv, &settings, &code))
        return code;
    struct arena *arena = arena_new();
    const char *out = settings.out;
    if (!out)
        error = error_new("E_OPTIONS", "pkg pack: missing --out <PATH>");
    if (!error)
        error = pkg_pack_folder(arena, settings.package, &packed);
    if (!error)
        error = error_wrap(file_replace(out, packed.archive.data, packed.archive.len, 0666), "write");
    if (!error)
        write_result(&packed, out, &result);
    text_free(&packed.archive);
    arena_free(arena);
    return pkg_answer("pkg.pack", &result, error);
}

const struct command pkg_pack_command = {.name = "pack", .run = run_pack, .options = &table};
