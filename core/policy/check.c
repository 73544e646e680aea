/* check.c: the bounds of a policy's values, in the order in which they are documented: the first that is
 * broken is the message. */
#include "policy/policy.h"

#include "base/quote.h"
#include "base/utf8.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

enum { MAX_HOSTS = 256, MAX_PORTS = 64, MAX_HOST_BYTES = 255, MAX_ID_BYTES = 64, MAX_PATTERN_ATOMS = 256 };

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static struct error *fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

static struct error *
fail(const char *format, ...)
{
    struct text message = {0};
    va_list args;

    va_start(args, format);
    text_vprintf(&message, format, args);
    va_end(args);
    struct error *error = error_new("E_POLICY_INVALID", "invalid policy: %s", text_string(&message));
    text_free(&message);
    return error;
}

static bool
is_blank(const char *text)
{
    size_t len = strlen(text);

    utf8_trim(&text, &len);
    return len == 0;
}

static struct error *
check_identity(const struct policy *policy)
{
    const char *version = policy->schema_version;
    size_t len = strlen(version);

    utf8_trim(&version, &len);
    if (len != strlen(POLICY_SCHEMA_VERSION) || memcmp(version, POLICY_SCHEMA_VERSION, len) != 0) {
        struct text quoted = {0};
        text_append_quoted(&quoted, policy->schema_version, strlen(policy->schema_version));
        struct error *error = fail("policy.schema_version mismatch: expected %s got %s",
                                   POLICY_SCHEMA_VERSION, text_string(&quoted));
        text_free(&quoted);
        return error;
    }
    return is_blank(policy->policy_id) ? fail("policy.policy_id must be non-empty") : NULL;
}

struct range {
    const char *name;
    const struct json_natural *number;
    uint64_t min;
    uint64_t max;
};

static struct error *
check_ranges(const struct range *ranges, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct range *range = &ranges[i];
        if (range->number->value < range->min || range->number->value > range->max)
            return fail("policy.%s must be %" PRIu64 "..%" PRIu64 " (got %" PRIu64 ")", range->name,
                        range->min, range->max, range->number->value);
    }
    return NULL;
}

static struct error *
check_limits(const struct policy_limits *limits)
{
    const struct range ranges[] = {
        {"limits.cpu_ms", &limits->cpu_ms, 1, 600000},
        {"limits.wall_ms", &limits->wall_ms, 1, 600000},
        {"limits.mem_bytes", &limits->mem_bytes, 1048576, UINT64_C(17179869184)},
        {"limits.fds", &limits->fds, 0, 1024},
        {"limits.procs", &limits->procs, 0, 1024},
    };

    return check_ranges(ranges, COUNT(ranges));
}

static struct error *
check_spawn(const struct policy_process *process)
{
    if (process->allow_spawn.value) {
        if (!process->allow_execs.count && !process->allow_exec_prefixes.count)
            return fail("policy.process.allow_execs or policy.process.allow_exec_prefixes must be non-empty "
                        "when allow_spawn is true");
        if (!process->max_live.value)
            return fail("policy.process.max_live must be non-zero when allow_spawn is true");
        if (!process->max_spawns.value)
            return fail("policy.process.max_spawns must be non-zero when allow_spawn is true");
        if (!process->max_runtime_ms.value)
            return fail("policy.process.max_runtime_ms must be non-zero when allow_spawn is true");
    }
    if (process->allow_cwd.value && !process->allow_cwd_roots.count)
        return fail("policy.process.allow_cwd_roots must be non-empty when allow_cwd is true");
    return NULL;
}

static struct error *
check_time_and_threads(const struct policy *policy)
{
    const struct range ranges[] = {
        {"threads.max_workers", &policy->threads.max_workers, 0, 256},
        {"threads.max_blocking", &policy->threads.max_blocking, 0, 4096},
        {"threads.max_queue", &policy->threads.max_queue, 0, 1000000},
    };

    if (policy->time.max_sleep_ms.value > 86400000)
        return fail("policy.time.max_sleep_ms must be <= 86400000");
    return check_ranges(ranges, COUNT(ranges));
}

struct list {
    const char *name;
    const struct json_strings *strings;
};

/* The lists travel to the program joined by semicolons. */
static struct error *
check_lists(const struct list *lists, size_t count)
{
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < lists[i].strings->count; j++)
            if (strchr(lists[i].strings->items[j], ';'))
                return fail("policy.%s[%zu] is invalid: value must not contain ';'", lists[i].name, j);
    return NULL;
}

static struct error *
check_all_lists(const struct policy *policy)
{
    const struct list lists[] = {
        {"fs.read_roots", &policy->fs.read_roots},
        {"fs.write_roots", &policy->fs.write_roots},
        {"env.allow_keys", &policy->env.allow_keys},
        {"env.deny_keys", &policy->env.deny_keys},
        {"process.allow_execs", &policy->process.allow_execs},
        {"process.allow_exec_prefixes", &policy->process.allow_exec_prefixes},
        {"process.allow_env_keys", &policy->process.allow_env_keys},
        {"process.allow_cwd_roots", &policy->process.allow_cwd_roots},
    };

    return check_lists(lists, COUNT(lists));
}

static struct error *
check_db(const struct policy_db *db)
{
    const struct list lists[] = {
        {"db.sqlite.allow_paths", &db->sqlite.allow_paths},
        {"db.net.allow_dns", &db->net.allow_dns},
        {"db.net.allow_cidrs", &db->net.allow_cidrs},
    };
    const struct policy_db_drivers *drivers = &db->drivers;

    if (db->enabled.value && !drivers->sqlite.value && !drivers->postgres.value && !drivers->mysql.value &&
        !drivers->redis.value)
        return fail("policy.db.drivers must allow at least one driver when policy.db.enabled is true");
    struct error *error = check_lists(lists, COUNT(lists));
    for (size_t i = 0; i < db->net.allow_ports.count && !error; i++)
        if (!db->net.allow_ports.items[i])
            error = fail("policy.db.net.allow_ports[%zu] must be 1..65535", i);
    return error;
}

static struct error *
check_host(const struct policy_host *host, size_t index)
{
    const char *name = host->host;
    size_t len = strlen(name);

    utf8_trim(&name, &len);
    if (!len)
        return fail("policy.net.allow_hosts[%zu].host must be non-empty", index);
    if (len > MAX_HOST_BYTES)
        return fail("policy.net.allow_hosts[%zu].host is too long (max 255 bytes)", index);
    if (memchr(name, ';', len))
        return fail("policy.net.allow_hosts[%zu].host is invalid: value must not contain ';'", index);
    if (utf8_has_space(name, len))
        return fail("policy.net.allow_hosts[%zu].host must not contain whitespace", index);
    if (!host->ports.count)
        return fail("policy.net.allow_hosts[%zu].ports must be non-empty", index);
    if (host->ports.count > MAX_PORTS)
        return fail("policy.net.allow_hosts[%zu].ports must have <= 64 items", index);
    for (size_t i = 0; i < host->ports.count; i++)
        if (!host->ports.items[i])
            return fail("policy.net.allow_hosts[%zu].ports[%zu] must be 1..65535", index, i);
    return NULL;
}

static struct error *
check_net(const struct policy_net *net)
{
    struct error *error = NULL;

    if (net->allow_hosts.count > MAX_HOSTS)
        return fail("policy.net.allow_hosts must have <= 256 items");
    for (size_t i = 0; i < net->allow_hosts.count && !error; i++)
        error = check_host((const struct policy_host *)net->allow_hosts.items + i, i);
    return error;
}

/* What is wrong with a pattern of atoms (any byte, '.', or '\' and a byte), each of which may have a '*'. */
static const char *
pattern_fault(const char *pattern)
{
    size_t atoms = 0;
    bool repeatable = false;

    if (strchr(pattern, ';'))
        return "pattern must not contain ';'";
    if (!*pattern)
        return "pattern must be non-empty";
    for (const char *at = pattern; *at; at++) {
        if (*at == '*') {
            if (!repeatable)
                return "pattern has '*' with nothing to repeat";
            repeatable = false;
            continue;
        }
        if (*at == '\\' && !*++at)
            return "pattern has trailing '\\\\'";
        repeatable = true;
        atoms++;
    }
    return atoms > MAX_PATTERN_ATOMS ? "pattern is too long (max 256 atoms)" : NULL;
}

static struct error *
check_patterns(const struct json_strings *patterns)
{
    for (size_t i = 0; i < patterns->count; i++) {
        const char *fault = pattern_fault(patterns->items[i]);
        if (fault)
            return fail("policy.process.allow_args_regex_lite[%zu] is invalid: %s", i, fault);
    }
    return NULL;
}

bool
policy_id_is_valid(const char *id)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-";
    size_t len = strlen(id);

    return len && len <= MAX_ID_BYTES && strspn(id, allowed) == len;
}

/* Beyond what is documented for a run: what no policy can mean. */
static struct error *
check_sense(const struct policy *policy)
{
    const struct list lists[] = {
        {"fs.read_roots", &policy->fs.read_roots},
        {"fs.write_roots", &policy->fs.write_roots},
    };

    if (!policy_id_is_valid(policy->policy_id))
        return fail("policy.policy_id must match ^[a-zA-Z0-9_.-]{1,64}$");
    for (size_t i = 0; i < COUNT(lists); i++)
        for (size_t j = 0; j < lists[i].strings->count; j++)
            if (is_blank(lists[i].strings->items[j]))
                return fail("policy.%s[%zu] must be non-empty", lists[i].name, j);
    return NULL;
}

struct error *
policy_check(const struct policy *policy)
{
    struct error *error = check_identity(policy);

    if (!error)
        error = check_limits(&policy->limits);
    if (!error)
        error = check_spawn(&policy->process);
    if (!error)
        error = check_time_and_threads(policy);
    if (!error)
        error = check_all_lists(policy);
    if (!error)
        error = check_db(&policy->db);
    if (!error)
        error = check_net(&policy->net);
    if (!error)
        error = check_patterns(&policy->process.allow_args_regex_lite);
    return error ? error : check_sense(policy);
}
