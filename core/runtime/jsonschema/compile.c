/* compile.c: reads a schema, finds its dialect, and checks what its keywords hold. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "schema.h"

#include "base/utf8.h"

#include <pcre2.h>
#include <stdlib.h>
#include <string.h>

/* What the value of a keyword must be. */
enum shape {
    SHAPE_SCHEMA,
    SHAPE_SCHEMAS,      /* an array of them, not empty */
    SHAPE_SCHEMA_MAP,   /* an object of them */
    SHAPE_PATTERN_MAP,  /* the same; names are expressions */
    SHAPE_ITEMS,        /* a schema or an array of them */
    SHAPE_DEPENDENCIES, /* an object of schemas or arrays of strings */
    SHAPE_STRING_LISTS, /* an object of arrays of strings */
    SHAPE_STRINGS,
    SHAPE_STRING,
    SHAPE_PATTERN,
    SHAPE_TYPE,
    SHAPE_ARRAY,
    SHAPE_COUNT,
    SHAPE_NUMBER,
    SHAPE_POSITIVE,
    SHAPE_BOOLEAN,
    SHAPE_EXCLUSIVE, /* a boolean in draft 4, else a number */
};

static const struct {
    const char *name;
    enum shape shape;
} keywords[] = {
    {"$anchor", SHAPE_STRING},
    {"$dynamicAnchor", SHAPE_STRING},
    {"$dynamicRef", SHAPE_STRING},
    {"$recursiveRef", SHAPE_STRING},
    {"$recursiveAnchor", SHAPE_BOOLEAN},
    {"$ref", SHAPE_STRING},
    {"$defs", SHAPE_SCHEMA_MAP},
    {"definitions", SHAPE_SCHEMA_MAP},
    {"additionalItems", SHAPE_SCHEMA},
    {"additionalProperties", SHAPE_SCHEMA},
    {"allOf", SHAPE_SCHEMAS},
    {"anyOf", SHAPE_SCHEMAS},
    {"contains", SHAPE_SCHEMA},
    {"dependencies", SHAPE_DEPENDENCIES},
    {"dependentRequired", SHAPE_STRING_LISTS},
    {"dependentSchemas", SHAPE_SCHEMA_MAP},
    {"else", SHAPE_SCHEMA},
    {"enum", SHAPE_ARRAY},
    {"exclusiveMaximum", SHAPE_EXCLUSIVE},
    {"exclusiveMinimum", SHAPE_EXCLUSIVE},
    {"format", SHAPE_STRING},
    {"if", SHAPE_SCHEMA},
    {"items", SHAPE_ITEMS},
    {"maxContains", SHAPE_COUNT},
    {"maxItems", SHAPE_COUNT},
    {"maxLength", SHAPE_COUNT},
    {"maxProperties", SHAPE_COUNT},
    {"maximum", SHAPE_NUMBER},
    {"minContains", SHAPE_COUNT},
    {"minItems", SHAPE_COUNT},
    {"minLength", SHAPE_COUNT},
    {"minProperties", SHAPE_COUNT},
    {"minimum", SHAPE_NUMBER},
    {"multipleOf", SHAPE_POSITIVE},
    {"not", SHAPE_SCHEMA},
    {"oneOf", SHAPE_SCHEMAS},
    {"pattern", SHAPE_PATTERN},
    {"patternProperties", SHAPE_PATTERN_MAP},
    {"prefixItems", SHAPE_SCHEMAS},
    {"properties", SHAPE_SCHEMA_MAP},
    {"propertyNames", SHAPE_SCHEMA},
    {"required", SHAPE_STRINGS},
    {"then", SHAPE_SCHEMA},
    {"type", SHAPE_TYPE},
    {"unevaluatedItems", SHAPE_SCHEMA},
    {"unevaluatedProperties", SHAPE_SCHEMA},
    {"uniqueItems", SHAPE_BOOLEAN},
};

static const char *const type_names[] = {"array", "boolean", "integer", "null", "number", "object", "string"};

static bool
fail(const struct ast_json *value, const char *what, struct text *message)
{
    ast_json_write(value, message);
    text_printf(message, " is not %s", what);
    return false;
}

static bool
is_boolean(const struct ast_json *value)
{
    return value->kind == JSON_TRUE || value->kind == JSON_FALSE;
}

static bool
collect_expression(struct schema *schema, const struct ast_json *source, struct text *message)
{
    int error;
    PCRE2_SIZE at;
    uint32_t options = PCRE2_UTF | PCRE2_DOLLAR_ENDONLY | PCRE2_MATCH_UNSET_BACKREF | PCRE2_ALT_BSUX;
    struct expression *expression = ARENA_NEW(schema->arena, struct expression);

    expression->code = pcre2_compile((PCRE2_SPTR)source->text, source->count, options, &error, &at, NULL);
    if (!expression->code)
        return fail(source, "a \"regex\"", message);
    expression->source = source;
    expression->next = schema->expressions;
    schema->expressions = expression;
    return true;
}

static bool
collect_list(struct schema *schema, const struct ast_json *list, const char *base, struct text *message)
{
    if (list->kind != JSON_ARRAY)
        return fail(list, "of type \"array\"", message);
    if (!list->count && schema->dialect != DIALECT_2019) {
        ast_json_write(list, message);
        text_puts(message, " has less than 1 item");
        return false;
    }
    for (uint32_t i = 0; i < list->count; i++)
        if (!schema_collect(schema, &list->items[i], base, message))
            return false;
    return true;
}

static bool
check_strings(const struct ast_json *list, struct text *message)
{
    if (list->kind != JSON_ARRAY)
        return fail(list, "of type \"array\"", message);
    for (uint32_t i = 0; i < list->count; i++)
        if (list->items[i].kind != JSON_STRING)
            return fail(&list->items[i], "of type \"string\"", message);
    return true;
}

/* The key of a map as a value of its own. */
static const struct ast_json *
key_value(struct schema *schema, const struct ast_json_member *member)
{
    struct ast_json *value = ARENA_NEW(schema->arena, struct ast_json);

    *value = (struct ast_json){.kind = JSON_STRING, .count = member->name_len, .text = member->name};
    return value;
}

static bool
collect_map(struct schema *schema, const struct ast_json *map, enum shape shape, const char *base,
            struct text *message)
{
    if (map->kind != JSON_OBJECT)
        return fail(map, "of type \"object\"", message);
    for (uint32_t i = 0; i < map->count; i++) {
        const struct ast_json *value = &map->members[i].value;
        bool strings =
            shape == SHAPE_STRING_LISTS || (shape == SHAPE_DEPENDENCIES && value->kind == JSON_ARRAY);

        if (strings ? !check_strings(value, message) : !schema_collect(schema, value, base, message))
            return false;
        if (shape == SHAPE_PATTERN_MAP &&
            !collect_expression(schema, key_value(schema, &map->members[i]), message))
            return false;
    }
    return true;
}

static bool
check_type_name(const struct ast_json *value, struct text *message)
{
    for (size_t i = 0; i < sizeof type_names / sizeof type_names[0]; i++)
        if (ast_json_is(value, type_names[i]))
            return true;
    return fail(value, "valid under any of the schemas listed in the 'anyOf' keyword", message);
}

static bool
check_type(const struct ast_json *value, struct text *message)
{
    if (value->kind != JSON_ARRAY)
        return check_type_name(value, message);
    for (uint32_t i = 0; i < value->count; i++)
        if (!check_type_name(&value->items[i], message))
            return false;
    return true;
}

static bool
check_number(const struct ast_json *value, enum shape shape, struct text *message)
{
    if (!json_is_number(value) || (shape == SHAPE_COUNT && !json_is_integer(value)))
        return fail(value, shape == SHAPE_COUNT ? "of type \"integer\"" : "of type \"number\"", message);
    bool bad =
        shape == SHAPE_COUNT ? json_number(value) < 0 : shape == SHAPE_POSITIVE && json_number(value) <= 0;
    if (bad) {
        ast_json_write(value, message);
        text_puts(message, shape == SHAPE_COUNT ? " is less than the minimum of 0"
                                                : " is less than or equal to the minimum of 0");
    }
    return !bad;
}

static bool
collect_keyword(struct schema *schema, const struct ast_json *value, enum shape shape, const char *base,
                struct text *message)
{
    switch (shape) {
    case SHAPE_SCHEMA:
        return schema_collect(schema, value, base, message);
    case SHAPE_SCHEMAS:
        return collect_list(schema, value, base, message);
    case SHAPE_SCHEMA_MAP:
    case SHAPE_PATTERN_MAP:
    case SHAPE_DEPENDENCIES:
    case SHAPE_STRING_LISTS:
        return collect_map(schema, value, shape, base, message);
    case SHAPE_ITEMS:
        if (value->kind == JSON_ARRAY && schema->dialect != DIALECT_2020)
            return !value->count || collect_list(schema, value, base, message);
        return schema_collect(schema, value, base, message);
    case SHAPE_STRINGS:
        return check_strings(value, message);
    case SHAPE_STRING:
        return value->kind == JSON_STRING || fail(value, "of type \"string\"", message);
    case SHAPE_PATTERN:
        return value->kind == JSON_STRING ? collect_expression(schema, value, message)
                                          : fail(value, "of type \"string\"", message);
    case SHAPE_TYPE:
        return check_type(value, message);
    case SHAPE_ARRAY:
        return value->kind == JSON_ARRAY || fail(value, "of type \"array\"", message);
    case SHAPE_BOOLEAN:
        return is_boolean(value) || fail(value, "of type \"boolean\"", message);
    case SHAPE_EXCLUSIVE:
        if (schema->dialect == DIALECT_4)
            return is_boolean(value) || fail(value, "of type \"boolean\"", message);
        return check_number(value, shape, message);
    case SHAPE_COUNT:
    case SHAPE_NUMBER:
    case SHAPE_POSITIVE:
        break;
    }
    return check_number(value, shape, message);
}

static void
add_resource(struct schema *schema, const char *uri, const struct ast_json *node)
{
    struct resource *resource = ARENA_NEW(schema->arena, struct resource);

    *resource = (struct resource){schema->resources, uri, node};
    schema->resources = resource;
}

/* Notes what the schema is called; returns the base URI of its inside. */
static const char *
collect_names(struct schema *schema, const struct ast_json *node, const char *base)
{
    static const char *const anchors[] = {"$anchor", "$dynamicAnchor"};
    const struct ast_json *id = ast_json_get(node, schema->dialect == DIALECT_4 ? "id" : "$id");

    if (id && id->kind == JSON_STRING) {
        const char *uri = schema_resolve(schema->arena, base, id->text, id->count);
        const char *fragment = strchr(uri, '#');

        if (fragment && fragment[1]) {
            add_resource(schema, uri, node); /* older drafts: an anchor */
        } else {
            struct base *known = ARENA_NEW(schema->arena, struct base);

            base = arena_copy(schema->arena, uri, fragment ? (size_t)(fragment - uri) : strlen(uri));
            *known = (struct base){schema->bases, node, base};
            schema->bases = known;
            add_resource(schema, base, node);
        }
    }
    for (size_t i = 0; i < sizeof anchors / sizeof anchors[0]; i++) {
        const struct ast_json *anchor = ast_json_get(node, anchors[i]);

        if (anchor && anchor->kind == JSON_STRING)
            add_resource(
                schema, arena_printf(schema->arena, "%s#%.*s", base, (int)anchor->count, anchor->text), node);
    }
    return base;
}

bool
schema_collect(struct schema *schema, const struct ast_json *node, const char *base, struct text *message)
{
    if (is_boolean(node) && schema->dialect != DIALECT_4)
        return true;
    if (node->kind != JSON_OBJECT) {
        if (is_boolean(node)) /* draft 4 has them in two places, and no harm comes from them elsewhere */
            return true;
        return fail(node, "of types \"boolean\", \"object\"", message);
    }
    base = collect_names(schema, node, base);
    for (size_t i = 0; i < sizeof keywords / sizeof keywords[0]; i++) {
        const struct ast_json *value = ast_json_get(node, keywords[i].name);

        if (value && !collect_keyword(schema, value, keywords[i].shape, base, message))
            return false;
    }
    return true;
}

static const struct {
    const char *name;
    enum dialect dialect;
} dialects[] = {
    {"json-schema.org/draft/2020-12/schema", DIALECT_2020},
    {"json-schema.org/draft/2019-09/schema", DIALECT_2019},
    {"json-schema.org/draft-07/schema", DIALECT_7},
    {"json-schema.org/draft-06/schema", DIALECT_6},
    {"json-schema.org/draft-04/schema", DIALECT_4},
};

static bool
is_dialect(const struct ast_json *uri, const char *name)
{
    const char *text = uri->text;
    size_t len = uri->count;

    while (len && text[len - 1] == '#')
        len--;
    if (len && text[len - 1] == '/')
        len--;
    size_t scheme = len > 8 && memcmp(text, "https://", 8) == 0  ? 8
                    : len > 7 && memcmp(text, "http://", 7) == 0 ? 7
                                                                 : 0;
    return scheme && len - scheme == strlen(name) && memcmp(text + scheme, name, len - scheme) == 0;
}

static enum schema_code
find_dialect(struct schema *schema, struct text *message)
{
    const struct ast_json *uri =
        schema->root.kind == JSON_OBJECT ? ast_json_get(&schema->root, "$schema") : NULL;

    schema->dialect = DIALECT_2020;
    if (!uri)
        return SCHEMA_OK;
    if (uri->kind != JSON_STRING) {
        text_puts(message, "schema $schema must be a string");
        return SCHEMA_INVALID;
    }
    for (size_t i = 0; i < sizeof dialects / sizeof dialects[0]; i++)
        if (is_dialect(uri, dialects[i].name)) {
            schema->dialect = dialects[i].dialect;
            return SCHEMA_OK;
        }
    text_puts(message, "unsupported $schema dialect: ");
    text_append(message, uri->text, uri->count);
    return SCHEMA_UNKNOWN_DIALECT;
}

static enum schema_code
compile(struct schema *schema, const char *text, size_t len, struct text *message)
{
    struct ast_json value;

    if (!utf8_check(text, len, message)) {
        text_clear(message);
        text_puts(message, "schema_json must be utf-8");
        return SCHEMA_NOT_JSON;
    }
    text_puts(message, "invalid schema_json: ");
    if (!ast_json_read(schema->arena, arena_copy(schema->arena, text, len), len, &value, message))
        return SCHEMA_NOT_JSON;
    text_clear(message);
    schema->root = ast_json_copy_sorted(schema->arena, &value);
    enum schema_code code = find_dialect(schema, message);
    if (code)
        return code;
    add_resource(schema, "", &schema->root);
    return schema_collect(schema, &schema->root, "", message) ? SCHEMA_OK : SCHEMA_INVALID;
}

struct schema *
schema_new(const char *text, size_t len, enum schema_code *code, struct text *message)
{
    struct arena *arena = arena_new();
    struct schema *schema = ARENA_NEW(arena, struct schema);

    schema->arena = arena;
    *code = compile(schema, text, len, message);
    if (!*code)
        return schema;
    schema_free(schema);
    return NULL;
}

void
schema_free(struct schema *schema)
{
    for (struct expression *expression = schema->expressions; expression; expression = expression->next)
        pcre2_code_free(expression->code);
    arena_free(schema->arena);
}

bool
schema_matches(const struct schema *schema, const struct ast_json *source, const char *text, size_t len)
{
    const struct expression *expression = schema->expressions;

    while (expression && (expression->source->count != source->count ||
                          memcmp(expression->source->text, source->text, source->count) != 0))
        expression = expression->next;
    if (!expression)
        return false;
    pcre2_match_data *data = pcre2_match_data_create(1, NULL);
    int result = data ? pcre2_match(expression->code, (PCRE2_SPTR)text, len, 0, 0, data, NULL) : -1;
    pcre2_match_data_free(data);
    return result >= 0;
}
