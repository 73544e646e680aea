/* clean.h: text from outside (paths, plugins' strings) for output that must be UTF-8. */
#ifndef REGISTRY_CLEAN_H
#define REGISTRY_CLEAN_H

#include <json-c/json.h>

/* A JSON string with every byte that is not UTF-8 replaced by U+FFFD; NULL for NULL. The caller owns it. */
json_object *clean_string(const char *text);

#endif
