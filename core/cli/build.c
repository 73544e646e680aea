/* build.c: `x07 build`: a program to C, as an executable's source or as a library for a C host. */
#include "cli/build.h"

#include "base/file.h"
#include "base/process.h"
#include "cli/options.h"
#include "cli/repair.h"
#include "emit/compile.h"
#include "project/project.h"
#include "project/worlds.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { EXIT_FAILED = 2, DEFAULT_ROUNDS = 3 };

static const uint64_t default_fuel = 50000000;
static const uint64_t default_memory = 67108864;

struct build_options {
    const char *project;
    const char *program;
    const char *world;
    struct option_list module_roots;
    const char *out;
    const char *header;
    bool freestanding;
    struct option_number max_c_bytes;
    const char *repair;
    struct option_number repair_max_iters;
    struct option_list plugin_dirs;
};

#define AT(member) offsetof(struct build_options, member)

static const char *const repairs[] = {"off", "memory", "write", NULL};

static const struct option options[] = {
    {"project", "PATH", OPTION_VALUE, AT(project), .help = "Build a project: its x07.json",
     .conflicts = {"program", "world", "module-root"}},
    {"program", "PATH", OPTION_VALUE, AT(program), .help = "Build one *.x07.json file"},
    {"world", "WORLD", OPTION_CHOICE, AT(world), .help = "World of the program (default solve-pure)",
     .choices = world_choices},
    {"module-root", "PATH", OPTION_LIST, AT(module_roots), .help = "Where modules are found (repeatable)"},
    {"out", "PATH", OPTION_VALUE, AT(out), .help = "Write the C here instead of to standard output"},
    {"emit-c-header", "PATH", OPTION_VALUE, AT(header),
     .help = "Build a library for a C host and write its header here"},
    {"freestanding", NULL, OPTION_FLAG, AT(freestanding),
     .help = "Build a library that needs no operating system"},
    {"max-c-bytes", "BYTES", OPTION_NUMBER, AT(max_c_bytes), .help = "Limit of the generated C"},
    {"repair", "MODE", OPTION_CHOICE, AT(repair), .help = "Repair the program first (default write)",
     .choices = repairs},
    {"repair-max-iters", "N", OPTION_NUMBER, AT(repair_max_iters), .help = "Rounds of repair (default 3)",
     .max = UINT32_MAX},
    {"plugin-dir", "DIR", OPTION_LIST, AT(plugin_dirs), .help = "Search plugins here first (repeatable)"},
};

static const struct option_table build_option_table = {
    .command = "x07 build",
    .summary = "Compile an X07 program to C",
    .options = options,
    .count = sizeof options / sizeof options[0],
};

struct build {
    struct build_options options;
    struct arena *arena;
    struct host *host;
    struct registry *registry;
    const char *program;
    const char *world;
    const char *const *module_roots; /* without those of the world's standard library */
    size_t module_root_count;
    struct text source;
    struct compile_result compiled;
};

static struct error *
build_repair(struct build *build, const char *mode)
{
    const struct build_options *given = &build->options;
    struct registry_options how = {.plugin_dirs = given->plugin_dirs.items, .host = host_table(build->host)};
    struct repair_summary summary;
    struct error *error = registry_open(&how, &build->registry);

    if (error)
        return error;
    host_use_registry(build->host, build->registry);
    struct repair_request request = {
        .host = build->host,
        .registry = build->registry,
        .path = build->program,
        .world = build->world,
        .mode = mode,
        .arena = build->arena,
        .max_rounds =
            given->repair_max_iters.given ? (uint32_t)given->repair_max_iters.value : DEFAULT_ROUNDS,
    };
    return error_wrap(repair_document(&request, &build->source, &summary), "repair entry: %s",
                      build->program);
}

static struct error *
build_source(struct build *build)
{
    const char *mode = build->options.repair ? build->options.repair : "write";

    if (strcmp(mode, "off") != 0)
        return build_repair(build, mode);
    return error_wrap(file_read(build->program, FILE_NO_LIMIT, &build->source), "read entry");
}

/* With the roots of the world's standard library. */
static const char *const *
build_roots(struct build *build, size_t *count)
{
    const char **roots = ARENA_ARRAY(build->arena, const char *, build->module_root_count + 1);
    const char *library;

    for (*count = 0; *count < build->module_root_count; ++*count)
        roots[*count] = build->module_roots[*count];
    if (world_is_os(build->world)) {
        error_free(host_find_os_modules(build->host, &library));
        if (library)
            roots[(*count)++] = library;
    }
    return roots;
}

static struct error *
build_compile(struct build *build)
{
    const struct build_options *given = &build->options;
    bool unrestricted = strcmp(build->world, "run-os") == 0;
    struct compile_request request = {
        .path = build->program,
        .source = text_string(&build->source),
        .source_len = build->source.len,
        .world = build->world,
        .allow_unsafe = unrestricted,
        .allow_ffi = unrestricted,
        .fuel = default_fuel,
        .memory = default_memory,
        .max_c_bytes = given->max_c_bytes.given ? given->max_c_bytes.value : 0,
        .library = given->header || given->freestanding,
        .freestanding = given->freestanding,
    };

    request.module_roots = build_roots(build, &request.module_root_count);
    compile_program(&request, &build->compiled);
    return build->compiled.ok ? NULL : error_new("E_COMPILE", "compile failed: %s", build->compiled.error);
}

static struct error *
build_write(const struct build *build)
{
    const struct text *c_source = &build->compiled.c_source;

    if (!build->options.out)
        return file_write_fd(STDOUT_FILENO, "standard output", text_string(c_source), c_source->len);
    return error_wrap(file_replace(build->options.out, text_string(c_source), c_source->len, 0666),
                      "write C source");
}

/* The header is the same for every program: it lies among the runtime's. */
static struct error *
build_header(struct build *build)
{
    const struct host_toolchain *toolchain;
    struct text header = {0};

    if (!build->options.header)
        return NULL;
    struct error *error = host_find_toolchain(build->host, &toolchain);
    if (!error) {
        char *path = file_join(toolchain->include_dir, "x07rt_embed.h");
        error = file_read(path, FILE_NO_LIMIT, &header);
        free(path);
    }
    if (!error)
        error = file_replace(build->options.header, text_string(&header), header.len, 0666);
    text_free(&header);
    return error_wrap(error, "emit header failed");
}

static struct error *
build_project(struct build *build)
{
    struct project *project = ARENA_NEW(build->arena, struct project);
    struct error *error = project_load(build->arena, build->options.project, PROJECT_OF_TOOLS, project);

    build->program = project->entry_path;
    build->world = project->manifest.world;
    build->module_roots = project->roots.items;
    build->module_root_count = project->roots.count;
    return error_wrap(error, "load project");
}

static struct error *
build_target(struct build *build)
{
    const struct build_options *given = &build->options;
    struct error *error = NULL;

    build->program = given->program;
    build->world = given->world ? given->world : "solve-pure";
    build->module_roots = given->module_roots.items;
    build->module_root_count = given->module_roots.count;
    if (given->project)
        error = build_project(build);
    if (error)
        return error;
    if (!build->program)
        return error_new("E_TARGET", "nothing to build (pass --project or --program)");
    if (given->freestanding && strcmp(build->world, "solve-pure") != 0)
        return error_new("E_COMPILE", "compile failed: Unsupported: freestanding profile currently supports "
                                      "only --world solve-pure");
    return NULL;
}

static struct error *
build_run(struct build *build)
{
    struct error *error = build_target(build);

    if (!error)
        error = build_source(build);
    if (!error)
        error = build_compile(build);
    if (!error)
        error = build_write(build);
    return error ? error : build_header(build);
}

static int
build_steps(struct build *build)
{
    sigset_t saved;

    /* An interruption first cleans up; releasing the signals then ends the process. */
    process_hold_signals(&saved);
    build->host = host_new();
    struct error *error = build_run(build);
    if (error)
        fprintf(stderr, "%s\n", error->message);
    int code = error ? EXIT_FAILED : 0;
    error_free(error);
    if (build->compiled.arena)
        compile_result_free(&build->compiled);
    registry_close(build->registry);
    host_free(build->host);
    process_release_signals(&saved);
    return code;
}

static int
build_main(int argc, char **argv)
{
    struct build build = {.arena = arena_new()};
    int code;

    if (options_start(&build_option_table, argc, argv, &build.options, &code))
        code = build_steps(&build);
    text_free(&build.source);
    options_free(&build_option_table, &build.options);
    arena_free(build.arena);
    return code;
}

const struct command build_command = {.name = "build", .run = build_main, .options = &build_option_table};
