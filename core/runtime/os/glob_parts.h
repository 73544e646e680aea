/* glob_parts.h: what the two halves of globs share: the tokens that glob_parse.c reads and glob.c compiles.
 */
#ifndef RUNTIME_OS_GLOB_PARTS_H
#define RUNTIME_OS_GLOB_PARTS_H

#include "glob.h"

enum glob_kind {
    GLOB_LITERAL, /* `byte` */
    GLOB_ANY,
    GLOB_STAR,
    GLOB_PREFIX, /* directories before, or none */
    GLOB_MIDDLE, /* a slash, with directories before and after it or not */
    GLOB_SUFFIX, /* a slash and all below */
    GLOB_SET,    /* `set` */
    GLOB_OPEN,   /* alternatives: OPEN tokens COMMA tokens CLOSE */
    GLOB_COMMA,
    GLOB_CLOSE,
};

struct glob_set {
    uint8_t bits[32];
};

struct glob_token {
    enum glob_kind kind;
    uint8_t byte;
    uint32_t set; /* index */
};

struct glob_tokens {
    struct glob_token *list;
    uint32_t count;
    struct glob_set *sets;
    uint32_t set_count;
};

/* Both arrays are malloc's and to be freed, whatever is returned. False: not a valid pattern. */
bool rt_glob_parse(x07_rt *rt, x07_view pattern, struct glob_tokens *out);

#endif
