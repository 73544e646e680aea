/* run_policy.c: which policy a sandboxed run has: the file that the option or the profile names, or one
 * derived from it by the options that allow and deny. */
#include "base/file.h"
#include "cli/findings.h"
#include "cli/run.h"
#include "policy/derive.h"
#include "policy/environment.h"
#include "policy/grants.h"
#include "project/paths.h"
#include "project/worlds.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { EXIT_SCHEMA = 3 };

static bool
has_overrides(const struct run_options *options)
{
    return options->allow_hosts.count || options->deny_hosts.count || options->allow_host_files.count ||
           options->deny_host_files.count || options->allow_read_roots.count ||
           options->allow_write_roots.count;
}

static struct json_strings
strings_of(const struct option_list *list)
{
    return (struct json_strings){.items = list->items, .count = list->count};
}

/* Paths are meant from the project's root. */
static struct json_strings
paths_of(const struct run *run, const struct option_list *list)
{
    struct json_strings paths = {.items = ARENA_ARRAY(run->arena, const char *, list->count + 1)};

    for (; paths.count < list->count; paths.count++) {
        const char *path = list->items[paths.count];
        paths.items[paths.count] = path[0] == '/' ? path : paths_join(run->arena, run->project_root, path);
    }
    return paths;
}

/* Says on stderr, as findings, why the policy breaks its schema. */
static struct error *
report_violations(struct run *run, const struct json_strings *violations)
{
    struct diagnostics found = {.arena = run->arena};
    struct text report = {0};

    for (size_t i = 0; i < violations->count; i++)
        diagnostics_add(&found, "X07-POLICY-SCHEMA-0001", SEVERITY_ERROR, "parse", NULL, "%s",
                        violations->items[i])
            ->ptr = NULL;
    findings_report(&found, NULL, 0, &report);
    fprintf(stderr, "%s\n", text_string(&report));
    text_free(&report);
    run->exit_code = EXIT_SCHEMA;
    return error_new("E_POLICY_SCHEMA", "%s", "");
}

/* Puts the derived policy beside the project's others, unless just that is there already. */
static struct error *
keep_derived(struct run *run, const struct policy_derived *derived)
{
    const char *path =
        arena_printf(run->arena, "%s/.x07/policies/_generated/%s", run->project_root, derived->file_name);
    struct text old = {0};
    struct error *error = file_read(path, FILE_NO_LIMIT, &old);
    bool same = !error && old.len == derived->len && memcmp(old.data, derived->text, old.len) == 0;

    error_free(error);
    text_free(&old);
    error = same ? NULL : error_wrap(file_replace(path, derived->text, derived->len, 0666), "write policy");
    if (error)
        return error;
    text_append(&run->policy_text, derived->text, derived->len);
    run->policy_path = path;
    fprintf(stderr, "x07 run: using derived policy %s\n", path);
    return NULL;
}

static struct error *
derive(struct run *run)
{
    const struct run_options *options = &run->options;
    const struct policy_overrides overrides = {
        .allow_hosts = strings_of(&options->allow_hosts),
        .deny_hosts = strings_of(&options->deny_hosts),
        .allow_host_files = paths_of(run, &options->allow_host_files),
        .deny_host_files = paths_of(run, &options->deny_host_files),
        .read_roots = strings_of(&options->allow_read_roots),
        .write_roots = strings_of(&options->allow_write_roots),
    };
    struct policy_derived derived;
    struct text base = {0};
    struct error *error = policy_read(run->policy_path, &base);

    if (!error)
        error = policy_derive(run->arena, run->policy_path, &base, &overrides, "x07 run", &derived);
    if (!error)
        error = derived.violations.count ? report_violations(run, &derived.violations)
                                         : keep_derived(run, &derived);
    text_free(&base);
    return error;
}

struct error *
run_resolve_policy(struct run *run)
{
    const struct run_options *options = &run->options;
    bool sandboxed = world_is_sandboxed(run->world);
    const char *path = options->policy ? options->policy : run->profile ? run->profile->policy : NULL;

    if (has_overrides(options) && !sandboxed)
        return error_new("E_POLICY", "--allow-host/--deny-host/--allow-read-root/--allow-write-root requires "
                                     "run-os-sandboxed (policy-enforced OS world)");
    if (options->policy && !sandboxed)
        return error_new("E_POLICY", "--policy is only valid for --world run-os-sandboxed");
    if (!sandboxed)
        return NULL;
    if (!path)
        return error_new("E_POLICY", "run-os-sandboxed requires a policy file (--policy or profile policy)");
    run->policy_path = path[0] == '/' ? path : paths_join(run->arena, run->project_root, path);
    if (!file_is_regular(run->policy_path))
        return error_new("E_POLICY", "missing policy file: %s", run->policy_path);
    return has_overrides(options) ? derive(run) : NULL;
}

struct error *
run_load_policy(struct run *run)
{
    struct policy *policy = ARENA_NEW(run->arena, struct policy);
    struct error *error = NULL;

    if (!run->policy_path)
        return NULL;
    if (!run->policy_text.data)
        error = policy_read(run->policy_path, &run->policy_text);
    if (!error)
        error = policy_parse(run->arena, run->policy_path, text_string(&run->policy_text),
                             run->policy_text.len, policy);
    run->policy = policy;
    return error;
}

void
run_fill_policy(const struct run *run, x07_run_request *request)
{
    const struct policy *policy = run->policy;

    if (!policy) {
        if (world_is_os(run->world))
            request->flags |= X07_RUN_ALLOW_UNSAFE | X07_RUN_ALLOW_FFI;
        return;
    }
    if (policy->language.allow_unsafe.value)
        request->flags |= X07_RUN_ALLOW_UNSAFE;
    if (policy->language.allow_ffi.value)
        request->flags |= X07_RUN_ALLOW_FFI;
    request->policy = text_string(&run->policy_text);
    request->policy_size = run->policy_text.len;
    request->policy_path = run->policy_path;
    request->grants = policy_grants(run->arena, policy);
    request->policy_environment = policy_environment(run->arena, policy, environ);
}
