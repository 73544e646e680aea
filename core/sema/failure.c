/* failure.c: see failure.h. */
#include "sema/failure.h"

#include "base/quote.h"

#include <stdarg.h>

static void
failure_directive(struct text *out, char directive, va_list *args)
{
    switch (directive) {
    case 'Q': {
        const struct symbol *symbol = va_arg(*args, const struct symbol *);
        text_append_quoted(out, symbol->text, symbol->len);
        break;
    }
    case 'L':
        ast_loc_write(va_arg(*args, const struct ast_loc *), out);
        break;
    case 's':
        text_puts(out, va_arg(*args, const char *));
        break;
    case 'd':
        text_printf(out, "%d", va_arg(*args, int));
        break;
    default:
        text_putc(out, directive);
    }
}

void
failure_format(struct text *out, const char *format, va_list *args)
{
    for (const char *p = format; *p; p++) {
        if (*p == '%' && p[1])
            failure_directive(out, *++p, args);
        else
            text_putc(out, *p);
    }
}

bool
failure_set(struct failure *failure, const char *kind, const char *format, ...)
{
    va_list args;

    failure->kind = kind;
    failure->has_loc = false;
    text_clear(&failure->message);
    va_start(args, format);
    failure_format(&failure->message, format, &args);
    va_end(args);
    return false;
}

bool
failure_set_at(struct failure *failure, const char *kind, const struct ast_loc *loc, const char *format, ...)
{
    va_list args;

    failure->kind = kind;
    failure->has_loc = true;
    failure->loc = loc;
    text_clear(&failure->message);
    va_start(args, format);
    failure_format(&failure->message, format, &args);
    va_end(args);
    return false;
}

void
failure_append(struct failure *failure, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    failure_format(&failure->message, format, &args);
    va_end(args);
}

void
failure_free(struct failure *failure)
{
    text_free(&failure->message);
    failure->kind = NULL;
}
