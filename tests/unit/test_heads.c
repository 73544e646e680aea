/* The table of built-in heads: every row can be read, is found by its name, and has a recorded program that
 * uses it. */
#include "base/file.h"
#include "sema/heads.h"

#include <CUnit/Basic.h>
#include <stdio.h>
#include <string.h>

/* Heads of built-in modules only: no program of a user can name them. */
static bool
is_for_the_library(int head)
{
    return head_is_internal(head);
}

static void
with_context(void (*body)(struct ast_context *))
{
    struct arena *arena = arena_new();
    struct ast_context context;

    ast_context_init(&context, arena);
    heads_register(&context);
    body(&context);
    ast_context_free(&context);
    arena_free(arena);
}

static int
call_head(struct ast_context *context, int id)
{
    return head_is_call(id) && ast_intern_string(context, head_name(id))->head == id;
}

static void
names_resolve(struct ast_context *context)
{
    CU_ASSERT_EQUAL(ast_intern_string(context, "begin")->head, FORM_BEGIN);
    CU_ASSERT_EQUAL(ast_intern_string(context, ">=u")->head, OP_GEU);
    CU_ASSERT_EQUAL(ast_intern_string(context, "no.such_head")->head, -1);
    for (int id = OP_END + 1; id < HEAD_END; id++)
        CU_ASSERT_TRUE(call_head(context, id));
}

static void
test_names_resolve(void)
{
    with_context(names_resolve);
}

/* Operand letters are known, there is room for them, and each mismatch has a text. */
static void
test_rows_can_be_read(void)
{
    for (int id = OP_END + 1; id < HEAD_END; id++) {
        const struct head *row = head_row(id);
        struct head_operand operands[HEAD_MAX_OPERANDS];

        CU_ASSERT_TRUE_FATAL(strlen(row->operands) <= 2 * HEAD_MAX_OPERANDS);
        int count = head_operands(row, operands);
        CU_ASSERT_TRUE_FATAL(count <= HEAD_MAX_OPERANDS);
        for (int i = 0; i < count; i++) {
            struct text message = {0};

            head_mismatch(row, i, &message);
            CU_ASSERT_TRUE(message.len > strlen(row->name) || *row->texts == '!');
            text_free(&message);
        }
    }
}

static void
test_messages_by_operand(void)
{
    struct text message = {0};

    head_mismatch(head_row(HEAD_VEC_VALUE_GET_I32), 1, &message);
    CU_ASSERT_STRING_EQUAL(text_string(&message),
                           "vec_value.get_i32_v1 expects (i32 handle, i32 idx, default)");
    text_clear(&message);
    head_mismatch(head_row(HEAD_VEC_VALUE_GET_I32), 2, &message);
    CU_ASSERT_STRING_EQUAL(text_string(&message), "vec_value.get_i32_v1 expects default (I32)");
    text_clear(&message);
    head_mismatch(head_row(HEAD_BYTES_ALLOC), 0, &message);
    CU_ASSERT_STRING_EQUAL(text_string(&message), "bytes.alloc length must be i32");
    text_free(&message);
}

static void
read_programs(struct text *all)
{
    static const char *const files[] = {"core.jsonl",     "random-programs.jsonl", "heads.jsonl",
                                        "pointers.jsonl", "os-heads.x07.json",     "world-heads.x07.json",
                                        "async.jsonl"};

    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        char path[512];

        snprintf(path, sizeof path, "%s/tests/conformance/%s", X07_SOURCE_DIR, files[i]);
        struct error *error = file_read(path, FILE_NO_LIMIT, all);
        CU_ASSERT_PTR_NULL_FATAL(error);
    }
}

static void
test_every_head_has_a_program(void)
{
    struct text all = {0};

    read_programs(&all);
    for (int id = OP_END + 1; id < HEAD_END; id++) {
        char quoted[128];

        snprintf(quoted, sizeof quoted, "[\"%s\"", head_name(id));
        if (is_for_the_library(id))
            continue;
        bool found = strstr(text_string(&all), quoted);
        if (!found)
            fprintf(stderr, "no recorded program uses %s\n", head_name(id));
        CU_ASSERT_TRUE(found);
    }
    text_free(&all);
}

int
main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("heads", NULL, NULL);
    CU_add_test(suite, "names resolve", test_names_resolve);
    CU_add_test(suite, "rows can be read", test_rows_can_be_read);
    CU_add_test(suite, "messages by operand", test_messages_by_operand);
    CU_add_test(suite, "every head has a program", test_every_head_has_a_program);
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failures != 0;
}
