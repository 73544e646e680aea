/* schema.c: see schema.h. */
#include "policy/schema.h"

#include "ast/json_schema.h"
#include "ast/schemas.h"

/* More than anybody reads. */
enum { MAX_VIOLATIONS = 100 };

struct collection {
    struct arena *arena;
    struct json_strings *found;
};

static void
collect(void *context, const char *instance, const char *schema, const char *message)
{
    struct collection *collection = context;
    struct json_strings *found = collection->found;

    (void)schema;
    if (found->count < MAX_VIOLATIONS)
        found->items[found->count++] = arena_printf(collection->arena, "%s (%s)", message, instance);
}

struct json_strings
policy_validate(struct arena *arena, const struct ast_json *document)
{
    struct json_strings found = {.items = ARENA_ARRAY(arena, const char *, MAX_VIOLATIONS)};
    struct collection collection = {arena, &found};

    json_schema_check(schemas_find(arena, "x07-run-os.policy"), document, collect, &collection);
    return found;
}
