/* Documents that commands put back into their files: what is refused, and what is kept. */
#include "cli/source.h"

#include "base/file.h"

#include <CUnit/Basic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char *directory, *path;

static void
put(const char *text)
{
    error_free(file_replace(path, text, strlen(text), 0644));
}

static void
expect(const char *text)
{
    struct text now = {0};

    error_free(file_read(path, FILE_NO_LIMIT, &now));
    CU_ASSERT_STRING_EQUAL(text_string(&now), text);
    text_free(&now);
}

/* Reads "old", does something to the file, and tries to put "new" there. Returns the error's code. */
static const char *
replace_after(void (*change)(void))
{
    static char code[64];
    struct source source = {0};

    put("old");
    CU_ASSERT_PTR_NULL_FATAL(source_read(&source, path));
    CU_ASSERT_STRING_EQUAL(text_string(&source.text), "old");
    change();
    struct error *error = source_replace(&source, "new", 3);
    strcpy(code, error ? error->code : "");
    error_free(error);
    source_free(&source);
    return code;
}

static void
nothing(void)
{
}

static void
append(void)
{
    put("older");
}

static void
same_length(void)
{
    put("odd");
}

static void
take_away(void)
{
    unlink(path);
}

static void
make_directory(void)
{
    unlink(path);
    mkdir(path, 0700);
}

static void
replaces(void)
{
    put("old");
    chmod(path, 0604);
    struct source source = {0};
    struct stat status;
    CU_ASSERT_PTR_NULL_FATAL(source_read(&source, path));
    CU_ASSERT_PTR_NULL(source_replace(&source, "new", 3));
    source_free(&source);
    expect("new");
    CU_ASSERT_EQUAL(stat(path, &status), 0);
    CU_ASSERT_EQUAL(status.st_mode & 07777, 0604);
    CU_ASSERT_STRING_EQUAL(replace_after(nothing), "");
}

static void
refuses_a_file_that_changed(void)
{
    CU_ASSERT_STRING_EQUAL(replace_after(append), "E_FILE_CHANGED");
    expect("older");
    CU_ASSERT_STRING_EQUAL(replace_after(same_length), "E_FILE_CHANGED");
    expect("odd");
    CU_ASSERT_STRING_EQUAL(replace_after(take_away), "E_FILE_WRITE");
    CU_ASSERT_NOT_EQUAL(access(path, F_OK), 0);
    CU_ASSERT_STRING_EQUAL(replace_after(make_directory), "E_FILE_WRITE");
    CU_ASSERT_TRUE(file_is_dir(path));
    rmdir(path);
}

int
main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("source", NULL, NULL);
    CU_add_test(suite, "puts the document back with its mode", replaces);
    CU_add_test(suite, "refuses a file that changed meanwhile", refuses_a_file_that_changed);
    error_free(file_make_temp_dir(NULL, &directory));
    path = file_join(directory, "d.x07.json");
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    file_remove_tree(directory);
    free(path);
    free(directory);
    CU_cleanup_registry();
    return failures != 0;
}
