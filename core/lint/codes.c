/* codes.c: see codes.h. */
#include "lint/codes.h"

#include <string.h>

static const struct code codes[] = {
#define CODE(id, code, component, stage, severity, fix, summary, details) \
    {code, component, stage, SEVERITY_##severity, CODE_FIX_##fix, summary, details},
#include "lint/codes.def"
#undef CODE
};

const struct code *
code_row(enum code_id id)
{
    return &codes[id];
}

const struct code *
code_find(const char *code)
{
    for (size_t i = 0; i < CODE_COUNT; i++)
        if (strcmp(codes[i].code, code) == 0)
            return &codes[i];
    return NULL;
}

const char *
code_fix_name(enum code_fix fix)
{
    static const char *const names[] = {"never", "sometimes", "always"};

    return names[fix];
}

const char *
code_severity_name(enum diagnostic_severity severity)
{
    static const char *const names[] = {"error", "warning", "info", "hint"};

    return names[severity];
}
