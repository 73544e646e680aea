/* doctor_link.c: see doctor_link.h. */
#include "cli/doctor_link.h"

#include "base/file.h"
#include "base/process.h"

#include <stdlib.h>

enum { OUTPUT_CAP = 65536, WALL_MS = 60000, LIBRARIES_MAX = 16 };

char *
link_find_compiler(void)
{
    static const char *const names[] = {"clang", "gcc", "cc"};
    char *path = NULL;

    for (size_t i = 0; !path && i < sizeof names / sizeof names[0]; i++)
        path = process_find(names[i]);
    return path;
}

static void
link_describe(const struct process_result *result, const char *failure, struct text *detail)
{
    text_puts(detail, failure);
    if (result->timed_out)
        text_puts(detail, " (timed out)");
    else if (result->signal)
        text_printf(detail, " (signal %d)", result->signal);
    else
        text_printf(detail, " (status %d)", result->exit_code);
    if (result->out.len)
        text_printf(detail, "\nstdout:\n%s", text_string(&result->out));
    if (result->err.len)
        text_printf(detail, "\nstderr:\n%s", text_string(&result->err));
}

/* In the folder `dir`, which exists. */
static struct error *
link_run(const char *dir, const char *compiler, const char *source, const char *const *libraries,
         struct process_result *result)
{
    const char *argv[5 + LIBRARIES_MAX] = {compiler, "test.c", "-o", "test"};
    struct process_request request = {.path = compiler,
                                      .argv = argv,
                                      .cwd = dir,
                                      .stdout_cap = OUTPUT_CAP,
                                      .stderr_cap = OUTPUT_CAP,
                                      .wall_ms = WALL_MS};
    char *path = file_join(dir, "test.c");
    struct text text = {0};

    for (size_t i = 0; libraries[i] && i < LIBRARIES_MAX; i++)
        argv[4 + i] = libraries[i];
    text_puts(&text, source);
    struct error *error = file_replace(path, text.data, text.len, 0600);
    if (!error)
        error = process_run(&request, result);
    text_free(&text);
    free(path);
    return error;
}

bool
link_try(const char *compiler, const char *source, const char *const *libraries, const char *failure,
         struct text *detail)
{
    struct process_result result = {0};
    char *dir = NULL;
    bool works = false;
    struct error *error = file_make_temp_dir(NULL, &dir);

    if (!error)
        error = link_run(dir, compiler, source, libraries, &result);
    if (error) {
        text_printf(detail, "%s: %s", failure, error->message);
        error_free(error);
    } else {
        works = result.exit_code == 0 && !result.signal;
        if (works)
            text_puts(detail, "ok");
        else
            link_describe(&result, failure, detail);
        process_result_free(&result);
    }
    if (dir)
        file_remove_tree(dir);
    free(dir);
    return works;
}
