/* process_request.c: see process_request.h. Knows documents and the policy; starts nothing. */
#include "process_request.h"

#include "document.h"
#include "path.h"
#include "policy.h"
#include "regex_lite.h"

#include <stdlib.h>

enum { CAPS_SIZE = 17, HEADER_SIZE = 6, ARGUMENTS_MAX = 128, ENVIRONMENT_MAX = 256 };

/* Reads the document; strings are copied to `to`. */
struct reader {
    x07_rt *rt;
    const struct policy *policy;
    x07_view rest;
    char *to;
};

static bool
take_u32(struct reader *reader, uint32_t *value)
{
    if (reader->rest.len < 4)
        return false;
    *value = document_u32(reader->rest.ptr);
    reader->rest.ptr += 4;
    reader->rest.len -= 4;
    return true;
}

/* A length, which the policy may limit, and as many bytes. */
static uint32_t
take_bytes(struct reader *reader, uint32_t limit, x07_view *out)
{
    uint32_t len;

    if (!take_u32(reader, &len))
        return PROCESS_INVALID_REQUEST;
    if (!policy_within(len, limit))
        return PROCESS_POLICY_DENIED;
    if (len > reader->rest.len)
        return PROCESS_INVALID_REQUEST;
    *out = (x07_view){reader->rest.ptr, len};
    reader->rest.ptr += len;
    reader->rest.len -= len;
    return PROCESS_OK;
}

static char *
copy(struct reader *reader, x07_view bytes, const char *trap)
{
    char *start = reader->to;

    if (memchr(bytes.ptr, 0, bytes.len))
        x07_trap(reader->rt, trap);
    memcpy(start, bytes.ptr, bytes.len);
    start[bytes.len] = '\0';
    reader->to += bytes.len + 1;
    return start;
}

static bool
is_argument_allowed(const struct reader *reader, x07_view argument)
{
    const char *list = reader->policy->allow_args;
    bool any = false;
    x07_view pattern;

    while (rt_policy_next(&list, &pattern)) {
        any = true;
        switch (rt_regex_lite(pattern, argument)) {
        case REGEX_LITE_YES:
            return true;
        case REGEX_LITE_INVALID:
            x07_trap(reader->rt, "os.process allow_args_regex_lite invalid pattern");
        case REGEX_LITE_TOO_LONG:
            x07_trap(reader->rt, "os.process allow_args_regex_lite pattern too long");
        case REGEX_LITE_NO:
            break;
        }
    }
    return !any;
}

static bool
has_parent_segment(x07_view path)
{
    for (uint32_t i = 0; i + 1 < path.len; i++)
        if (path.ptr[i] == '.' && path.ptr[i + 1] == '.' && (!i || path.ptr[i - 1] == '/') &&
            (i + 2 == path.len || path.ptr[i + 2] == '/'))
            return true;
    return false;
}

/* A prefix does not allow to leave it by "..". */
static bool
is_executable_allowed(const struct policy *policy, x07_view path)
{
    const char *list = policy->allow_exec_prefixes;
    x07_view prefix;

    if (!policy->sandboxed || rt_policy_lists(policy->allow_execs, path))
        return true;
    while (!has_parent_segment(path) && rt_policy_next(&list, &prefix))
        if (path.len >= prefix.len && !memcmp(path.ptr, prefix.ptr, prefix.len))
            return true;
    return false;
}

static uint32_t
read_arguments(struct reader *reader, struct process_request *request, uint32_t count)
{
    const struct policy *policy = reader->policy;
    x07_view argument, first = X07_EMPTY_VIEW;

    for (uint32_t i = 0; i < count; i++) {
        uint32_t code = take_bytes(reader, policy->max_arg_bytes, &argument);

        if (code)
            return code;
        if (i && policy->sandboxed && !is_argument_allowed(reader, argument))
            return PROCESS_POLICY_DENIED;
        request->arguments[i] = copy(reader, argument, "os.process.spawn_capture_v1 argv contains NUL");
        if (!i)
            first = argument;
    }
    if (!first.len)
        return PROCESS_INVALID_REQUEST;
    if (!policy_within(first.len, policy->max_exe_bytes) || !is_executable_allowed(policy, first))
        return PROCESS_POLICY_DENIED;
    return PROCESS_OK;
}

static uint32_t
read_variable(struct reader *reader, char **variable)
{
    const struct policy *policy = reader->policy;
    x07_view key, value;
    uint32_t code = take_bytes(reader, policy->max_env_key_bytes, &key);

    if (!code)
        code = take_bytes(reader, policy->max_env_val_bytes, &value);
    if (code)
        return code;
    if (!key.len)
        return PROCESS_INVALID_REQUEST;
    if (policy->sandboxed && !rt_policy_lists(policy->allow_env_keys, key))
        return PROCESS_POLICY_DENIED;
    *variable = copy(reader, key, "os.process.spawn_capture_v1 env key contains NUL");
    reader->to[-1] = '=';
    copy(reader, value, "os.process.spawn_capture_v1 env val contains NUL");
    return PROCESS_OK;
}

static uint32_t
read_environment(struct reader *reader, struct process_request *request)
{
    uint32_t count, code = PROCESS_OK;

    if (!take_u32(reader, &count) || count > ENVIRONMENT_MAX)
        return PROCESS_INVALID_REQUEST;
    if (!policy_within(count, reader->policy->max_env))
        return PROCESS_POLICY_DENIED;
    for (uint32_t i = 0; i < count && !code; i++)
        code = read_variable(reader, &request->environment[i]);
    return code;
}

static uint32_t
read_directory(struct reader *reader, struct process_request *request)
{
    const struct policy *policy = reader->policy;
    x07_view path;
    uint32_t code = take_bytes(reader, 0, &path);

    if (code || !path.len)
        return code;
    request->directory = copy(reader, path, "os.process.spawn_capture_v1 cwd contains NUL");
    if (!policy->sandboxed)
        return PROCESS_OK;
    const char *roots = policy->allow_cwd_roots;
    x07_view root;
    bool allowed = policy->allow_cwd && rt_policy_next(&roots, &root) && rt_path_is_safe(path) &&
                   !(policy->deny_hidden && rt_path_is_hidden(path));
    return allowed ? PROCESS_OK : PROCESS_POLICY_DENIED;
}

static uint32_t
read_parts(struct reader *reader, struct process_request *request)
{
    uint32_t count;
    x07_view header = reader->rest;

    if (header.len < HEADER_SIZE || header.ptr[0] != 1 || header.ptr[1] != 0)
        return PROCESS_INVALID_REQUEST;
    reader->rest = (x07_view){header.ptr + 2, header.len - 2};
    if (!take_u32(reader, &count) || !count || count > ARGUMENTS_MAX)
        return PROCESS_INVALID_REQUEST;
    if (!policy_within(count, reader->policy->max_args))
        return PROCESS_POLICY_DENIED;
    uint32_t code = read_arguments(reader, request, count);
    if (!code)
        code = read_environment(reader, request);
    if (!code)
        code = read_directory(reader, request);
    if (!code)
        code = take_bytes(reader, reader->policy->max_stdin_bytes, &request->input);
    return !code && reader->rest.len ? PROCESS_INVALID_REQUEST : code;
}

uint32_t
rt_process_request(x07_rt *rt, x07_view document, struct process_request *request)
{
    size_t pointers = (ARGUMENTS_MAX + 1 + ENVIRONMENT_MAX + 1) * sizeof(char *);
    struct reader reader = {.rt = rt, .policy = rt_policy(rt), .rest = document};

    /* Every string stands in the document behind a length of 4 bytes: there is room for what ends it. */
    *request = (struct process_request){.memory = rt_os_alloc(rt, pointers + document.len)};
    memset(request->memory, 0, pointers);
    request->arguments = (char **)(void *)request->memory;
    request->environment = request->arguments + ARGUMENTS_MAX + 1;
    reader.to = request->memory + pointers;
    return read_parts(&reader, request);
}

void
rt_process_request_free(struct process_request *request)
{
    free(request->memory);
    *request = (struct process_request){0};
}

/* What may be kept of a stream under the policy. */
static bool
are_limits_allowed(const struct policy *policy, struct process_caps *caps)
{
    if (policy->max_runtime_ms && !caps->timeout_ms)
        caps->timeout_ms = policy->max_runtime_ms;
    return policy_within(caps->timeout_ms, policy->max_runtime_ms) &&
           policy_within(caps->max_stdout, policy->max_stdout_bytes) &&
           policy_within(caps->max_stderr, policy->max_stderr_bytes) &&
           policy_within(caps->max_total, policy->max_total_bytes);
}

uint32_t
rt_process_caps(x07_rt *rt, x07_view document, struct process_caps *caps)
{
    if (document.len < CAPS_SIZE || document.ptr[0] != 1)
        return PROCESS_INVALID_REQUEST;
    *caps = (struct process_caps){
        .max_stdout = document_u32(document.ptr + 1),
        .max_stderr = document_u32(document.ptr + 5),
        .timeout_ms = document_u32(document.ptr + 9),
        .max_total = document_u32(document.ptr + 13),
    };
    uint32_t sum = caps->max_stdout + caps->max_stderr;
    if (!caps->max_total)
        caps->max_total = sum < caps->max_stdout ? UINT32_MAX : sum;
    return are_limits_allowed(rt_policy(rt), caps) ? PROCESS_OK : PROCESS_POLICY_DENIED;
}
