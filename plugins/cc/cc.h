/* cc.h: what the two files of this plugin share. */
#ifndef CC_CC_H
#define CC_CC_H

#include <x07/native.h>

/* The system's C compiler: the value of X07_CC, else "cc". */
const char *cc_name(void);

/* X07_CC_ARGS with the tokens of the profile, those already there not repeated; release it. NULL: no such
 * profile. */
char *cc_extra_arguments(const x07_host *host, const char *profile);

/* The argument vector, its strings included, as one block to release. `extra` is cut at its blanks. */
char **cc_arguments(const x07_host *host, const x07_native_request *request, const char *extra);

/* One argument per line, without a final line feed; release it. */
char *cc_join_lines(const x07_host *host, char *const *arguments);

#endif
