/* check.c: one schema on one instance, and the errors that are found. */
#include "schema.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* Deeper than any instance; only references that lead back to themselves get there. */
enum { DEPTH_MAX = 600 };

const char *
check_show(struct check *check, const struct ast_json *value)
{
    struct text text = {0};

    if (!check->findings)
        return "";
    ast_json_write(value, &text);
    const char *copy = arena_copy(check->arena, text_string(&text), text.len);
    text_free(&text);
    return copy;
}

static void
write_place(const struct place *place, struct text *out)
{
    if (!place)
        return;
    write_place(place->outer, out);
    if (!place->name) {
        text_printf(out, "/%u", place->index);
        return;
    }
    text_putc(out, '/');
    for (uint32_t i = 0; i < place->name_len; i++) {
        char c = place->name[i];

        if (c == '~' || c == '/')
            text_puts(out, c == '~' ? "~0" : "~1");
        else
            text_putc(out, c);
    }
}

bool
check_fail(struct frame *frame, const char *keyword, const char *format, ...)
{
    struct findings *findings = frame->check->findings;
    struct arena *arena = frame->check->arena;
    struct text message = {0}, pointer = {0};
    va_list arguments;

    if (!findings)
        return false;
    if (findings->count == findings->cap) {
        findings->cap = findings->cap ? 2 * findings->cap : 8;
        findings->items = memory_resize(findings->items, findings->cap * sizeof *findings->items);
    }
    va_start(arguments, format);
    text_vprintf(&message, format, arguments);
    va_end(arguments);
    write_place(frame->place, &pointer);
    findings->items[findings->count++] =
        (struct finding){arena_copy(arena, text_string(&pointer), pointer.len), keyword,
                         arena_copy(arena, text_string(&message), message.len)};
    text_free(&message);
    text_free(&pointer);
    return false;
}

/* All keywords of an object in turn; what asks for the rest comes last. */
static bool
check_keywords(struct frame *frame, bool last)
{
    bool old = frame->check->schema->dialect >= DIALECT_4;
    bool alone = old && frame_get(frame, "$ref"); /* nothing beside a reference counts there */
    bool good = true;

    for (uint32_t i = 0; i < frame->schema->count; i++) {
        const struct ast_json_member *member = &frame->schema->members[i];
        bool is_reference = member->name_len == 4 && memcmp(member->name, "$ref", 4) == 0;
        keyword_check *check = keyword_applicator(member->name, member->name_len, last);

        if (!check && !last)
            check = keyword_assertion(member->name, member->name_len);
        if (!check || (alone && !is_reference))
            continue;
        frame->check->segment = arena_copy(frame->check->arena, member->name, member->name_len);
        good &= check(frame, &member->value);
    }
    return good;
}

static const char *
base_inside(const struct check *check, const struct ast_json *schema)
{
    for (const struct base *known = check->schema->bases; known; known = known->next)
        if (known->schema == schema)
            return known->uri;
    return check->base;
}

bool
check_schema(struct check *check, const struct ast_json *schema, const struct ast_json *instance,
             const struct place *place, uint8_t *seen)
{
    struct frame frame = {check, schema, instance, place, seen};
    const char *outside = check->base;

    if (schema->kind == JSON_FALSE)
        return check_fail(&frame, check->segment, "False schema does not allow %s",
                          check_show(check, instance));
    if (schema->kind != JSON_OBJECT)
        return true;
    if (check->depth >= DEPTH_MAX)
        return check_fail(&frame, "$ref", "references lead back to themselves");
    check->depth++;
    check->base = base_inside(check, schema);
    bool good = check_keywords(&frame, false);
    good &= check_keywords(&frame, true);
    check->base = outside;
    check->depth--;
    return good;
}
