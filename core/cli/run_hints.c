/* run_hints.c: from a compile error's "fn=" and "ptr=" to commands that show the place. */
#include "base/file.h"
#include "base/memory.h"
#include "cli/run.h"

#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_HINTS = 4 };

/* The value after `mark`, up to white space, ')' or ','. */
static size_t
value_length(const char *value)
{
    return strcspn(value, " \t\n\v\f\r),");
}

/* "<root>/a/b.x07.json" for the function a.b.f, from the first root that has it; NULL when none does. */
static char *
find_module(const struct run *run, const char *function, size_t len)
{
    while (len && function[len - 1] != '.')
        len--;
    if (len < 2)
        return NULL;
    char *module = memory_copy(function, len - 1);
    struct text name = {0};
    char *found = NULL;

    for (char *c = module; *c; c++)
        if (*c == '.')
            *c = '/';
    text_printf(&name, "%s.x07.json", module);
    for (size_t i = 0; !found && i < run->module_root_count; i++) {
        char *path = file_join(run->module_roots[i], text_string(&name));
        if (file_is_regular(path))
            found = path;
        else
            free(path);
    }
    text_free(&name);
    free(module);
    return found;
}

static bool
seen_before(const char *message, const char *pointer, size_t len)
{
    for (const char *at = strstr(message, "ptr="); at && at + 4 < pointer; at = strstr(at + 4, "ptr="))
        if (value_length(at + 4) == len && memcmp(at + 4, pointer, len) == 0)
            return true;
    return false;
}

static void
print_pointers(const char *message, const char *file)
{
    int printed = 0;

    for (const char *at = strstr(message, "ptr="); at && printed < MAX_HINTS; at = strstr(at + 4, "ptr=")) {
        const char *pointer = at + 4;
        size_t len = value_length(pointer);
        if (pointer[0] != '/' || seen_before(message, pointer, len))
            continue;
        fprintf(stderr, "hint: x07 ast get --in %s --ptr %.*s\n", file, (int)len, pointer);
        printed++;
    }
}

char *
run_compile_error(const struct run *run)
{
    json_object *report = run->result.report ? json_tokener_parse(run->result.report) : NULL;
    json_object *compile = NULL;
    json_object *error = NULL;
    char *message = NULL;

    if (report && json_object_object_get_ex(report, "compile", &compile) &&
        json_object_object_get_ex(compile, "compile_error", &error) && error)
        message = memory_string(json_object_get_string(error));
    json_object_put(report);
    return message;
}

void
run_print_hints(const struct run *run)
{
    char *message = run->result.exit_code == 0 ? NULL : run_compile_error(run);
    const char *function = message ? strstr(message, "fn=") : NULL;
    char *file = function ? find_module(run, function + 3, value_length(function + 3)) : NULL;

    if (file)
        print_pointers(message, file);
    free(file);
    free(message);
}
