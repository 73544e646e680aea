/* The option grammar, on a small table: what is read, and how each mistake is named. */
#include "cli/options.h"

#include <CUnit/Basic.h>
#include <string.h>

struct settings {
    bool flag;
    const char *path;
    const char *mode;
    struct option_list roots;
    struct option_number count;
    struct option_list rest;
};

static const char *const modes[] = {"off", "on", NULL};

static const struct option options[] = {
    {"flag", NULL, OPTION_FLAG, offsetof(struct settings, flag), .help = "A flag", .conflicts = {"path"}},
    {"path", "PATH", OPTION_VALUE, offsetof(struct settings, path), .help = "A path", .no_trailing = true},
    {"mode", "MODE", OPTION_CHOICE, offsetof(struct settings, mode), .help = "A mode", .choices = modes},
    {"root", "DIR", OPTION_LIST, offsetof(struct settings, roots), .help = "A list"},
    {"count", "N", OPTION_NUMBER, offsetof(struct settings, count), .help = "A number", .max = UINT32_MAX},
    {"secret", NULL, OPTION_FLAG, offsetof(struct settings, flag), .hidden = true},
};

static const struct option_table table = {
    .command = "x07 test",
    .summary = "Test",
    .options = options,
    .count = sizeof options / sizeof *options,
    .trailing_name = "ARGS",
    .trailing_offset = offsetof(struct settings, rest),
};

static enum options_result
read_words(const char *words, const struct option_table *of, struct settings *settings, struct text *message)
{
    static char copy[512];
    char *argv[32] = {"test"};
    int argc = 1;

    strcpy(copy, words);
    for (char *word = strtok(copy, " "); word; word = strtok(NULL, " "))
        argv[argc++] = word;
    *settings = (struct settings){0};
    return options_read(of, argc, argv, settings, message);
}

static void
reads_every_kind(void)
{
    struct settings settings;
    struct text message = {0};

    CU_ASSERT_EQUAL(
        read_words("--path=a=b --mode on --root x --root=y --count +7", &table, &settings, &message),
        OPTIONS_OK);
    CU_ASSERT_STRING_EQUAL(settings.path, "a=b");
    CU_ASSERT_STRING_EQUAL(settings.mode, "on");
    CU_ASSERT_EQUAL_FATAL(settings.roots.count, 2);
    CU_ASSERT_STRING_EQUAL(settings.roots.items[1], "y");
    CU_ASSERT_PTR_NULL(settings.roots.items[2]);
    CU_ASSERT_TRUE(settings.count.given);
    CU_ASSERT_EQUAL(settings.count.value, 7);
    CU_ASSERT_FALSE(settings.flag);
    CU_ASSERT_STRING_EQUAL(text_string(&message), "");
    options_free(&table, &settings);
    text_free(&message);
}

static void
trailing_arguments(void)
{
    static const struct {
        const char *words;
        size_t count;
        const char *first;
    } rows[] = {{"tool --help --flag", 3, "tool"}, {"-- --flag", 1, "--flag"}, {"--", 0, NULL},
                {"--flag a -- b", 3, "a"},         {"--mode on - x", 2, "-"},  {"-- -- a", 2, "--"}};

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct settings settings;
        struct text message = {0};
        CU_ASSERT_EQUAL(read_words(rows[i].words, &table, &settings, &message), OPTIONS_OK);
        CU_ASSERT_EQUAL_FATAL(settings.rest.count, rows[i].count);
        if (rows[i].first)
            CU_ASSERT_STRING_EQUAL(settings.rest.items[0], rows[i].first);
        options_free(&table, &settings);
        text_free(&message);
    }
}

static void
names_mistakes(void)
{
    static const struct {
        const char *words, *start;
    } rows[] = {
        {"--bogus", "error: unexpected argument '--bogus' found\n\nUsage: x07 test [OPTIONS] [ARGS]...\n\n"
                    "For more information, try '--help'.\n"},
        {"--bogus=1", "error: unexpected argument '--bogus' found\n"},
        {"-x", "error: unexpected argument '-x' found\n"},
        {"--fla", "error: unexpected argument '--fla' found\n"},
        {"--path", "error: a value is required for '--path <PATH>' but none was supplied\n"},
        {"--path --flag", "error: a value is required for '--path <PATH>' but none was supplied\n"},
        {"--path a --path b", "error: the argument '--path <PATH>' cannot be used multiple times\n"},
        {"--flag --flag", "error: the argument '--flag' cannot be used multiple times\n"},
        {"--flag=yes", "error: unexpected value 'yes' for '--flag' found; no more were expected\n"},
        {"--mode maybe", "error: invalid value 'maybe' for '--mode <MODE>'\n  [possible values: off, on]\n"},
        {"--count x", "error: invalid value 'x' for '--count <N>': invalid digit found in string\n"},
        {"--count=", "error: invalid value '' for '--count <N>': cannot parse integer from empty string\n"},
        {"--count=-1", "error: invalid value '-1' for '--count <N>': invalid digit found in string\n"},
        {"--count 4294967296",
         "error: invalid value '4294967296' for '--count <N>': number too large to fit in target type\n"},
        {"--count 99999999999999999999999", "error: invalid value '99999999999999999999999' for '--count "
                                            "<N>': number too large to fit in target"},
        {"--path a --flag", "error: the argument '--flag' cannot be used with '--path <PATH>'\n"},
        {"--path a -- b", "error: the argument '--path <PATH>' cannot be used with '[ARGS]...'\n"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct settings settings;
        struct text message = {0};
        CU_ASSERT_EQUAL(read_words(rows[i].words, &table, &settings, &message), OPTIONS_ERROR);
        CU_ASSERT_NSTRING_EQUAL(text_string(&message), rows[i].start, strlen(rows[i].start));
        options_free(&table, &settings);
        text_free(&message);
    }
}

static void
commands_without_arguments(void)
{
    struct option_table closed = table;
    struct settings settings;
    struct text message = {0};

    closed.trailing_name = NULL;
    CU_ASSERT_EQUAL(read_words("--flag word", &closed, &settings, &message), OPTIONS_ERROR);
    CU_ASSERT_NSTRING_EQUAL(text_string(&message), "error: unexpected argument 'word' found", 39);
    text_free(&message);
}

static void
help(void)
{
    struct settings settings;
    struct text message = {0};

    CU_ASSERT_EQUAL(read_words("--flag --help --bogus", &table, &settings, &message), OPTIONS_HELP);
    CU_ASSERT_EQUAL(read_words("-h", &table, &settings, &message), OPTIONS_HELP);
    options_help(&table, &message);
    CU_ASSERT_PTR_NOT_NULL(strstr(text_string(&message), "--mode <MODE>"));
    CU_ASSERT_PTR_NOT_NULL(strstr(text_string(&message), "[off|on]"));
    CU_ASSERT_PTR_NULL(strstr(text_string(&message), "secret"));
    text_free(&message);
}

int
main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("options", NULL, NULL);
    CU_add_test(suite, "reads every kind", reads_every_kind);
    CU_add_test(suite, "trailing arguments", trailing_arguments);
    CU_add_test(suite, "names mistakes", names_mistakes);
    CU_add_test(suite, "commands without arguments", commands_without_arguments);
    CU_add_test(suite, "help", help);
    CU_basic_run_tests();
    unsigned failed = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failed ? 1 : 0;
}
