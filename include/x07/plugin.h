/* x07/plugin.h: what a plugin file must export. Read x07/abi.h first: its rules hold everywhere.
 *
 * A plugin is a shared object (.so) with one exported symbol, x07_plugin_entry, that returns a descriptor.
 * The host first loads it in a child process with a time limit and remembers what the descriptor says; a
 * command later loads only the plugins that it uses. `x07 plugins check FILE.so` tests one against these
 * rules. */
#ifndef X07_PLUGIN_H
#define X07_PLUGIN_H

#include <x07/abi.h>
#include <x07/host.h>
#include <x07/native.h>
#include <x07/repair.h>
#include <x07/runner.h>
#include <x07/sandbox.h>

/* What a service is. Since ABI 1.0. */
enum {
    X07_KIND_RUNNER = 1,  /* vtable: x07_runner */
    X07_KIND_SANDBOX = 2, /* vtable: x07_sandbox */
    X07_KIND_REPAIR = 3,  /* vtable: x07_repair */
    X07_KIND_NATIVE = 4   /* vtable: x07_native */
};

/* The most that a descriptor may announce; more is refused. Since ABI 1.0. */
enum { X07_MAX_SERVICES = 256, X07_MAX_DIAGNOSTICS = 256, X07_MAX_TEXT = 4096 };

/* One row of the registry: this plugin can serve `key` in `profile` and `world`.
 *
 * Among the rows that fit a request, the host takes one that names the profile before one that does not, then
 * one that names the world before one that does not, then the higher priority. The toolchain's own plugins
 * use 100. A row of negative priority is only taken by who names its key, never chosen when the key is open:
 * so a sandbox backend does not become anybody's fallback. Two rows of different plugins that are equal in
 * all of this are a tie, which is an error unless the user prefers one by its id. Since ABI 1.0. */
typedef struct x07_service {
    uint32_t size;
    uint32_t kind;       /* X07_KIND_* */
    const char *key;     /* [a-z0-9._-]+, at most 64 bytes */
    const char *profile; /* NULL: every profile */
    const char *world;   /* NULL: every world */
    int32_t priority;
    uint32_t reserved;
    const void *vtable; /* x07_runner, x07_sandbox, x07_repair or x07_native; lives until fini */
} x07_service;

/* A typed diagnostic: a function that the host calls by its signature and whose value it shows in
 * `x07 plugins list --diagnostics` and `x07 plugins info ID --call NAME ARG...`. A vendor can add one without
 * any change to this interface. It is called in a child process with a time limit, after
 * init with a host table as for a probe (x07/sandbox.h).
 *
 * signature  RESULT(ARG,ARG...) with these types:
 *     i int32_t    u uint32_t    l int64_t    q uint64_t    d double    s const char *    b int32_t as a
 * boolean e.g. "i()", "s(s)", "u(i,s)". At most 8 arguments. A string result may be NULL; it belongs to the
 * plugin and lives until the next call of the same diagnostic. A string argument lives for the call. function
 * with exactly that C signature, cast to this type. arguments  JSON array with the arguments that `plugins
 * list --diagnostics` passes, e.g. "[\"kvm\"]"; NULL for a diagnostic that takes none, or one that shall only
 * be called with --call. Since ABI 1.0. */
typedef struct x07_diagnostic {
    uint32_t size;
    uint32_t reserved;
    const char *name; /* [a-z0-9._-]+, at most 64 bytes */
    const char *signature;
    const char *summary; /* one line, or NULL */
    const char *arguments;
    void (*function)(void);
} x07_diagnostic;

/* The descriptor. Owned by the plugin, constant, and valid as long as the file is loaded. Since ABI 1.0. */
typedef struct x07_plugin {
    uint32_t size;
    uint32_t abi_major; /* X07_ABI_MAJOR */
    uint32_t abi_minor; /* X07_ABI_MINOR that it was compiled with */
    uint32_t reserved;
    const char *id;      /* reverse domain, [a-z0-9._-]+, at most 128 bytes, e.g. "com.example.microbox" */
    const char *version; /* of the plugin, for people */
    const char *vendor;
    const char *licence; /* SPDX expression */
    const char *summary; /* one line */
    const x07_service *services;
    const x07_diagnostic *diagnostics; /* may be NULL when diagnostic_count is 0 */
    uint32_t service_count;            /* at least 1 */
    uint32_t diagnostic_count;

    /* Called once before any service or diagnostic, and again only after fini; NULL: nothing to do.
     * host    stays valid until fini has returned. NULL, or a table that x07_host_usable refuses, must give
     *         X07_E_ARGUMENT.
     * Errors: any; the plugin then counts as not usable and fini is not called. Since ABI 1.0. */
    x07_status (*init)(const x07_host *host);

    /* Called once after the last use, only when init succeeded; NULL: nothing to do. Afterwards no thread,
     * child process or temporary file of the plugin is left. Since ABI 1.0. */
    void (*fini)(void);
} x07_plugin;

/* The entry point. Returns the same descriptor each time; NULL when the plugin cannot work with a host of
 * this ABI. Must not do anything else: it is also called just to list the plugin. Neither it nor a
 * constructor of the file starts threads or processes, opens files, or takes noticeable time. Since ABI 1.0.
 */
typedef const x07_plugin *(*x07_plugin_entry_function)(uint32_t abi_major, uint32_t abi_minor);

#define X07_PLUGIN_ENTRY "x07_plugin_entry"

X07_EXPORT const x07_plugin *x07_plugin_entry(uint32_t abi_major, uint32_t abi_minor);

/* The usual entry point, for a file-scope `static const x07_plugin descriptor`, at the end of the file and
 * without a semicolon: it works with every host of the major version. Compiled into its user; since SDK 1.2.
 */
#define X07_PLUGIN_DEFINE(descriptor)                                                     \
    X07_EXPORT const x07_plugin *x07_plugin_entry(uint32_t abi_major, uint32_t abi_minor) \
    {                                                                                     \
        (void)abi_minor;                                                                  \
        return abi_major == X07_ABI_MAJOR ? &descriptor : NULL;                           \
    }

#endif
