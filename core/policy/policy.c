/* policy.c: see policy.h. */
#include "policy/policy.h"

#include "base/file.h"

#include <string.h>

/* A policy is a page of text; what is larger is something else. */
enum { MAX_POLICY_BYTES = 4 * 1024 * 1024 };

struct error *
policy_read(const char *path, struct text *text)
{
    struct error *error = file_read(path, MAX_POLICY_BYTES, text);

    if (error)
        error->code = "E_POLICY_READ";
    return error_wrap(error, "read policy");
}

static struct error *
check_object(struct arena *arena, const struct ast_json *object, const struct json_shape *shape,
             const char *path)
{
    struct error *error = NULL;

    for (uint32_t i = 0; object->kind == JSON_OBJECT && i < object->count && !error; i++) {
        const struct ast_json_member *member = &object->members[i];
        const struct json_shape_field *field = json_shape_find(shape, member);
        const char *its = arena_printf(arena, "%s.%.*s", path, (int)member->name_len, member->name);
        if (!field)
            return error_new("E_POLICY_INVALID", "invalid policy: %s is not a member of a policy", its);
        if (field->kind == SHAPE_OBJECT)
            error = check_object(arena, &member->value, field->shape, its);
        for (uint32_t j = 0; field->kind == SHAPE_LIST && j < member->value.count && !error; j++)
            error = check_object(arena, &member->value.items[j], field->shape,
                                 arena_printf(arena, "%s[%u]", its, j));
    }
    return error;
}

struct error *
policy_check_members(struct arena *arena, const struct ast_json *document)
{
    return check_object(arena, document, &policy_shape, "policy");
}

struct error *
policy_parse(struct arena *arena, const char *path, const char *text, size_t len, struct policy *policy)
{
    struct text message = {0};
    struct ast_json document;
    struct error *error = NULL;

    *policy = (struct policy){0};
    if (!json_decode(arena, text, len, &policy_shape, policy, &document, &message))
        error = error_new("E_POLICY_PARSE", "parse policy JSON: %s: %s", path, text_string(&message));
    text_free(&message);
    if (!error)
        error = policy_check(policy);
    return error ? error : policy_check_members(arena, &document);
}

const char *
policy_list_item(struct arena *arena, const char *item)
{
    static const char blanks[] = " \t\r\n";
    const char *start = item + strspn(item, blanks);
    size_t len = strlen(start);

    while (len && strchr(blanks, start[len - 1]))
        len--;
    return arena_copy(arena, start, len);
}
