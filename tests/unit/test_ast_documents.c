/* Recorded documents: each is refused with its error, or accepted with its canonical form, which stays the
 * same when it is read and written again. */
#include "ast_testing.h"

#include <json-c/json.h>
#include <stdlib.h>

static const char *
member(struct json_object *row, const char *name)
{
    struct json_object *value;

    return json_object_object_get_ex(row, name, &value) ? json_object_get_string(value) : NULL;
}

static bool
accepted(const char *text, size_t len)
{
    struct reading reading = reading_new(text, len);
    struct text written = {0};
    bool ok = same_text(text, "", &reading.message) && reading.doc;

    if (ok) {
        ast_write(reading.doc, &written);
        ok = written_as(text_string(&written), written.len, text_string(&written));
    }
    text_free(&written);
    reading_free(&reading);
    return ok;
}

static bool
row_holds(struct json_object *row)
{
    struct json_object *document;
    const char *error = member(row, "error");
    const char *canonical = member(row, "canonical");

    json_object_object_get_ex(row, "text", &document);
    const char *text = json_object_get_string(document);
    size_t len = (size_t)json_object_get_string_len(document);
    if (error)
        return refused(text, len, error);
    return accepted(text, len) && (!canonical || written_as(text, len, canonical));
}

static void
recorded_documents(void)
{
    char path[4096];
    char *line = NULL;
    size_t capacity = 0;
    int rows = 0;

    snprintf(path, sizeof path, "%s/tests/unit/data/ast/documents.jsonl", X07_SOURCE_DIR);
    FILE *file = fopen(path, "r");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    while (getline(&line, &capacity, file) > 0) {
        struct json_object *row = json_tokener_parse(line);

        CU_ASSERT_PTR_NOT_NULL_FATAL(row);
        bool ok = row_holds(row);
        if (!ok)
            fprintf(stderr, "  in %s of %s\n", member(row, "id"), path);
        CU_ASSERT_TRUE(ok);
        rows++;
        json_object_put(row);
    }
    free(line);
    fclose(file);
    CU_ASSERT_EQUAL(rows, 289);
}

int
main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("ast_documents", NULL, NULL);
    CU_add_test(suite, "recorded documents", recorded_documents);
    CU_basic_set_mode(CU_BRM_NORMAL);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failures ? 1 : 0;
}
