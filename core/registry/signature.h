/* signature.h: typed diagnostics: their signatures, and calling them through libffi.
 * Knows the letters of x07_diagnostic; knows nothing of plugins' files. */
#ifndef REGISTRY_SIGNATURE_H
#define REGISTRY_SIGNATURE_H

#include "base/text.h"

#include <json-c/json.h>
#include <stdbool.h>

/* Whether `signature` is well formed and `arguments` (JSON array text, or NULL) fits it. Appends why not. */
bool signature_check(const char *signature, const char *arguments, struct text *why);

/* How many arguments a well-formed signature takes. */
size_t signature_arity(const char *signature);

/* Calls `function` with the JSON array `arguments` (NULL: none) and stores its value; a string that is not
 * UTF-8 has its bad bytes replaced. Returns false and appends why when the arguments do not fit. The caller
 * owns *value, which is NULL for a null string. Runs foreign code: see child.h. */
bool signature_call(const char *signature, void (*function)(void), json_object *arguments,
                    json_object **value, struct text *why);

/* The JSON array for words from a command line, each read as its type asks, or NULL with why. */
json_object *signature_arguments(const char *signature, const char *const *words, size_t count, struct text *why);

#endif
