/* filter.c: see filter.h. The filters themselves are made when this program is built, by ../filters. */
#include "filter.h"

#include "filter_programs.h"

#include <linux/seccomp.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

static unsigned
variant_of(const struct plan *plan)
{
    static const unsigned networks[] = {
        [NETWORK_NONE] = 0, [NETWORK_BROKER] = VARIANT_BROKER, [NETWORK_HOST] = VARIANT_HOST_NETWORK};

    return networks[plan->network] | (plan->spawn ? VARIANT_SPAWN : 0) |
           (plan->threads ? VARIANT_THREADS : 0) | (plan->monitor ? VARIANT_MONITOR : 0) |
           (plan->bare ? VARIANT_BARE : 0);
}

int
filter_install(const struct plan *plan)
{
    const struct filter_program *made = &filter_programs[variant_of(plan)];
    struct sock_fprog program = {.len = made->length, .filter = (struct sock_filter *)(uintptr_t)made->steps};
    unsigned flags = plan->network == NETWORK_BROKER ? SECCOMP_FILTER_FLAG_NEW_LISTENER : 0;
    long result = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program);

    if (result < 0)
        report_fail_errno(&plan->report, "E_SANDBOX_OS_SECCOMP", "cannot install the system call filter");
    report_layer(&plan->report, "seccomp");
    return flags ? (int)result : -1;
}
