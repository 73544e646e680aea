/* policy.c: see policy.h. The table is policy.def. */
#include "policy.h"

#include "../internal.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>

enum kind { KIND_SWITCH, KIND_NUMBER, KIND_LIST };
enum zero { PLAIN, DEFAULT };

static const struct row {
    const char *name;
    size_t field;
    enum kind kind;
    uint32_t preset, open;
    enum zero zero;
} rows[] = {
#define FIELD(field) offsetof(struct policy, field)
#define SWITCH(field, name, preset, open) {"X07_OS_" name, FIELD(field), KIND_SWITCH, preset, open, PLAIN},
#define NUMBER(field, name, preset, open, zero) \
    {"X07_OS_" name, FIELD(field), KIND_NUMBER, preset, open, zero},
#define LIST(field, name) {"X07_OS_" name, FIELD(field), KIND_LIST, 0, 0, PLAIN},
#include "policy.def"
#undef SWITCH
#undef NUMBER
#undef LIST
};

enum { ROWS = sizeof rows / sizeof rows[0] };

static bool
read_switch(const char *text, bool preset)
{
    static const char *const words[2][5] = {{"0", "false", "FALSE", "no", "NO"},
                                            {"1", "true", "TRUE", "yes", "YES"}};

    for (int on = 0; text && on < 2; on++)
        for (size_t i = 0; i < sizeof words[on] / sizeof words[on][0]; i++)
            if (!strcmp(text, words[on][i]))
                return on;
    return preset;
}

static uint32_t
read_number(const char *text, uint32_t preset, enum zero zero)
{
    char *end;

    if (!text || text[0] < '0' || text[0] > '9')
        return preset;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 10);
    if (*end || errno || value > UINT32_MAX || (!value && zero == DEFAULT))
        return preset;
    return (uint32_t)value;
}

static char *
copy_text(x07_rt *rt, const char *text)
{
    char *copy = strdup(text);

    if (!copy)
        x07_trap(rt, "out of memory");
    return copy;
}

static void
policy_read(x07_rt *rt, struct policy *policy)
{
    const char *world = getenv("X07_WORLD");

    policy->sandboxed =
        (world && !strcmp(world, "run-os-sandboxed")) || read_switch(getenv("X07_OS_SANDBOXED"), false);
    for (size_t i = 0; i < ROWS; i++) {
        void *field = (char *)policy + rows[i].field;
        const char *text = policy->sandboxed ? getenv(rows[i].name) : NULL;
        uint32_t preset = policy->sandboxed ? rows[i].preset : rows[i].open;

        if (rows[i].kind == KIND_SWITCH)
            *(bool *)field = read_switch(text, preset != 0);
        else if (rows[i].kind == KIND_NUMBER)
            *(uint32_t *)field = read_number(text, preset, rows[i].zero);
        else if (text)
            *(char **)field = copy_text(rt, text);
    }
}

static void
policy_release(void *data)
{
    for (size_t i = 0; i < ROWS; i++)
        if (rows[i].kind == KIND_LIST)
            free(*(char **)(void *)((char *)data + rows[i].field));
    free(data);
}

const struct policy *
rt_policy(x07_rt *rt)
{
    struct native_state *state = &runtime_of(rt)->policy;

    if (!state->data) {
        struct policy *policy = calloc(1, sizeof *policy);

        if (!policy)
            x07_trap(rt, "out of memory");
        policy_read(rt, policy);
        *state = (struct native_state){policy, policy_release};
    }
    return state->data;
}

static bool
is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

bool
rt_policy_next(const char **list, x07_view *element)
{
    while (*list && **list) {
        const char *start = *list;
        const char *end = start + strcspn(start, ";");

        *list = *end ? end + 1 : end;
        while (start < end && is_blank(*start))
            start++;
        while (start < end && is_blank(end[-1]))
            end--;
        if (start < end) {
            *element = (x07_view){(const uint8_t *)start, (uint32_t)(end - start)};
            return true;
        }
    }
    return false;
}

bool
rt_policy_lists(const char *list, x07_view element)
{
    x07_view item;

    while (rt_policy_next(&list, &item))
        if (item.len == element.len && !memcmp(item.ptr, element.ptr, item.len))
            return true;
    return false;
}
