/* attempt.h: one row per attempt to get out. An attempt returns 0 when it reached what is forbidden, and the
 * errno of the refusal otherwise; being killed is a refusal, too. What it aims at comes through the
 * environment, by the names that escape_test.py sets. */
#ifndef SANDBOX_ATTEMPT_H
#define SANDBOX_ATTEMPT_H

#include <errno.h>
#include <stddef.h>
#include <sys/types.h>

struct attempt {
    const char *name;
    int (*run)(void);
};

/* Each ends with a row without a name. */
extern const struct attempt file_attempts[];
extern const struct attempt network_attempts[];
extern const struct attempt granted_attempts[];
extern const struct attempt process_attempts[];
extern const struct attempt kernel_attempts[];
extern const struct attempt rights_attempts[];
extern const struct attempt limit_attempts[];

/* A setting of the environment. Ends the process (as a fault of the test) when it is missing. */
const char *aim(const char *name);
int aim_number(const char *name);

/* 0 for a result that is no error, else errno. */
int outcome(long result);

/* `aim(name)` and a rest, as one path; `aim_beside` takes the whole of both. Four at a time. */
const char *aim_path(const char *name, const char *rest);

/* Whether the file can be read, and has at least a byte. */
int reads(const char *path);

/* Writes a byte to a file that is made where there is none. */
int writes(const char *path);

#endif
