/* clean.c: see clean.h. */
#include "registry/clean.h"

#include "base/text.h"
#include "base/utf8.h"

#include <string.h>

json_object *
clean_string(const char *text)
{
    struct text clean = {0};

    if (!text)
        return NULL;
    utf8_append_lossy(&clean, text, strlen(text));
    json_object *value = json_object_new_string_len(text_string(&clean), (int)clean.len);
    text_free(&clean);
    return value;
}
