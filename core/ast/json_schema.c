/* json_schema.c: see json_schema.h. One function per keyword; a table says which is which. */
#include "ast/json_schema.h"

#include "ast/patch.h"
#include "ast/pointer.h"
#include "base/memory.h"
#include "base/utf8.h"

#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_PATTERNS = 32, MAX_SHOWN = 160 };

struct checker {
    const struct ast_json *root;
    json_schema_report *report; /* NULL: only whether there is a violation is asked */
    void *context;
    struct text instance; /* pointers to where the check is */
    struct text schema;
    struct arena *arena;
    struct {
        const char *text; /* in the schema */
        regex_t compiled;
    } patterns[MAX_PATTERNS];
    size_t pattern_count;
};

/* A keyword's value and what it is applied to. */
struct application {
    const struct ast_json *schema; /* the object that the keyword stands in */
    const struct ast_json *keyword;
    const struct ast_json *value;
};

static bool check(struct checker *checker, const struct ast_json *schema, const struct ast_json *value);

static void
show(const struct ast_json *value, struct text *out)
{
    struct text json = {0};

    ast_json_write(value, &json);
    size_t len = json.len <= MAX_SHOWN ? json.len : utf8_prefix(json.data, MAX_SHOWN);
    text_append(out, json.data, len);
    text_puts(out, len < json.len ? "..." : "");
    text_free(&json);
}

/* Reports the text, with the value that it is about in front of it, and a value behind it. Returns false. */
static bool
violation(struct checker *checker, const struct ast_json *before, const char *text,
          const struct ast_json *behind)
{
    struct text message = {0};

    if (!checker->report)
        return false;
    if (before)
        show(before, &message);
    text_puts(&message, text);
    if (behind)
        show(behind, &message);
    checker->report(checker->context, text_string(&checker->instance), text_string(&checker->schema),
                    text_string(&message));
    text_free(&message);
    return false;
}

/* Checks a part of the value against a part of the schema; tokens NULL: the place stays. */
static bool
check_within(struct checker *checker, const char *schema_token, const struct ast_json *schema,
             const char *token, size_t token_len, const struct ast_json *value)
{
    size_t instance_len = checker->instance.len, schema_len = checker->schema.len;

    if (token)
        pointer_append(&checker->instance, token, token_len);
    if (schema_token)
        pointer_append(&checker->schema, schema_token, strlen(schema_token));
    bool ok = check(checker, schema, value);
    checker->instance.len = instance_len;
    checker->schema.len = schema_len;
    if (checker->instance.data)
        checker->instance.data[instance_len] = '\0';
    if (checker->schema.data)
        checker->schema.data[schema_len] = '\0';
    return ok;
}

static bool
check_item(struct checker *checker, const char *schema_token, const struct ast_json *schema, uint32_t index,
           const struct ast_json *value)
{
    char token[16];
    int len = snprintf(token, sizeof token, "%u", index);

    return check_within(checker, schema_token, schema, token, (size_t)len, value);
}

static bool
is_type(const struct ast_json *value, const struct ast_json *name)
{
    static const char *const names[] = {
        [JSON_NULL] = "null",       [JSON_FALSE] = "boolean",   [JSON_TRUE] = "boolean",
        [JSON_INTEGER] = "integer", [JSON_NATURAL] = "integer", [JSON_REAL] = "number",
        [JSON_STRING] = "string",   [JSON_ARRAY] = "array",     [JSON_OBJECT] = "object",
    };
    bool is_number = value->kind == JSON_INTEGER || value->kind == JSON_NATURAL || value->kind == JSON_REAL;

    return ast_json_is(name, names[value->kind]) || (is_number && ast_json_is(name, "number"));
}

static bool
check_type(struct checker *checker, const struct application *at)
{
    const struct ast_json *wanted = at->keyword;

    if (wanted->kind == JSON_STRING)
        return is_type(at->value, wanted) || violation(checker, at->value, " is not of type ", wanted);
    for (uint32_t i = 0; i < wanted->count; i++)
        if (is_type(at->value, &wanted->items[i]))
            return true;
    return violation(checker, at->value, " is not of the types ", wanted);
}

static bool
check_const(struct checker *checker, const struct application *at)
{
    return patch_equal(checker->arena, at->value, at->keyword) ||
           violation(checker, at->keyword, " was expected", NULL);
}

static bool
check_enum(struct checker *checker, const struct application *at)
{
    for (uint32_t i = 0; i < at->keyword->count; i++)
        if (patch_equal(checker->arena, at->value, &at->keyword->items[i]))
            return true;
    return violation(checker, at->value, " is not one of ", at->keyword);
}

static const struct ast_json *
member_of(const struct ast_json *object, const char *name, size_t len)
{
    for (uint32_t i = object->count; i-- > 0;)
        if (object->members[i].name_len == len && memcmp(object->members[i].name, name, len) == 0)
            return &object->members[i].value;
    return NULL;
}

static bool
check_required(struct checker *checker, const struct application *at)
{
    bool ok = true;

    if (at->value->kind != JSON_OBJECT)
        return true;
    for (uint32_t i = 0; i < at->keyword->count; i++) {
        const struct ast_json *name = &at->keyword->items[i];
        if (!member_of(at->value, name->text, name->count))
            ok = violation(checker, name, " is a required property", NULL);
    }
    return ok;
}

static bool
check_properties(struct checker *checker, const struct application *at)
{
    bool ok = true;

    if (at->value->kind != JSON_OBJECT)
        return true;
    for (uint32_t i = 0; i < at->keyword->count; i++) {
        const struct ast_json_member *rule = &at->keyword->members[i];
        const struct ast_json *value = member_of(at->value, rule->name, rule->name_len);
        if (!value)
            continue;
        char *name = memory_copy(rule->name, rule->name_len);
        ok = check_within(checker, name, &rule->value, rule->name, rule->name_len, value) && ok;
        free(name);
    }
    return ok;
}

static bool
check_additional(struct checker *checker, const struct application *at)
{
    const struct ast_json *known = ast_json_get(at->schema, "properties");
    bool ok = true;

    if (at->value->kind != JSON_OBJECT || at->keyword->kind != JSON_FALSE)
        return true;
    for (uint32_t i = 0; i < at->value->count; i++) {
        const struct ast_json_member *member = &at->value->members[i];
        struct ast_json name = {.kind = JSON_STRING, .count = member->name_len, .text = member->name};
        if (!known || !member_of(known, member->name, member->name_len))
            ok = violation(checker, NULL, "Additional properties are not allowed, unexpected: ", &name);
    }
    return ok;
}

static bool
check_items(struct checker *checker, const struct application *at)
{
    const struct ast_json *prefix = ast_json_get(at->schema, "prefixItems");
    bool ok = true;

    if (at->value->kind != JSON_ARRAY)
        return true;
    for (uint32_t i = prefix ? prefix->count : 0; i < at->value->count; i++)
        ok = check_item(checker, NULL, at->keyword, i, &at->value->items[i]) && ok;
    return ok;
}

static bool
check_prefix(struct checker *checker, const struct application *at)
{
    bool ok = true;

    if (at->value->kind != JSON_ARRAY)
        return true;
    for (uint32_t i = 0; i < at->keyword->count && i < at->value->count; i++) {
        char token[16];
        snprintf(token, sizeof token, "%u", i);
        ok = check_item(checker, token, &at->keyword->items[i], i, &at->value->items[i]) && ok;
    }
    return ok;
}

static bool
check_min_items(struct checker *checker, const struct application *at)
{
    return at->value->kind != JSON_ARRAY || (int64_t)at->value->count >= at->keyword->integer ||
           violation(checker, at->value, " has fewer items than ", at->keyword);
}

static bool
check_max_items(struct checker *checker, const struct application *at)
{
    return at->value->kind != JSON_ARRAY || (int64_t)at->value->count <= at->keyword->integer ||
           violation(checker, at->value, " has more items than ", at->keyword);
}

/* Strings by their bytes; arrays of anything else are not asked to be unique. */
static int
compare_strings(const void *left, const void *right)
{
    const struct ast_json *a = left, *b = right;

    if (a->count != b->count)
        return a->count < b->count ? -1 : 1;
    return memcmp(a->text, b->text, a->count);
}

static bool
check_unique(struct checker *checker, const struct application *at)
{
    const struct ast_json *value = at->value;
    bool unique = true;

    if (value->kind != JSON_ARRAY || value->count < 2)
        return true;
    for (uint32_t i = 0; i < value->count; i++)
        if (value->items[i].kind != JSON_STRING)
            return true;
    struct ast_json *sorted = memory_alloc(value->count * sizeof *sorted);
    memcpy(sorted, value->items, value->count * sizeof *sorted);
    qsort(sorted, value->count, sizeof *sorted, compare_strings);
    for (uint32_t i = 1; unique && i < value->count; i++)
        unique = compare_strings(&sorted[i - 1], &sorted[i]) != 0;
    free(sorted);
    return unique || violation(checker, value, " has non-unique elements", NULL);
}

/* Characters, not bytes. */
static int64_t
string_length(const struct ast_json *value)
{
    int64_t length = 0;

    for (uint32_t i = 0; i < value->count; i++)
        length += (value->text[i] & 0xC0) != 0x80;
    return length;
}

static bool
check_min_length(struct checker *checker, const struct application *at)
{
    return at->value->kind != JSON_STRING || string_length(at->value) >= at->keyword->integer ||
           violation(checker, at->value, " is shorter than ", at->keyword);
}

static bool
check_max_length(struct checker *checker, const struct application *at)
{
    return at->value->kind != JSON_STRING || string_length(at->value) <= at->keyword->integer ||
           violation(checker, at->value, " is longer than ", at->keyword);
}

/* The compiled pattern; NULL when there are too many, or it is none. */
static const regex_t *
find_pattern(struct checker *checker, const struct ast_json *pattern)
{
    for (size_t i = 0; i < checker->pattern_count; i++)
        if (checker->patterns[i].text == pattern->text)
            return &checker->patterns[i].compiled;
    if (checker->pattern_count == MAX_PATTERNS)
        return NULL;
    char *text = memory_copy(pattern->text, pattern->count);
    int failed = regcomp(&checker->patterns[checker->pattern_count].compiled, text, REG_EXTENDED | REG_NOSUB);
    free(text);
    if (failed)
        return NULL;
    checker->patterns[checker->pattern_count].text = pattern->text;
    return &checker->patterns[checker->pattern_count++].compiled;
}

static bool
check_pattern(struct checker *checker, const struct application *at)
{
    if (at->value->kind != JSON_STRING)
        return true;
    const regex_t *pattern = find_pattern(checker, at->keyword);
    char *text = memory_copy(at->value->text, at->value->count);
    bool ok = pattern && strlen(text) == at->value->count && regexec(pattern, text, 0, NULL, 0) == 0;
    free(text);
    return ok || violation(checker, at->value, " does not match ", at->keyword);
}

static bool
check_minimum(struct checker *checker, const struct application *at)
{
    return at->value->kind != JSON_INTEGER || at->value->integer >= at->keyword->integer ||
           violation(checker, at->value, " is less than the minimum of ", at->keyword);
}

static bool
check_maximum(struct checker *checker, const struct application *at)
{
    return (at->value->kind != JSON_NATURAL &&
            (at->value->kind != JSON_INTEGER || at->value->integer <= at->keyword->integer)) ||
           violation(checker, at->value, " is greater than the maximum of ", at->keyword);
}

static bool
check_ref(struct checker *checker, const struct application *at)
{
    struct text unused = {0};
    const struct ast_json *target =
        pointer_get(checker->root, at->keyword->text + 1, at->keyword->count - 1, &unused);

    text_free(&unused);
    return target && check(checker, target, at->value);
}

static bool
check_all(struct checker *checker, const struct application *at)
{
    bool ok = true;

    for (uint32_t i = 0; i < at->keyword->count; i++) {
        char token[16];
        snprintf(token, sizeof token, "%u", i);
        ok = check_within(checker, token, &at->keyword->items[i], NULL, 0, at->value) && ok;
    }
    return ok;
}

static bool
check_if(struct checker *checker, const struct application *at)
{
    json_schema_report *report = checker->report;

    checker->report = NULL;
    const char *branch = check(checker, at->keyword, at->value) ? "then" : "else";
    checker->report = report;
    const struct ast_json *schema = ast_json_get(at->schema, branch);
    return !schema || check_within(checker, branch, schema, NULL, 0, at->value);
}

static const struct {
    const char *name;
    bool (*check)(struct checker *checker, const struct application *at);
} keywords[] = {
    {"$ref", check_ref},
    {"type", check_type},
    {"const", check_const},
    {"enum", check_enum},
    {"required", check_required},
    {"properties", check_properties},
    {"additionalProperties", check_additional},
    {"prefixItems", check_prefix},
    {"items", check_items},
    {"minItems", check_min_items},
    {"maxItems", check_max_items},
    {"uniqueItems", check_unique},
    {"minLength", check_min_length},
    {"maxLength", check_max_length},
    {"pattern", check_pattern},
    {"minimum", check_minimum},
    {"maximum", check_maximum},
    {"allOf", check_all},
    {"if", check_if},
};

static bool
check(struct checker *checker, const struct ast_json *schema, const struct ast_json *value)
{
    bool ok = true;

    if (schema->kind == JSON_FALSE)
        return violation(checker, value, " is not allowed here", NULL);
    if (schema->kind != JSON_OBJECT)
        return true;
    for (size_t i = 0; i < sizeof keywords / sizeof keywords[0]; i++) {
        struct application at = {schema, ast_json_get(schema, keywords[i].name), value};
        size_t len = checker->schema.len;

        if (!at.keyword)
            continue;
        pointer_append(&checker->schema, keywords[i].name, strlen(keywords[i].name));
        ok = keywords[i].check(checker, &at) && ok;
        checker->schema.len = len;
        checker->schema.data[len] = '\0';
    }
    return ok;
}

bool
json_schema_check(const struct ast_json *schema, const struct ast_json *document, json_schema_report *report,
                  void *context)
{
    struct checker checker = {.root = schema, .report = report, .context = context, .arena = arena_new()};
    bool ok = check(&checker, schema, document);

    for (size_t i = 0; i < checker.pattern_count; i++)
        regfree(&checker.patterns[i].compiled);
    text_free(&checker.instance);
    text_free(&checker.schema);
    arena_free(checker.arena);
    return ok;
}
