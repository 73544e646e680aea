/* schemas.c: see schemas.h. */
#include "ast/schemas.h"

#include "ast/schema_files.h"

#include <string.h>

const struct ast_json *
schemas_find(struct arena *arena, const char *name)
{
    for (const struct schema_file *file = schema_files; file->name; file++) {
        struct text message = {0};
        struct ast_json *schema = ARENA_NEW(arena, struct ast_json);
        if (strcmp(file->name, name) != 0)
            continue;
        bool ok = ast_json_read(arena, file->text, (size_t)(file->end - file->text), schema, &message);
        text_free(&message);
        return ok ? schema : NULL;
    }
    return NULL;
}
