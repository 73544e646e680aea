/* describe.c: the boundary of a job as the full report shows it. */
#include "job.h"

#include <x07/json_writer.h>

#include <stdio.h>
#include <string.h>

/* "layer NAME" lines that the guest's init said before it executed the program. */
static void
add_guest_layers(x07_json *json, const struct buffer *lines)
{
    static const char *const known[] = {"seccomp", "landlock"};

    for (size_t i = 0; lines->data && i < sizeof known / sizeof *known; i++) {
        char line[32], name[32];
        snprintf(line, sizeof line, "layer %s", known[i]);
        snprintf(name, sizeof name, "guest-%s", known[i]);
        if (strstr(lines->data, line))
            x07_json_string(json, name);
    }
}

char *
job_describe(const struct job *job)
{
    x07_json json = {.host = job->host};
    uint32_t strength = vm_strength(&job->settings);

    x07_json_begin(&json, '{');
    x07_json_name(&json, "accel");
    x07_json_string(&json, settings_accel_name(&job->settings));
    x07_json_name(&json, "guest_digest");
    x07_json_string(&json, job->template.digest);
    x07_json_name(&json, "kernel");
    x07_json_string(&json, job->settings.kernel);
    x07_json_name(&json, "layers");
    x07_json_begin(&json, '[');
    x07_json_string(&json, strength == X07_STRENGTH_VM ? "kvm" : "emulation");
    x07_json_string(&json, "qemu-seccomp");
    x07_json_string(&json, "guest-user");
    x07_json_string(&json, "guest-rlimits");
    add_guest_layers(&json, &job->guest_layers);
    if (network_is_granted(&job->network))
        x07_json_string(&json, "relayed-network");
    if (shares_wanted(job->grants))
        x07_json_string(&json, job->is_shared ? "shared-files" : "copied-files");
    x07_json_end(&json, ']');
    if (job->is_shared) {
        x07_json_name(&json, "files_layers");
        x07_json_begin(&json, '[');
        x07_json_raw(&json, job->files_layers, strlen(job->files_layers));
        x07_json_end(&json, ']');
    }
    x07_json_name(&json, "qemu_layers");
    x07_json_begin(&json, '[');
    x07_json_raw(&json, job->layers, strlen(job->layers));
    x07_json_end(&json, ']');
    x07_json_name(&json, "memory_mib");
    x07_json_uint(&json, job->template.memory_mib);
    x07_json_name(&json, "security_boundary");
    x07_json_bool(&json, strength == X07_STRENGTH_VM);
    x07_json_name(&json, "strength");
    x07_json_string(&json, strength == X07_STRENGTH_VM ? "vm" : "none");
    x07_json_end(&json, '}');
    return json.data;
}
