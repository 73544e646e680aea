/* applicators.c: the keywords that apply subschemas, and references. */
#include "schema.h"

#include <string.h>

/* The schema is applied to the whole instance; what it has seen counts when it holds. */
static bool
apply_here(struct frame *frame, const struct ast_json *schema)
{
    uint32_t count = frame->instance->kind == JSON_ARRAY || frame->instance->kind == JSON_OBJECT
                         ? frame->instance->count
                         : 0;
    uint8_t *seen = arena_alloc(frame->check->arena, count + 1);
    bool good = check_schema(frame->check, schema, frame->instance, frame->place, seen);

    for (uint32_t i = 0; good && i < count; i++)
        frame->seen[i] |= seen[i];
    return good;
}

/* The subschema stands in a map, at its name, or in a list, at its index. */
static void
enter_member(struct frame *frame, const struct ast_json_member *member)
{
    frame->check->segment = arena_copy(frame->check->arena, member->name, member->name_len);
}

static void
enter_item(struct frame *frame, uint32_t index)
{
    frame->check->segment = arena_printf(frame->check->arena, "%u", index);
}

/* The same without errors. */
static bool
holds_here(struct frame *frame, const struct ast_json *schema)
{
    struct findings *findings = frame->check->findings;

    frame->check->findings = NULL;
    bool good = apply_here(frame, schema);
    frame->check->findings = findings;
    return good;
}

static bool
apply_inside(struct frame *frame, const struct ast_json *schema, uint32_t index)
{
    const struct ast_json *instance = frame->instance;
    struct place place = {.outer = frame->place, .index = index};
    const struct ast_json *value = NULL;

    if (instance->kind == JSON_OBJECT) {
        place.name = instance->members[index].name;
        place.name_len = instance->members[index].name_len;
        value = &instance->members[index].value;
    } else {
        value = &instance->items[index];
    }
    uint32_t count = value->kind == JSON_ARRAY || value->kind == JSON_OBJECT ? value->count : 0;
    frame->seen[index] = 1;
    return check_schema(frame->check, schema, value, &place, arena_alloc(frame->check->arena, count + 1));
}

static bool
holds_inside(struct frame *frame, const struct ast_json *schema, uint32_t index)
{
    struct findings *findings = frame->check->findings;
    uint8_t seen = frame->seen[index];

    frame->check->findings = NULL;
    bool good = apply_inside(frame, schema, index);
    frame->check->findings = findings;
    frame->seen[index] = seen;
    return good;
}

static bool
apply_reference(struct frame *frame, const struct ast_json *value)
{
    const char *outside = frame->check->base, *base;
    const char *uri = schema_resolve(frame->check->arena, outside, value->text, value->count);
    const struct ast_json *schema = schema_find(frame->check->arena, frame->check->schema, uri, &base);

    if (!schema)
        return check_fail(frame, "$ref", "unresolvable reference: %s", uri);
    frame->check->base = base;
    bool good = apply_here(frame, schema);
    frame->check->base = outside;
    return good;
}

static bool
apply_all_of(struct frame *frame, const struct ast_json *value)
{
    bool good = true;

    for (uint32_t i = 0; i < value->count; i++) {
        enter_item(frame, i);
        good &= apply_here(frame, &value->items[i]);
    }
    return good;
}

static uint32_t
count_holding(struct frame *frame, const struct ast_json *list)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < list->count; i++)
        count += holds_here(frame, &list->items[i]);
    return count;
}

static bool
apply_any_of(struct frame *frame, const struct ast_json *value)
{
    return count_holding(frame, value) > 0 ||
           check_fail(frame, "anyOf",
                      "%s is not valid under any of the schemas listed in the 'anyOf' keyword",
                      check_show(frame->check, frame->instance));
}

static bool
apply_one_of(struct frame *frame, const struct ast_json *value)
{
    uint32_t count = count_holding(frame, value);

    return count == 1 || check_fail(frame, "oneOf", "%s is %s of the schemas listed in the 'oneOf' keyword",
                                    check_show(frame->check, frame->instance),
                                    count ? "valid under more than one" : "not valid under any");
}

static bool
apply_not(struct frame *frame, const struct ast_json *value)
{
    struct frame copy = *frame;
    uint32_t count = frame->instance->kind == JSON_ARRAY || frame->instance->kind == JSON_OBJECT
                         ? frame->instance->count
                         : 0;

    copy.seen = arena_alloc(frame->check->arena, count + 1);
    return !holds_here(&copy, value) ||
           check_fail(frame, "not", "%s is not allowed for %s", check_show(frame->check, value),
                      check_show(frame->check, frame->instance));
}

static bool
apply_if(struct frame *frame, const struct ast_json *value)
{
    const struct ast_json *branch = frame_get(frame, holds_here(frame, value) ? "then" : "else");

    return !branch || apply_here(frame, branch);
}

/* ---- objects ---- */

static bool
apply_properties(struct frame *frame, const struct ast_json *value)
{
    bool good = true;

    for (uint32_t i = 0; frame->instance->kind == JSON_OBJECT && i < frame->instance->count; i++) {
        const struct ast_json_member *member = &frame->instance->members[i];

        for (uint32_t k = 0; k < value->count; k++)
            if (value->members[k].name_len == member->name_len &&
                memcmp(value->members[k].name, member->name, member->name_len) == 0) {
                enter_member(frame, &value->members[k]);
                good &= apply_inside(frame, &value->members[k].value, i);
            }
    }
    return good;
}

static bool
name_matches(struct frame *frame, const struct ast_json_member *pattern, const struct ast_json_member *member)
{
    struct ast_json source = {.kind = JSON_STRING, .count = pattern->name_len, .text = pattern->name};

    return schema_matches(frame->check->schema, &source, member->name, member->name_len);
}

static bool
apply_pattern_properties(struct frame *frame, const struct ast_json *value)
{
    bool good = true;

    for (uint32_t i = 0; frame->instance->kind == JSON_OBJECT && i < frame->instance->count; i++)
        for (uint32_t k = 0; k < value->count; k++)
            if (name_matches(frame, &value->members[k], &frame->instance->members[i])) {
                enter_member(frame, &value->members[k]);
                good &= apply_inside(frame, &value->members[k].value, i);
            }
    return good;
}

static bool
is_named(struct frame *frame, const struct ast_json_member *member)
{
    const struct ast_json *properties = frame_get(frame, "properties"),
                          *patterns = frame_get(frame, "patternProperties");

    for (uint32_t k = 0; properties && k < properties->count; k++)
        if (properties->members[k].name_len == member->name_len &&
            memcmp(properties->members[k].name, member->name, member->name_len) == 0)
            return true;
    for (uint32_t k = 0; patterns && k < patterns->count; k++)
        if (name_matches(frame, &patterns->members[k], member))
            return true;
    return false;
}

/* The members or items that `wanted` marks must satisfy the schema; when it is false, they are named
 * together. */
static bool
apply_rest(struct frame *frame, const struct ast_json *schema, const uint8_t *wanted, const char *keyword,
           const char *words)
{
    struct text names = {0};
    uint32_t count = 0;
    bool good = true;

    for (uint32_t i = 0; i < frame->instance->count; i++) {
        if (!wanted[i])
            continue;
        if (schema->kind != JSON_FALSE) {
            good &= apply_inside(frame, schema, i);
            continue;
        }
        text_puts(&names, count++ ? ", " : "");
        if (frame->instance->kind == JSON_OBJECT)
            text_printf(&names, "'%.*s'", (int)frame->instance->members[i].name_len,
                        frame->instance->members[i].name);
        else
            text_puts(&names, check_show(frame->check, &frame->instance->items[i]));
    }
    if (count)
        good = check_fail(frame, keyword, "%s are not allowed (%s %s unexpected)", words, text_string(&names),
                          count == 1 ? "was" : "were");
    text_free(&names);
    return good;
}

static bool
apply_additional_properties(struct frame *frame, const struct ast_json *value)
{
    if (frame->instance->kind != JSON_OBJECT)
        return true;
    uint8_t *wanted = arena_alloc(frame->check->arena, frame->instance->count + 1);
    for (uint32_t i = 0; i < frame->instance->count; i++)
        wanted[i] = !is_named(frame, &frame->instance->members[i]);
    return apply_rest(frame, value, wanted, "additionalProperties", "Additional properties");
}

static bool
apply_property_names(struct frame *frame, const struct ast_json *value)
{
    bool good = true;

    for (uint32_t i = 0; frame->instance->kind == JSON_OBJECT && i < frame->instance->count; i++) {
        const struct ast_json_member *member = &frame->instance->members[i];
        struct ast_json name = {.kind = JSON_STRING, .count = member->name_len, .text = member->name};
        uint8_t seen;

        good &= check_schema(frame->check, value, &name, frame->place, &seen);
    }
    return good;
}

static bool
check_dependency(struct frame *frame, const struct ast_json *names, const char *keyword)
{
    bool good = true;

    for (uint32_t i = 0; i < names->count; i++) {
        const char *name = arena_copy(frame->check->arena, names->items[i].text, names->items[i].count);

        if (!ast_json_get(frame->instance, name))
            good = check_fail(frame, keyword, "%s is a required property",
                              check_show(frame->check, &names->items[i]));
    }
    return good;
}

static bool
apply_dependencies_of(struct frame *frame, const struct ast_json *value, const char *keyword)
{
    bool good = true;

    for (uint32_t i = 0; frame->instance->kind == JSON_OBJECT && i < value->count; i++) {
        const struct ast_json_member *member = &value->members[i];

        if (!ast_json_get(frame->instance, arena_copy(frame->check->arena, member->name, member->name_len)))
            continue;
        enter_member(frame, member);
        good &= member->value.kind == JSON_ARRAY ? check_dependency(frame, &member->value, keyword)
                                                 : apply_here(frame, &member->value);
    }
    return good;
}

static bool
apply_dependencies(struct frame *frame, const struct ast_json *value)
{
    return apply_dependencies_of(frame, value, "dependencies");
}

static bool
apply_dependent_required(struct frame *frame, const struct ast_json *value)
{
    return apply_dependencies_of(frame, value, "dependentRequired");
}

static bool
apply_dependent_schemas(struct frame *frame, const struct ast_json *value)
{
    return apply_dependencies_of(frame, value, "dependentSchemas");
}

/* ---- arrays ---- */

static bool
apply_each(struct frame *frame, const struct ast_json *schema, uint32_t from)
{
    bool good = true;

    for (uint32_t i = from; frame->instance->kind == JSON_ARRAY && i < frame->instance->count; i++)
        good &= apply_inside(frame, schema, i);
    return good;
}

static bool
apply_tuple(struct frame *frame, const struct ast_json *schemas)
{
    bool good = true;

    for (uint32_t i = 0;
         frame->instance->kind == JSON_ARRAY && i < frame->instance->count && i < schemas->count; i++) {
        enter_item(frame, i);
        good &= apply_inside(frame, &schemas->items[i], i);
    }
    return good;
}

static bool
apply_items(struct frame *frame, const struct ast_json *value)
{
    const struct ast_json *prefix =
        frame->check->schema->dialect == DIALECT_2020 ? frame_get(frame, "prefixItems") : NULL;

    if (value->kind == JSON_ARRAY)
        return apply_tuple(frame, value);
    return apply_each(frame, value, prefix ? prefix->count : 0);
}

static bool
apply_additional_items(struct frame *frame, const struct ast_json *value)
{
    const struct ast_json *items = frame_get(frame, "items");

    if (frame->check->schema->dialect == DIALECT_2020 || !items || items->kind != JSON_ARRAY ||
        frame->instance->kind != JSON_ARRAY)
        return true;
    uint8_t *wanted = arena_alloc(frame->check->arena, frame->instance->count + 1);
    for (uint32_t i = items->count; i < frame->instance->count; i++)
        wanted[i] = 1;
    return apply_rest(frame, value, wanted, "additionalItems", "Additional items");
}

static bool
apply_prefix_items(struct frame *frame, const struct ast_json *value)
{
    return frame->check->schema->dialect != DIALECT_2020 || apply_tuple(frame, value);
}

static bool
apply_contains(struct frame *frame, const struct ast_json *value)
{
    const struct ast_json *least = frame_get(frame, "minContains"), *most = frame_get(frame, "maxContains");
    bool counts = frame->check->schema->dialect < DIALECT_4;
    double count = 0;

    if (frame->instance->kind != JSON_ARRAY)
        return true;
    for (uint32_t i = 0; i < frame->instance->count; i++)
        if (holds_inside(frame, value, i)) {
            count++;
            if (frame->check->schema->dialect == DIALECT_2020)
                frame->seen[i] = 1;
        }
    const char *shown = check_show(frame->check, frame->instance);
    if (count < (counts && least ? json_number(least) : 1))
        return check_fail(frame, "contains", "None of %s are valid under the given schema", shown);
    return !counts || !most || count <= json_number(most) ||
           check_fail(frame, "maxContains", "%s has more items that are valid under the given schema than %s",
                      shown, check_show(frame->check, most));
}

/* ---- what is left ---- */

static bool
apply_unevaluated(struct frame *frame, const struct ast_json *value, enum ast_json_kind kind,
                  const char *keyword, const char *words)
{
    if (frame->instance->kind != kind)
        return true;
    uint8_t *wanted = arena_alloc(frame->check->arena, frame->instance->count + 1);
    for (uint32_t i = 0; i < frame->instance->count; i++)
        wanted[i] = !frame->seen[i];
    return apply_rest(frame, value, wanted, keyword, words);
}

static bool
apply_unevaluated_properties(struct frame *frame, const struct ast_json *value)
{
    return apply_unevaluated(frame, value, JSON_OBJECT, "unevaluatedProperties", "Unevaluated properties");
}

static bool
apply_unevaluated_items(struct frame *frame, const struct ast_json *value)
{
    return apply_unevaluated(frame, value, JSON_ARRAY, "unevaluatedItems", "Unevaluated items");
}

keyword_check *
keyword_applicator(const char *name, size_t len, bool last)
{
    static const struct {
        const char *name;
        keyword_check *check;
        bool last; /* after all others */
    } table[] = {
        {"$dynamicRef", apply_reference, false},
        {"$recursiveRef", apply_reference, false},
        {"$ref", apply_reference, false},
        {"additionalItems", apply_additional_items, false},
        {"additionalProperties", apply_additional_properties, false},
        {"allOf", apply_all_of, false},
        {"anyOf", apply_any_of, false},
        {"contains", apply_contains, false},
        {"dependencies", apply_dependencies, false},
        {"dependentRequired", apply_dependent_required, false},
        {"dependentSchemas", apply_dependent_schemas, false},
        {"if", apply_if, false},
        {"items", apply_items, false},
        {"not", apply_not, false},
        {"oneOf", apply_one_of, false},
        {"patternProperties", apply_pattern_properties, false},
        {"prefixItems", apply_prefix_items, false},
        {"properties", apply_properties, false},
        {"propertyNames", apply_property_names, false},
        {"unevaluatedItems", apply_unevaluated_items, true},
        {"unevaluatedProperties", apply_unevaluated_properties, true},
    };

    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (table[i].last == last && strlen(table[i].name) == len && memcmp(table[i].name, name, len) == 0)
            return table[i].check;
    return NULL;
}
