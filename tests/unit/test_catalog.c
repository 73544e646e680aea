/* The catalog of modules: found by name, sorted, complete at its ends. */
#include "package/catalog.h"

#include <CUnit/Basic.h>
#include <string.h>

static const char *const modules[] = {
#define MODULE(module, package) module,
#include "package/catalog.def"
#undef MODULE
};

enum { COUNT = sizeof modules / sizeof modules[0] };

static void
every_row_is_found(void)
{
    for (int i = 0; i < COUNT; i++) {
        CU_ASSERT_PTR_NOT_NULL(catalog_find(modules[i]));
        if (i > 0)
            CU_ASSERT_TRUE(strcmp(modules[i - 1], modules[i]) < 0);
    }
}

static void
names_packages(void)
{
    CU_ASSERT_STRING_EQUAL(catalog_find("std.text"), "ext-text@0.1.2");
    CU_ASSERT_STRING_EQUAL(catalog_find("ext.zlib._ffi"), "ext-zlib-c@0.1.5");
    CU_ASSERT_PTR_NULL(catalog_find("no.such.module"));
    CU_ASSERT_PTR_NULL(catalog_find(""));
}

int
main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("catalog", NULL, NULL);
    CU_add_test(suite, "every row is found", every_row_is_found);
    CU_add_test(suite, "names packages", names_packages);
    CU_basic_run_tests();
    unsigned failed = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failed ? 1 : 0;
}
