/* fuzz_policy.c: a policy, and behind a NUL what a run changes, a line each: "+HOST:PORTS", "-HOST:PORTS",
 * "rROOT", "wROOT". A policy is refused with a message, or gives an environment and grants that say the same.
 * A derived policy is a policy, is the same when derived again, and has nothing that was denied. */
#include "policy/derive.h"
#include "policy/environment.h"
#include "policy/grants.h"
#include "policy/schema.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
require(bool condition)
{
    if (!condition)
        abort();
}

/* Drops an error, after a look at it. Whether there was one. */
static bool
refused(struct error *error)
{
    if (!error)
        return false;
    require(error->message[0] && strncmp(error->code, "E_", 2) == 0);
    error_free(error);
    return true;
}

static size_t
count_items(const char *const *list)
{
    size_t count = 0;

    for (; list[count]; count++)
        require(list[count][0] && !strchr(list[count], ';'));
    return count;
}

static void
check_policy(struct arena *arena, const struct policy *policy)
{
    static char variable[] = "SECRET=1";
    static char *const host[] = {variable, NULL};
    const x07_grants *grants = policy_grants(arena, policy);
    size_t variables = 0;

    for (const char *const *item = policy_environment(arena, policy, host); *item; item++, variables++)
        require(strchr(*item, '=') && (strncmp(*item, "X07_", 4) == 0 || policy->env.enabled.value));
    require(variables >= 80 && variables <= 81);
    require(count_items(grants->read_roots) <= policy->fs.read_roots.count);
    require(policy->fs.enabled.value || !grants->write_roots[0]);
    require((grants->flags & X07_GRANT_SPAWN) || !count_items(grants->executables));
    for (uint32_t i = 0; i < grants->endpoint_count; i++) {
        require(grants->endpoints[i].host[0] && grants->endpoints[i].port_count);
        for (uint32_t j = 0; j < grants->endpoints[i].port_count; j++)
            require(grants->endpoints[i].ports[j]);
    }
}

static void
add(struct json_strings *list, const char *item)
{
    list->items[list->count++] = item;
}

static void
read_overrides(struct arena *arena, const char *text, size_t len, struct policy_overrides *overrides)
{
    static const char kinds[] = "+-rw";
    struct json_strings *const lists[] = {&overrides->allow_hosts, &overrides->deny_hosts,
                                          &overrides->read_roots, &overrides->write_roots};

    for (size_t i = 0; i < 4; i++)
        lists[i]->items = ARENA_ARRAY(arena, const char *, len + 1);
    while (len) {
        const char *end = memchr(text, '\n', len);
        size_t line = end ? (size_t)(end - text) : len;
        const char *kind = line ? memchr(kinds, *text, 4) : NULL;
        if (kind)
            add(lists[kind - kinds], arena_copy(arena, text + 1, line - 1));
        text += line + (end != NULL);
        len -= line + (end != NULL);
    }
}

static bool
has_port(const struct host_ports *host, uint16_t port)
{
    for (size_t i = 0; i < host->port_count; i++)
        if (host->ports[i] == port)
            return true;
    return false;
}

/* Nothing of what is left was denied. */
static void
check_denied(struct arena *arena, const struct ast_json *document, const struct policy_overrides *overrides)
{
    struct host_set left, denied;

    require(
        !refused(hosts_of_policy(arena, ast_json_get(ast_json_get(document, "net"), "allow_hosts"), &left)));
    require(!refused(hosts_parse(arena, &overrides->deny_hosts, true, &denied)));
    for (size_t i = 0; i < left.count; i++)
        for (size_t j = 0; j < denied.count; j++) {
            if (strcmp(left.items[i].host, denied.items[j].host) != 0)
                continue;
            require(!denied.items[j].all_ports);
            for (size_t k = 0; k < denied.items[j].port_count; k++)
                require(!has_port(&left.items[i], denied.items[j].ports[k]));
        }
}

static void
derive(struct arena *arena, const struct text *base, const struct policy_overrides *overrides)
{
    struct policy_derived first, second;
    struct ast_json document;
    struct text message = {0};

    if (refused(policy_derive(arena, "base", base, overrides, "x07 run", &first)) || first.violations.count)
        return;
    require(!refused(policy_derive(arena, "base", base, overrides, "x07 run", &second)));
    require(first.len == second.len && memcmp(first.text, second.text, first.len) == 0);
    require(ast_json_read(arena, first.text, first.len, &document, &message));
    require(policy_validate(arena, &document).count == 0);
    require(!strchr(first.file_name, '/'));
    check_denied(arena, &document, overrides);
    text_free(&message);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new();
    const char *text = (const char *)data;
    const uint8_t *end = size ? memchr(data, 0, size) : NULL;
    size_t len = end ? (size_t)(end - data) : size;
    struct policy_overrides overrides = {0};
    struct policy policy;
    struct text base = {0};

    text_append(&base, text, len);
    if (!refused(policy_parse(arena, "P", base.data, base.len, &policy)))
        check_policy(arena, &policy);
    if (end) {
        read_overrides(arena, text + len + 1, size - len - 1, &overrides);
        derive(arena, &base, &overrides);
    }
    text_free(&base);
    arena_free(arena);
    return 0;
}
