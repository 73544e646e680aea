/* os.h: what the files of this plugin share.
 * Memory is the host's: everything here is released by the call that made it. */
#ifndef SANDBOX_OS_H
#define SANDBOX_OS_H

#include <x07/plugin.h>

/* A growing command line. Zero-initialise it and set host. */
struct arguments {
    const x07_host *host;
    char **words; /* ends with NULL */
    size_t count;
    size_t capacity;
};

void arguments_add(struct arguments *arguments, const char *word);
void arguments_add_pair(struct arguments *arguments, const char *option, const char *value);
void arguments_free(struct arguments *arguments);

/* Adds what a job may do and the program itself. Without a policy, a job may do what its user may.
 * Errors, said through host->fail: X07_E_POLICY for a grant that cannot be enforced. */
x07_status arguments_of_job(struct arguments *arguments, const x07_job *job);

/* Adds the network that a policy grants. Errors, said through host->fail: X07_E_IO. */
x07_status arguments_of_network(struct arguments *arguments, const x07_grants *grants);

/* The helper's path, for host->release. NULL when it is missing, or when others could have changed it; then
 * `why` (of WHY_BYTES) says so. */
enum { WHY_BYTES = 1024 };
char *helper_find(const x07_host *host, char *why);

/* What the helper reported. */
struct report {
    char **layers; /* from the host, each too */
    size_t layer_count;
    char **lacks; /* "NAME REASON" */
    size_t lack_count;
    char **groups; /* directories of control groups */
    size_t group_count;
    int running;
    char *code; /* of the error; NULL: none */
    char *message;
};

/* Parses the text of a report. */
void report_parse(const x07_host *host, const char *text, struct report *report);
void report_free(const x07_host *host, struct report *report);

#endif
