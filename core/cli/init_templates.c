/* init_templates.c: see init_templates.h. */
#include "cli/init_templates.h"

#include <stddef.h>
#include <string.h>

static const struct init_template templates[] = {
    {.name = NULL},
    {.name = "cli",
     .dependencies = {"ext-cli@0.1.12", "ext-data-model@0.1.8", "ext-json-rs@0.1.4"},
     .incomplete = true},
    {.name = "http-client",
     .dependencies = {"ext-curl-c@0.1.6", "ext-net@0.1.9", "ext-sockets-c@0.1.6", "ext-url-rs@0.1.4"},
     .sandboxed = true,
     .incomplete = true},
    {.name = "web-service",
     .dependencies = {"ext-net@0.1.9", "ext-sockets-c@0.1.6", "ext-url-rs@0.1.4"},
     .sandboxed = true,
     .incomplete = true},
    {.name = "fs-tool", .dependencies = {"ext-fs@0.1.5"}, .sandboxed = true},
    {.name = "sqlite-app",
     .dependencies = {"ext-data-model@0.1.8", "ext-db-core@0.1.9", "ext-db-sqlite@0.1.9", "ext-fs@0.1.5"},
     .sandboxed = true},
    {.name = "postgres-client",
     .dependencies = {"ext-data-model@0.1.8", "ext-db-core@0.1.9", "ext-db-postgres@0.1.5"},
     .sandboxed = true},
    {.name = "worker", .dependencies = {"ext-log@0.1.4"}, .sandboxed = true},
    {.name = "mcp-server", .elsewhere = true},
    {.name = "mcp-server-stdio", .elsewhere = true},
    {.name = "mcp-server-http", .elsewhere = true},
    {.name = "mcp-server-http-tasks", .elsewhere = true},
};

const char *const init_template_names[] = {
    "cli",
    "http-client",
    "web-service",
    "fs-tool",
    "sqlite-app",
    "postgres-client",
    "worker",
    "mcp-server",
    "mcp-server-stdio",
    "mcp-server-http",
    "mcp-server-http-tasks",
    NULL,
};

const struct init_template *
init_template_find(const char *name)
{
    for (size_t i = 1; name && i < sizeof templates / sizeof templates[0]; i++)
        if (strcmp(templates[i].name, name) == 0)
            return &templates[i];
    return &templates[0];
}
