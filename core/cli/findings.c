/* findings.c: see findings.h. */
#include "cli/findings.h"

#include "ast/json.h"

#include <string.h>

void
findings_report(const struct diagnostics *list, const char *const *inputs, size_t input_count,
                struct text *out)
{
    text_printf(out, "{\"schema_version\":\"x07.x07diag@0.1.0\",\"ok\":%s,\"diagnostics\":[",
                diagnostics_ok(list) ? "true" : "false");
    for (size_t i = 0; i < list->count; i++) {
        text_puts(out, i ? "," : "");
        diagnostic_write(list->items[i], out);
    }
    text_putc(out, ']');
    for (size_t i = 0; i < input_count; i++) {
        text_puts(out, i ? "," : ",\"meta\":{\"inputs\":[");
        ast_json_write_string(inputs[i], strlen(inputs[i]), out);
    }
    text_puts(out, input_count ? "]}}" : "}");
}
