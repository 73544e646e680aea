/* build.c: `x07 build`: a program to C, as an executable's source or as a library for a C host. */
#include "cli/build.h"

#include "base/file.h"
#include "base/process.h"
#include "cli/options.h"
#include "cli/repair.h"
#include "cli/to_c.h"
#include "project/worlds.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

enum { EXIT_FAILED = 2, DEFAULT_ROUNDS = 3 };

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
    struct registry *registry;
    struct to_c to_c;
    struct text source;
};

static struct error *
build_repair(struct build *build, const char *mode)
{
    const struct build_options *given = &build->options;
    struct registry_options how = {.plugin_dirs = given->plugin_dirs.items,
                                   .host = host_table(build->to_c.host)};
    struct repair_summary summary;
    struct error *error = registry_open(&how, &build->registry);

    if (error)
        return error;
    host_use_registry(build->to_c.host, build->registry);
    struct repair_request request = {
        .host = build->to_c.host,
        .registry = build->registry,
        .path = build->to_c.program,
        .world = build->to_c.world,
        .mode = mode,
        .arena = build->to_c.arena,
        .max_rounds =
            given->repair_max_iters.given ? (uint32_t)given->repair_max_iters.value : DEFAULT_ROUNDS,
    };
    return error_wrap(repair_document(&request, &build->source, &summary), "repair entry: %s",
                      build->to_c.program);
}

static struct error *
build_source(struct build *build)
{
    const char *mode = build->options.repair ? build->options.repair : "write";

    if (strcmp(mode, "off") != 0)
        return build_repair(build, mode);
    return error_wrap(file_read(build->to_c.program, FILE_NO_LIMIT, &build->source), "read entry");
}

/* What is to be built, and how. */
static struct error *
build_target(struct build *build)
{
    const struct build_options *given = &build->options;
    struct to_c *to_c = &build->to_c;

    to_c->program = given->program;
    to_c->world = given->world ? given->world : "solve-pure";
    to_c->roots = given->module_roots.items;
    to_c->root_count = given->module_roots.count;
    to_c->os_roots = true;
    to_c->out = given->out;
    to_c->header = given->header;
    to_c->freestanding = given->freestanding;
    to_c->max_c_bytes = given->max_c_bytes.given ? given->max_c_bytes.value : 0;
    if (given->project)
        return to_c_project(to_c, given->project);
    return to_c->program ? NULL : error_new("E_TARGET", "nothing to build (pass --project or --program)");
}

static struct error *
build_run(struct build *build)
{
    struct error *error = build_target(build);

    if (!error)
        error = to_c_check(&build->to_c);
    if (!error)
        error = build_source(build);
    return error ? error : to_c_write(&build->to_c, &build->source);
}

static int
build_steps(struct build *build)
{
    sigset_t saved;

    /* An interruption first cleans up; releasing the signals then ends the process. */
    process_hold_signals(&saved);
    build->to_c.host = host_new();
    struct error *error = build_run(build);
    if (error)
        fprintf(stderr, "%s\n", error->message);
    int code = error ? EXIT_FAILED : 0;
    error_free(error);
    registry_close(build->registry);
    host_free(build->to_c.host);
    process_release_signals(&saved);
    return code;
}

static int
build_main(int argc, char **argv)
{
    struct build build = {.to_c = {.arena = arena_new()}};
    int code;

    if (options_start(&build_option_table, argc, argv, &build.options, &code))
        code = build_steps(&build);
    text_free(&build.source);
    options_free(&build_option_table, &build.options);
    arena_free(build.to_c.arena);
    return code;
}

const struct command build_command = {.name = "build", .run = build_main, .options = &build_option_table};
