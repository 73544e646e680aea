/* driver_arguments.c: a compiler's command line. Starts nothing. */
#include "driver.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define BLANKS " \t\n\v\f\r"

const char *
driver_program(const struct driver *driver)
{
    const char *name = getenv(driver->program_variable);

    return name ? name : driver->name;
}

static const char *
profile_tokens(const struct driver *driver, const char *profile)
{
    for (const struct driver_profile *row = driver->profiles; row->name; row++)
        if (!profile || strcmp(row->name, profile) == 0)
            return row->tokens;
    return NULL;
}

static int
has_token(const char *tokens, const char *token, size_t len)
{
    for (;;) {
        tokens += strspn(tokens, BLANKS);
        size_t here = strcspn(tokens, BLANKS);
        if (here == 0)
            return 0;
        if (here == len && memcmp(tokens, token, len) == 0)
            return 1;
        tokens += here;
    }
}

char *
driver_extra_arguments(const struct driver *driver, const x07_host *host, const char *profile)
{
    const char *user = getenv(driver->arguments_variable);
    const char *tokens = profile_tokens(driver, profile);

    if (!tokens)
        return NULL;
    if (!user)
        user = "";
    char *extra = host->alloc(host, strlen(user) + strlen(tokens) + 2);
    strcpy(extra, user);
    while (*tokens) {
        size_t len = strcspn(tokens, " ");
        if (!has_token(user, tokens, len)) {
            strcat(extra, " ");
            strncat(extra, tokens, len);
        }
        tokens += len + (tokens[len] == ' ');
    }
    return extra;
}

/* Collects strings, first counting, then copying into one block. */
struct list {
    char **items; /* NULL while counting */
    char *text;
    size_t count;
    size_t bytes;
};

static void
list_add_part(struct list *list, const char *prefix, const char *string, size_t len)
{
    size_t prefix_len = strlen(prefix);

    if (list->items) {
        list->items[list->count] = list->text;
        memcpy(list->text, prefix, prefix_len);
        memcpy(list->text + prefix_len, string, len);
        list->text[prefix_len + len] = '\0';
        list->text += prefix_len + len + 1;
    }
    list->count++;
    list->bytes += prefix_len + len + 1;
}

static void
list_add(struct list *list, const char *string)
{
    list_add_part(list, "", string, strlen(string));
}

static void
list_add_all(struct list *list, const char *prefix, const char *const *strings)
{
    for (; strings && *strings; strings++)
        list_add_part(list, prefix, *strings, strlen(*strings));
}

static void
list_add_tokens(struct list *list, const char *tokens)
{
    while (*(tokens += strspn(tokens, BLANKS))) {
        size_t len = strcspn(tokens, BLANKS);
        list_add_part(list, "", tokens, len);
        tokens += len;
    }
}

static void
list_fill(struct list *list, const struct driver *driver, const x07_native_request *request,
          const char *extra)
{
    list_add(list, driver_program(driver));
    list_add_all(list, "", driver->arguments);
    list_add_all(list, "-I", request->include_dirs);
    list_add(list, request->source_path);
    list_add(list, "-o");
    list_add(list, request->output_path);
    list_add_tokens(list, extra);
    list_add_all(list, "", request->arguments);
    list_add_all(list, "", request->libraries);
    list_add(list, "-lm");
}

char **
driver_arguments(const struct driver *driver, const x07_host *host, const x07_native_request *request,
                 const char *extra)
{
    struct list list = {0};

    list_fill(&list, driver, request, extra);
    char **block = host->alloc(host, sizeof(char *) * (list.count + 1) + list.bytes);
    list = (struct list){.items = block, .text = (char *)(block + list.count + 1)};
    list_fill(&list, driver, request, extra);
    return block;
}

char *
driver_join_lines(const x07_host *host, char *const *arguments)
{
    size_t bytes = 1;

    for (size_t i = 0; arguments[i]; i++)
        bytes += strlen(arguments[i]) + 1;
    char *lines = host->alloc(host, bytes);
    for (size_t i = 0; arguments[i]; i++) {
        if (i)
            strcat(lines, "\n");
        strcat(lines, arguments[i]);
    }
    return lines;
}
