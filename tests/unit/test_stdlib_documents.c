/* The embedded documents of the standard library: each is a module that reads without error, is written as
 * the writer of documents writes it, and is found under its own id. */
#include "ast_testing.h"

#include "sema/builtin_documents.h"
#include "sema/builtin_modules.h"

static void
documents_are_canonical(void)
{
    int count = 0;

    for (const struct builtin_document *row = builtin_documents; row->id; row++, count++) {
        char *text = strndup(row->start, (size_t)(row->end - row->start));
        bool ok = text && written_as(text, strlen(text), text);

        if (!ok)
            fprintf(stderr, "\nin %s\n", row->id);
        CU_ASSERT_TRUE(ok);
        free(text);
    }
    CU_ASSERT_TRUE(count > 0);
}

static void
documents_are_found(void)
{
    for (const struct builtin_document *row = builtin_documents; row->id; row++) {
        struct text text = {0};

        CU_ASSERT_TRUE(builtin_module_exists(row->id));
        CU_ASSERT_TRUE(builtin_module_text(row->id, &text));
        CU_ASSERT_EQUAL(text.len, (size_t)(row->end - row->start));
        text_free(&text);
    }
}

static void
other_ids_are_not(void)
{
    struct text text = {0};

    CU_ASSERT_FALSE(builtin_module_exists("std.nothing"));
    CU_ASSERT_FALSE(builtin_module_text("std.nothing", &text));
    CU_ASSERT_EQUAL(text.len, 0);
    text_free(&text);
}

int
main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("stdlib documents", NULL, NULL);
    CU_add_test(suite, "documents are canonical", documents_are_canonical);
    CU_add_test(suite, "documents are found", documents_are_found);
    CU_add_test(suite, "other ids are not", other_ids_are_not);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failures != 0;
}
