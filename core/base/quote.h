/* quote.h: text in the quoted form that messages use.
 * Knows Unicode categories; knows nothing of JSON, whose escapes are different. */
#ifndef BASE_QUOTE_H
#define BASE_QUOTE_H

#include "base/arena.h"
#include "base/text.h"

#include <stddef.h>

/* Appends "..." with the text in it: `"` and `\` get a backslash; line feed, carriage return, tab and NUL are
 * \n, \r, \t and \0; what cannot be seen (control, format, separator, unassigned and private code points) and
 * marks that would join the character before are \u{hex}. The rest, with ', stays as it is. `data` must be
 * valid UTF-8. Never fails; safe from any thread. */
void text_append_quoted(struct text *text, const char *data, size_t len);

/* The same for a whole string, as a copy in the arena. */
const char *quote_string(struct arena *arena, const char *string);

#endif
