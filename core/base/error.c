/* error.c: see error.h. */
#include "base/error.h"

#include "base/memory.h"
#include "base/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static struct error *
error_make(const char *code, struct text *message)
{
    struct error *error = memory_alloc(sizeof *error);

    error->code = code;
    error->message = text_take(message);
    return error;
}

struct error *
error_new(const char *code, const char *format, ...)
{
    struct text message = {0};
    va_list args;

    va_start(args, format);
    text_vprintf(&message, format, args);
    va_end(args);
    return error_make(code, &message);
}

char *
error_os_text(int number)
{
    struct text text = {0};
    char buffer[256];

    text_printf(&text, "%s (os error %d)", strerror_r(number, buffer, sizeof buffer), number);
    return text_take(&text);
}

struct error *
error_errno(const char *code, const char *format, ...)
{
    char *reason = error_os_text(errno);
    struct text message = {0};
    va_list args;

    va_start(args, format);
    text_vprintf(&message, format, args);
    va_end(args);
    text_printf(&message, ": %s", reason);
    free(reason);
    return error_make(code, &message);
}

struct error *
error_wrap(struct error *inner, const char *format, ...)
{
    if (!inner)
        return NULL;
    struct text message = {0};
    va_list args;

    va_start(args, format);
    text_vprintf(&message, format, args);
    va_end(args);
    text_printf(&message, ": %s", inner->message);
    free(inner->message);
    inner->message = text_take(&message);
    return inner;
}

void
error_free(struct error *error)
{
    if (!error)
        return;
    free(error->message);
    free(error);
}
