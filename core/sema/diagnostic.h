/* diagnostic.h: what is wrong with a document, as lint, check and fix report it (diagnostics chapter, section
 * 2): a list of findings, each with a code, a place, and sometimes a patch that repairs it.
 * Knows nothing of the rules that find them.
 *
 * A list and everything in it live in the arena that it was made with. No call fails. Not thread-safe. */
#ifndef SEMA_DIAGNOSTIC_H
#define SEMA_DIAGNOSTIC_H

#include "ast/ast.h"
#include "base/arena.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum diagnostic_severity { SEVERITY_ERROR, SEVERITY_WARNING, SEVERITY_INFO, SEVERITY_HINT };

/* One member of a finding's data: the value is JSON text. */
struct diagnostic_field {
    const char *key;
    const char *json;
};

/* One operation of a JSON Patch. */
struct diagnostic_op {
    const char *op;
    const char *path;
    const char *value; /* JSON text, or NULL for remove */
};

struct diagnostic {
    const char *code;
    enum diagnostic_severity severity;
    const char *stage;
    const char *message;
    const char *ptr; /* JSON Pointer of the place, or NULL when the finding has none */
    const char **notes;
    uint32_t note_count;
    const char **related; /* JSON Pointers */
    uint32_t related_count;
    struct diagnostic_field *data; /* in byte order of the keys */
    uint32_t data_count;
    struct diagnostic_op *fix;
    uint32_t fix_count;
    const char *fix_note; /* or NULL */
    size_t sequence;      /* order of production */
};

/* Starts as {.arena = ...}. */
struct diagnostics {
    struct arena *arena;
    struct diagnostic **items;
    size_t count;
};

/* `code` and `stage` must be static. The format is that of failure.h. `loc` NULL is the whole document. The
 * result stays in the list; the calls below add to it. */
struct diagnostic *diagnostics_add(struct diagnostics *list, const char *code,
                                   enum diagnostic_severity severity, const char *stage,
                                   const struct ast_loc *loc, const char *format, ...);

/* Puts a finding of another list of the same arena at the end. */
void diagnostics_append(struct diagnostics *list, struct diagnostic *finding);

/* Texts are copied, keys and the names of operations are not. */
void diagnostic_note(struct diagnostics *list, struct diagnostic *diagnostic, const char *note);
void diagnostic_related(struct diagnostics *list, struct diagnostic *diagnostic, const struct ast_loc *loc);
/* A key that is there already gets the new value. */
void diagnostic_data(struct diagnostics *list, struct diagnostic *diagnostic, const char *key,
                     const char *json);
void diagnostic_data_symbol(struct diagnostics *list, struct diagnostic *diagnostic, const char *key,
                            const struct symbol *value);
void diagnostic_data_number(struct diagnostics *list, struct diagnostic *diagnostic, const char *key,
                            uint32_t value);
void diagnostic_fix(struct diagnostics *list, struct diagnostic *diagnostic, const char *op,
                    const struct ast_loc *loc, const char *value);

/* By pointer, code and message, all as bytes; equal ones stay in order of production. */
void diagnostics_sort(struct diagnostics *list);

/* Whether no finding is an error. */
bool diagnostics_ok(const struct diagnostics *list);

/* The finding as one JSON object, members in the order of the report. */
void diagnostic_write(const struct diagnostic *diagnostic, struct text *out);

#endif
