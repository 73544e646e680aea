/* policy.h: the policy document of the world run-os-sandboxed, x07.run-os-policy@0.1.0.
 * Knows what a policy says and which values it may have; knows nothing of options, plugins or sandboxes.
 *
 * Everything read lives in the arena that the caller gives. Not thread-safe in one arena. Error codes:
 * E_POLICY_READ the file; E_POLICY_PARSE it is no JSON, or a member is missing or has the wrong type;
 * E_POLICY_INVALID a value is out of bounds or nothing that a policy knows. */
#ifndef POLICY_POLICY_H
#define POLICY_POLICY_H

#include "ast/json_decode.h"
#include "base/error.h"

#define POLICY_SCHEMA_VERSION "x07.run-os-policy@0.1.0"

struct policy_limits {
    struct json_natural cpu_ms;
    struct json_natural wall_ms;
    struct json_natural mem_bytes;
    struct json_natural fds;
    struct json_natural procs;
    struct json_flag core_dumps;
};

struct policy_fs {
    struct json_flag enabled;
    struct json_strings read_roots;
    struct json_strings write_roots;
    struct json_flag deny_hidden;
    struct json_flag allow_symlinks;
    struct json_flag allow_mkdir;
    struct json_flag allow_remove;
    struct json_flag allow_rename;
    struct json_flag allow_walk;
    struct json_flag allow_glob;
    struct json_natural max_read_bytes;
    struct json_natural max_write_bytes;
    struct json_natural max_entries;
    struct json_natural max_depth;
};

struct policy_host {
    const char *host;
    struct json_naturals ports;
};

struct policy_net {
    struct json_flag enabled;
    struct json_flag allow_dns;
    struct json_flag allow_tcp;
    struct json_flag allow_udp;
    struct json_list allow_hosts; /* struct policy_host */
};

struct policy_db_drivers {
    struct json_flag sqlite;
    struct json_flag postgres;
    struct json_flag mysql;
    struct json_flag redis;
};

struct policy_db_sqlite {
    struct json_strings allow_paths;
    struct json_flag readonly_only;
    struct json_flag allow_create;
    struct json_flag allow_in_memory;
};

struct policy_db_net {
    struct json_strings allow_dns;
    struct json_strings allow_cidrs;
    struct json_naturals allow_ports;
    struct json_flag require_tls;
    struct json_flag require_verify;
};

struct policy_db {
    struct json_flag enabled;
    struct policy_db_drivers drivers;
    struct json_natural max_live_conns;
    struct json_natural max_queries;
    struct json_natural connect_timeout_ms;
    struct json_natural query_timeout_ms;
    struct json_natural max_sql_bytes;
    struct json_natural max_rows;
    struct json_natural max_resp_bytes;
    struct policy_db_sqlite sqlite;
    struct policy_db_net net;
};

struct policy_env {
    struct json_flag enabled;
    struct json_strings allow_keys;
    struct json_strings deny_keys;
};

struct policy_time {
    struct json_flag enabled;
    struct json_flag allow_monotonic;
    struct json_flag allow_wall_clock;
    struct json_flag allow_sleep;
    struct json_natural max_sleep_ms;
    struct json_flag allow_local_tzid;
};

struct policy_language {
    struct json_flag allow_unsafe;
    struct json_flag allow_ffi;
};

struct policy_threads {
    struct json_flag enabled;
    struct json_natural max_workers;
    struct json_natural max_blocking;
    struct json_natural max_queue;
};

struct policy_process {
    struct json_flag enabled;
    struct json_flag allow_spawn;
    struct json_flag allow_exec;
    struct json_flag allow_exit;
    struct json_natural max_live;
    struct json_natural max_spawns;
    struct json_strings allow_execs;
    struct json_strings allow_exec_prefixes;
    struct json_strings allow_args_regex_lite;
    struct json_strings allow_env_keys;
    struct json_strings allow_cwd_roots;
    struct json_natural max_exe_bytes;
    struct json_natural max_args;
    struct json_natural max_arg_bytes;
    struct json_natural max_env;
    struct json_natural max_env_key_bytes;
    struct json_natural max_env_val_bytes;
    struct json_natural max_runtime_ms;
    struct json_natural max_stdout_bytes;
    struct json_natural max_stderr_bytes;
    struct json_natural max_total_bytes;
    struct json_natural max_stdin_bytes;
    struct json_flag kill_on_drop;
    struct json_flag kill_tree;
    struct json_flag allow_cwd;
};

/* Members that the document leaves out have their documented values. */
struct policy {
    const char *schema_version;
    const char *policy_id;
    const struct ast_json *notes; /* of any type: nobody reads them */
    struct policy_limits limits;
    struct policy_fs fs;
    struct policy_net net;
    struct policy_db db;
    struct policy_env env;
    struct policy_time time;
    struct policy_language language;
    struct policy_threads threads;
    struct policy_process process;
};

/* The bytes of a policy file, to be owned by `text` ({0}). "read policy: PATH: ..." */
struct error *policy_read(const char *path, struct text *text);

/* Decodes and checks. `path` stands in messages: "parse policy JSON: PATH: ...", "invalid policy: ...". The
 * text must outlive the policy. */
struct error *policy_parse(struct arena *arena, const char *path, const char *text, size_t len,
                           struct policy *policy);

/* The bounds of the values alone, for a decoded policy. policy_parse does this. */
struct error *policy_check(const struct policy *policy);

/* Whether a text may be a policy_id. */
bool policy_id_is_valid(const char *id);

/* Members that no policy has. policy_parse does this, too. */
struct error *policy_check_members(struct arena *arena, const struct ast_json *document);

/* The document's members, for who walks it. */
extern const struct json_shape policy_shape;

/* A piece of a list as the program's own gate sees it: without blanks, tabs and line ends around it. Returns
 * "" for one that is all blank, which the gate skips. */
const char *policy_list_item(struct arena *arena, const char *item);

#endif
