/* Trust: who may have written a file, through directories and links. */
#include "registry/trust.h"

#include "base/file.h"

#include <CUnit/Basic.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char *top; /* a directory of our own, removed at the end */

static char *
place(const char *name)
{
    return file_join(top, name);
}

static void
make_dir(const char *name, mode_t mode)
{
    char *path = place(name);

    CU_ASSERT_EQUAL_FATAL(mkdir(path, 0700), 0);
    CU_ASSERT_EQUAL_FATAL(chmod(path, mode), 0);
    free(path);
}

static void
make_file(const char *name, mode_t mode)
{
    char *path = place(name);
    int fd = open(path, O_CREAT | O_WRONLY, 0600);

    CU_ASSERT_TRUE_FATAL(fd >= 0);
    close(fd);
    CU_ASSERT_EQUAL_FATAL(chmod(path, mode), 0);
    free(path);
}

static void
make_link(const char *name, const char *target)
{
    char *path = place(name);

    CU_ASSERT_EQUAL_FATAL(symlink(target, path), 0);
    free(path);
}

/* NULL: trusted; else a part of the reason. */
static void
expect(const char *name, const char *reason)
{
    char *path = place(name);
    struct error *error = trust_check(path);

    if (!reason)
        CU_ASSERT_PTR_NULL(error);
    if (reason) {
        CU_ASSERT_PTR_NOT_NULL_FATAL(error);
        CU_ASSERT_PTR_NOT_NULL(strstr(error->message, reason));
    }
    error_free(error);
    free(path);
}

static void
test_modes(void)
{
    make_dir("modes", 0755);
    make_file("modes/good", 0644);
    make_file("modes/open", 0646);
    make_dir("modes/inner", 0755);
    make_file("modes/inner/good", 0600);
    expect("modes/good", NULL);
    expect("modes/open", "modes/open can be written by everyone");
    expect("modes/inner/good", NULL);
    expect("modes/inner", "is not a regular file");
    expect("modes/none", "cannot look at");
}

static void
test_directories(void)
{
    make_dir("open", 0777);
    make_dir("open/inner", 0755);
    make_file("open/inner/file", 0644);
    make_dir("sticky", 01777);
    make_file("sticky/file", 0644);
    make_file("sticky/open", 0666);
    expect("open/inner/file", "/open can be written by everyone");
    expect("sticky/file", NULL);
    expect("sticky/open", "can be written by everyone");
}

static void
test_links(void)
{
    make_dir("links", 0755);
    make_dir("exposed", 0777);
    make_file("links/file", 0644);
    make_link("links/good", "file");
    make_link("links/up", "../links/file");
    make_link("links/loop", "loop");
    make_link("exposed/step", "../links/file");
    make_link("links/through", "../exposed/step");
    make_link("directory", "links");
    expect("links/good", NULL);
    expect("links/up", NULL);
    expect("directory/file", NULL);
    expect("links/loop", "too many symbolic links");
    expect("exposed/step", "/exposed can be written by everyone");
    /* Neither the link nor its final target lies in the exposed directory, only the step between them. */
    expect("links/through", "/exposed can be written by everyone");
}

/* Needs root, since only root can give files away. */
static void
test_owners(void)
{
    char *theirs = place("theirs");
    char *grouped = place("grouped");

    make_file("theirs", 0644);
    make_file("grouped", 0664);
    if (geteuid() == 0) {
        CU_ASSERT_EQUAL(chown(theirs, 12345, 0), 0);
        expect("theirs", "belongs to user 12345");
        CU_ASSERT_EQUAL(chown(grouped, 0, 12345), 0);
        expect("grouped", "can be written by group 12345");
        CU_ASSERT_EQUAL(chown(grouped, 0, 0), 0);
        expect("grouped", NULL);
    }
    free(theirs);
    free(grouped);
}

static int
set_up(void)
{
    char *made = NULL;
    struct error *error = file_make_temp_dir(NULL, &made);

    if (error)
        return error_free(error), 1;
    top = realpath(made, NULL);
    free(made);
    return top ? 0 : 1;
}

static int
tear_down(void)
{
    file_remove_tree(top);
    free(top);
    return 0;
}

int
main(void)
{
    if (CU_initialize_registry() != CUE_SUCCESS)
        return 2;
    CU_pSuite suite = CU_add_suite("registry trust", set_up, tear_down);
    CU_add_test(suite, "modes", test_modes);
    CU_add_test(suite, "directories", test_directories);
    CU_add_test(suite, "links", test_links);
    CU_add_test(suite, "owners", test_owners);
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failures ? 1 : 0;
}
