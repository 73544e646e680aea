/* landlock.c: see landlock.h. The kernel's interface is written down here, since a build machine's headers
 * may be older than the running kernel. */
#include "landlock.h"

#include "interpreter.h"
#include "view.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
    FS_EXECUTE = 1 << 0,
    FS_WRITE_FILE = 1 << 1,
    FS_READ_FILE = 1 << 2,
    FS_READ_DIR = 1 << 3,
    FS_REMOVE_DIR = 1 << 4,
    FS_REMOVE_FILE = 1 << 5,
    FS_MAKE_CHAR = 1 << 6,
    FS_MAKE_DIR = 1 << 7,
    FS_MAKE_REG = 1 << 8,
    FS_MAKE_SOCK = 1 << 9,
    FS_MAKE_FIFO = 1 << 10,
    FS_MAKE_BLOCK = 1 << 11,
    FS_MAKE_SYM = 1 << 12,
    FS_REFER = 1 << 13,     /* ABI 2 */
    FS_TRUNCATE = 1 << 14,  /* ABI 3 */
    FS_IOCTL_DEV = 1 << 15, /* ABI 5 */

    NET_BIND_TCP = 1 << 0, /* ABI 4 */
    NET_CONNECT_TCP = 1 << 1,

    SCOPE_ABSTRACT_UNIX_SOCKET = 1 << 0, /* ABI 6 */
    SCOPE_SIGNAL = 1 << 1,

    CREATE_VERSION = 1 << 0,
    RULE_PATH_BENEATH = 1
};

enum {
    READ = FS_READ_FILE | FS_READ_DIR,
    WRITE = READ | FS_WRITE_FILE | FS_REMOVE_DIR | FS_REMOVE_FILE | FS_MAKE_DIR | FS_MAKE_REG | FS_MAKE_SOCK |
            FS_MAKE_FIFO | FS_MAKE_SYM | FS_REFER | FS_TRUNCATE,
    /* What can be granted for a file; the rest is for directories only. */
    FILE_RIGHTS = FS_EXECUTE | FS_WRITE_FILE | FS_READ_FILE | FS_TRUNCATE | FS_IOCTL_DEV
};

struct ruleset {
    uint64_t fs;
    uint64_t net;
    uint64_t scoped;
};

struct path_beneath {
    uint64_t access;
    int32_t parent;
} __attribute__((packed));

/* What can be restricted at an ABI, newest first. */
static const struct {
    int abi;
    struct ruleset handled;
    const char *layer;
} versions[] = {
    {6, {0xffff, NET_BIND_TCP | NET_CONNECT_TCP, SCOPE_ABSTRACT_UNIX_SOCKET | SCOPE_SIGNAL}, "landlock-6"},
    {5, {0xffff, NET_BIND_TCP | NET_CONNECT_TCP, 0}, "landlock-5"},
    {4, {0x7fff, NET_BIND_TCP | NET_CONNECT_TCP, 0}, "landlock-4"},
    {3, {0x7fff, 0, 0}, "landlock-3"},
    {2, {0x3fff, 0, 0}, "landlock-2"},
    {1, {0x1fff, 0, 0}, "landlock-1"},
};

static uint64_t
rights_of(const struct plan *plan, enum place_kind kind)
{
    switch (kind) {
    case PLACE_WRITE:
        return WRITE;
    case PLACE_RUN:
        return READ | FS_EXECUTE;
    case PLACE_LIBRARY:
        return plan->spawn ? READ | FS_EXECUTE : READ;
    case PLACE_DEVICE:
        return FS_READ_FILE | FS_WRITE_FILE | FS_IOCTL_DEV;
    default:
        return READ;
    }
}

/* A place that is not there grants nothing. */
static void
grant(const struct plan *plan, int ruleset, uint64_t handled, const char *path, uint64_t rights)
{
    struct path_beneath rule = {.parent = open(path, O_PATH | O_CLOEXEC)};
    struct stat info;

    if (rule.parent < 0)
        return;
    if (fstat(rule.parent, &info) == 0) {
        rule.access = rights & handled & (S_ISDIR(info.st_mode) ? UINT64_MAX : (uint64_t)FILE_RIGHTS);
        if (rule.access && syscall(SYS_landlock_add_rule, ruleset, RULE_PATH_BENEATH, &rule, 0))
            report_fail_errno(&plan->report, "E_SANDBOX_OS_LANDLOCK", "cannot grant %s", path);
    }
    close(rule.parent);
}

static void
grant_all(const struct plan *plan, int ruleset, uint64_t handled)
{
    for (size_t i = 0; i < plan->place_count; i++)
        grant(plan, ruleset, handled, view_path(plan, plan->places[i].path),
              rights_of(plan, plan->places[i].kind));
    if (!plan->bare) /* else it is that of the host */
        grant(plan, ruleset, handled, "/proc", READ);
    if (plan->temporary)
        grant(plan, ruleset, handled, "/tmp", WRITE);
    char *interpreter = plan->program ? interpreter_of(plan->program) : NULL;
    if (interpreter)
        grant(plan, ruleset, handled, interpreter, FS_READ_FILE | FS_EXECUTE);
}

int
landlock_abi(void)
{
    long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, CREATE_VERSION);

    return abi > 0 ? (int)abi : 0;
}

static size_t
version_for(int abi)
{
    size_t i = 0;

    while (versions[i].abi > abi)
        i++;
    return i;
}

void
landlock_restrict(const struct plan *plan)
{
    int abi = landlock_abi();

    if (!abi) {
        report_lack(&plan->report, "landlock", strerror(errno));
        return;
    }
    size_t version = version_for(abi);
    struct ruleset handled = versions[version].handled;
    if (plan->network == NETWORK_HOST)
        handled.net = 0;
    size_t size = abi >= 6 ? sizeof handled : abi >= 4 ? 2 * sizeof handled.fs : sizeof handled.fs;
    int ruleset = (int)syscall(SYS_landlock_create_ruleset, &handled, size, 0);
    if (ruleset < 0)
        report_fail_errno(&plan->report, "E_SANDBOX_OS_LANDLOCK", "cannot make a ruleset");
    grant_all(plan, ruleset, handled.fs);
    if (syscall(SYS_landlock_restrict_self, ruleset, 0))
        report_fail_errno(&plan->report, "E_SANDBOX_OS_LANDLOCK", "cannot restrict this process");
    close(ruleset);
    report_layer(&plan->report, versions[version].layer);
}
