/* init_agent.c: .gitignore, the toolchain's pin, and what helps those who work on the project. */
#include "base/file.h"
#include "base/memory.h"
#include "base/process.h"
#include "cli/init_parts.h"
#include "package/copy_tree.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static const char ignore_text[] = "# X07 deps + generated artifacts\n"
                                  ".x07/deps/\n"
                                  ".x07/tmp/\n"
                                  ".x07/policies/_generated/\n"
                                  "\n"
                                  "# Build outputs\n"
                                  "target/\n"
                                  "dist/\n"
                                  "artifacts/\n"
                                  "\n"
                                  "# Editor noise\n"
                                  ".DS_Store\n"
                                  "*.log\n";

static const char *const ignore_patterns[] = {".x07/deps/", ".x07/tmp/", ".x07/policies/_generated/",
                                              "target/",    "dist/",     "artifacts/",
                                              ".DS_Store",  "*.log"};

static const char pin_text[] = "[toolchain]\nchannel = \"stable\"\ncomponents = [\"docs\", \"skills\"]\n";

static const char guide_text[] = "# Working on this project\n"
                                 "\n"
                                 "X07 programs are JSON documents (`*.x07.json`); the `x07` command reads, "
                                 "checks, repairs and runs them, and\n"
                                 "answers with one JSON report.\n"
                                 "\n"
                                 "- Toolchain: v" X07_VERSION ", channel stable (`x07-toolchain.toml`)\n"
                                 "- Documentation: %s\n"
                                 "- Skills: %s\n"
                                 "\n"
                                 "| to | run |\n"
                                 "|---|---|\n"
                                 "| learn the language | `x07 guide`, `x07 doc std.bytes` |\n"
                                 "| check everything | `x07 check --project x07.json` |\n"
                                 "| repair a file | `x07 fix --input FILE --write` |\n"
                                 "| lay out | `x07 fmt --write src tests` |\n"
                                 "| run | `x07 run` |\n"
                                 "| understand a code | `x07 diag explain CODE` |\n"
                                 "| see a place | `x07 ast get --in FILE --ptr POINTER` |\n"
                                 "| see what is missing on this machine | `x07 doctor` |\n"
                                 "\n"
                                 "When something fails: read the report's `diagnostics` or "
                                 "`compile.compile_error`, go to the place that it names,\n"
                                 "change that, and run `x07 check` again. Everything a report says can be "
                                 "relied on; nothing needs to be guessed.\n";

struct error *
init_write(struct init *init, const char *path, const char *text)
{
    struct error *error = file_replace(path, text, strlen(text), 0666);

    if (error) {
        error->code = "X07INIT_IO";
        return error_wrap(error, "write");
    }
    init_say(&init->created, path);
    return NULL;
}

/* ---- where the toolchain keeps its documentation ---- */

static const char *
first_folder(struct init *init, const char *prefix, const char *const *places)
{
    for (; *places; places++) {
        const char *path = arena_printf(init->arena, "%s/%s", prefix, *places);
        if (file_is_dir(path))
            return path;
    }
    return NULL;
}

struct error *
init_find_kit(struct init *init)
{
    static const char *const docs[] = {".agent/docs", "share/doc/x07", "docs", NULL};
    static const char *const skills[] = {".agent/skills", "share/x07/skills", "share/doc/x07/skills", NULL};
    char *self = process_self();
    char *bin = file_parent(self ? self : "");
    char *prefix = file_parent(bin);

    init->docs = first_folder(init, prefix, docs);
    init->skills = first_folder(init, prefix, skills);
    free(self);
    free(bin);
    free(prefix);
    if (!init->docs)
        return error_new("X07INIT_AGENT", "detect active toolchain root");
    if (!init->skills)
        return error_new("X07INIT_AGENT", "locate skills pack: not installed with this toolchain");
    return NULL;
}

/* ---- .gitignore ---- */

static bool
has_line(const struct text *text, const char *line)
{
    size_t len = strlen(line);

    for (const char *at = text_string(text); (at = strstr(at, line)) != NULL; at += len)
        if ((at == text->data || at[-1] == '\n') && (!at[len] || at[len] == '\n'))
            return true;
    return false;
}

static void
drop_carriage_returns(struct text *text)
{
    size_t kept = 0;

    for (size_t i = 0; i < text->len; i++)
        if (text->data[i] != '\r' || i + 1 == text->len || text->data[i + 1] != '\n')
            text->data[kept++] = text->data[i];
    text->len = kept;
    if (text->data)
        text->data[kept] = '\0';
}

/* Appends what is missing; false: nothing is. */
static bool
complete(struct text *text)
{
    bool changed = false;

    drop_carriage_returns(text);
    for (size_t i = 0; i < COUNT(ignore_patterns); i++) {
        if (has_line(text, ignore_patterns[i]))
            continue;
        if (text->len && text->data[text->len - 1] != '\n')
            text_putc(text, '\n');
        text_printf(text, "%s\n", ignore_patterns[i]);
        changed = true;
    }
    return changed;
}

struct error *
init_ignore_file(struct init *init)
{
    static const char path[] = ".gitignore";
    struct text text = {0};
    struct error *error = access(path, F_OK) == 0 ? file_read(path, FILE_NO_LIMIT, &text) : NULL;
    bool fresh = !text.len;

    if (!error && fresh)
        text_puts(&text, ignore_text);
    if (!error && (fresh || complete(&text)))
        error = file_replace(path, text_string(&text), text.len, 0666);
    if (!error && fresh)
        init_say(&init->created, path);
    text_free(&text);
    if (error) {
        error->code = init->kind ? "X07INIT_IO" : "X07INIT_GITIGNORE";
        error = error_wrap(error, init->kind ? "update .gitignore" : "ensure .gitignore");
    }
    return error;
}

/* ---- the rest ---- */

/* A link to a folder of the toolchain, or a copy of it where links cannot be had. */
static struct error *
link_folder(struct init *init, const char *path, const char *target)
{
    struct error *error = NULL;

    if (symlink(target, path) != 0) {
        error = file_make_dirs(path);
        if (!error)
            error = copy_tree(target, path);
    }
    if (error) {
        error->code = "X07INIT_IO";
        return error_wrap(error, "copy %s", path);
    }
    init_say(&init->created, path);
    return NULL;
}

static struct error *
make_folder(const char *path)
{
    struct error *error = file_make_dirs(path);

    if (error)
        error->code = "X07INIT_IO";
    return error_wrap(error, "create %s dir", path);
}

struct error *
init_kit(struct init *init)
{
    struct error *error = init_write(init, "x07-toolchain.toml", pin_text);

    if (!error)
        error = make_folder(".agent");
    if (!error)
        error = link_folder(init, ".agent/docs", init->docs);
    if (!error)
        error = link_folder(init, ".agent/skills", init->skills);
    if (!error)
        error = init_write(init, "AGENT.md",
                           arena_printf(init->arena, guide_text,
                                        arena_printf(init->arena, "%s/.agent/docs", init->root),
                                        arena_printf(init->arena, "%s/.agent/skills", init->root)));
    init_say(&init->notes, "Agent kit: AGENT.md (self-recovery + canonical commands)");
    init_say(&init->notes, "Toolchain pin: x07-toolchain.toml (channel=stable; components=docs+skills)");
    init_say(&init->notes, "Project docs: .agent/docs/ (linked to toolchain docs)");
    init_say(&init->notes, "Project skills: .agent/skills/ (linked to toolchain skills)");
    init_say(&init->notes, "Offline docs: x07up docs path --json");
    init_say(&init->notes, "Skills status: x07up skills status --json");
    return error;
}
