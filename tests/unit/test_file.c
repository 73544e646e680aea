/* Reading, replacing and copying files; that failures leave the old file and nothing else. */
#include "base/file.h"
#include "base/memory.h"

#include <CUnit/Basic.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char *folder;

static int
make_folder(void)
{
    struct error *error = file_make_temp_dir(NULL, &folder);

    error_free(error);
    return error != NULL;
}

static int
remove_folder(void)
{
    file_remove_tree(folder);
    int left = access(folder, F_OK) == 0;
    free(folder);
    return left;
}

static char *
in_folder(const char *name)
{
    return file_join(folder, name);
}

static void
expect_error(struct error *error, const char *code, const char *message)
{
    CU_ASSERT_PTR_NOT_NULL_FATAL(error);
    CU_ASSERT_STRING_EQUAL(error->code, code);
    CU_ASSERT_STRING_EQUAL(error->message, message);
    error_free(error);
}

static void
expect_content(const char *path, const char *content)
{
    struct text text = {0};

    CU_ASSERT_PTR_NULL_FATAL(file_read(path, FILE_NO_LIMIT, &text));
    CU_ASSERT_STRING_EQUAL(text_string(&text), content);
    text_free(&text);
}

static size_t
count_entries(const char *path)
{
    DIR *dir = opendir(path);
    size_t count = 0;

    while (dir && readdir(dir))
        count++;
    if (dir)
        closedir(dir);
    return count - 2;
}

static void
reads_and_replaces(void)
{
    char *path = in_folder("a/b/file");
    char *dir = file_parent(path);

    CU_ASSERT_PTR_NULL_FATAL(file_replace(path, "one", 3, 0640));
    expect_content(path, "one");
    CU_ASSERT_EQUAL(chmod(path, 0604), 0);
    CU_ASSERT_PTR_NULL_FATAL(file_replace(path, "second", 6, 0640));
    expect_content(path, "second");
    struct stat status;
    CU_ASSERT_EQUAL(stat(path, &status), 0);
    CU_ASSERT_EQUAL(status.st_mode & 0777, 0604);
    CU_ASSERT_EQUAL(count_entries(dir), 1);
    free(dir);
    free(path);
}

static void
replaces_behind_links(void)
{
    char *path = in_folder("target");
    char *link = in_folder("link");

    CU_ASSERT_PTR_NULL_FATAL(file_replace(path, "old", 3, 0600));
    CU_ASSERT_EQUAL_FATAL(symlink("target", link), 0);
    CU_ASSERT_PTR_NULL_FATAL(file_replace(link, "new", 3, 0600));
    expect_content(path, "new");
    struct stat status;
    CU_ASSERT_EQUAL(lstat(link, &status), 0);
    CU_ASSERT_TRUE(S_ISLNK(status.st_mode));
    free(link);
    free(path);
}

static void
a_discarded_draft_leaves_the_old_file(void)
{
    char *path = in_folder("draft/file");
    char *dir = file_parent(path);
    struct file_draft draft;

    CU_ASSERT_PTR_NULL_FATAL(file_replace(path, "old", 3, 0600));
    CU_ASSERT_PTR_NULL_FATAL(file_draft_open(&draft, path, 0600));
    CU_ASSERT_PTR_NULL(file_write_fd(draft.fd, path, "half", 4));
    CU_ASSERT_EQUAL(count_entries(dir), 2);
    file_draft_discard(&draft);
    CU_ASSERT_EQUAL(count_entries(dir), 1);
    expect_content(path, "old");
    free(dir);
    free(path);
}

static void
names_errors(void)
{
    struct text text = {0};
    char *path = in_folder("limited");

    expect_error(file_read("no/such", FILE_NO_LIMIT, &text), "E_FILE_READ",
                 "no/such: No such file or directory (os error 2)");
    expect_error(file_read("/", FILE_NO_LIMIT, &text), "E_FILE_READ", "/: Is a directory (os error 21)");
    expect_error(file_replace("/", "x", 1, 0600), "E_FILE_WRITE", "/: Is a directory (os error 21)");
    CU_ASSERT_PTR_NULL_FATAL(file_replace(path, "12345", 5, 0600));
    struct error *error = file_read(path, 4, &text);
    CU_ASSERT_PTR_NOT_NULL_FATAL(error);
    CU_ASSERT_STRING_EQUAL(error->code, "E_FILE_LIMIT");
    error_free(error);
    text_free(&text);
    CU_ASSERT_PTR_NULL(file_read(path, 5, &text));
    text_free(&text);
    char *beneath = file_join(path, "file");
    error = file_replace(beneath, "x", 1, 0600);
    CU_ASSERT_PTR_NOT_NULL(error);
    error_free(error);
    free(beneath);
    free(path);
}

static void
pipes_without_writer_do_not_hang(void)
{
    char *path = in_folder("pipe");
    char *expected = NULL;
    struct text text = {0};
    struct text message = {0};
    int fd;
    int64_t size;

    CU_ASSERT_EQUAL_FATAL(mkfifo(path, 0600), 0);
    text_printf(&message, "%s: the named pipe has no writer", path);
    expected = text_take(&message);
    expect_error(file_read(path, FILE_NO_LIMIT, &text), "E_FILE_READ", expected);
    int keeper = open(path, O_RDWR | O_CLOEXEC);
    CU_ASSERT_EQUAL(write(keeper, "data", 4), 4);
    CU_ASSERT_PTR_NULL_FATAL(file_open_input(path, &fd, &size));
    CU_ASSERT_EQUAL(size, -1);
    close(keeper);
    CU_ASSERT_PTR_NULL(file_read_fd(fd, path, FILE_NO_LIMIT, &text));
    CU_ASSERT_STRING_EQUAL(text_string(&text), "data");
    close(fd);
    text_free(&text);
    free(expected);
    free(path);
}

static void
writes_devices_in_place(void)
{
    CU_ASSERT_PTR_NULL(file_replace("/dev/null", "x", 1, 0600));
    struct stat status;
    CU_ASSERT_EQUAL(stat("/dev/null", &status), 0);
    CU_ASSERT_TRUE(S_ISCHR(status.st_mode));
}

static void
copies_with_mode(void)
{
    char *from = in_folder("from");
    char *to = in_folder("deep/to");
    size_t len = 300000;
    char *data = memory_alloc(len + 1);

    memset(data, 'x', len);
    CU_ASSERT_PTR_NULL_FATAL(file_replace(from, data, len, 0600));
    CU_ASSERT_EQUAL(chmod(from, 0751), 0);
    CU_ASSERT_PTR_NULL_FATAL(file_copy(from, to));
    expect_content(to, data);
    struct stat status;
    CU_ASSERT_EQUAL(stat(to, &status), 0);
    CU_ASSERT_EQUAL(status.st_mode & 0777, 0751);
    free(data);
    free(to);
    free(from);
}

static void
cuts_paths(void)
{
    static const char *const rows[][2] = {{"a/b", "a"},   {"a", ""},     {"/a", "/"},     {"/", "/"},
                                          {"a//b", "a"},  {"a/b/", "a"}, {"./x", "."},    {"", ""},
                                          {"/a/b", "/a"}, {"..", ""},    {"//a/b", "//a"}};

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *parent = file_parent(rows[i][0]);
        CU_ASSERT_STRING_EQUAL(parent, rows[i][1]);
        free(parent);
    }
}

int
main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("file", make_folder, remove_folder);
    CU_add_test(suite, "reads and replaces", reads_and_replaces);
    CU_add_test(suite, "replaces behind links", replaces_behind_links);
    CU_add_test(suite, "a discarded draft leaves the old file", a_discarded_draft_leaves_the_old_file);
    CU_add_test(suite, "names errors", names_errors);
    CU_add_test(suite, "pipes without writer do not hang", pipes_without_writer_do_not_hang);
    CU_add_test(suite, "writes devices in place", writes_devices_in_place);
    CU_add_test(suite, "copies with mode", copies_with_mode);
    CU_add_test(suite, "cuts paths", cuts_paths);
    CU_basic_run_tests();
    unsigned failed = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failed ? 1 : 0;
}
