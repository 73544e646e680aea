/* x07c_file.h: what `x07c fmt`, `lint` and `fix` share: one file, and how its end is reported. Not for other
 * commands. */
#ifndef CLI_X07C_FILE_H
#define CLI_X07C_FILE_H

#include "cli/source.h"
#include "lint/lint.h"

#include <stdbool.h>

struct x07c_file {
    const char *command; /* "fmt" */
    const char *path;
    bool report; /* print x07c.report@0.1.0 */
    struct source source;
    struct arena *arena;
    struct diagnostics found;
};

/* Reads the file. Returns 0, or the exit code after its end was reported. Call x07c_close in any case. */
int x07c_open(struct x07c_file *file);
void x07c_close(struct x07c_file *file);

/* Ends with one error: in the report, whose exit code is `code`, or as a line on standard error, with the
 * exit code 2. */
int x07c_fail(struct x07c_file *file, const char *diagnostic, const char *stage, int code,
              const char *message);

/* Ends with the findings of the file: prints the report if there is to be one. Returns 0, or 1 with errors.
 */
int x07c_end(struct x07c_file *file);

/* Looks for findings in a document. Returns 0, or the exit code after its end was reported. */
int x07c_lint(struct x07c_file *file, const char *world, const struct text *document);

#endif
