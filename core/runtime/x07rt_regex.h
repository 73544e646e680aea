/* x07rt_regex.h: regex.*: byte-oriented regular expressions, leftmost-longest. Ownership, errors and threads
 * are as in x07rt.h; results belong to the caller. Patterns live until x07_main returns, outside the
 * program's heap; the runtime is not shared between threads, so neither are they. Linked from an archive of
 * its own, libx07rt_regex. */
#ifndef X07RT_REGEX_H
#define X07RT_REGEX_H

#include "x07rt.h"

/* A compiled pattern's document, or an error document: 0, code, position. */
x07_bytes x07_regex_compile_opts_v1(x07_rt *rt, x07_view pattern, uint32_t opts);

/* What is not such a document gives an error document; an error document is handed through. */
x07_bytes x07_regex_exec_from_v1(x07_rt *rt, x07_view compiled, x07_view text, uint32_t start);
x07_bytes x07_regex_exec_caps_from_v1(x07_rt *rt, x07_view compiled, x07_view text, uint32_t start);
x07_bytes x07_regex_find_all_x7sl_v1(x07_rt *rt, x07_view compiled, x07_view text, uint32_t max_matches);
x07_bytes x07_regex_split_v1(x07_rt *rt, x07_view compiled, x07_view text, uint32_t max_parts);
x07_bytes x07_regex_replace_all_v1(x07_rt *rt, x07_view compiled, x07_view text, x07_view replacement,
                                   uint32_t limit);

#endif
