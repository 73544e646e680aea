/* glob.h: patterns for paths: `*` any text, `?` any character (both also '/'), a leading or inner double star
 * with '/' any number of folders, `[a-z]` `[!a-z]` a character of a set, `{a,b}` one of several, `\` takes
 * the next as it is. Knows text; knows nothing of files. Any thread, one arena per thread. */
#ifndef BASE_GLOB_H
#define BASE_GLOB_H

#include "base/arena.h"
#include "base/text.h"

#include <stdbool.h>

struct glob;

/* Reads a pattern, which must be UTF-8; it lives in the arena. Returns NULL and appends what is wrong with
 * it: "unclosed character class; missing ']'", "invalid range; ...", "unclosed alternate group; missing
 * '}'", "dangling '\'", "too many alternatives", "too long". */
struct glob *glob_new(struct arena *arena, const char *pattern, struct text *message);

/* Whether the whole path matches. `path` must be UTF-8. Time is linear in its length, whatever the pattern.
 */
bool glob_matches(const struct glob *glob, const char *path);

#endif
