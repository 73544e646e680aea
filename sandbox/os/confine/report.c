/* report.c: see report.h. Every line is one write, so that lines of several processes never mix. */
#include "report.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LINE_BYTES = 8192 };

void
report_open(struct report *report, const char *path)
{
    report->fd = path ? open(path, O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW)
                      : fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
    if (report->fd < 0) {
        dprintf(STDERR_FILENO, "x07-confine: cannot open the report %s: %s\n", path ? path : "on stderr",
                strerror(errno));
        _exit(CONFINE_EXIT_FAILED);
    }
}

static void
write_line(const struct report *report, char *line, size_t len)
{
    ssize_t written;

    for (size_t i = 0; i < len; i++)
        if (line[i] == '\n')
            line[i] = ' ';
    line[len] = '\n';
    do
        written = write(report->fd, line, len + 1);
    while (written < 0 && errno == EINTR);
}

static void __attribute__((format(printf, 2, 3))) say(const struct report *report, const char *format, ...)
{
    char line[LINE_BYTES];
    va_list args;

    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    write_line(report, line, strlen(line));
}

void
report_layer(const struct report *report, const char *name)
{
    say(report, "layer %s", name);
}

void
report_lack(const struct report *report, const char *name, const char *reason)
{
    say(report, "lack %s %s", name, reason);
}

void
report_note(const struct report *report, const char *text)
{
    say(report, "note %s", text);
}

void
report_group(const struct report *report, const char *directory)
{
    say(report, "group %s", directory);
}

void
report_running(const struct report *report)
{
    say(report, "running");
}

void
report_fail(const struct report *report, const char *code, const char *format, ...)
{
    char message[LINE_BYTES / 2];
    va_list args;

    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    say(report, "error %s %s", code, message);
    _exit(CONFINE_EXIT_FAILED);
}

void
report_fail_errno(const struct report *report, const char *code, const char *format, ...)
{
    int number = errno;
    char message[LINE_BYTES / 2];
    va_list args;

    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    say(report, "error %s %s: %s", code, message, strerror(number));
    _exit(CONFINE_EXIT_FAILED);
}
