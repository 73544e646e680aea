/* driver.c: finds a compiler's program and starts it, once per executable. Knows no compiler by name. */
#include "driver.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* More than any sane compiler prints; a mad one is stopped here. */
enum { STREAM_CAP = 16 * 1024 * 1024 };

static char *
copy_text(const x07_host *host, const char *text)
{
    char *copy = host->alloc(host, strlen(text) + 1);

    return strcpy(copy, text);
}

static x07_status
fail_to_start(const struct driver *driver, const x07_host *host, x07_status status, const char *reason)
{
    char message[512];

    snprintf(message, sizeof message, "invoke %s: \"%.300s\": %.180s", driver->name, driver_program(driver),
             reason);
    return host->fail(host, status, "E_CC_START", message);
}

static x07_status
fail_missing(const struct driver *driver, const x07_host *host, x07_status status)
{
    return fail_to_start(driver, host, status, "No such file or directory (os error 2)");
}

static int
is_program(const char *path, struct stat *status)
{
    return stat(path, status) == 0 && S_ISREG(status->st_mode) && access(path, X_OK) == 0;
}

/* The file that PATH gives for `name`; 0 when there is none. */
static int
find_program(const char *name, char *path, size_t size, struct stat *status)
{
    const char *dirs = getenv("PATH");

    if (strchr(name, '/')) {
        snprintf(path, size, "%s", name);
        return is_program(path, status);
    }
    while (name[0] && dirs) {
        size_t len = strcspn(dirs, ":");
        int written = snprintf(path, size, "%.*s/%s", (int)(len ? len : 1), len ? dirs : ".", name);
        if (written > 0 && (size_t)written < size && is_program(path, status))
            return 1;
        dirs = dirs[len] ? dirs + len + 1 : NULL;
    }
    return 0;
}

static x07_status
fail_profile(const struct driver *driver, const x07_host *host, const char *profile)
{
    char message[128];

    snprintf(message, sizeof message, "%s: unknown cc profile: %.60s", driver->name, profile);
    return host->fail(host, X07_E_UNSUPPORTED, "E_CC_PROFILE", message);
}

x07_status
driver_identity(const struct driver *driver, const x07_host *host, const char *profile, char **identity)
{
    char path[4096];
    struct stat status;

    if (!identity)
        return X07_E_ARGUMENT;
    char *extra = driver_extra_arguments(driver, host, profile);
    if (!extra)
        return fail_profile(driver, host, profile);
    if (!find_program(driver_program(driver), path, sizeof path, &status)) {
        host->release(host, extra);
        return fail_missing(driver, host, X07_E_UNAVAILABLE);
    }
    size_t size = strlen(path) + strlen(extra) + 128;
    *identity = host->alloc(host, size);
    snprintf(*identity, size, "%s %lld %lld.%09ld %s", path, (long long)status.st_size,
             (long long)status.st_mtim.tv_sec, (long)status.st_mtim.tv_nsec, extra);
    host->release(host, extra);
    return X07_OK;
}

/* A compiler puts its own temporary files beside the output, so that they go when the host's temporary
 * directory goes, also after an interruption. */
static char *
temporary_setting(const x07_host *host, const char *output_path)
{
    const char *slash = strrchr(output_path, '/');
    size_t len = slash ? (size_t)(slash - output_path) : 1;
    char *setting = host->alloc(host, len + sizeof "TMPDIR=");

    strcpy(setting, "TMPDIR=");
    return strncat(setting, slash ? output_path : ".", len);
}

static x07_status
start_compiler(const struct driver *driver, const x07_host *host, char **arguments, const char *output_path,
               x07_spawn_result *outcome)
{
    x07_limits limits = {.size = sizeof limits,
                         .set = X07_LIMIT_OUT_BYTES | X07_LIMIT_ERR_BYTES | X07_LIMIT_CORE_SIZE,
                         .out_bytes = STREAM_CAP,
                         .err_bytes = STREAM_CAP};
    char *temporary = temporary_setting(host, output_path);
    const char *settings[] = {temporary, NULL};
    x07_spawn spawn = {.size = sizeof spawn,
                       .path = driver_program(driver),
                       .argv = (const char *const *)arguments,
                       .extra_environment = settings,
                       .limits = &limits};
    x07_status status = host->spawn(host, &spawn, outcome);

    host->release(host, temporary);
    return status;
}

x07_status
driver_build(const struct driver *driver, const x07_host *host, const x07_native_request *request,
             x07_native_result *result)
{
    if (!x07_struct_usable(request, X07_SIZE_UP_TO(x07_native_request, keep_c)) || !request->source_path ||
        !request->output_path || !x07_struct_usable(result, X07_SIZE_UP_TO(x07_native_result, err_size)))
        return X07_E_ARGUMENT;
    char *extra = driver_extra_arguments(driver, host, request->cc_profile);
    if (!extra)
        return fail_profile(driver, host, request->cc_profile);
    char **arguments = driver_arguments(driver, host, request, extra);
    x07_spawn_result outcome = {.size = sizeof outcome};
    x07_status status = start_compiler(driver, host, arguments, request->output_path, &outcome);

    if (status == X07_OK) {
        result->exit_status = outcome.exit_code >= 0 ? outcome.exit_code : 1;
        if (result->exit_status == 0 && access(request->output_path, X_OK) != 0)
            result->exit_status = 1;
        result->compiler = copy_text(host, driver_program(driver));
        result->command = driver_join_lines(host, arguments + 1);
        result->out_data = outcome.out_data;
        result->out_size = outcome.out_size;
        result->err_data = outcome.err_data;
        result->err_size = outcome.err_size;
    } else if (status == X07_E_NOT_FOUND) {
        status = fail_missing(driver, host, X07_E_NOT_FOUND);
    }
    if (status != X07_OK || result->exit_status != 0)
        unlink(request->output_path);
    host->release(host, arguments);
    host->release(host, extra);
    return status;
}
