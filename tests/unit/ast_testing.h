/* ast_testing.h: one document, read and written, for the tests of core/ast. */
#ifndef AST_TESTING_H
#define AST_TESTING_H

#include "ast/ast.h"

#include <CUnit/Basic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct reading {
    struct arena *arena;
    struct ast_context context;
    struct ast_doc *doc; /* NULL: message says why */
    struct text message;
};

/* Reads from a heap copy of exactly `len` bytes, which is gone afterwards, so that sanitizers see each byte
 * read beyond it and each pointer kept into it. */
static inline struct reading
reading_new(const char *text, size_t len)
{
    struct reading reading = {.arena = arena_new()};
    char *copy = malloc(len ? len : 1);

    if (len)
        memcpy(copy, text, len);
    ast_context_init(&reading.context, reading.arena);
    reading.doc = ast_read(&reading.context, copy, len, &reading.message);
    free(copy);
    return reading;
}

static inline void
reading_free(struct reading *reading)
{
    text_free(&reading->message);
    ast_context_free(&reading->context);
    arena_free(reading->arena);
}

static inline bool
same_text(const char *what, const char *expected, const struct text *got)
{
    if (strlen(expected) == got->len && memcmp(expected, text_string(got), got->len) == 0)
        return true;
    fprintf(stderr, "\n%s\n  expected: %s\n  got:      %s\n", what, expected, text_string(got));
    return false;
}

/* The document is refused with this message. */
static inline bool
refused(const char *text, size_t len, const char *expected)
{
    struct reading reading = reading_new(text, len);
    bool ok = same_text(text, expected, &reading.message) && !reading.doc;

    reading_free(&reading);
    return ok;
}

/* The document is accepted and its canonical form is this one, byte for byte. */
static inline bool
written_as(const char *text, size_t len, const char *expected)
{
    struct reading reading = reading_new(text, len);
    struct text written = {0};
    bool ok = same_text(text, "", &reading.message) && reading.doc;

    if (ok) {
        ast_write(reading.doc, &written);
        ok = same_text(text, expected, &written);
    }
    text_free(&written);
    reading_free(&reading);
    return ok;
}

#endif
