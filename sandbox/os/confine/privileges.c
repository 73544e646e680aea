/* privileges.c: see privileges.h. */
#include "privileges.h"

#include <linux/capability.h>
#include <linux/securebits.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { MOST_CAPABILITIES = 64 };

static const unsigned long root_is_nobody_special =
    SECBIT_NOROOT | SECBIT_NOROOT_LOCKED | SECBIT_NO_SETUID_FIXUP | SECBIT_NO_SETUID_FIXUP_LOCKED |
    SECBIT_KEEP_CAPS_LOCKED | SECBIT_NO_CAP_AMBIENT_RAISE | SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED;

/* What needs capabilities to be given up, and what gives none to whoever has no_new_privs. */
static void
drop_for_good(const struct plan *plan)
{
    if (prctl(PR_SET_SECUREBITS, root_is_nobody_special, 0, 0, 0))
        report_fail_errno(&plan->report, "E_SANDBOX_OS_PRIVILEGES", "cannot give up capabilities");
    if (prctl(PR_CAPBSET_READ, CAP_SYS_ADMIN, 0, 0, 0) != 0 ||
        prctl(PR_CAPBSET_READ, CAP_LAST_CAP, 0, 0, 0) == 1)
        report_fail(&plan->report, "E_SANDBOX_OS_PRIVILEGES", "capabilities are left");
}

void
privileges_drop(const struct plan *plan)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {{0}};

    for (int capability = 0; capability < MOST_CAPABILITIES; capability++)
        if (prctl(PR_CAPBSET_DROP, capability, 0, 0, 0))
            break; /* the one after the last */
    if (!plan->bare)
        drop_for_good(plan);
    if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) || syscall(SYS_capset, &header, none))
        report_fail_errno(&plan->report, "E_SANDBOX_OS_PRIVILEGES", "cannot give up capabilities");
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
        report_fail_errno(&plan->report, "E_SANDBOX_OS_PRIVILEGES", "cannot set no_new_privs");
    report_layer(&plan->report, "no-capabilities");
    report_layer(&plan->report, "no-new-privileges");
}
