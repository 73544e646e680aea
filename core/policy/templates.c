/* templates.c: see templates.h. A row for each template says what sets it apart; the rest is common. */
#include "policy/templates.h"

#include <inttypes.h>
#include <string.h>

static const struct template
{
    const char *name;
    const char *notes;
    /* limits */
    uint64_t cpu_ms, wall_ms, mem_bytes, fds, procs;
    /* fs */
    const char *read_roots; /* JSON */
    const char *write_roots;
    bool files; /* enabled, allow_mkdir, allow_rename, allow_walk */
    bool glob;
    uint64_t max_read_bytes, max_write_bytes, max_entries, max_depth;
    bool net;             /* enabled, allow_dns, allow_tcp */
    const char *env_keys; /* JSON; NULL: the environment is off */
    /* time */
    bool wall_clock;
    uint64_t max_sleep_ms; /* 0: no sleep */
    bool native;           /* language.allow_unsafe, allow_ffi */
    const char *db;        /* JSON, or NULL: the member is left out */
    bool spawns;
}
templates[] = {
    {"cli", "A command line tool: files beneath the project, no network.", 60000, 120000, 536870912, 128, 16,
     "[\".\"]", "[\"out\"]", true, true, 67108864, 67108864, 50000, 64, .wall_clock = true},
    {"http-client",
     "A program that fetches: add hosts to net.allow_hosts, or allow them for a run with --allow-host.",
     180000, 300000, 1073741824, 256, 32, "[\".\"]", "[\"out\"]", true, false, 67108864, 268435456, 20000, 32,
     .net = true, .wall_clock = true, .max_sleep_ms = 5000, .native = true},
    {"web-service",
     "A service on the network, configured by PORT, HOST and LOG_LEVEL.",
     180000,
     600000,
     1073741824,
     512,
     64,
     "[\".\"]",
     "[\"out\"]",
     true,
     true,
     67108864,
     134217728,
     50000,
     64,
     .net = true,
     .env_keys = "[\"PORT\",\"HOST\",\"LOG_LEVEL\"]",
     .wall_clock = true,
     .max_sleep_ms = 1000,
     .native = true},
    {"fs-tool", "A tool that works on many files, and on the sources themselves.", 90000, 180000, 536870912,
     256, 16, "[\".\"]", "[\"src\",\"out\"]", true, true, 268435456, 268435456, 200000, 128,
     .wall_clock = true},
    {"sqlite-app", "A program with an SQLite database, out/app.sqlite.", 120000, 300000, 1073741824, 256, 32,
     "[\".\"]", "[\"out\"]", true, true, 134217728, 268435456, 100000, 64, .wall_clock = true, .native = true,
     .db =
         "{\"enabled\":true,\"drivers\":{\"sqlite\":true,\"postgres\":false,\"mysql\":false,\"redis\":false},"
         "\"max_live_conns\":8,\"max_queries\":10000,\"connect_timeout_ms\":2000,\"query_timeout_ms\":30000,"
         "\"max_sql_bytes\":1048576,\"max_rows\":100000,\"max_resp_bytes\":16777216,"
         "\"sqlite\":{\"allow_paths\":[\"out/app.sqlite\"],\"readonly_only\":false,\"allow_create\":true,"
         "\"allow_in_memory\":true}}"},
    {"postgres-client",
     "A client of PostgreSQL: name the servers in db.net (allow_dns or allow_cidrs, and allow_ports).",
     120000, 300000, 1073741824, 256, 32, "[\".\"]", "[\"out\"]", true, true, 67108864, 67108864, 50000, 64,
     .wall_clock = true, .native = true,
     .db =
         "{\"enabled\":true,\"drivers\":{\"sqlite\":false,\"postgres\":true,\"mysql\":false,\"redis\":false},"
         "\"max_live_conns\":8,\"max_queries\":10000,\"connect_timeout_ms\":5000,\"query_timeout_ms\":30000,"
         "\"max_sql_bytes\":1048576,\"max_rows\":100000,\"max_resp_bytes\":16777216,"
         "\"net\":{\"allow_dns\":[],\"allow_cidrs\":[],\"allow_ports\":[],\"require_tls\":true,"
         "\"require_verify\":true}}"},
    {"worker", "A job from its input to its output: no files, no network, no processes.", 300000, 300000,
     1073741824, 64, 16, "[]", "[]", .max_sleep_ms = 5000},
    {"worker-parallel", "A job that spreads over the helper processes in deps/x07/.", 300000, 300000,
     1073741824, 128, 1024, "[]", "[]", .max_sleep_ms = 5000, .spawns = true},
};

enum { COUNT = sizeof templates / sizeof templates[0] };

const char *const policy_template_names[] = {"cli",     "http-client",     "web-service",
                                             "fs-tool", "sqlite-app",      "postgres-client",
                                             "worker",  "worker-parallel", NULL};

static const char *
word(bool value)
{
    return value ? "true" : "false";
}

static void
write_limits(const struct template *template, struct text *out)
{
    text_printf(out,
                ",\"limits\":{\"cpu_ms\":%" PRIu64 ",\"wall_ms\":%" PRIu64 ",\"mem_bytes\":%" PRIu64
                ",\"fds\":%" PRIu64 ",\"procs\":%" PRIu64 ",\"core_dumps\":false}",
                template->cpu_ms, template->wall_ms, template->mem_bytes, template->fds, template->procs);
}

static void
write_fs(const struct template *template, struct text *out)
{
    const char *files = word(template->files);

    text_printf(out,
                ",\"fs\":{\"enabled\":%s,\"read_roots\":%s,\"write_roots\":%s,\"deny_hidden\":true,"
                "\"allow_symlinks\":false,\"allow_mkdir\":%s,\"allow_remove\":false,\"allow_rename\":%s,"
                "\"allow_walk\":%s,\"allow_glob\":%s",
                files, template->read_roots, template->write_roots, files, files, files,
                word(template->glob));
    text_printf(out,
                ",\"max_read_bytes\":%" PRIu64 ",\"max_write_bytes\":%" PRIu64 ",\"max_entries\":%" PRIu64
                ",\"max_depth\":%" PRIu64 "}",
                template->max_read_bytes, template->max_write_bytes, template->max_entries,
                template->max_depth);
}

static void
write_net_and_env(const struct template *template, struct text *out)
{
    const char *net = word(template->net);

    text_printf(out,
                ",\"net\":{\"enabled\":%s,\"allow_dns\":%s,\"allow_tcp\":%s,\"allow_udp\":false,"
                "\"allow_hosts\":[]}",
                net, net, net);
    text_printf(out, ",\"env\":{\"enabled\":%s,\"allow_keys\":%s,\"deny_keys\":[]}",
                word(template->env_keys != NULL), template->env_keys ? template->env_keys : "[]");
}

static void
write_time_and_language(const struct template *template, struct text *out)
{
    text_printf(out,
                ",\"time\":{\"enabled\":true,\"allow_monotonic\":true,\"allow_wall_clock\":%s,"
                "\"allow_sleep\":%s,\"max_sleep_ms\":%" PRIu64 ",\"allow_local_tzid\":false}",
                word(template->wall_clock), word(template->max_sleep_ms != 0), template->max_sleep_ms);
    text_printf(out, ",\"language\":{\"allow_unsafe\":%s,\"allow_ffi\":%s}", word(template->native),
                word(template->native));
    text_puts(out, ",\"threads\":{\"enabled\":true,\"max_workers\":0,\"max_blocking\":4,\"max_queue\":1024}");
}

static void
write_process(const struct template *template, struct text *out)
{
    const char *spawns = word(template->spawns);

    text_printf(out,
                ",\"process\":{\"enabled\":true,\"allow_exit\":true,\"allow_spawn\":%s,\"allow_exec\":%s,"
                "\"max_live\":%d,\"max_spawns\":%d,\"max_runtime_ms\":%d,\"allow_exec_prefixes\":%s",
                spawns, spawns, template->spawns ? 16 : 0, template->spawns ? 64 : 0,
                template->spawns ? 60000 : 0, template->spawns ? "[\"deps/x07/\"]" : "[]");
    text_puts(out, ",\"allow_execs\":[],\"allow_args_regex_lite\":[],\"allow_env_keys\":[],"
                   "\"max_exe_bytes\":4096,\"max_args\":64,\"max_arg_bytes\":4096,\"max_env\":64,"
                   "\"max_env_key_bytes\":256,\"max_env_val_bytes\":4096,\"max_stdout_bytes\":10485760,"
                   "\"max_stderr_bytes\":10485760,\"max_total_bytes\":16777216,\"max_stdin_bytes\":1048576,"
                   "\"kill_on_drop\":true,\"kill_tree\":true,\"allow_cwd\":false,\"allow_cwd_roots\":[]}");
}

static const char *
sorted(struct arena *arena, const struct text *compact)
{
    struct ast_json document;
    struct text message = {0};
    struct text pretty = {0};

    /* It reads: the tests write each template. */
    if (ast_json_read(arena, compact->data, compact->len, &document, &message)) {
        document = ast_json_copy_sorted(arena, &document);
        ast_json_write_pretty(&document, &pretty);
    }
    text_putc(&pretty, '\n');
    const char *result = arena_copy(arena, text_string(&pretty), pretty.len);
    text_free(&message);
    text_free(&pretty);
    return result;
}

const char *
policy_template_id(struct arena *arena, const char *name)
{
    return arena_printf(arena, "sandbox.%s.base", name);
}

const char *
policy_template(struct arena *arena, const char *name, const char *policy_id)
{
    const struct template *template = templates;
    struct text text = {0};

    while (strcmp(template->name, name) != 0 && template <templates + COUNT - 1)
        template ++;
    text_printf(&text, "{\"schema_version\":\"%s\",\"policy_id\":\"%s\",\"notes\":\"%s\"",
                POLICY_SCHEMA_VERSION, policy_id ? policy_id : policy_template_id(arena, template->name),
                template->notes);
    write_limits(template, &text);
    write_fs(template, &text);
    write_net_and_env(template, &text);
    write_time_and_language(template, &text);
    write_process(template, &text);
    if (template->db)
        text_printf(&text, ",\"db\":%s", template->db);
    text_putc(&text, '}');
    const char *document = sorted(arena, &text);
    text_free(&text);
    return document;
}
