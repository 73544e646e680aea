/* suggest.h: similar functions that could be one generic function (diagnostics chapter, section 14.1):
 * m.f_i32 and m.f_bytes with the same body become m.f and two wrappers. Knows documents only. Threads: see
 * lint.h. */
#ifndef LINT_SUGGEST_H
#define LINT_SUGGEST_H

#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>

/* The caller frees both texts. */
struct suggestion {
    struct text document; /* canonical text of the whole new document; empty: there is nothing to suggest */
    struct text note;     /* names the generic functions */
};

/* Fills `suggestion`, which must be zeroed. `text` must be valid UTF-8. False: it is no document; `message`
 * got
 * "<reason> at <pointer>". */
bool suggest_generics(const char *text, size_t len, struct suggestion *suggestion, struct text *message);

#endif
