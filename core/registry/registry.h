/* registry.h: which plugins there are, which one serves a request, and opening it.
 * Knows files, trust and the plugin interface; knows nothing of programs, reports or what a service does.
 *
 * Everything reachable from a registry lives in it and ends with registry_close. Not thread-safe. */
#ifndef REGISTRY_REGISTRY_H
#define REGISTRY_REGISTRY_H

#include "base/arena.h"
#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <x07/plugin.h>

/* Where a directory was named, in the order of the search. */
enum registry_source { SOURCE_OPTION, SOURCE_ENVIRONMENT, SOURCE_USER, SOURCE_SYSTEM };

/* What is known of a file before it is used. */
enum registry_state { PLUGIN_AVAILABLE, PLUGIN_SHADOWED, PLUGIN_REFUSED, PLUGIN_CRASHED, PLUGIN_TIMED_OUT };

/* One row: a service of a plugin. */
struct registry_service {
    uint32_t kind;  /* X07_KIND_* */
    uint32_t index; /* in the descriptor's services */
    const char *key;
    const char *profile; /* or NULL */
    const char *world;   /* or NULL */
    int32_t priority;
    uint32_t rank; /* repair passes only */
};

struct registry_diagnostic {
    uint32_t index; /* in the descriptor's diagnostics */
    const char *name;
    const char *signature;
    const char *summary;   /* or NULL */
    const char *arguments; /* JSON array, or NULL */
};

/* What a descriptor says, as the scan noted it. */
struct registry_descriptor {
    const char *id; /* NULL: nothing is known */
    const char *version;
    const char *vendor;
    const char *licence;
    const char *summary;
    uint32_t abi_major;
    uint32_t abi_minor;
    struct registry_service *services;
    size_t service_count;
    struct registry_diagnostic *diagnostics;
    size_t diagnostic_count;
};

/* What tells one state of a file from another. */
struct registry_identity {
    uint64_t device;
    uint64_t inode;
    uint64_t size;
    int64_t modified_ns;
    int64_t changed_ns;
};

/* One file that was considered. */
struct registry_plugin {
    const char *path; /* as found: absolute, symlinks not resolved */
    enum registry_source source;
    enum registry_state state;
    const char *reason; /* why it is not available; else NULL */
    struct registry_identity identity;
    struct registry_descriptor descriptor;
    const char *sha256; /* hex, when asked for or pinned; else NULL */
    void *handle;       /* the rest is set while it is open in this process */
    const x07_plugin *loaded;
};

/* One directory that was searched. */
struct registry_directory {
    const char *path;
    enum registry_source source;
    const char *problem; /* why it gave nothing, e.g. "No such file or directory"; or NULL */
};

struct registry_options {
    const char *const *plugin_dirs; /* of --plugin-dir, in order; ends with NULL; may be NULL */
    const x07_host *host; /* given to plugins that are opened; must outlive the registry; may be NULL when
                           * none will be */
    const char *(*said)(const x07_host *host); /* what a plugin last told host->fail, "" or NULL for nothing;
                                                * for the error of an init that failed; may be NULL */
    const char *user_dir;                      /* NULL: the user's data directory; "": none */
    const char *system_dir;                    /* NULL: the one beside the running executable; "": none */
    const char *cache_path;                    /* NULL: the user's cache directory; "": none */
    bool digests;                              /* compute the SHA-256 of every file */
    bool retry_failures;                       /* scan files again that crashed or timed out before */
};

struct registry;

/* Finds, trusts, scans. Broken plugins are rows, not errors. The caller closes `*registry` on success.
 * Errors: E_PLUGIN_DIR a directory of --plugin-dir cannot be read; E_PLUGIN_CONFIG malformed pins or
 * preferences. */
struct error *registry_open(const struct registry_options *options, struct registry **registry);

/* Ends every opened plugin (fini), the last opened first. NULL is allowed. */
void registry_close(struct registry *registry);

size_t registry_count(const struct registry *registry);
/* In the order of discovery. */
const struct registry_plugin *registry_plugin_at(const struct registry *registry, size_t index);
size_t registry_directory_count(const struct registry *registry);
const struct registry_directory *registry_directory_at(const struct registry *registry, size_t index);
/* The available plugin of this id, else the first file that has it, else NULL. */
const struct registry_plugin *registry_find(const struct registry *registry, const char *id);

/* A request for a service. */
struct registry_query {
    uint32_t kind;
    const char *key;       /* NULL: whichever fits best */
    const char *profile;   /* NULL: only rows that serve every profile */
    const char *world;     /* NULL: only rows that serve every world */
    const char *preferred; /* plugin id that must serve it, or NULL */
};

struct registry_match {
    const struct registry_plugin *plugin;
    const struct registry_service *service;
};

/* The row that serves a query, without opening anything.
 * Errors: E_PLUGIN_NONE nobody does; E_PLUGIN_TIE two are equally good (the message names both);
 *         E_PLUGIN_PREFERRED the plugin that was asked for, by the caller or the user's preference, does not.
 */
struct error *registry_match(const struct registry *registry, const struct registry_query *query,
                             struct registry_match *match);

/* An opened service. The pointers live until registry_close. */
struct registry_service_handle {
    const char *id;      /* of the plugin */
    const char *version; /* of the plugin */
    const char *path;
    const char *key;
    const void *vtable; /* x07_runner, x07_sandbox, x07_repair or x07_native */
};

/* registry_match, then opens the plugin in this process unless it is open already: trust and identity are
 * checked again, and init is called with options->host. Errors: those of registry_match; E_PLUGIN_TRUST;
 * E_PLUGIN_CHANGED the file is not the one that was scanned; E_PLUGIN_LOAD; E_PLUGIN_INIT. */
struct error *registry_select(struct registry *registry, const struct registry_query *query,
                              struct registry_service_handle *service);

/* The winner of every key of `kind` for a profile and world, repair passes by rank and id, others by key.
 * None is opened. `*matches` is an array in the registry. Errors: those of registry_match for any key. */
struct error *registry_match_all(struct registry *registry, uint32_t kind, const char *profile,
                                 const char *world, const struct registry_match **matches, size_t *count);

/* "runner", "sandbox", "repair", "native"; NULL for another number. */
const char *registry_kind_name(uint32_t kind);
/* "option", "environment", "user", "system". */
const char *registry_source_name(enum registry_source source);
/* "available", "shadowed", "refused", "crashed", "timed-out". */
const char *registry_state_name(enum registry_state state);

#endif
