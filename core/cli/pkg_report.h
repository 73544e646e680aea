/* pkg_report.h: how commands on packages answer: one line of JSON, or a message on stderr.
 * Knows the envelope; knows nothing of what is in a result. */
#ifndef CLI_PKG_REPORT_H
#define CLI_PKG_REPORT_H

#include "ast/json_decode.h"
#include "base/error.h"
#include "base/json_out.h"
#include "package/locking.h"

/* Prints {"ok", "command", "result", "error"}: `result` is a finished JSON value, left out when nothing was
 * written. An error that is no outcome of the command (a broken project, the disk) goes to stderr instead.
 * Frees both. Returns the exit code: 0, 20, or 2. */
int pkg_answer(const char *command, x07_json *result, struct error *error);

/* Members of a result. A NULL string is null. */
void pkg_write_string(x07_json *json, const char *name, const char *value);
void pkg_write_strings(x07_json *json, const char *name, const struct json_strings *values);

/* {"project", "index", "lockfile", "fetched"} */
void pkg_write_lock(x07_json *json, const struct locking *locking);

/* The single argument of a command, or NULL after a message on stderr. `name` is "NAME". */
const char *pkg_argument(const char *command, const char *name, const char *const *items, size_t count);

#endif
