/* pkg_report.c: see pkg_report.h. */
#include "cli/pkg_report.h"

#include "base/file.h"
#include "cli/output.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { EXIT_REFUSED = 20 };

#define ARCHIVE_CODES "X07PKG_ARCHIVE_"

static bool
is_outcome(const struct error *error)
{
    return strncmp(error->code, "X07PKG_", 7) == 0 &&
           strncmp(error->code, ARCHIVE_CODES, strlen(ARCHIVE_CODES)) != 0;
}

/* What is wrong with an archive has a code of its own, which its message begins with. */
static int
fail(struct error *error)
{
    if (strncmp(error->code, ARCHIVE_CODES, strlen(ARCHIVE_CODES)) == 0)
        fprintf(stderr, "[%s] ", error->code);
    return output_error(error);
}

static void
write_envelope(x07_json *json, const char *command, const x07_json *result, const struct error *error)
{
    x07_json_begin(json, '{');
    x07_json_name(json, "ok");
    x07_json_bool(json, !error);
    pkg_write_string(json, "command", command);
    if (result->len) {
        x07_json_name(json, "result");
        x07_json_raw(json, result->data, result->len);
    }
    if (error) {
        x07_json_name(json, "error");
        x07_json_begin(json, '{');
        pkg_write_string(json, "code", error->code);
        pkg_write_string(json, "message", error->message);
        x07_json_end(json, '}');
    }
    x07_json_end(json, '}');
    x07_json_line(json);
}

int
pkg_answer(const char *command, x07_json *result, struct error *error)
{
    x07_json json = {0};
    int code = 0;

    if (error && !is_outcome(error)) {
        x07_json_free(result);
        return fail(error);
    }
    write_envelope(&json, command, result, error);
    struct error *failed = file_write_fd(STDOUT_FILENO, "stdout", json.data, (size_t)json.len);
    if (failed)
        code = output_error(error_wrap(failed, "write"));
    else if (error)
        code = EXIT_REFUSED;
    x07_json_free(&json);
    x07_json_free(result);
    error_free(error);
    return code;
}

void
pkg_write_string(x07_json *json, const char *name, const char *value)
{
    x07_json_name(json, name);
    x07_json_string(json, value);
}

void
pkg_write_strings(x07_json *json, const char *name, const struct json_strings *values)
{
    x07_json_name(json, name);
    x07_json_begin(json, '[');
    for (size_t i = 0; i < values->count; i++)
        x07_json_string(json, values->items[i]);
    x07_json_end(json, ']');
}

void
pkg_write_lock(x07_json *json, const struct locking *locking)
{
    x07_json_begin(json, '{');
    pkg_write_string(json, "project", locking->path);
    pkg_write_string(json, "index", locking->shown_index);
    pkg_write_string(json, "lockfile", locking->lock_path);
    x07_json_name(json, "fetched");
    x07_json_begin(json, '[');
    for (const struct fetched *fetched = locking->fetched; fetched; fetched = fetched->next) {
        x07_json_begin(json, '{');
        pkg_write_string(json, "name", fetched->name);
        pkg_write_string(json, "version", fetched->version);
        pkg_write_string(json, "path", fetched->path);
        pkg_write_string(json, "sha256", fetched->sha256);
        x07_json_end(json, '}');
    }
    x07_json_end(json, ']');
    x07_json_end(json, '}');
}

const char *
pkg_argument(const char *command, const char *name, const char *const *items, size_t count)
{
    if (count == 1)
        return items[0];
    if (!count)
        fprintf(stderr, "error: the following required arguments were not provided:\n  <%s>\n", name);
    else
        fprintf(stderr, "error: unexpected argument '%s' found\n", items[1]);
    fprintf(stderr, "\nUsage: %s [OPTIONS] <%s>\n\nFor more information, try '--help'.\n", command, name);
    return NULL;
}
