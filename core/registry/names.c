/* names.c: the words for kinds, sources and states. */
#include "registry/registry.h"

#define WORD(table, index) ((size_t)(index) < sizeof(table) / sizeof *(table) ? (table)[index] : NULL)

const char *
registry_kind_name(uint32_t kind)
{
    static const char *const names[] = {
        [X07_KIND_RUNNER] = "runner",
        [X07_KIND_SANDBOX] = "sandbox",
        [X07_KIND_REPAIR] = "repair",
        [X07_KIND_NATIVE] = "native",
    };

    return WORD(names, kind);
}

const char *
registry_source_name(enum registry_source source)
{
    static const char *const names[] = {
        [SOURCE_OPTION] = "option",
        [SOURCE_ENVIRONMENT] = "environment",
        [SOURCE_USER] = "user",
        [SOURCE_SYSTEM] = "system",
    };

    return WORD(names, source);
}

const char *
registry_state_name(enum registry_state state)
{
    static const char *const names[] = {
        [PLUGIN_AVAILABLE] = "available", [PLUGIN_SHADOWED] = "shadowed",   [PLUGIN_REFUSED] = "refused",
        [PLUGIN_CRASHED] = "crashed",     [PLUGIN_TIMED_OUT] = "timed-out",
    };

    return WORD(names, state);
}
