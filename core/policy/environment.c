/* environment.c: see environment.h. */
#include "policy/environment.h"

#include "base/utf8.h"

#include <inttypes.h>
#include <stddef.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

enum value_kind { VALUE_FLAG, VALUE_NUMBER, VALUE_LIST, VALUE_PORTS, VALUE_HOSTS };

#define AT(member) offsetof(struct policy, member)
static const struct variable {
    const char *name; /* after X07_OS_ */
    enum value_kind kind;
    size_t offset;
} variables[] = {
    {"FS", VALUE_FLAG, AT(fs.enabled)},
    {"NET", VALUE_FLAG, AT(net.enabled)},
    {"DB", VALUE_FLAG, AT(db.enabled)},
    {"ENV", VALUE_FLAG, AT(env.enabled)},
    {"TIME", VALUE_FLAG, AT(time.enabled)},
    {"PROC", VALUE_FLAG, AT(process.enabled)},
    {"THREADS", VALUE_FLAG, AT(threads.enabled)},
    {"THREADS_MAX_WORKERS", VALUE_NUMBER, AT(threads.max_workers)},
    {"THREADS_MAX_BLOCKING", VALUE_NUMBER, AT(threads.max_blocking)},
    {"THREADS_MAX_QUEUE", VALUE_NUMBER, AT(threads.max_queue)},
    {"DENY_HIDDEN", VALUE_FLAG, AT(fs.deny_hidden)},
    {"FS_READ_ROOTS", VALUE_LIST, AT(fs.read_roots)},
    {"FS_WRITE_ROOTS", VALUE_LIST, AT(fs.write_roots)},
    {"FS_ALLOW_SYMLINKS", VALUE_FLAG, AT(fs.allow_symlinks)},
    {"FS_ALLOW_MKDIR", VALUE_FLAG, AT(fs.allow_mkdir)},
    {"FS_ALLOW_REMOVE", VALUE_FLAG, AT(fs.allow_remove)},
    {"FS_ALLOW_RENAME", VALUE_FLAG, AT(fs.allow_rename)},
    {"FS_ALLOW_WALK", VALUE_FLAG, AT(fs.allow_walk)},
    {"FS_ALLOW_GLOB", VALUE_FLAG, AT(fs.allow_glob)},
    {"FS_MAX_READ_BYTES", VALUE_NUMBER, AT(fs.max_read_bytes)},
    {"FS_MAX_WRITE_BYTES", VALUE_NUMBER, AT(fs.max_write_bytes)},
    {"FS_MAX_ENTRIES", VALUE_NUMBER, AT(fs.max_entries)},
    {"FS_MAX_DEPTH", VALUE_NUMBER, AT(fs.max_depth)},
    {"ENV_ALLOW_KEYS", VALUE_LIST, AT(env.allow_keys)},
    {"ENV_DENY_KEYS", VALUE_LIST, AT(env.deny_keys)},
    {"DB_SQLITE", VALUE_FLAG, AT(db.drivers.sqlite)},
    {"DB_PG", VALUE_FLAG, AT(db.drivers.postgres)},
    {"DB_MYSQL", VALUE_FLAG, AT(db.drivers.mysql)},
    {"DB_REDIS", VALUE_FLAG, AT(db.drivers.redis)},
    {"DB_SQLITE_READONLY_ONLY", VALUE_FLAG, AT(db.sqlite.readonly_only)},
    {"DB_SQLITE_ALLOW_CREATE", VALUE_FLAG, AT(db.sqlite.allow_create)},
    {"DB_SQLITE_ALLOW_IN_MEMORY", VALUE_FLAG, AT(db.sqlite.allow_in_memory)},
    {"DB_SQLITE_ALLOW_PATHS", VALUE_LIST, AT(db.sqlite.allow_paths)},
    {"DB_MAX_LIVE_CONNS", VALUE_NUMBER, AT(db.max_live_conns)},
    {"DB_MAX_QUERIES", VALUE_NUMBER, AT(db.max_queries)},
    {"DB_MAX_CONNECT_TIMEOUT_MS", VALUE_NUMBER, AT(db.connect_timeout_ms)},
    {"DB_MAX_QUERY_TIMEOUT_MS", VALUE_NUMBER, AT(db.query_timeout_ms)},
    {"DB_MAX_SQL_BYTES", VALUE_NUMBER, AT(db.max_sql_bytes)},
    {"DB_MAX_ROWS", VALUE_NUMBER, AT(db.max_rows)},
    {"DB_MAX_RESP_BYTES", VALUE_NUMBER, AT(db.max_resp_bytes)},
    {"DB_NET_ALLOW_DNS", VALUE_LIST, AT(db.net.allow_dns)},
    {"DB_NET_ALLOW_CIDRS", VALUE_LIST, AT(db.net.allow_cidrs)},
    {"DB_NET_ALLOW_PORTS", VALUE_PORTS, AT(db.net.allow_ports)},
    {"DB_NET_REQUIRE_TLS", VALUE_FLAG, AT(db.net.require_tls)},
    {"DB_NET_REQUIRE_VERIFY", VALUE_FLAG, AT(db.net.require_verify)},
    {"TIME_ALLOW_WALL_CLOCK", VALUE_FLAG, AT(time.allow_wall_clock)},
    {"TIME_ALLOW_MONOTONIC", VALUE_FLAG, AT(time.allow_monotonic)},
    {"TIME_ALLOW_SLEEP", VALUE_FLAG, AT(time.allow_sleep)},
    {"TIME_MAX_SLEEP_MS", VALUE_NUMBER, AT(time.max_sleep_ms)},
    {"TIME_ALLOW_LOCAL_TZID", VALUE_FLAG, AT(time.allow_local_tzid)},
    {"PROC_ALLOW_EXIT", VALUE_FLAG, AT(process.allow_exit)},
    {"PROC_ALLOW_SPAWN", VALUE_FLAG, AT(process.allow_spawn)},
    {"PROC_MAX_LIVE", VALUE_NUMBER, AT(process.max_live)},
    {"PROC_MAX_SPAWNS", VALUE_NUMBER, AT(process.max_spawns)},
    {"PROC_MAX_EXE_BYTES", VALUE_NUMBER, AT(process.max_exe_bytes)},
    {"PROC_MAX_ARGS", VALUE_NUMBER, AT(process.max_args)},
    {"PROC_MAX_ARG_BYTES", VALUE_NUMBER, AT(process.max_arg_bytes)},
    {"PROC_MAX_ENV", VALUE_NUMBER, AT(process.max_env)},
    {"PROC_MAX_ENV_KEY_BYTES", VALUE_NUMBER, AT(process.max_env_key_bytes)},
    {"PROC_MAX_ENV_VAL_BYTES", VALUE_NUMBER, AT(process.max_env_val_bytes)},
    {"PROC_MAX_RUNTIME_MS", VALUE_NUMBER, AT(process.max_runtime_ms)},
    {"PROC_MAX_STDOUT_BYTES", VALUE_NUMBER, AT(process.max_stdout_bytes)},
    {"PROC_MAX_STDERR_BYTES", VALUE_NUMBER, AT(process.max_stderr_bytes)},
    {"PROC_MAX_TOTAL_BYTES", VALUE_NUMBER, AT(process.max_total_bytes)},
    {"PROC_MAX_STDIN_BYTES", VALUE_NUMBER, AT(process.max_stdin_bytes)},
    {"PROC_KILL_ON_DROP", VALUE_FLAG, AT(process.kill_on_drop)},
    {"PROC_KILL_TREE", VALUE_FLAG, AT(process.kill_tree)},
    {"PROC_ALLOW_CWD", VALUE_FLAG, AT(process.allow_cwd)},
    {"PROC_ALLOW_CWD_ROOTS", VALUE_LIST, AT(process.allow_cwd_roots)},
    {"PROC_ALLOW_EXEC", VALUE_FLAG, AT(process.allow_exec)},
    {"PROC_ALLOW_EXECS", VALUE_LIST, AT(process.allow_execs)},
    {"PROC_ALLOW_EXEC_PREFIXES", VALUE_LIST, AT(process.allow_exec_prefixes)},
    {"PROC_ALLOW_ARGS_REGEX_LITE", VALUE_LIST, AT(process.allow_args_regex_lite)},
    {"PROC_ALLOW_ENV_KEYS", VALUE_LIST, AT(process.allow_env_keys)},
    {"NET_ALLOW_TCP", VALUE_FLAG, AT(net.allow_tcp)},
    {"NET_ALLOW_UDP", VALUE_FLAG, AT(net.allow_udp)},
    {"NET_ALLOW_DNS", VALUE_FLAG, AT(net.allow_dns)},
    {"NET_ALLOW_HOSTS", VALUE_HOSTS, AT(net.allow_hosts)},
};
#undef AT

static void
put_list(const struct json_strings *list, struct text *out)
{
    for (size_t i = 0; i < list->count; i++)
        text_printf(out, "%s%s", i ? ";" : "", list->items[i]);
}

static void
put_ports(const struct json_naturals *ports, struct text *out)
{
    for (size_t i = 0; i < ports->count; i++)
        text_printf(out, "%s%" PRIu64, i ? "," : "", ports->items[i]);
}

static void
put_hosts(const struct json_list *hosts, struct text *out)
{
    for (size_t i = 0; i < hosts->count; i++) {
        const struct policy_host *host = (const struct policy_host *)hosts->items + i;
        const char *name = host->host;
        size_t len = strlen(name);
        utf8_trim(&name, &len);
        if (i)
            text_putc(out, ';');
        text_append(out, name, len);
        text_putc(out, ':');
        put_ports(&host->ports, out);
    }
}

static void
put_value(const struct variable *variable, const struct policy *policy, struct text *out)
{
    const void *at = (const char *)policy + variable->offset;

    switch (variable->kind) {
    case VALUE_FLAG:
        text_putc(out, ((const struct json_flag *)at)->value ? '1' : '0');
        break;
    case VALUE_NUMBER: {
        /* The program keeps 32 bits: more than that must not come out as less. */
        uint64_t value = ((const struct json_natural *)at)->value;
        text_printf(out, "%" PRIu64, value < UINT32_MAX ? value : UINT32_MAX);
        break;
    }
    case VALUE_LIST:
        put_list(at, out);
        break;
    case VALUE_PORTS:
        put_ports(at, out);
        break;
    case VALUE_HOSTS:
        put_hosts(at, out);
        break;
    }
}

static bool
list_has(struct arena *arena, const struct json_strings *list, const char *name, size_t len)
{
    for (size_t i = 0; i < list->count; i++) {
        const char *item = policy_list_item(arena, list->items[i]);
        if (strlen(item) == len && memcmp(item, name, len) == 0)
            return true;
    }
    return false;
}

/* Whether a variable of the host may be seen by the program. */
static bool
is_shared(struct arena *arena, const struct policy *policy, const char *variable)
{
    const char *end = strchr(variable, '=');
    size_t len = end ? (size_t)(end - variable) : 0;

    if (!len || strncmp(variable, "X07_OS_", 7) == 0 || strncmp(variable, "X07_WORLD=", 10) == 0)
        return false;
    if (len == 2 && memcmp(variable, "TZ", 2) == 0 && policy->time.enabled.value &&
        policy->time.allow_local_tzid.value)
        return true;
    return policy->env.enabled.value && list_has(arena, &policy->env.allow_keys, variable, len) &&
           !list_has(arena, &policy->env.deny_keys, variable, len);
}

const char *const *
policy_environment(struct arena *arena, const struct policy *policy, char *const *host)
{
    size_t host_count = 0;
    size_t count = 0;
    struct text value = {0};

    while (host && host[host_count])
        host_count++;
    const char **all = ARENA_ARRAY(arena, const char *, 2 + COUNT(variables) + host_count + 1);
    all[count++] = "X07_WORLD=run-os-sandboxed";
    all[count++] = "X07_OS_SANDBOXED=1";
    for (size_t i = 0; i < COUNT(variables); i++) {
        text_clear(&value);
        text_printf(&value, "X07_OS_%s=", variables[i].name);
        put_value(&variables[i], policy, &value);
        all[count++] = arena_copy(arena, text_string(&value), value.len);
    }
    for (size_t i = 0; i < host_count; i++)
        if (is_shared(arena, policy, host[i]))
            all[count++] = arena_copy(arena, host[i], strlen(host[i]));
    text_free(&value);
    return all;
}
