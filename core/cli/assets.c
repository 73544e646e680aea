/* assets.c: the command `x07 assets embed-dir`. */
#include "cli/assets.h"

#include "base/file.h"
#include "base/glob.h"
#include "base/json_out.h"
#include "base/quote.h"
#include "cli/assets_files.h"
#include "cli/document.h"
#include "cli/output.h"
#include "project/paths.h"

#include <string.h>
#include <unistd.h>

enum { EXIT_REFUSED = 20, MAX_BYTES = 64 << 20 };

struct embed_options {
    const char *in, *module_id, *out, *prefix;
    struct option_list include, exclude;
};

#define AT(member) offsetof(struct embed_options, member)

static const struct option options[] = {
    {"in", "DIR", OPTION_VALUE, AT(in), .help = "The directory", .required = true},
    {"module-id", "ID", OPTION_VALUE, AT(module_id), .help = "The module to make", .required = true},
    {"out", "PATH", OPTION_VALUE, AT(out), .help = "The module's file", .required = true},
    {"strip-prefix", "DIR", OPTION_VALUE, AT(prefix),
     .help = "What the paths of files are relative to (default DIR)"},
    {"glob-include", "GLOB", OPTION_LIST, AT(include), .help = "Embed these (repeatable, default **/*)"},
    {"glob-exclude", "GLOB", OPTION_LIST, AT(exclude),
     .help = "Do not embed these (repeatable, default .git, .x07, target, node_modules and dist)"},
};

static const struct option_table table = {
    .command = "x07 assets embed-dir",
    .summary = "Make a module that holds the files of a directory",
    .options = options,
    .count = sizeof options / sizeof options[0],
};

struct embed {
    const struct embed_options *options;
    struct arena *arena;
    const char *folder; /* absolute */
    struct assets assets;
    struct text module;
};

static struct error *
read_globs(struct arena *arena, const char *option, const struct option_list *given,
           const char *const *otherwise, size_t otherwise_count, const struct glob ***globs)
{
    const char *const *patterns = given->count ? (const char *const *)given->items : otherwise;
    size_t count = given->count ? given->count : otherwise_count;

    *globs = ARENA_ARRAY(arena, const struct glob *, count + 1);
    for (size_t i = 0; i < count; i++) {
        struct text message = {0};
        (*globs)[i] = glob_new(arena, patterns[i], &message);
        struct error *error = (*globs)[i]
                                  ? NULL
                                  : error_new("E_ASSETS", "compile %s: invalid glob: %s: %s", option,
                                              quote_string(arena, patterns[i]), text_string(&message));
        text_free(&message);
        if (error)
            return error;
    }
    return NULL;
}

static struct error *
find_files(struct embed *embed)
{
    static const char *const all[] = {"**/*"};
    static const char *const none[] = {"**/.git/**", "**/.x07/**", "**/target/**", "**/node_modules/**",
                                       "**/dist/**"};
    const struct embed_options *given = embed->options;
    struct assets_rules rules = {.prefix = given->prefix ? paths_absolute(embed->arena, given->prefix)
                                                         : embed->folder};
    struct error *error = read_globs(embed->arena, "--glob-include", &given->include, all, 1, &rules.include);

    if (!error)
        error = read_globs(embed->arena, "--glob-exclude", &given->exclude, none,
                           sizeof none / sizeof none[0], &rules.exclude);
    if (!error)
        error = assets_find(embed->arena, embed->folder, &rules, &embed->assets);
    if (!error && !embed->assets.count)
        error = error_new("E_ASSETS", "no files matched");
    return error;
}

/* ---- the module ---- */

static void
put_literal(x07_json *json, const char *head, const char *text, size_t len)
{
    x07_json_begin(json, '[');
    x07_json_string(json, head);
    x07_json_string_n(json, text, len);
    x07_json_end(json, ']');
}

static void
put_paths(struct embed *embed, x07_json *json)
{
    struct text paths = {0};

    for (size_t i = 0; i < embed->assets.count; i++)
        text_printf(&paths, "%s%s", i ? "\n" : "", embed->assets.items[i].path);
    put_literal(json, "bytes.lit", paths.data, paths.len);
    text_free(&paths);
}

/* ["if", ["std.bytes.eq", "path", PATH], ["return", ["option_bytes.some", CONTENT]], 0] */
static struct error *
put_file(x07_json *json, const struct asset *asset, uint64_t *total)
{
    struct text bytes = {0};
    struct error *error = file_read(asset->file, MAX_BYTES - *total, &bytes);

    *total += bytes.len;
    if (!error) {
        x07_json_begin(json, '[');
        x07_json_string(json, "if");
        x07_json_begin(json, '[');
        x07_json_string(json, "std.bytes.eq");
        x07_json_string(json, "path");
        put_literal(json, "bytes.view_lit", asset->path, strlen(asset->path));
        x07_json_end(json, ']');
        x07_json_begin(json, '[');
        x07_json_string(json, "return");
        x07_json_begin(json, '[');
        x07_json_string(json, "option_bytes.some");
        x07_json_begin(json, '[');
        x07_json_string(json, "bytes.lit");
        x07_json_base64(json, (const uint8_t *)text_string(&bytes), bytes.len);
        for (int i = 0; i < 3; i++)
            x07_json_end(json, ']');
        x07_json_int(json, 0);
        x07_json_end(json, ']');
    }
    text_free(&bytes);
    return error;
}

static struct error *
put_contents(struct embed *embed, x07_json *json)
{
    struct error *error = NULL;
    uint64_t total = 0;

    x07_json_begin(json, '[');
    x07_json_string(json, "begin");
    for (size_t i = 0; i < embed->assets.count && !error; i++)
        error = put_file(json, &embed->assets.items[i], &total);
    x07_json_begin(json, '[');
    x07_json_string(json, "option_bytes.none");
    x07_json_end(json, ']');
    x07_json_end(json, ']');
    return error;
}

static void
put_name(x07_json *json, const char *name, const char *value)
{
    x07_json_name(json, name);
    x07_json_string(json, value);
}

static void
put_function(x07_json *json, const char *name, const char *parameter, const char *result)
{
    x07_json_begin(json, '{');
    put_name(json, "kind", "defn");
    put_name(json, "name", name);
    x07_json_name(json, "params");
    x07_json_begin(json, '[');
    if (parameter) {
        x07_json_begin(json, '{');
        put_name(json, "name", parameter);
        put_name(json, "ty", "bytes_view");
        x07_json_end(json, '}');
    }
    x07_json_end(json, ']');
    put_name(json, "result", result);
    x07_json_name(json, "body");
}

static struct error *
put_module(struct embed *embed, x07_json *json)
{
    const char *id = embed->options->module_id;
    const char *paths = arena_printf(embed->arena, "%s.paths_text_v1", id);
    const char *content = arena_printf(embed->arena, "%s.get_b64_v1", id);

    x07_json_begin(json, '{');
    put_name(json, "schema_version", "x07.x07ast@0.5.0");
    put_name(json, "kind", "module");
    put_name(json, "module_id", id);
    x07_json_name(json, "imports");
    x07_json_begin(json, '[');
    x07_json_string(json, "std.bytes");
    x07_json_end(json, ']');
    x07_json_name(json, "decls");
    x07_json_begin(json, '[');
    x07_json_begin(json, '{');
    put_name(json, "kind", "export");
    x07_json_name(json, "names");
    x07_json_begin(json, '[');
    x07_json_string(json, content);
    x07_json_string(json, paths);
    x07_json_end(json, ']');
    x07_json_end(json, '}');
    put_function(json, paths, NULL, "bytes");
    put_paths(embed, json);
    x07_json_end(json, '}');
    put_function(json, content, "path", "option_bytes");
    struct error *error = put_contents(embed, json);
    x07_json_end(json, '}');
    x07_json_end(json, ']');
    x07_json_end(json, '}');
    return error;
}

/* The module in canonical form; what no module may be is noticed here. */
static struct error *
make_module(struct embed *embed)
{
    x07_json json = {0};
    struct text bytes = {0}, message = {0};
    struct ast_json raw, canonical;
    struct error *error = put_module(embed, &json);

    json_out_take(&json, &bytes);
    if (!error && (!document_read_json(embed->arena, &bytes, &raw, &message) ||
                   !document_canonical(embed->arena, &raw, &canonical, &embed->module, &message)))
        error = error_new("E_ASSETS", "parse generated x07ast: %s", text_string(&message));
    text_free(&bytes);
    text_free(&message);
    return error;
}

static struct error *
embed_files(struct embed *embed)
{
    if (!file_is_dir(embed->options->in))
        return error_new("E_ASSETS", "--in is not a directory: %s", embed->options->in);
    embed->folder = paths_absolute(embed->arena, embed->options->in);
    struct error *error = find_files(embed);
    if (!error)
        error = make_module(embed);
    if (!error)
        error = error_wrap(file_replace(embed->options->out, embed->module.data, embed->module.len, 0666),
                           "write");
    return error;
}

/* ---- the report ---- */

static void
write_report(const struct embed *embed, const struct error *error, struct text *out)
{
    x07_json json = {0};

    x07_json_begin(&json, '{');
    x07_json_name(&json, "ok");
    x07_json_bool(&json, !error);
    put_name(&json, "command", "assets.embed-dir");
    put_name(&json, "in", error ? embed->options->in : embed->folder);
    put_name(&json, "out", embed->options->out);
    put_name(&json, "module_id", embed->options->module_id);
    x07_json_name(&json, "file_count");
    x07_json_uint(&json, error ? 0 : embed->assets.count);
    x07_json_name(&json, "files");
    x07_json_begin(&json, '[');
    for (size_t i = 0; !error && i < embed->assets.count; i++)
        x07_json_string(&json, embed->assets.items[i].path);
    x07_json_end(&json, ']');
    if (error) {
        x07_json_name(&json, "error");
        x07_json_begin(&json, '{');
        put_name(&json, "message", error->message);
        x07_json_end(&json, '}');
    }
    x07_json_end(&json, '}');
    x07_json_line(&json);
    json_out_take(&json, out);
}

static int
run_embed(const struct embed_options *settings)
{
    struct embed embed = {.options = settings, .arena = arena_new()};
    struct text report = {0};
    struct error *error = embed_files(&embed);

    write_report(&embed, error, &report);
    int code = error ? EXIT_REFUSED : 0;
    struct error *failed = file_write_fd(STDOUT_FILENO, "stdout", report.data, report.len);
    if (failed)
        code = output_error(error_wrap(failed, "write"));
    error_free(error);
    text_free(&report);
    text_free(&embed.module);
    arena_free(embed.arena);
    return code;
}

static int
embed_dir(int argc, char **argv)
{
    struct embed_options settings = {0};
    int code;

    if (!options_start_text(&table, argc, argv, &settings, &code))
        return code;
    code = run_embed(&settings);
    options_free(&table, &settings);
    return code;
}

static const struct command embed_dir_command = {.name = "embed-dir", .run = embed_dir, .options = &table};

static const struct command *const commands[] = {&embed_dir_command, NULL};

const struct command assets_command = {
    .name = "assets",
    .summary = "Make modules of files",
    .missing = "missing assets subcommand (try --help)",
    .commands = commands,
};
