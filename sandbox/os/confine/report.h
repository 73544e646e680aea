/* report.h: what the helper tells the one who started it: lines in a file that the confined program cannot
 * reach. ../README.md documents them.
 *
 *     layer NAME            a layer of the boundary that holds
 *     lack NAME REASON      one that this machine does not offer
 *     note TEXT             something that only a person needs to know
 *     group DIRECTORY       a control group, for whoever started the helper to remove when the helper was
 * killed running               everything is set up; the program was started error CODE MESSAGE    nothing
 * ran (also after "running", when the program could not be executed) */
#ifndef CONFINE_REPORT_H
#define CONFINE_REPORT_H

struct report {
    int fd; /* closed on exec */
};

/* Opens the file; NULL: stderr. Ends the process when that is impossible. */
void report_open(struct report *report, const char *path);

void report_layer(const struct report *report, const char *name);
void report_lack(const struct report *report, const char *name, const char *reason);
void report_note(const struct report *report, const char *text);
void report_group(const struct report *report, const char *directory);
void report_running(const struct report *report);

/* Writes an error line and ends the process; `report_fail_errno` adds the text of errno. */
_Noreturn void report_fail(const struct report *report, const char *code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
_Noreturn void report_fail_errno(const struct report *report, const char *code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The exit code of a helper that could not set up the boundary. */
enum { CONFINE_EXIT_FAILED = 125 };

#endif
