/* output.c: see output.h. */
#include "cli/output.h"

#include "base/file.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { EXIT_FAILED = 2 };

struct error *
output_check(const struct option_globals *globals)
{
    if (globals->report_out && strcmp(globals->report_out, "-") == 0)
        return error_new("E_OPTIONS",
                         "--report-out '-' is not supported (stdout is reserved for the report)");
    if (globals->quiet_json && !globals->report_out)
        return error_new("E_OPTIONS", "--quiet-json requires --report-out <PATH>");
    return NULL;
}

int
output_report(const struct option_globals *globals, const struct text *document)
{
    const char *data = text_string(document);
    struct error *error = NULL;

    if (globals->report_out)
        error = error_wrap(file_replace(globals->report_out, data, document->len, 0666), "write report");
    if (!error && globals->out)
        error = error_wrap(file_replace(globals->out, data, document->len, 0666), "write");
    else if (!error && !globals->quiet_json)
        error = error_wrap(file_write_fd(STDOUT_FILENO, "stdout", data, document->len), "write");
    return error ? output_error(error) : 0;
}

int
output_error(struct error *error)
{
    fprintf(stderr, "%s\n", error->message);
    error_free(error);
    return EXIT_FAILED;
}
