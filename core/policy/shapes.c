/* shapes.c: the members of a policy, their types, and what stands for those that are left out. */
#include "policy/policy.h"

#include <stddef.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define SHAPE(variable, text, fields, type) \
    static const struct json_shape variable = {text, fields, COUNT(fields), sizeof(type)}

/* Rows. What ends in _R is required; numbers are NATURAL unless named U32. */
/* clang-format off */
#define ROW(its, type, ...) {.name = #its, .kind = SHAPE_##type, .offset = AT(its), __VA_ARGS__}
/* clang-format on */
#define FLAG(name) ROW(name, FLAG, .otherwise = 0)
#define FLAG_R(name) ROW(name, FLAG, .required = true)
#define FLAG_ON(name) ROW(name, FLAG, .otherwise = 1)
#define NATURAL(name, value) ROW(name, NATURAL, .otherwise = (value))
#define NATURAL_R(name) ROW(name, NATURAL, .required = true)
#define U32(name) ROW(name, NATURAL, .max = UINT32_MAX)
#define STRINGS(name) ROW(name, STRINGS, .required = false)
#define STRINGS_R(name) ROW(name, STRINGS, .required = true)
#define OBJECT(name, its_shape) ROW(name, OBJECT, .shape = &(its_shape))
#define OBJECT_R(name, its_shape) ROW(name, OBJECT, .shape = &(its_shape), .required = true)

#define AT(member) offsetof(struct policy_limits, member)
static const struct json_shape_field limits_fields[] = {
    NATURAL_R(cpu_ms), NATURAL_R(wall_ms), NATURAL_R(mem_bytes),
    NATURAL_R(fds),    NATURAL_R(procs),   {"core_dumps", SHAPE_FLAG, AT(core_dumps), .nullable = true},
};
#undef AT
SHAPE(limits_shape, "Limits", limits_fields, struct policy_limits);

#define AT(member) offsetof(struct policy_fs, member)
static const struct json_shape_field fs_fields[] = {
    FLAG_R(enabled),      STRINGS_R(read_roots), STRINGS_R(write_roots), FLAG_R(deny_hidden),
    FLAG(allow_symlinks), FLAG(allow_mkdir),     FLAG(allow_remove),     FLAG(allow_rename),
    FLAG(allow_walk),     FLAG(allow_glob),      U32(max_read_bytes),    U32(max_write_bytes),
    U32(max_entries),     U32(max_depth),
};
#undef AT
SHAPE(fs_shape, "Fs", fs_fields, struct policy_fs);

#define AT(member) offsetof(struct policy_host, member)
static const struct json_shape_field host_fields[] = {
    {"host", SHAPE_STRING, AT(host), .required = true},
    {"ports", SHAPE_NATURALS, AT(ports), .required = true, .max = UINT16_MAX},
};
#undef AT
SHAPE(host_shape, "NetHost", host_fields, struct policy_host);

#define AT(member) offsetof(struct policy_net, member)
static const struct json_shape_field net_fields[] = {
    FLAG_R(enabled),
    FLAG_R(allow_dns),
    FLAG_R(allow_tcp),
    FLAG_R(allow_udp),
    {"allow_hosts", SHAPE_LIST, AT(allow_hosts), .shape = &host_shape, .required = true},
};
#undef AT
SHAPE(net_shape, "Net", net_fields, struct policy_net);

#define AT(member) offsetof(struct policy_db_drivers, member)
static const struct json_shape_field drivers_fields[] = {
    FLAG(sqlite),
    FLAG(postgres),
    FLAG(mysql),
    FLAG(redis),
};
#undef AT
SHAPE(drivers_shape, "DbDrivers", drivers_fields, struct policy_db_drivers);

#define AT(member) offsetof(struct policy_db_sqlite, member)
static const struct json_shape_field sqlite_fields[] = {
    STRINGS(allow_paths),
    FLAG(readonly_only),
    FLAG(allow_create),
    FLAG(allow_in_memory),
};
#undef AT
SHAPE(sqlite_shape, "DbSqlite", sqlite_fields, struct policy_db_sqlite);

#define AT(member) offsetof(struct policy_db_net, member)
static const struct json_shape_field db_net_fields[] = {
    STRINGS(allow_dns),
    STRINGS(allow_cidrs),
    {"allow_ports", SHAPE_NATURALS, AT(allow_ports), .max = UINT16_MAX},
    FLAG_ON(require_tls),
    FLAG_ON(require_verify),
};
#undef AT
SHAPE(db_net_shape, "DbNet", db_net_fields, struct policy_db_net);

#define AT(member) offsetof(struct policy_db, member)
static const struct json_shape_field db_fields[] = {
    FLAG(enabled),           OBJECT(drivers, drivers_shape), U32(max_live_conns),       U32(max_queries),
    U32(connect_timeout_ms), U32(query_timeout_ms),          U32(max_sql_bytes),        U32(max_rows),
    U32(max_resp_bytes),     OBJECT(sqlite, sqlite_shape),   OBJECT(net, db_net_shape),
};
#undef AT
SHAPE(db_shape, "Db", db_fields, struct policy_db);

#define AT(member) offsetof(struct policy_env, member)
static const struct json_shape_field env_fields[] = {
    FLAG_R(enabled),
    STRINGS_R(allow_keys),
    STRINGS_R(deny_keys),
};
#undef AT
SHAPE(env_shape, "Env", env_fields, struct policy_env);

#define AT(member) offsetof(struct policy_time, member)
static const struct json_shape_field time_fields[] = {
    FLAG_R(enabled),     FLAG_R(allow_monotonic), FLAG_R(allow_wall_clock),
    FLAG_R(allow_sleep), NATURAL_R(max_sleep_ms), FLAG_R(allow_local_tzid),
};
#undef AT
SHAPE(time_shape, "Time", time_fields, struct policy_time);

#define AT(member) offsetof(struct policy_language, member)
static const struct json_shape_field language_fields[] = {
    FLAG(allow_unsafe),
    FLAG(allow_ffi),
};
#undef AT
SHAPE(language_shape, "Language", language_fields, struct policy_language);

#define AT(member) offsetof(struct policy_threads, member)
static const struct json_shape_field threads_fields[] = {
    FLAG_ON(enabled),
    NATURAL(max_workers, 0),
    NATURAL(max_blocking, 4),
    NATURAL(max_queue, 1024),
};
#undef AT
SHAPE(threads_shape, "Threads", threads_fields, struct policy_threads);

#define AT(member) offsetof(struct policy_process, member)
static const struct json_shape_field process_fields[] = {
    FLAG_R(enabled),
    FLAG_R(allow_spawn),
    FLAG_R(allow_exec),
    FLAG_R(allow_exit),
    NATURAL_R(max_live),
    NATURAL_R(max_spawns),
    STRINGS(allow_execs),
    STRINGS(allow_exec_prefixes),
    STRINGS(allow_args_regex_lite),
    STRINGS(allow_env_keys),
    STRINGS(allow_cwd_roots),
    NATURAL(max_exe_bytes, 4096),
    NATURAL(max_args, 64),
    NATURAL(max_arg_bytes, 4096),
    NATURAL(max_env, 64),
    NATURAL(max_env_key_bytes, 256),
    NATURAL(max_env_val_bytes, 4096),
    NATURAL(max_runtime_ms, 0),
    NATURAL(max_stdout_bytes, 0),
    NATURAL(max_stderr_bytes, 0),
    NATURAL(max_total_bytes, 0),
    NATURAL(max_stdin_bytes, 0),
    FLAG_ON(kill_on_drop),
    FLAG_ON(kill_tree),
    FLAG(allow_cwd),
};
#undef AT
SHAPE(process_shape, "Process", process_fields, struct policy_process);

#define AT(member) offsetof(struct policy, member)
static const struct json_shape_field policy_fields[] = {
    {"schema_version", SHAPE_STRING, AT(schema_version), .required = true},
    {"policy_id", SHAPE_STRING, AT(policy_id), .required = true},
    {"notes", SHAPE_ANY, AT(notes), .nullable = true},
    OBJECT_R(limits, limits_shape),
    OBJECT_R(fs, fs_shape),
    OBJECT_R(net, net_shape),
    OBJECT(db, db_shape),
    OBJECT_R(env, env_shape),
    OBJECT_R(time, time_shape),
    OBJECT(language, language_shape),
    OBJECT(threads, threads_shape),
    OBJECT_R(process, process_shape),
};
#undef AT
const struct json_shape policy_shape = {"Policy", policy_fields, COUNT(policy_fields), sizeof(struct policy)};
