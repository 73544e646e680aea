/* templates.h: the policies that projects start from. Pure; any thread. */
#ifndef POLICY_TEMPLATES_H
#define POLICY_TEMPLATES_H

#include "policy/policy.h"

/* Their names, for options; ends with NULL. */
extern const char *const policy_template_names[];

/* The document of a template, members sorted, with its final line feed, in the arena. `policy_id` NULL: the
 * template's own, sandbox.<name>.base. `name` must be one of the names. */
const char *policy_template(struct arena *arena, const char *name, const char *policy_id);

/* The id that a template has by itself. */
const char *policy_template_id(struct arena *arena, const char *name);

#endif
