/* builtin_modules.h: the ids of the standard library's modules and, where they are built, their documents. */
#ifndef SEMA_BUILTIN_MODULES_H
#define SEMA_BUILTIN_MODULES_H

#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>

bool builtin_module_exists(const char *id);

/* The id of the module at `index`, in no particular order; NULL at the end. */
const char *builtin_module_id(size_t index);

/* Appends the module's document. False when this version does not contain it. */
bool builtin_module_text(const char *id, struct text *out);

#endif
