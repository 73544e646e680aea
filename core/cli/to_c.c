/* to_c.c: see to_c.h. */
#include "cli/to_c.h"

#include "base/file.h"
#include "emit/compile.h"
#include "project/project.h"
#include "project/worlds.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FILE_MODE = 0666 };

static const uint64_t default_fuel = 50000000;
static const uint64_t default_memory = 67108864;

struct error *
to_c_project(struct to_c *to_c, const char *manifest)
{
    struct project *project = ARENA_NEW(to_c->arena, struct project);
    struct error *error = project_load(to_c->arena, manifest, PROJECT_OF_TOOLS, project);

    to_c->program = project->entry_path;
    to_c->world = project->manifest.world;
    to_c->roots = project->roots.items;
    to_c->root_count = project->roots.count;
    return error_wrap(error, "load project");
}

struct error *
to_c_check(const struct to_c *to_c)
{
    if (to_c->freestanding && strcmp(to_c->world, "solve-pure") != 0)
        return error_new("E_COMPILE", "compile failed: Unsupported: freestanding profile currently supports "
                                      "only --world solve-pure");
    return NULL;
}

/* With the roots of the world's standard library. */
static const char *const *
all_roots(const struct to_c *to_c, size_t *count)
{
    const char **roots = ARENA_ARRAY(to_c->arena, const char *, to_c->root_count + 1);
    const char *library;

    for (*count = 0; *count < to_c->root_count; ++*count)
        roots[*count] = to_c->roots[*count];
    if (to_c->os_roots && world_is_os(to_c->world)) {
        error_free(host_find_os_modules(to_c->host, &library));
        if (library)
            roots[(*count)++] = library;
    }
    return roots;
}

static void
compile(const struct to_c *to_c, const struct text *source, struct compile_result *compiled)
{
    bool unrestricted = strcmp(to_c->world, "run-os") == 0;
    struct compile_request request = {
        .path = to_c->program,
        .source = text_string(source),
        .source_len = source->len,
        .world = to_c->world,
        .allow_unsafe = unrestricted,
        .allow_ffi = unrestricted,
        .fuel = default_fuel,
        .memory = default_memory,
        .max_c_bytes = to_c->max_c_bytes,
        .library = to_c->header || to_c->freestanding,
        .freestanding = to_c->freestanding,
        .mono_map = to_c->mono_map,
    };

    request.module_roots = all_roots(to_c, &request.module_root_count);
    compile_program(&request, compiled);
}

static struct error *
put_file(const char *path, const struct text *content)
{
    return file_replace(path, text_string(content), content->len, FILE_MODE);
}

/* The header is the same for every program: it lies among the runtime's. */
static struct error *
write_header(const struct to_c *to_c)
{
    const struct host_toolchain *toolchain;
    struct text header = {0};
    struct error *error = host_find_toolchain(to_c->host, &toolchain);

    if (!error) {
        char *path = file_join(toolchain->include_dir, "x07rt_embed.h");
        error = file_read(path, FILE_NO_LIMIT, &header);
        free(path);
    }
    if (!error)
        error = put_file(to_c->header, &header);
    text_free(&header);
    return error_wrap(error, "emit header failed");
}

static struct error *
write_files(const struct to_c *to_c, const struct compile_result *compiled)
{
    const struct text *c_source = &compiled->c_source;
    struct error *error = NULL;

    if (to_c->mono_map)
        error = error_wrap(put_file(to_c->mono_map, &compiled->mono_map), "write mono map");
    if (error)
        return error;
    if (to_c->out)
        error = error_wrap(put_file(to_c->out, c_source), "write C source");
    else
        error = file_write_fd(STDOUT_FILENO, "standard output", text_string(c_source), c_source->len);
    return !error && to_c->header ? write_header(to_c) : error;
}

struct error *
to_c_write(const struct to_c *to_c, const struct text *source)
{
    struct compile_result compiled;
    struct error *error;

    compile(to_c, source, &compiled);
    if (compiled.ok)
        error = write_files(to_c, &compiled);
    else
        error = error_new("E_COMPILE", "compile failed: %s", compiled.error);
    compile_result_free(&compiled);
    return error;
}
