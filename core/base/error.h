/* error.h: errors as values. A function that can fail returns NULL on success or an error that its caller
 * owns.
 *
 * An error has a stable code (E_...), for programs, and a message of one line, for people. */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include <stdarg.h>

struct error {
    const char *code; /* static storage */
    char *message;
};

struct error *error_new(const char *code, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The message, then ": " and the text of errno, e.g. "No such file or directory (os error 2)". */
struct error *error_errno(const char *code, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Puts "outer: " before the message of `inner` and keeps its code. Returns `inner`, or NULL for NULL. */
struct error *error_wrap(struct error *inner, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Text of an errno value in the form of error_errno; static or thread-local storage is never returned: the
 * caller frees it. */
char *error_os_text(int number);

void error_free(struct error *error);

#endif
