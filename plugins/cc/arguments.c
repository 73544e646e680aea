/* arguments.c: the command line of the system's C compiler. Starts nothing. */
#include "cc.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define BLANKS " \t\n\v\f\r"

/* What every build gets. Unwind tables are of no use to programs that never unwind, and cost time to make. */
static const char *const base_arguments[] = {"-std=c11", "-O2", "-pipe", "-fno-asynchronous-unwind-tables",
                                             NULL};

static const struct {
    const char *profile;
    const char *tokens;
} profiles[] = {
    {"default", ""},
    {"size", "-Os -ffunction-sections -fdata-sections -Wl,--gc-sections -Wl,--strip-all"},
};

const char *
cc_name(void)
{
    const char *name = getenv("X07_CC");

    return name ? name : "cc";
}

static const char *
profile_tokens(const char *profile)
{
    for (size_t i = 0; i < sizeof profiles / sizeof profiles[0]; i++)
        if (!profile || strcmp(profiles[i].profile, profile) == 0)
            return profiles[i].tokens;
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
cc_extra_arguments(const x07_host *host, const char *profile)
{
    const char *user = getenv("X07_CC_ARGS");
    const char *tokens = profile_tokens(profile);

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
list_fill(struct list *list, const x07_native_request *request, const char *extra)
{
    list_add(list, cc_name());
    list_add_all(list, "", base_arguments);
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
cc_arguments(const x07_host *host, const x07_native_request *request, const char *extra)
{
    struct list list = {0};

    list_fill(&list, request, extra);
    char **block = host->alloc(host, sizeof(char *) * (list.count + 1) + list.bytes);
    list = (struct list){.items = block, .text = (char *)(block + list.count + 1)};
    list_fill(&list, request, extra);
    return block;
}

char *
cc_join_lines(const x07_host *host, char *const *arguments)
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
