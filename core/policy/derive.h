/* derive.h: a policy made of another one by what the user allows and denies for one run.
 * Knows documents and the files of hosts; knows nothing of options. Everything lives in the arena. */
#ifndef POLICY_DERIVE_H
#define POLICY_DERIVE_H

#include "policy/hosts.h"

/* What the user said, each list in the order given. */
struct policy_overrides {
    struct json_strings allow_hosts; /* HOST:PORTS */
    struct json_strings deny_hosts;
    struct json_strings allow_host_files;
    struct json_strings deny_host_files;
    struct json_strings read_roots;
    struct json_strings write_roots;
};

struct policy_derived {
    struct json_strings violations; /* of the schema; any: there is no derived policy */
    const char *file_name;          /* "<id>.g<digits>.policy.json" */
    const char *text;               /* the document, with its final line feed */
    size_t len;
};

/* Derives from the bytes of the policy file `path`. `command` stands in the notes: "x07 run".
 * Errors: E_POLICY_BASE the base does not allow what is to be widened; E_POLICY_HOST, E_POLICY_ROOT what was
 * said is malformed or too much; E_FILE_READ. */
struct error *policy_derive(struct arena *arena, const char *path, const struct text *base,
                            const struct policy_overrides *overrides, const char *command,
                            struct policy_derived *derived);

#endif
