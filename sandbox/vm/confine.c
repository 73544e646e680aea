/* confine.c: QEMU runs inside the boundary of the operating system: a guest that breaks out of its machine
 * finds itself in a process with no network, no other files, and few system calls. The helper is the one of
 * the backend "os". */
#include "vm.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { REPORT_MOST = 65536 };

#define HELPER "x07-confine"

/* Beside this plugin. */
x07_status
confine_find(const x07_host *host, char *helper)
{
    Dl_info self;
    char path[PATH_MAX];

    if (!dladdr(vm_guest_init, &self) || !self.dli_fname || !realpath(self.dli_fname, path))
        return vm_fail(host, X07_E_UNAVAILABLE, "E_VM_CONFINE", "cannot find this plugin's own file");
    *strrchr(path, '/') = 0;
    x07_status status = vm_path(host, helper, "%s/" HELPER, path);
    if (status == X07_OK && access(helper, X_OK) < 0)
        return vm_fail(host, X07_E_UNAVAILABLE, "E_VM_CONFINE", "cannot run %s, which confines QEMU: %s",
                       helper, strerror(errno));
    return status;
}

static void
grant(struct words *words, const char *option, const char *path)
{
    words_add(words, "%s", option);
    words_add(words, "%s", path);
}

/* Its firmware lies in ../share/qemu of its own folder. */
static void
grant_firmware(const struct settings *settings, struct words *words)
{
    const char *slash = strrchr(settings->qemu, '/');

    words_add(words, "--read");
    words_add(words, "%.*s/../share/qemu", (int)(slash - settings->qemu), settings->qemu);
    grant(words, "--read", "/usr/share/seabios");
    grant(words, "--read", "/usr/share/qemu");
}

void
confine_wrap(const struct machine_plan *plan, const char *helper, const char *report, struct words *words)
{
    struct words inner = *words;

    *words = (struct words){0};
    words_add(words, "%s", helper);
    grant(words, "--report", report);
    words_add(words, "--monitor");
    words_add(words, "--threads");
    words_add(words, "--keep");
    words_add(words, "%d", MACHINE_FDS);
    grant(words, "--limit", "core=0");
    grant(words, "--read", plan->settings->kernel);
    grant(words, "--read", plan->template->initramfs);
    /* To be mapped privately it must be opened for writing all the same; a template that was written to is
     * found out and not used again. */
    grant(words, "--write", plan->template->memory);
    grant_firmware(plan->settings, words);
    if (plan->settings->accel == ACCEL_KVM)
        grant(words, "--device", "/dev/kvm");
    words_add(words, "--");
    for (size_t i = 0; i < inner.count; i++)
        words_add(words, "%s", inner.items[i]);
    command_line_free(&inner);
}

x07_status
confine_layers(const x07_host *host, const char *report, char **layers)
{
    char *text = vm_read_file(report, REPORT_MOST);
    struct buffer list = {0};
    x07_status status = X07_E_UNAVAILABLE;

    for (char *rest = text, *line; rest && (line = strsep(&rest, "\n"));) {
        if (strncmp(line, "layer ", 6) == 0) {
            buffer_add(&list, list.size ? ",\"" : "\"", list.size ? 2 : 1);
            buffer_add(&list, line + 6, strlen(line + 6));
            buffer_add(&list, "\"", 1);
        }
        if (strcmp(line, "running") == 0)
            status = X07_OK;
        if (strncmp(line, "error ", 6) == 0) {
            status =
                vm_fail(host, X07_E_UNAVAILABLE, "E_VM_CONFINE", "QEMU cannot be confined: %s", line + 6);
            break;
        }
    }
    if (status != X07_OK && !(text && strstr(text, "\nerror ")) && !(text && strncmp(text, "error ", 6) == 0))
        vm_fail(host, X07_E_UNAVAILABLE, "E_VM_CONFINE", "QEMU cannot be confined: no boundary was reported");
    free(text);
    *layers = list.data ? list.data : strdup("");
    if (status != X07_OK) {
        free(*layers);
        *layers = NULL;
    }
    return status;
}
