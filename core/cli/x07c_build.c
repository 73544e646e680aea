/* x07c_build.c: `x07c build`, `x07c compile` and `x07c lock`: the compiler alone, without repair and without
 * the library of the OS worlds. */
#include "base/file.h"
#include "base/process.h"
#include "cli/output.h"
#include "cli/to_c.h"
#include "cli/x07c.h"
#include "project/lock.h"
#include "project/worlds.h"

#include <unistd.h>

struct compile_options {
    const char *project, *program, *world, *out, *header, *mono_map;
    struct option_list module_roots;
    struct option_number max_c_bytes;
    bool freestanding;
};

#define AT(member) offsetof(struct compile_options, member)
#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* What both commands that compile take. */
#define RESULTS                                                                                       \
    {"out", "PATH", OPTION_VALUE, AT(out), .help = "Write the C here instead of to standard output"}, \
        {"emit-mono-map", "PATH", OPTION_VALUE, AT(mono_map),                                         \
         .help = "Write here what generic functions were specialised to"},                            \
        {"emit-c-header", "PATH", OPTION_VALUE, AT(header),                                           \
         .help = "Build a library for a C host and write its header here"},                           \
        {"freestanding", NULL, OPTION_FLAG, AT(freestanding),                                         \
         .help = "Build a library that needs no operating system"},                                   \
    {                                                                                                 \
        "max-c-bytes", "BYTES", OPTION_NUMBER, AT(max_c_bytes), .help = "Limit of the generated C"    \
    }

static const struct option build_options[] = {
    {"project", "PATH", OPTION_VALUE, AT(project), .help = "The project: its x07.json", .required = true},
    RESULTS,
};

static const struct option compile_options[] = {
    {"program", "PATH", OPTION_VALUE, AT(program), .help = "The entry document", .required = true},
    {"world", "WORLD", OPTION_CHOICE, AT(world), .choices = world_choices,
     .help = "World of the program (default solve-pure)"},
    {"module-root", "PATH", OPTION_LIST, AT(module_roots), .help = "Where modules are found (repeatable)"},
    RESULTS,
};

static const struct option_table build_table = {
    .command = "x07c build",
    .summary = "Compile a project to C",
    .options = build_options,
    .count = COUNT(build_options),
};

static const struct option_table compile_table = {
    .command = "x07c compile",
    .summary = "Compile one document and what it imports to C",
    .options = compile_options,
    .count = COUNT(compile_options),
};

/* Everything is in `to_c` but what a project says. */
static struct error *
compile(struct to_c *to_c, const struct compile_options *given)
{
    struct text source = {0};
    struct error *error = given->project ? to_c_project(to_c, given->project) : NULL;

    if (!error)
        error = to_c_check(to_c);
    if (!error)
        error = error_wrap(file_read(to_c->program, FILE_NO_LIMIT, &source), "read %s",
                           given->project ? "entry" : "program");
    if (!error)
        error = to_c_write(to_c, &source);
    text_free(&source);
    return error;
}

static int
run_compile(const struct option_table *table, int argc, char **argv)
{
    struct compile_options given = {0};
    int code;

    if (!options_start(table, argc, argv, &given, &code))
        return code;
    struct to_c to_c = {
        .arena = arena_new(),
        .host = host_new(),
        .program = given.program,
        .world = given.world ? given.world : "solve-pure",
        .roots = given.module_roots.items,
        .root_count = given.module_roots.count,
        .out = given.out,
        .header = given.header,
        .mono_map = given.mono_map,
        .freestanding = given.freestanding,
        .max_c_bytes = given.max_c_bytes.given ? given.max_c_bytes.value : 0,
    };
    struct error *error = compile(&to_c, &given);
    code = error ? output_error(error) : 0;
    host_free(to_c.host);
    arena_free(to_c.arena);
    options_free(table, &given);
    return code;
}

static int
build(int argc, char **argv)
{
    return run_compile(&build_table, argc, argv);
}

static int
compile_one(int argc, char **argv)
{
    return run_compile(&compile_table, argc, argv);
}

const struct command x07c_build_command = {.name = "build", .run = build, .options = &build_table};
const struct command x07c_compile_command = {
    .name = "compile", .run = compile_one, .options = &compile_table};

/* ---- lock ---- */

struct lock_options {
    const char *project, *out;
};

static const struct option lock_options[] = {
    {"project", "PATH", OPTION_VALUE, offsetof(struct lock_options, project),
     .help = "The project: its x07.json", .required = true},
    {"out", "PATH", OPTION_VALUE, offsetof(struct lock_options, out),
     .help = "Write the lock here instead of to standard output"},
};

static const struct option_table lock_table = {
    .command = "x07c lock",
    .summary = "Print the lock that the packages on disk give; nothing is fetched",
    .options = lock_options,
    .count = COUNT(lock_options),
};

static struct error *
write_lock(struct arena *arena, const struct lock_options *given)
{
    struct manifest manifest;
    struct lock lock;
    struct text text = {0};
    struct error *error =
        error_wrap(manifest_read(arena, given->project, &manifest), "load project manifest");

    if (!error)
        error = error_wrap(lock_compute(arena, &manifest, &lock), "compute lockfile");
    if (error)
        return error;
    lock_write(&lock, &text);
    size_t len = text.len - 1; /* without the line feed */
    if (given->out)
        error = error_wrap(file_replace(given->out, text.data, len, 0666), "write lockfile");
    else
        error = file_write_fd(STDOUT_FILENO, "standard output", text.data, len);
    text_free(&text);
    return error;
}

static int
run_lock(int argc, char **argv)
{
    struct lock_options given = {0};
    struct arena *arena;
    int code;

    if (!options_start(&lock_table, argc, argv, &given, &code))
        return code;
    arena = arena_new();
    struct error *error = write_lock(arena, &given);
    code = error ? output_error(error) : 0;
    arena_free(arena);
    return code;
}

const struct command x07c_lock_command = {.name = "lock", .run = run_lock, .options = &lock_table};
