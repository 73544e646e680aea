/* host.h: the service table that plugins call, and what the commands need to know of it.
 * Knows the plugin interface, the compiler and the native cache; knows nothing of options or reports.
 *
 * One host serves one command. It owns the command's temporary files, which host_free removes. The table is
 * valid between host_new and host_free. Not thread-safe. */
#ifndef HOST_HOST_H
#define HOST_HOST_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <x07/host.h>

struct host;
struct registry;

struct host *host_new(void);

/* Removes temporary files. The registry whose plugins got the table must be closed before. NULL is allowed.
 */
void host_free(struct host *host);

const x07_host *host_table(struct host *host);

/* Where compile and sandbox_run find plugins; it stays the caller's. */
void host_use_registry(struct host *host, struct registry *registry);

/* Forgets what was said through host->fail; call it before a call into a plugin. */
void host_clear_failure(struct host *host);

/* The error of a plugin's call that returned `status`: what it said, or a text made of `what` and the status.
 * The code lives as long as the host. */
struct error *host_failure(struct host *host, x07_status status, const char *what);

/* What a pass reported about the document that it worked on. */
struct host_finding {
    uint32_t severity; /* X07_LOG_NOTE, _WARNING or _ERROR */
    bool of_linter;    /* found by the host's own rules, which a pass asked for */
    const char *code;
    const char *message;
    const char *pointer; /* or NULL */
    const char *details; /* JSON as the pass wrote it, unchecked; or NULL */
};

/* All of them since the last call of host_forget_findings, in order (at most 10,000). They live until then.
 */
const struct host_finding *host_findings(const struct host *host, size_t *count);
void host_forget_findings(struct host *host);

/* Toolchain files beside the running executable, in the build tree and when installed. */
struct host_toolchain {
    char *include_dir; /* holds x07rt.h */
    char *runtime;     /* libx07rt.a */
};

/* Error E_TOOLCHAIN when a part is missing. The strings live as long as the host. */
struct error *host_find_toolchain(struct host *host, const struct host_toolchain **toolchain);

/* The module root of the OS worlds' standard library: stdlib/os/0.2.0/modules below the current directory,
 * else beside the executable, above it, or where it is installed. The first of these only if nobody but the
 * user and root can have written it. The string lives as long as the host. Error E_OS_LIBRARY: there is none.
 */
struct error *host_find_os_modules(struct host *host, const char **root);

#endif
