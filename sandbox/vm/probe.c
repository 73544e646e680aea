/* probe.c: what can be had here. A guest takes seconds to boot where it is emulated, more than a probe has:
 * the answer of the last trial is remembered, by kernel, QEMU and machine. With KVM, where a boot takes a
 * moment, the probe tries. */
#include "vm.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TRY_MS = 1300, FACTS = 5 };

const char vm_tcg_warning[] = "software emulation is not a security boundary (X07_VM_ACCEL=tcg)";

uint32_t
vm_strength(const struct settings *settings)
{
    return settings->accel == ACCEL_KVM ? X07_STRENGTH_VM : X07_STRENGTH_NONE;
}

/* A probe's host table says failures to nobody: keep what was said. */
struct listener {
    x07_host table;
    char said[2048];
};

static x07_status
listen_fail(const x07_host *host, x07_status status, const char *code, const char *message)
{
    struct listener *listener = (struct listener *)(uintptr_t)host;

    (void)code;
    snprintf(listener->said, sizeof listener->said, "%s", message);
    return status;
}

static void
ignore_log(const x07_host *host, uint32_t level, const char *text)
{
    (void)host, (void)level, (void)text;
}

static void
listen(struct listener *listener, const x07_host *host)
{
    memset(listener, 0, sizeof *listener);
    memcpy(&listener->table, host, host->size < sizeof listener->table ? host->size : sizeof listener->table);
    listener->table.fail = listen_fail;
    listener->table.log = ignore_log;
}

char *
vm_try(const x07_host *host, const struct settings *settings, int64_t limit_ms)
{
    struct listener listener;
    struct template template;

    listen(&listener, host);
    x07_status status = template_get(&listener.table, settings, template_default_mib(), limit_ms, &template);
    const char *failure = status == X07_OK ? "" : listener.said[0] ? listener.said : "it failed";
    trial_remember(settings, failure);
    return strdup(failure);
}

/* "" when guests run here, else why not. From malloc. */
static char *
find_out(const x07_host *host, const struct settings *settings)
{
    char *known = trial_recall(settings);

    if (known)
        return known;
    if (settings->accel == ACCEL_KVM)
        return vm_try(host, settings, TRY_MS);
    return strdup("not known yet: no guest has been started on this machine (x07 vm build-image finds out)");
}

static void
add_fact(const x07_host *host, x07_probe *probe, const char *name, const char *value)
{
    probe->facts[probe->fact_count++] =
        (x07_fact){.size = sizeof(x07_fact), .name = name, .value = vm_copy_text(host, value)};
}

static void
add_facts(const x07_host *host, const struct settings *settings, x07_probe *probe)
{
    char *trial = trial_recall(settings);

    probe->facts = host->alloc(host, sizeof(x07_fact) * FACTS);
    add_fact(host, probe, "accel", settings_accel_name(settings));
    add_fact(host, probe, "kernel", settings->kernel);
    add_fact(host, probe, "qemu", settings->qemu);
    add_fact(host, probe, "security_boundary",
             settings->accel == ACCEL_KVM ? "yes" : "no: software emulation");
    add_fact(host, probe, "trial", !trial ? "not known yet" : trial[0] ? trial : "a guest runs here");
    free(trial);
}

x07_status
vm_probe(const x07_host *host, x07_probe *probe)
{
    struct settings *settings = calloc(1, sizeof *settings);
    struct listener listener;

    if (!settings)
        abort();
    listen(&listener, host);
    if (settings_read(&listener.table, settings) != X07_OK) {
        probe->reason = vm_copy_text(host, listener.said);
        free(settings);
        return X07_OK;
    }
    char *failure = find_out(host, settings);
    probe->available = !failure[0];
    probe->strength = vm_strength(settings);
    if (failure[0])
        probe->reason = vm_copy_text(host, failure);
    else if (settings->accel == ACCEL_TCG)
        probe->reason = vm_copy_text(host, vm_tcg_warning);
    add_facts(host, settings, probe);
    free(failure);
    free(settings);
    return X07_OK;
}
