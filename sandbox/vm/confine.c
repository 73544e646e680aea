/* confine.c: QEMU and what serves it run inside the boundary of the operating system: a guest that breaks out
 * of its machine finds itself in a process with no network, no other files, and few system calls. The helper
 * is the one of the backend "os". */
#include "vm.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { REPORT_MOST = 65536, AWAIT_MS = 1 };

#define HELPER "x07-confine"

x07_status
confine_find(const x07_host *host, const char *name, char *helper)
{
    Dl_info self;
    char path[PATH_MAX];

    if (!dladdr(vm_guest_init, &self) || !self.dli_fname || !realpath(self.dli_fname, path))
        return vm_fail(host, X07_E_UNAVAILABLE, "E_VM_CONFINE", "cannot find this plugin's own file");
    *strrchr(path, '/') = 0;
    x07_status status = vm_path(host, helper, "%s/%s", path, name);
    if (status == X07_OK && access(helper, X_OK) < 0)
        return vm_fail(host, X07_E_UNAVAILABLE, "E_VM_CONFINE", "cannot run %s: %s", helper, strerror(errno));
    return status;
}

x07_status
confine_begin(const x07_host *host, struct process *process, const char *folder, const char *report,
              struct words *words)
{
    char helper[PATH_MAX];
    x07_status status = confine_find(host, HELPER, helper);

    *process = process_none(host);
    if (status == X07_OK)
        status = vm_path(host, process->report, "%s/%s", folder, report);
    if (status != X07_OK)
        return status;
    unlink(process->report);
    int file = open(process->report, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0)
        return vm_fail_errno(host, "E_VM_IO", "create %s", process->report);
    close(file);
    words_add(words, "%s", helper);
    words_add_pair(words, "--report", process->report);
    words_add_pair(words, "--limit", "core=0");
    return X07_OK;
}

/* Its firmware lies in ../share/qemu of its own folder. */
static void
grant_firmware(const struct settings *settings, struct words *words)
{
    const char *slash = strrchr(settings->qemu, '/');

    words_add(words, "--read");
    words_add(words, "%.*s/../share/qemu", (int)(slash - settings->qemu), settings->qemu);
    words_add_pair(words, "--read", "/usr/share/seabios");
    words_add_pair(words, "--read", "/usr/share/qemu");
}

void
confine_grant(const struct machine_plan *plan, struct words *words)
{
    words_add(words, "--monitor");
    words_add(words, "--threads");
    words_add(words, "--keep");
    words_add(words, "%d", MACHINE_FDS);
    words_add_pair(words, "--read", plan->settings->kernel);
    words_add_pair(words, "--read", plan->template->initramfs);
    /* To be mapped privately it must be opened for writing all the same; a template that was written to is
     * found out and not used again. */
    words_add_pair(words, "--write", plan->template->memory);
    grant_firmware(plan->settings, words);
    if (plan->settings->accel == ACCEL_KVM)
        words_add_pair(words, "--device", "/dev/kvm");
    words_add(words, "--");
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

static bool
has_line(const char *text, const char *line)
{
    for (size_t len = strlen(line); text && *text; text += strcspn(text, "\n"), text += *text == '\n')
        if (strncmp(text, line, len) == 0)
            return true;
    return false;
}

x07_status
confine_await(const struct process *process, int64_t deadline, char **layers)
{
    struct pollfd end = {.fd = process->handle, .events = POLLIN};

    for (;;) {
        bool ended = poll(&end, 1, AWAIT_MS) > 0;
        char *text = vm_read_file(process->report, REPORT_MOST);
        bool told = has_line(text, "running") || has_line(text, "error ");
        free(text);
        if (ended || told || vm_now_ms() > deadline)
            return confine_layers(process->host, process->report, layers);
    }
}
