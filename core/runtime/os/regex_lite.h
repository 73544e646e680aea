/* regex_lite.h: the patterns of policies for arguments: literal bytes, `.` for any, `\c` for the byte c, each
 * with `*` behind it or not. The whole text must match. */
#ifndef RUNTIME_OS_REGEX_LITE_H
#define RUNTIME_OS_REGEX_LITE_H

#include "../x07rt.h"

#include <stdbool.h>

enum regex_lite { REGEX_LITE_NO, REGEX_LITE_YES, REGEX_LITE_INVALID, REGEX_LITE_TOO_LONG };

enum regex_lite rt_regex_lite(x07_view pattern, x07_view text);

#endif
