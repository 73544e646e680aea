/* plan.c: see plan.h. */
#include "plan.h"

#include "endpoint.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define USAGE "E_SANDBOX_OS_USAGE"

enum { FIRST_KEPT = 3, MOST_KEPT = 64 };

void *
plan_alloc(size_t bytes)
{
    void *memory = calloc(1, bytes ? bytes : 1);

    if (!memory)
        _exit(CONFINE_EXIT_FAILED);
    return memory;
}

char *
plan_format(const char *format, ...)
{
    char *text = NULL;
    va_list args;

    va_start(args, format);
    int length = vasprintf(&text, format, args);
    va_end(args);
    if (length < 0)
        _exit(CONFINE_EXIT_FAILED);
    return text;
}

/* What every dynamically linked program needs: its loader, its libraries, the time zones. */
static const struct place system_places[] = {
    {"/usr/lib", PLACE_LIBRARY, NULL},         {"/usr/lib32", PLACE_LIBRARY, NULL},
    {"/usr/lib64", PLACE_LIBRARY, NULL},       {"/usr/libx32", PLACE_LIBRARY, NULL},
    {"/usr/local/lib", PLACE_LIBRARY, NULL},   {"/lib", PLACE_LIBRARY, NULL},
    {"/lib32", PLACE_LIBRARY, NULL},           {"/lib64", PLACE_LIBRARY, NULL},
    {"/libx32", PLACE_LIBRARY, NULL},          {"/etc/ld.so.cache", PLACE_READ, NULL},
    {"/usr/share/zoneinfo", PLACE_READ, NULL}, {"/etc/localtime", PLACE_READ, NULL},
    {"/etc/timezone", PLACE_READ, NULL},       {"/dev/null", PLACE_DEVICE, NULL},
    {"/dev/zero", PLACE_DEVICE, NULL},         {"/dev/full", PLACE_DEVICE, NULL},
    {"/dev/random", PLACE_DEVICE, NULL},       {"/dev/urandom", PLACE_DEVICE, NULL},
};

enum { SYSTEM_PLACES = sizeof system_places / sizeof *system_places };

static void
add_place(struct plan *plan, const char *path, enum place_kind kind)
{
    plan->places[plan->place_count++] = (struct place){.path = path, .kind = kind};
}

static uint64_t
read_number(const struct plan *plan, const char *option, const char *text)
{
    char *end;

    errno = 0;
    uint64_t value = strtoull(text, &end, 10);
    if (errno || end == text || *end || *text < '0' || *text > '9')
        report_fail(&plan->report, USAGE, "%s: not a number: %s", option, text);
    return value;
}

static void
option_read(struct plan *plan, const char *value)
{
    add_place(plan, value, PLACE_READ);
}

static void
option_write(struct plan *plan, const char *value)
{
    add_place(plan, value, PLACE_WRITE);
}

static void
option_run(struct plan *plan, const char *value)
{
    add_place(plan, value, PLACE_RUN);
}

static void
option_device(struct plan *plan, const char *value)
{
    add_place(plan, value, PLACE_DEVICE);
}

static void
option_spawn(struct plan *plan, const char *value)
{
    (void)value;
    plan->spawn = true;
}

static void
option_threads(struct plan *plan, const char *value)
{
    (void)value;
    plan->threads = true;
}

static void
option_monitor(struct plan *plan, const char *value)
{
    (void)value;
    plan->monitor = true;
}

static void
option_check(struct plan *plan, const char *value)
{
    (void)value;
    plan->check = true;
}

static void
option_keep(struct plan *plan, const char *value)
{
    uint64_t keep = read_number(plan, "--keep", value);

    if (keep < FIRST_KEPT || keep > MOST_KEPT)
        report_fail(&plan->report, USAGE, "--keep: from %d to %d: %s", FIRST_KEPT, MOST_KEPT, value);
    plan->keep = (unsigned)keep;
}

static void
option_temporary(struct plan *plan, const char *value)
{
    plan->temporary = read_number(plan, "--tmp", value);
}

static void
option_share_network(struct plan *plan, const char *value)
{
    (void)value;
    plan->network = NETWORK_HOST;
}

static void
option_name(struct plan *plan, const char *value)
{
    plan->name = value;
}

static void
option_connect(struct plan *plan, const char *value)
{
    if (!endpoint_read(value, &plan->endpoints[plan->endpoint_count]))
        report_fail(&plan->report, USAGE, "--connect: not PROTOCOL,FIRST-LAST,PORT: %s", value);
    plan->endpoint_count++;
    plan->network = NETWORK_BROKER;
}

static void
option_settings(struct plan *plan, const char *value)
{
    static const char *const names[] = {"hosts", "nsswitch.conf", "resolv.conf"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        add_place(plan, plan_format("/etc/%s", names[i]), PLACE_READ);
        plan->places[plan->place_count - 1].source = plan_format("%s/%s", value, names[i]);
    }
}

static void
option_group(struct plan *plan, const char *value)
{
    plan->group = true;
    plan->group_memory = read_number(plan, "--group", value);
}

static void
option_limit(struct plan *plan, const char *value)
{
    static const struct {
        const char *name;
        int resource;
    } rows[] = {{"cpu", RLIMIT_CPU},       {"as", RLIMIT_AS},       {"fsize", RLIMIT_FSIZE},
                {"nofile", RLIMIT_NOFILE}, {"nproc", RLIMIT_NPROC}, {"core", RLIMIT_CORE}};
    size_t len = strcspn(value, "=");

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strlen(rows[i].name) == len && strncmp(rows[i].name, value, len) == 0 && value[len] &&
            plan->limit_count < MOST_LIMITS) {
            uint64_t number = read_number(plan, "--limit", value + len + 1);
            plan->limits[plan->limit_count++] = (struct limit){rows[i].resource, number};
            return;
        }
    report_fail(&plan->report, USAGE, "--limit: not one: %s", value);
}

static const struct {
    const char *name;
    bool has_value;
    void (*apply)(struct plan *plan, const char *value);
} options[] = {
    {"--read", true, option_read},        {"--write", true, option_write},
    {"--run", true, option_run},          {"--device", true, option_device},
    {"--spawn", false, option_spawn},     {"--threads", false, option_threads},
    {"--monitor", false, option_monitor}, {"--check", false, option_check},
    {"--tmp", true, option_temporary},    {"--share-network", false, option_share_network},
    {"--argv0", true, option_name},       {"--connect", true, option_connect},
    {"--etc", true, option_settings},     {"--group", true, option_group},
    {"--limit", true, option_limit},      {"--keep", true, option_keep},
};

static int
read_option(struct plan *plan, int index, int argc, char *const *argv)
{
    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        if (strcmp(argv[index], options[i].name) != 0)
            continue;
        if (options[i].has_value && index + 1 >= argc)
            report_fail(&plan->report, USAGE, "%s needs a value", argv[index]);
        options[i].apply(plan, options[i].has_value ? argv[index + 1] : NULL);
        return options[i].has_value ? index + 2 : index + 1;
    }
    report_fail(&plan->report, USAGE, "unknown option %s", argv[index]);
}

void
plan_read(struct plan *plan, int argc, char *const *argv)
{
    int index = 1;
    bool to_file = argc > 2 && strcmp(argv[1], "--report") == 0;

    *plan = (struct plan){.network = NETWORK_NONE, .keep = FIRST_KEPT};
    report_open(&plan->report, to_file ? argv[2] : NULL);
    if (to_file)
        index = 3;
    plan->places = plan_alloc(sizeof *plan->places * (SYSTEM_PLACES + 2 * (size_t)argc + 1));
    plan->endpoints = plan_alloc(sizeof *plan->endpoints * (size_t)argc);
    for (size_t i = 0; i < SYSTEM_PLACES; i++)
        plan->places[plan->place_count++] = system_places[i];
    while (index < argc && strcmp(argv[index], "--") != 0)
        index = read_option(plan, index, argc, argv);
    plan->argv = (const char **)(uintptr_t)(argv + index + (index < argc));
    if (!plan->check && !*plan->argv)
        report_fail(&plan->report, USAGE, "no program: x07-confine [OPTION...] -- PROGRAM [ARGUMENT...]");
    plan->program = *plan->argv;
    if (plan->program && plan->name)
        plan->argv[0] = plan->name;
    if (plan->program)
        add_place(plan, plan->program, PLACE_RUN);
    plan->directory = getcwd(NULL, 0);
    if (!plan->directory || plan->directory[0] != '/')
        report_fail_errno(&plan->report, "E_SANDBOX_OS_DIRECTORY", "cannot find the working directory");
}
