/* findings.c: what passes report about the document that they work on. */
#include "base/memory.h"
#include "base/utf8.h"
#include "host/internal.h"

#include <stdlib.h>
#include <string.h>

enum { MOST = 10000 };

static const char *
copy(struct host *host, const char *text)
{
    struct text clean = {0};

    if (!text)
        return NULL;
    utf8_append_lossy(&clean, text, strlen(text));
    const char *kept = arena_copy(host->findings_arena, text_string(&clean), clean.len);
    text_free(&clean);
    return kept;
}

void
host_report(const x07_host *table, const x07_finding *finding)
{
    struct host *host = host_of(table);

    if (!x07_struct_usable(finding, X07_SIZE_UP_TO(x07_finding, message)) || !finding->code ||
        !finding->message || host->finding_count == MOST)
        return;
    if (!host->findings_arena)
        host->findings_arena = arena_new();
    if (!(host->finding_count & (host->finding_count - 1))) {
        size_t capacity = host->finding_count ? host->finding_count * 2 : 1;
        host->findings = memory_resize(host->findings, capacity * sizeof *host->findings);
    }
    host->findings[host->finding_count++] = (struct host_finding){
        .severity = finding->severity,
        .of_linter = host->in_linter,
        .code = copy(host, finding->code),
        .message = copy(host, finding->message),
        .pointer = X07_HAS(finding, x07_finding, pointer) ? copy(host, finding->pointer) : NULL,
        .details = X07_HAS(finding, x07_finding, details) ? copy(host, finding->details) : NULL,
    };
}

const struct host_finding *
host_findings(const struct host *host, size_t *count)
{
    *count = host->finding_count;
    return host->findings;
}

void
host_forget_findings(struct host *host)
{
    arena_free(host->findings_arena);
    free(host->findings);
    host->findings_arena = NULL;
    host->findings = NULL;
    host->finding_count = 0;
}
