/* bad.c: one plugin that breaks the rules in the way that BAD_... says, and a sound one without any. */
#include <x07/plugin.h>

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#ifndef PLUGIN_ID
#define PLUGIN_ID "com.example.bad"
#endif
#ifndef PLUGIN_KEY
#define PLUGIN_KEY "bad"
#endif

static void
crash(void)
{
    kill(getpid(), SIGSEGV);
}

static void
hang(void)
{
    for (;;)
        pause();
}

#if defined(BAD_CONSTRUCTOR_CRASH) || defined(BAD_CONSTRUCTOR_LOOP) || defined(BAD_CONSTRUCTOR_EXIT) || \
    defined(BAD_CONSTRUCTOR_FORK)
__attribute__((constructor)) static void
construct(void)
{
#if defined(BAD_CONSTRUCTOR_CRASH)
    crash();
#elif defined(BAD_CONSTRUCTOR_LOOP)
    for (volatile int forever = 1; forever;)
        ;
#elif defined(BAD_CONSTRUCTOR_FORK)
    if (fork() == 0)
        hang();
#else
    exit(0);
#endif
}
#endif

static x07_status
bad_probe(const x07_host *host, x07_probe *probe)
{
    (void)host;
#if defined(BAD_PROBE_CRASH)
    crash();
#elif defined(BAD_PROBE_HANG)
    hang();
#endif
#if !defined(BAD_NULL_CHECKS)
    if (!x07_struct_usable(probe, X07_SIZE_UP_TO(x07_probe, facts)))
        return X07_E_ARGUMENT;
#endif
#if defined(BAD_PROBE_ABSENT)
    static const char reason[] = "this machine has no moon";
    char *copy = host->alloc(host, sizeof reason);
    for (size_t i = 0; i < sizeof reason; i++)
        copy[i] = reason[i];
    probe->reason = copy;
#else
    probe->available = 1;
#endif
    return X07_OK;
}

static x07_status
bad_run(const x07_host *host, const x07_job *job, x07_job_result *result)
{
    (void)result;
    if (!x07_struct_usable(job, X07_SIZE_UP_TO(x07_job, process)))
        return X07_E_ARGUMENT;
    return host->fail(host, X07_E_UNAVAILABLE, "E_BAD", "this backend runs nothing");
}

static int32_t
diagnose(void)
{
#if defined(BAD_DIAGNOSTIC_CRASH)
    crash();
#elif defined(BAD_DIAGNOSTIC_HANG)
    hang();
#endif
    return 42;
}

static const x07_sandbox sandbox = {
#if defined(BAD_VTABLE_SIZE)
    .size = 8,
#else
    .size = sizeof sandbox,
#endif
    .probe = bad_probe,
#if !defined(BAD_VTABLE_NULL)
    .run = bad_run,
#endif
};

static const x07_service services[] = {
    {.size = sizeof *services,
     .kind = X07_KIND_SANDBOX,
#if !defined(BAD_NULL_KEY)
     .key = PLUGIN_KEY,
#endif
     .priority = 20,
     .vtable = &sandbox},
};

static const x07_diagnostic diagnostics[] = {
    {.size = sizeof *diagnostics,
     .name = "answer",
#if defined(BAD_SIGNATURE)
     .signature = "i(",
#else
     .signature = "i()",
#endif
     .function = (void (*)(void))diagnose},
};

static x07_status
bad_init(const x07_host *host)
{
#if defined(BAD_NULL_CHECKS)
    return host->abi_major == X07_ABI_MAJOR ? X07_OK : X07_E_ARGUMENT;
#elif defined(BAD_INIT_FAILS)
    return host->fail(host, X07_E_UNAVAILABLE, "E_BAD_INIT", "there is no licence on this machine");
#else
    return x07_host_usable(host) ? X07_OK : X07_E_ARGUMENT;
#endif
}

static const x07_plugin plugin = {
#if defined(BAD_SIZE_SMALL)
    .size = 24,
#elif defined(BAD_SIZE_HUGE)
    .size = 0x7fffffff,
#else
    .size = sizeof plugin,
#endif
#if defined(BAD_ABI)
    .abi_major = X07_ABI_MAJOR + 41,
#else
    .abi_major = X07_ABI_MAJOR,
#endif
    .abi_minor = X07_ABI_MINOR,
#if defined(BAD_UTF8)
    .id = "com.example.\xff",
#elif defined(BAD_WILD_POINTER)
    .id = (const char *)(uintptr_t)8,
#else
    .id = PLUGIN_ID,
#endif
    .version = "0",
    .vendor = "Example Ltd",
    .licence = "MIT",
    .summary = "Breaks rules",
    .services = services,
#if defined(BAD_COUNT)
    .service_count = 1u << 30,
#else
    .service_count = 1,
#endif
    .diagnostics = diagnostics,
    .diagnostic_count = 1,
    .init = bad_init,
};

#if !defined(BAD_NO_ENTRY)
X07_EXPORT const x07_plugin *
x07_plugin_entry(uint32_t abi_major, uint32_t abi_minor)
{
    (void)abi_major;
    (void)abi_minor;
#if defined(BAD_NULL_ENTRY)
    return NULL;
#else
    return &plugin;
#endif
}
#endif
