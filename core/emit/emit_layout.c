/* emit_layout.c: the final layout of emitted C: one tab a block. Works on lines; knows nothing of what they
 * mean. */
#include "emit/emitter.h"

#include <string.h>

static bool
layout_starts(const char *line, size_t len, const char *word)
{
    size_t n = strlen(word);

    return len >= n && !memcmp(line, word, n);
}

/* A condition or loop whose body is the next line. */
static bool
layout_is_head(const char *line, size_t len)
{
    return layout_starts(line, len, "if (") || layout_starts(line, len, "for (") ||
           (len == 4 && layout_starts(line, len, "else"));
}

void
emit_layout(const char *code, size_t size, struct text *out)
{
    const char *end = code + size;
    int depth = 0;
    bool hanging = false;

    while (code < end) {
        const char *newline = memchr(code, '\n', (size_t)(end - code));
        size_t len = (size_t)((newline ? newline : end) - code);

        if (len && *code == '}')
            depth--;
        int tabs = depth + (hanging && len && *code != '{' ? 1 : 0);
        bool label = len && code[len - 1] == ':';
        for (int i = 0; len && !label && i < tabs; i++)
            text_putc(out, '\t');
        text_append(out, code, len);
        text_putc(out, '\n');
        hanging = layout_is_head(code, len);
        if (len && *code == '{')
            depth++;
        code += len + 1;
    }
}
