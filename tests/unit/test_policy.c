/* Policies: what is read, what is refused and how, what the program and the sandbox are told. */
#include "policy/environment.h"
#include "policy/grants.h"

#include <CUnit/Basic.h>
#include <stdio.h>
#include <string.h>

static const char base[] =
    "{\"schema_version\":\"x07.run-os-policy@0.1.0\",\"policy_id\":\"p\","
    "\"limits\":{\"cpu_ms\":2000,\"wall_ms\":5000,\"mem_bytes\":268435456,\"fds\":32,\"procs\":64},"
    "\"fs\":{\"enabled\":true,\"read_roots\":[\"in\",\" more \"],\"write_roots\":[\"out\"],"
    "\"deny_hidden\":true},"
    "\"net\":{\"enabled\":true,\"allow_dns\":true,\"allow_tcp\":true,\"allow_udp\":false,"
    "\"allow_hosts\":[{\"host\":\" api.x \",\"ports\":[443,80]},{\"host\":\"10.2.0.0/16\",\"ports\":[1]}]},"
    "\"env\":{\"enabled\":true,\"allow_keys\":[\"MODE\",\"SECRET\"],\"deny_keys\":[\"SECRET\"]},"
    "\"time\":{\"enabled\":true,\"allow_monotonic\":true,\"allow_wall_clock\":true,\"allow_sleep\":false,"
    "\"max_sleep_ms\":0,\"allow_local_tzid\":false},"
    "\"process\":{\"enabled\":true,\"allow_spawn\":false,\"max_live\":0,\"max_spawns\":0,"
    "\"allow_exec\":false,\"allow_exit\":true}}";

/* The base with each first occurrence of a text replaced; pairs of old and new, ended by NULL. */
static struct text
edited(const char *const *edits)
{
    struct text text = {0};

    text_puts(&text, base);
    for (; edits && edits[0]; edits += 2) {
        struct text next = {0};
        const char *at = strstr(text.data, edits[0]);
        CU_ASSERT_PTR_NOT_NULL_FATAL(at);
        text_append(&next, text.data, (size_t)(at - text.data));
        text_puts(&next, edits[1]);
        text_puts(&next, at + strlen(edits[0]));
        text_free(&text);
        text = next;
    }
    return text;
}

struct refusal {
    const char *old;
    const char *new;
    const char *message;
};

static void
check_refusals(const struct refusal *refusals, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *edits[] = {refusals[i].old, refusals[i].new, NULL};
        struct arena *arena = arena_new();
        struct text text = edited(edits);
        struct policy policy;
        struct error *error = policy_parse(arena, "P", text.data, text.len, &policy);
        if (!error || strcmp(error->message, refusals[i].message) != 0)
            printf("\n  want %s\n  got  %s\n", refusals[i].message, error ? error->message : "no error");
        CU_ASSERT_TRUE(error && strcmp(error->message, refusals[i].message) == 0);
        error_free(error);
        text_free(&text);
        arena_free(arena);
    }
}

#define CHECK(array) check_refusals(array, sizeof(array) / sizeof(array)[0])

static void
refuses_other_types(void)
{
    static const struct refusal refusals[] = {
        {base, "", "parse policy JSON: P: EOF while parsing a value at line 1 column 0"},
        {base, "[]",
         "parse policy JSON: P: invalid type: sequence, expected struct Policy at line 1 column 0"},
        {base, "{\"a\":1}", "parse policy JSON: P: missing field `schema_version` at line 1 column 7"},
        {"\"fds\":32", "\"fds\":-1",
         "parse policy JSON: P: invalid value: integer `-1`, expected u64 at line 1 column 129"},
        {"\"fds\":32", "\"fds\":1.5",
         "parse policy JSON: P: invalid type: floating point `1.5`, expected u64 at line 1 column 130"},
        {"\"fds\":32", "\"fds\":3,\"fds\":3",
         "parse policy JSON: P: duplicate field `fds` at line 1 column 134"},
        {"\"deny_hidden\":true", "\"deny_hidden\":true,\"max_depth\":4294967296",
         "parse policy JSON: P: invalid value: integer `4294967296`, expected u32 at line 1 column 255"},
        {"[443,80]", "[443,65536]",
         "parse policy JSON: P: invalid value: integer `65536`, expected u16 at line 1 column 359"},
        {"\"in\"", "7",
         "parse policy JSON: P: invalid type: integer `7`, expected a string at line 1 column 178"},
    };

    CHECK(refusals);
}

static void
refuses_values_out_of_bounds(void)
{
#define ID "\"policy_id\":\"p\""
#define PROC "\"allow_exit\":true"
#define SPAWN "\"allow_spawn\":false"
    static const struct refusal refusals[] = {
        {"@0.1.0", "@0.2.0",
         "invalid policy: policy.schema_version mismatch: expected x07.run-os-policy@0.1.0 got "
         "\"x07.run-os-policy@0.2.0\""},
        {ID, "\"policy_id\":\" \"", "invalid policy: policy.policy_id must be non-empty"},
        {ID, "\"policy_id\":\"a b\"", "invalid policy: policy.policy_id must match ^[a-zA-Z0-9_.-]{1,64}$"},
        {"2000", "0", "invalid policy: policy.limits.cpu_ms must be 1..600000 (got 0)"},
        {"268435456", "17179869185",
         "invalid policy: policy.limits.mem_bytes must be 1048576..17179869184 (got 17179869185)"},
        {"\"fds\":32", "\"fds\":1025", "invalid policy: policy.limits.fds must be 0..1024 (got 1025)"},
        {SPAWN, "\"allow_spawn\":true",
         "invalid policy: policy.process.allow_execs or policy.process.allow_exec_prefixes must be non-empty "
         "when allow_spawn is true"},
        {SPAWN, "\"allow_spawn\":true,\"allow_execs\":[\"/bin/a\"]",
         "invalid policy: policy.process.max_live must be non-zero when allow_spawn is true"},
        {PROC, "\"allow_exit\":true,\"allow_cwd\":true",
         "invalid policy: policy.process.allow_cwd_roots must be non-empty when allow_cwd is true"},
        {"\"max_sleep_ms\":0", "\"max_sleep_ms\":86400001",
         "invalid policy: policy.time.max_sleep_ms must be <= 86400000"},
        {ID, ID ",\"threads\":{\"max_queue\":1000001}",
         "invalid policy: policy.threads.max_queue must be 0..1000000 (got 1000001)"},
        {"\"out\"", "\"a;b\"",
         "invalid policy: policy.fs.write_roots[0] is invalid: value must not contain ';'"},
        {"\"out\"", "\" \"", "invalid policy: policy.fs.write_roots[0] must be non-empty"},
        {ID, ID ",\"db\":{\"enabled\":true}",
         "invalid policy: policy.db.drivers must allow at least one driver when policy.db.enabled is true"},
        {ID, ID ",\"db\":{\"net\":{\"allow_ports\":[1,0]}}",
         "invalid policy: policy.db.net.allow_ports[1] must be 1..65535"},
        {" api.x ", " ", "invalid policy: policy.net.allow_hosts[0].host must be non-empty"},
        {" api.x ", "a b", "invalid policy: policy.net.allow_hosts[0].host must not contain whitespace"},
        {"[443,80]", "[]", "invalid policy: policy.net.allow_hosts[0].ports must be non-empty"},
        {"[443,80]", "[443,0]", "invalid policy: policy.net.allow_hosts[0].ports[1] must be 1..65535"},
        {PROC, PROC ",\"allow_args_regex_lite\":[\"a*\",\"**\"]",
         "invalid policy: policy.process.allow_args_regex_lite[1] is invalid: pattern has '*' with nothing "
         "to "
         "repeat"},
        {PROC, PROC ",\"allow_args_regex_lite\":[\"a\\\\\"]",
         "invalid policy: policy.process.allow_args_regex_lite[0] is invalid: pattern has trailing '\\\\'"},
        {ID, ID ",\"color\":1", "invalid policy: policy.color is not a member of a policy"},
        {"\"host\":\"10", "\"hots\":1,\"host\":\"10",
         "invalid policy: policy.net.allow_hosts[1].hots is not a member of a policy"},
    };

    CHECK(refusals);
}

/* The value of a variable, or NULL. */
static const char *
value_of(const char *const *environment, const char *name)
{
    size_t len = strlen(name);

    for (; *environment; environment++)
        if (strncmp(*environment, name, len) == 0 && (*environment)[len] == '=')
            return *environment + len + 1;
    return NULL;
}

static void
tells_the_program(void)
{
    static const struct {
        const char *name, *value;
    } rows[] = {
        {"X07_WORLD", "run-os-sandboxed"},
        {"X07_OS_SANDBOXED", "1"},
        {"X07_OS_FS", "1"},
        {"X07_OS_DB", "0"},
        {"X07_OS_THREADS", "1"},
        {"X07_OS_THREADS_MAX_BLOCKING", "4"},
        {"X07_OS_FS_READ_ROOTS", "in; more "},
        {"X07_OS_FS_MAX_DEPTH", "0"},
        {"X07_OS_DB_NET_REQUIRE_TLS", "1"},
        {"X07_OS_DB_NET_ALLOW_PORTS", ""},
        {"X07_OS_PROC_MAX_ENV_VAL_BYTES", "4294967295"},
        {"X07_OS_PROC_MAX_ARGS", "64"},
        {"X07_OS_PROC_KILL_TREE", "1"},
        {"X07_OS_NET_ALLOW_HOSTS", "api.x:443,80;10.2.0.0/16:1"},
        {"MODE", "fast"},
    };
    static char mode[] = "MODE=fast", secret[] = "SECRET=s", home[] = "HOME=/root", zone[] = "TZ=UTC",
                forged[] = "X07_OS_FS=9";
    static char *const host[] = {mode, secret, home, zone, forged, NULL};
    const char *edits[] = {"\"max_live\":0", "\"max_live\":0,\"max_env_val_bytes\":4294967297", NULL};
    struct arena *arena = arena_new();
    struct text text = edited(edits);
    struct policy policy;

    CU_ASSERT_PTR_NULL_FATAL(policy_parse(arena, "P", text.data, text.len, &policy));
    const char *const *environment = policy_environment(arena, &policy, host);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        CU_ASSERT_STRING_EQUAL(value_of(environment, rows[i].name), rows[i].value);
    size_t count = 0;
    while (environment[count])
        count++;
    CU_ASSERT_EQUAL(count, 2 + 78 + 1);
    CU_ASSERT_STRING_EQUAL(environment[2 + 77], "X07_OS_NET_ALLOW_HOSTS=api.x:443,80;10.2.0.0/16:1");
    text_free(&text);
    arena_free(arena);
}

static void
grants_what_is_switched_on(void)
{
    struct arena *arena = arena_new();
    struct policy policy;

    CU_ASSERT_PTR_NULL_FATAL(policy_parse(arena, "P", base, sizeof base - 1, &policy));
    const x07_grants *grants = policy_grants(arena, &policy);
    CU_ASSERT_EQUAL(grants->flags, X07_GRANT_TCP | X07_GRANT_DNS);
    CU_ASSERT_STRING_EQUAL(grants->read_roots[1], "more");
    CU_ASSERT_PTR_NULL(grants->read_roots[2]);
    CU_ASSERT_PTR_NULL(grants->executables[0]);
    CU_ASSERT_EQUAL(grants->endpoint_count, 2);
    CU_ASSERT_STRING_EQUAL(grants->endpoints[0].host, "api.x");
    CU_ASSERT_EQUAL(grants->endpoints[0].ports[1], 80);
    CU_ASSERT_EQUAL(grants->open_files, 32);
    policy.fs.enabled.value = false;
    policy.net.enabled.value = false;
    policy.process.allow_spawn.value = true;
    policy.process.allow_execs = policy.fs.read_roots;
    grants = policy_grants(arena, &policy);
    CU_ASSERT_EQUAL(grants->flags, X07_GRANT_SPAWN);
    CU_ASSERT_PTR_NULL(grants->read_roots[0]);
    CU_ASSERT_PTR_NULL(grants->write_roots[0]);
    CU_ASSERT_EQUAL(grants->endpoint_count, 0);
    CU_ASSERT_STRING_EQUAL(grants->executables[0], "in");
    arena_free(arena);
}

int
main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("policy", NULL, NULL);
    CU_add_test(suite, "refuses other types", refuses_other_types);
    CU_add_test(suite, "refuses values out of bounds", refuses_values_out_of_bounds);
    CU_add_test(suite, "tells the program", tells_the_program);
    CU_add_test(suite, "grants what is switched on", grants_what_is_switched_on);
    CU_basic_run_tests();
    unsigned failed = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failed ? 1 : 0;
}
