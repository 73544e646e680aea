/* schema.h: a policy against its schema (spec/x07-run-os.policy.schema.json), which is stricter than a run:
 * it is asked where a policy is written. Any thread. */
#ifndef POLICY_SCHEMA_H
#define POLICY_SCHEMA_H

#include "policy/policy.h"

/* One message for each violation, "<what> (<JSON Pointer>)", in the arena; none: the document is a policy. */
struct json_strings policy_validate(struct arena *arena, const struct ast_json *document);

#endif
