/* The type checker of documents: recorded documents with everything that is said about them, and the message
 * that a failed check of contracts gives a compile. */
#include "ast_testing.h"
#include "sema/heads.h"
#include "sema/typecheck.h"

#include <json-c/json.h>

enum { ROWS = 109 };

static struct json_object *
member(struct json_object *row, const char *name)
{
    struct json_object *value = NULL;

    json_object_object_get_ex(row, name, &value);
    return value;
}

static void
write_findings(struct reading *reading, struct text *out)
{
    struct diagnostics found = {.arena = reading->arena};

    typecheck_file(&reading->context, reading->doc, NULL, &found);
    diagnostics_sort(&found);
    CU_ASSERT_EQUAL(diagnostics_ok(&found), !found.count);
    text_putc(out, '[');
    for (size_t i = 0; i < found.count; i++) {
        text_puts(out, i ? "," : "");
        diagnostic_write(found.items[i], out);
    }
    text_putc(out, ']');
}

/* The findings are about the canonical form of the document. */
static bool
has_findings(const char *document, struct json_object *expected)
{
    struct reading written = reading_new(document, strlen(document));
    struct text canonical = {0};
    struct text found = {0};

    if (!written.doc)
        return same_text(document, "", &written.message);
    ast_write(written.doc, &canonical);
    struct reading reading = reading_new(text_string(&canonical), canonical.len);
    heads_register(&reading.context);
    write_findings(&reading, &found);
    bool ok = same_text(
        document,
        json_object_to_json_string_ext(expected, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE),
        &found);
    text_free(&found);
    text_free(&canonical);
    reading_free(&reading);
    reading_free(&written);
    return ok;
}

/* A compile stops with this message. */
static bool
has_message(const char *document, const char *expected)
{
    struct reading reading = reading_new(document, strlen(document));
    struct text message = {0};

    if (!reading.doc)
        return same_text(document, "", &reading.message);
    heads_register(&reading.context);
    bool passed = typecheck_contracts(&reading.context, reading.doc, "main", &message);
    bool ok = same_text(document, expected, &message) && !passed;
    text_free(&message);
    reading_free(&reading);
    return ok;
}

static bool
row_holds(struct json_object *row)
{
    const char *document = json_object_get_string(member(row, "doc"));
    struct json_object *message = member(row, "message");

    if (message)
        return has_message(document, json_object_get_string(message));
    return has_findings(document, member(row, "diagnostics"));
}

static void
recorded_documents(void)
{
    char path[4096];
    char *line = NULL;
    size_t capacity = 0;
    int rows = 0;

    snprintf(path, sizeof path, "%s/tests/unit/data/typecheck/documents.jsonl", X07_SOURCE_DIR);
    FILE *file = fopen(path, "r");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    while (getline(&line, &capacity, file) > 0) {
        struct json_object *row = json_tokener_parse(line);

        CU_ASSERT_PTR_NOT_NULL_FATAL(row);
        bool ok = row_holds(row);
        if (!ok)
            fprintf(stderr, "  in %s of %s\n", json_object_get_string(member(row, "id")), path);
        CU_ASSERT_TRUE(ok);
        rows++;
        json_object_put(row);
    }
    free(line);
    fclose(file);
    CU_ASSERT_EQUAL(rows, ROWS);
}

static const char library[] =
    "{\"schema_version\":\"x07.x07ast@0.3.0\",\"kind\":\"module\",\"module_id\":\"lib\",\"imports\":[],"
    "\"decls\":[{\"kind\":\"export\",\"names\":[\"lib.f\"]},{\"kind\":\"defn\",\"name\":\"lib.f\","
    "\"params\":[{\"name\":\"n\",\"ty\":\"i32\"}],\"result\":\"i32\",\"body\":\"n\"}]}";
static const char user[] = "{\"schema_version\":\"x07.x07ast@0.3.0\",\"kind\":\"entry\",\"module_id\":"
                           "\"main\",\"imports\":[\"lib\"],"
                           "\"decls\":[],\"solve\":[\"bytes.alloc\",[\"lib.f\",\"input\"]]}";

/* Functions of other files are known when the caller says so, and only then. */
static void
visible_functions(void)
{
    struct reading reading = reading_new(library, strlen(library));
    struct typecheck_signatures visible = {0};
    struct text message = {0};

    CU_ASSERT_PTR_NOT_NULL_FATAL(reading.doc);
    heads_register(&reading.context);
    struct ast_doc *entry = ast_read(&reading.context, user, strlen(user), &message);
    CU_ASSERT_PTR_NOT_NULL_FATAL(entry);
    struct diagnostics alone = {.arena = reading.arena};
    struct diagnostics together = {.arena = reading.arena};
    typecheck_file(&reading.context, entry, NULL, &alone);
    typecheck_signatures_add(&visible, entry);
    typecheck_signatures_add(&visible, reading.doc);
    typecheck_file(&reading.context, entry, &visible, &together);
    CU_ASSERT_EQUAL(alone.count, 0);
    CU_ASSERT_EQUAL_FATAL(together.count, 1);
    CU_ASSERT_STRING_EQUAL(together.items[0]->code, "X07-TYPE-CALL-0002");
    CU_ASSERT_STRING_EQUAL(together.items[0]->ptr, "/solve/1/1");
    CU_ASSERT_EQUAL_FATAL(together.items[0]->related_count, 1);
    CU_ASSERT_STRING_EQUAL(together.items[0]->related[0], "/decls/1");
    typecheck_signatures_free(&visible);
    text_free(&message);
    reading_free(&reading);
}

int
main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("typecheck", NULL, NULL);
    CU_add_test(suite, "recorded documents", recorded_documents);
    CU_add_test(suite, "visible functions", visible_functions);
    CU_basic_set_mode(CU_BRM_NORMAL);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failures ? 1 : 0;
}
