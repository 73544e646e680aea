/* init_templates.h: the templates of `x07 init`. Knows names and dependencies; knows nothing of files. */
#ifndef CLI_INIT_TEMPLATES_H
#define CLI_INIT_TEMPLATES_H

#include <stdbool.h>

enum { INIT_MAX_DEPENDENCIES = 4 };

struct init_template {
    const char *name;                                    /* NULL: the plain project */
    const char *dependencies[INIT_MAX_DEPENDENCIES + 1]; /* NAME@VERSION, sorted; ends with NULL */
    bool sandboxed;                                      /* its default profile */
    bool elsewhere;                                      /* x07-mcp makes it */
    bool incomplete; /* its program needs packages whose interfaces are not known here */
};

/* For the option; ends with NULL. */
extern const char *const init_template_names[];

/* The template of that name, which must be one of them; the plain project for NULL. */
const struct init_template *init_template_find(const char *name);

#endif
