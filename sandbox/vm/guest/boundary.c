/* boundary.c: what holds inside the guest. The machine is the boundary that counts; this keeps a program from
 * what its policy does not grant, and from most of the guest's kernel. The pieces are those of the backend
 * "os", but for namespaces: there is nobody else here. */
#include "../../os/confine/broker.h"
#include "../../os/confine/filter.h"
#include "../../os/confine/landlock.h"
#include "../../os/confine/plan.h"
#include "../../os/confine/view.h"
#include "guest.h"

#include <errno.h>
#include <grp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CAPABILITIES = 64 };

static const char *const devices[] = {"/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"};

/* What every program may read; see the backend "os". */
static const char *const readable[] = {"/usr/share/zoneinfo", "/etc/localtime"};

enum { DEVICES = sizeof devices / sizeof *devices, READABLE = sizeof readable / sizeof *readable };

/* The view's paths are the guest's own. */
char *
view_path(const struct plan *plan, const char *path)
{
    (void)plan;
    return strdup(path);
}

static void
list_places(const struct program *program, struct plan *plan)
{
    static struct place places[MAX_PLACES + DEVICES + READABLE];
    static const enum place_kind kinds[] = {[VM_PLACE_READ] = PLACE_READ,
                                            [VM_PLACE_WRITE] = PLACE_WRITE,
                                            [VM_PLACE_RUN] = PLACE_RUN,
                                            [VM_PLACE_LIBRARY] = PLACE_LIBRARY};

    plan->places = places;
    for (size_t i = 0; i < DEVICES; i++)
        places[plan->place_count++] = (struct place){.path = devices[i], .kind = PLACE_DEVICE};
    for (size_t i = 0; i < READABLE; i++)
        places[plan->place_count++] = (struct place){.path = readable[i], .kind = PLACE_READ};
    for (size_t i = 0; i < program->place_count; i++)
        if (program->places[i].kind <= VM_PLACE_LIBRARY)
            places[plan->place_count++] =
                (struct place){.path = program->places[i].path, .kind = kinds[program->places[i].kind]};
}

/* The user's id has no capabilities; the bounding set says that none can be had again. */
static int
leave_root(uid_t user)
{
    for (int capability = 0; capability < CAPABILITIES; capability++)
        if (prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) < 0)
            break; /* the one after the last */
    return setgroups(0, NULL) == 0 && setresgid(user, user, user) == 0 && setresuid(user, user, user) == 0 &&
           prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
}

static int
apply_limits(const struct vm_setup *setup)
{
    static const __rlimit_resource_t resources[VM_LIMITS] = {
        [VM_LIMIT_CPU] = RLIMIT_CPU,         [VM_LIMIT_ADDRESS_SPACE] = RLIMIT_AS,
        [VM_LIMIT_FILE_SIZE] = RLIMIT_FSIZE, [VM_LIMIT_OPEN_FILES] = RLIMIT_NOFILE,
        [VM_LIMIT_PROCESSES] = RLIMIT_NPROC, [VM_LIMIT_CORE] = RLIMIT_CORE,
    };

    for (int i = 0; i < VM_LIMITS; i++) {
        struct rlimit limit = {setup->limits[i], setup->limits[i]};
        if (setup->limits_set & 1u << i && setrlimit(resources[i], &limit) < 0)
            return 0;
    }
    return 1;
}

static void
list_endpoints(const struct program *program, struct plan *plan)
{
    plan->network = program->endpoint_count ? NETWORK_BROKER : NETWORK_NONE;
    plan->endpoints = calloc(program->endpoint_count + 1, sizeof *plan->endpoints);
    if (!plan->endpoints)
        guest_fail("endpoints", NULL);
    for (size_t i = 0; i < program->endpoint_count; i++) {
        const struct vm_endpoint *from = &program->endpoints[i];
        struct endpoint *to = &plan->endpoints[plan->endpoint_count++];
        to->datagrams = from->datagrams != 0;
        to->port = (uint16_t)from->port;
        memcpy(to->first, from->first, sizeof to->first);
        memcpy(to->last, from->last, sizeof to->last);
    }
}

/* The plan of the one that answers; it reports to nobody. */
static struct plan answering = {.report = {.fd = -1}};

int
boundary_accept(const struct program *program, int broker)
{
    list_endpoints(program, &answering);
    return broker_accept(&answering, broker);
}

void
boundary_answer(int calls, pid_t program)
{
    static unsigned waiting; /* processes that answer; those that the program left behind count, too */
    siginfo_t ended = {.si_pid = 0};

    while (waitid(P_ALL, 0, &ended, WEXITED | WNOHANG | WNOWAIT) == 0 && ended.si_pid &&
           ended.si_pid != program) {
        waitpid(ended.si_pid, NULL, 0);
        waiting -= waiting > 0;
        ended.si_pid = 0;
    }
    waiting += broker_answer(&answering, calls, waiting);
}

static void
await_broker(const struct plan *plan, int broker)
{
    char byte;

    if (read(broker, &byte, 1) != 1)
        report_fail_errno(&plan->report, "E_VM_GUEST", "cannot reach the broker");
}

void
boundary_execute(const struct program *program, int report, int broker)
{
    static struct plan plan;
    uint32_t flags = program->setup.flags;

    plan.report.fd = report;
    list_endpoints(program, &plan);
    if (plan.network == NETWORK_BROKER)
        await_broker(&plan, broker);
    plan.spawn = (flags & VM_SPAWN) != 0;
    plan.threads = (flags & VM_THREADS) != 0;
    plan.temporary = plan.spawn;
    plan.program = program->path;
    list_places(program, &plan);
    if (program->directory && chdir(program->directory) < 0)
        report_fail_errno(&plan.report, "E_VM_GUEST", "cannot enter %s", program->directory);
    if (!leave_root(program->setup.user))
        report_fail_errno(&plan.report, "E_VM_GUEST", "cannot become an ordinary user");
    if (flags & VM_CONFINED) {
        landlock_restrict(&plan);
        int calls = filter_install(&plan);
        if (calls >= 0)
            broker_offer(&plan, broker, calls);
    }
    if (!apply_limits(&program->setup))
        report_fail_errno(&plan.report, "E_VM_GUEST", "cannot set a resource limit");
    execve(program->path, program->arguments, program->variables);
    report_fail_errno(&plan.report, "E_PROCESS_START", "%s", program->path);
}
