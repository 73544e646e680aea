/* builtin_modules.h: the ids of the standard library's modules and, where they are built, their documents. */
#ifndef SEMA_BUILTIN_MODULES_H
#define SEMA_BUILTIN_MODULES_H

#include "base/text.h"

#include <stdbool.h>

bool builtin_module_exists(const char *id);

/* Appends the module's document. False when this version does not contain it. */
bool builtin_module_text(const char *id, struct text *out);

#endif
