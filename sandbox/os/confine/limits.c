/* limits.c: see limits.h. */
#include "limits.h"

#include <sys/resource.h>

/* The first process of the namespace belongs to the same user and is counted with the program's. */
static uint64_t
with_init(const struct limit *limit)
{
    return limit->resource == RLIMIT_NPROC && limit->value < UINT64_MAX ? limit->value + 1 : limit->value;
}

void
limits_apply(const struct plan *plan)
{
    for (size_t i = 0; i < plan->limit_count; i++) {
        rlim_t value = with_init(&plan->limits[i]);
        struct rlimit limit = {.rlim_cur = value, .rlim_max = value};

        if (setrlimit((__rlimit_resource_t)plan->limits[i].resource, &limit))
            report_fail_errno(&plan->report, "E_SANDBOX_OS_LIMIT", "cannot set a resource limit to %llu",
                              (unsigned long long)value);
    }
    report_layer(&plan->report, "rlimits");
}
