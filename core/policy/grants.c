/* grants.c: see grants.h. */
#include "policy/grants.h"

#include "base/utf8.h"

#include <string.h>

/* The list as the program's gate reads it; empty unless `granted`. */
static const char *const *
grant_list(struct arena *arena, const struct json_strings *list, bool granted)
{
    const char **items = ARENA_ARRAY(arena, const char *, list->count + 1);
    size_t count = 0;

    for (size_t i = 0; i < list->count && granted; i++) {
        items[count] = policy_list_item(arena, list->items[i]);
        count += items[count][0] != '\0';
    }
    items[count] = NULL;
    return items;
}

static x07_endpoint
grant_endpoint(struct arena *arena, const struct policy_host *host)
{
    uint16_t *ports = ARENA_ARRAY(arena, uint16_t, host->ports.count + 1);
    const char *name = host->host;
    size_t len = strlen(name);

    utf8_trim(&name, &len);
    for (size_t i = 0; i < host->ports.count; i++)
        ports[i] = (uint16_t)host->ports.items[i];
    return (x07_endpoint){.size = sizeof(x07_endpoint),
                          .port_count = (uint32_t)host->ports.count,
                          .host = arena_copy(arena, name, len),
                          .ports = ports};
}

static uint32_t
grant_flags(const struct policy *policy)
{
    const struct {
        bool granted;
        uint32_t flag;
    } rows[] = {
        {policy->net.enabled.value && policy->net.allow_tcp.value, X07_GRANT_TCP},
        {policy->net.enabled.value && policy->net.allow_udp.value, X07_GRANT_UDP},
        {policy->net.enabled.value && policy->net.allow_dns.value, X07_GRANT_DNS},
        {policy->process.enabled.value && policy->process.allow_spawn.value, X07_GRANT_SPAWN},
        {policy->limits.core_dumps.value, X07_GRANT_CORE_DUMPS},
        {policy->language.allow_unsafe.value || policy->language.allow_ffi.value, X07_GRANT_NATIVE_CODE},
    };
    uint32_t flags = 0;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].granted)
            flags |= rows[i].flag;
    return flags;
}

const x07_grants *
policy_grants(struct arena *arena, const struct policy *policy)
{
    x07_grants *grants = ARENA_NEW(arena, x07_grants);
    const struct json_list *hosts = &policy->net.allow_hosts;
    uint32_t flags = grant_flags(policy);
    bool spawns = (flags & X07_GRANT_SPAWN) != 0;
    bool talks = (flags & (X07_GRANT_TCP | X07_GRANT_UDP)) != 0;
    x07_endpoint *endpoints = ARENA_ARRAY(arena, x07_endpoint, hosts->count + 1);

    for (size_t i = 0; i < hosts->count && talks; i++)
        endpoints[i] = grant_endpoint(arena, (const struct policy_host *)hosts->items + i);
    *grants = (x07_grants){
        .size = sizeof *grants,
        .flags = flags,
        .read_roots = grant_list(arena, &policy->fs.read_roots, policy->fs.enabled.value),
        .write_roots = grant_list(arena, &policy->fs.write_roots, policy->fs.enabled.value),
        .executables = grant_list(arena, &policy->process.allow_execs, spawns),
        .executable_prefixes = grant_list(arena, &policy->process.allow_exec_prefixes, spawns),
        .endpoints = endpoints,
        .endpoint_count = talks ? (uint32_t)hosts->count : 0,
        .cpu_ms = policy->limits.cpu_ms.value,
        .wall_ms = policy->limits.wall_ms.value,
        .memory_bytes = policy->limits.mem_bytes.value,
        .open_files = policy->limits.fds.value,
        .processes = policy->limits.procs.value,
    };
    return grants;
}
