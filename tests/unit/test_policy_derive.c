/* Derived policies at their edges: what is too much, what is malformed, and that templates are policies. */
#include "base/file.h"
#include "policy/derive.h"
#include "policy/schema.h"
#include "policy/templates.h"

#include <CUnit/Basic.h>
#include <stdlib.h>
#include <string.h>

/* Derives from the template http-client. Returns the error's message, or NULL and the text. */
static const char *
derive(struct arena *arena, const struct policy_overrides *overrides, const char **text)
{
    struct policy_derived derived;
    struct text base = {0};

    text_puts(&base, policy_template(arena, "http-client", NULL));
    struct error *error = policy_derive(arena, "base.json", &base, overrides, "x07 run", &derived);
    text_free(&base);
    *text = error ? NULL : derived.text;
    if (!error)
        CU_ASSERT_EQUAL(derived.violations.count, 0);
    const char *message = error ? arena_copy(arena, error->message, strlen(error->message)) : NULL;
    error_free(error);
    return message;
}

static struct json_strings
strings(struct arena *arena, size_t count, const char *format)
{
    struct json_strings list = {.items = ARENA_ARRAY(arena, const char *, count + 1)};

    for (; list.count < count; list.count++) {
        const char *number = arena_printf(arena, "%zu", list.count + 1);
        const char *at = strchr(format, '#');
        list.items[list.count] = arena_printf(arena, "%.*s%s%s", (int)(at - format), format, number, at + 1);
    }
    return list;
}

static void
counts_hosts_and_ports(void)
{
    struct arena *arena = arena_new();
    struct policy_overrides overrides = {.allow_hosts = strings(arena, 256, "h#:1")};
    const char *text;

    CU_ASSERT_PTR_NULL(derive(arena, &overrides, &text));
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "\"h256\""));
    overrides.allow_hosts = strings(arena, 257, "h#:1");
    CU_ASSERT_STRING_EQUAL(derive(arena, &overrides, &text),
                           "Policy net.allow_hosts would exceed 256 entries");
    overrides.allow_hosts = strings(arena, 65, "h:#");
    CU_ASSERT_STRING_EQUAL(derive(arena, &overrides, &text), "Host h would exceed 64 allowed ports");
    overrides.allow_hosts = strings(arena, 64, "H:#");
    CU_ASSERT_PTR_NULL(derive(arena, &overrides, &text));
    /* One port less for each text, and the host goes with the last. */
    overrides.deny_hosts = strings(arena, 64, "h:#");
    CU_ASSERT_PTR_NULL(derive(arena, &overrides, &text));
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "\"allow_hosts\": []"));
    arena_free(arena);
}

static void
counts_roots(void)
{
    struct arena *arena = arena_new();
    struct policy_overrides overrides = {.read_roots = strings(arena, 127, "r#")};
    const char *text;

    CU_ASSERT_PTR_NULL(derive(arena, &overrides, &text));
    overrides.read_roots = strings(arena, 128, "r#");
    CU_ASSERT_STRING_EQUAL(derive(arena, &overrides, &text), "fs.read_roots would exceed 128 entries");
    arena_free(arena);
}

static void
reads_files_of_hosts(void)
{
    static const char good[] = "# all\r\n\r\n  a.x:1,2 # two\nb.x:*";
    struct arena *arena = arena_new();
    char *folder = NULL;
    const char *text;

    CU_ASSERT_PTR_NULL_FATAL(file_make_temp_dir(NULL, &folder));
    char *path = file_join(folder, "hosts");
    const char *items[] = {path};
    struct policy_overrides overrides = {.deny_host_files = {items, 1},
                                         .allow_hosts = strings(arena, 3, "a.x:#")};
    CU_ASSERT_PTR_NULL(file_replace(path, good, sizeof good - 1, 0600));
    CU_ASSERT_PTR_NULL(derive(arena, &overrides, &text));
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "\"ports\": [\n          3\n        ]"));
    CU_ASSERT_PTR_NULL(file_replace(path, "a\xff:1", 4, 0600));
    CU_ASSERT_STRING_EQUAL(derive(arena, &overrides, &text), "host spec file must be utf-8");
    file_remove_tree(folder);
    const char *message = derive(arena, &overrides, &text);
    CU_ASSERT_TRUE(message && strncmp(message, "read: ", 6) == 0);
    free(path);
    free(folder);
    arena_free(arena);
}

static void
templates_are_policies(void)
{
    for (const char *const *name = policy_template_names; *name; name++) {
        struct arena *arena = arena_new();
        const char *text = policy_template(arena, *name, "mine");
        struct ast_json document;
        struct text message = {0};
        struct policy policy;
        CU_ASSERT_TRUE_FATAL(ast_json_read(arena, text, strlen(text), &document, &message));
        CU_ASSERT_EQUAL(policy_validate(arena, &document).count, 0);
        CU_ASSERT_PTR_NULL(policy_parse(arena, "P", text, strlen(text), &policy));
        CU_ASSERT_STRING_EQUAL(policy.policy_id, "mine");
        text_free(&message);
        arena_free(arena);
    }
}

int
main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("policy derive", NULL, NULL);
    CU_add_test(suite, "counts hosts and ports", counts_hosts_and_ports);
    CU_add_test(suite, "counts roots", counts_roots);
    CU_add_test(suite, "reads files of hosts", reads_files_of_hosts);
    CU_add_test(suite, "templates are policies", templates_are_policies);
    CU_basic_run_tests();
    unsigned failed = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failed ? 1 : 0;
}
