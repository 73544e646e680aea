/* schemas.c: see schemas.h. */
#include "ast/schemas.h"

#include "ast/schema_files.h"

#include <string.h>

const char *
schemas_text(const char *name, size_t *len)
{
    for (const struct schema_file *file = schema_files; file->name; file++)
        if (strcmp(file->name, name) == 0) {
            *len = (size_t)(file->end - file->text);
            return file->text;
        }
    return NULL;
}

const struct ast_json *
schemas_find(struct arena *arena, const char *name)
{
    struct text message = {0};
    struct ast_json *schema = ARENA_NEW(arena, struct ast_json);
    size_t len;
    const char *text = schemas_text(name, &len);
    bool ok = text && ast_json_read(arena, text, len, schema, &message);

    text_free(&message);
    return ok ? schema : NULL;
}
