/* bare.c: see bare.h. */
#include "bare.h"

#include "landlock.h"
#include "view.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* With truncation (3); with signals to processes of others, where those are not out of sight (6). */
static const int needed_abi[] = {[BARE_OF_VIEW] = 3, [BARE_OF_NAMESPACES] = 6};

/* Whether a path is beneath a place that may be written, where an earlier run may have put links. */
static bool
is_beneath_writer(const struct plan *plan, const char *path)
{
    bool beneath = false;

    for (size_t i = 0; i < plan->place_count && !beneath; i++) {
        if (plan->places[i].kind != PLACE_WRITE)
            continue;
        char *writer = view_path(plan, plan->places[i].path);
        beneath = strcmp(writer, path) != 0 && view_is_beneath(path, writer);
        free(writer);
    }
    return beneath;
}

/* What of the plan needs more, or NULL. */
static const char *
find_obstacle(const struct plan *plan, enum bareness bareness)
{
    if (plan->spawn || plan->monitor)
        return "to start processes";
    if (plan->network != NETWORK_NONE)
        return "for a network";
    if (plan->temporary)
        return "for a /tmp of its own";
    if (plan->program && is_beneath_writer(plan, view_path(plan, plan->program)))
        return "for an executable in a place that may be written";
    if (landlock_abi() < needed_abi[bareness])
        return "where Landlock is missing or too old";
    return NULL;
}

/* A place beneath one that may be written adds nothing: all that is left to be granted there is reading. */
static void
drop_places_beneath_writers(struct plan *plan)
{
    size_t kept = 0;

    for (size_t i = 0; i < plan->place_count; i++)
        if (!is_beneath_writer(plan, view_path(plan, plan->places[i].path)))
            plan->places[kept++] = plan->places[i];
    plan->place_count = kept;
}

void
bare_accept(struct plan *plan, enum bareness bareness)
{
    static const char *const what[] = {
        [BARE_OF_VIEW] = "mounts cannot be made", [BARE_OF_NAMESPACES] = "namespaces cannot be had"};
    const char *why = strerror(errno);
    const char *obstacle = find_obstacle(plan, bareness);

    if (obstacle)
        report_fail(&plan->report, "E_SANDBOX_OS_NAMESPACES", "%s: %s; they are needed %s", what[bareness],
                    why, obstacle);
    plan->bare = true;
    drop_places_beneath_writers(plan);
    if (bareness == BARE_OF_NAMESPACES) {
        plan->shared = true;
        report_lack(&plan->report, "namespaces", why);
    }
    report_lack(&plan->report, "mount-view", why);
}
