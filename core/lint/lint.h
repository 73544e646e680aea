/* lint.h: what is wrong with one document, without compiling it: the rules of the linter and, for documents
 * of newer schemas, the type checker of documents. Knows documents and worlds; knows nothing of files,
 * reports or the compiler.
 *
 * All places are those of the document in its canonical form, whatever the layout of the text that was read.
 * Not thread-safe in one lint_source; different ones may be used by different threads. */
#ifndef LINT_LINT_H
#define LINT_LINT_H

#include "ast/ast.h"
#include "base/arena.h"
#include "base/text.h"
#include "sema/diagnostic.h"

#include <stdbool.h>
#include <stddef.h>

/* What a world allows. */
struct lint_options {
    bool fs, rr, kv;
    bool unsafe, ffi;
    bool eval; /* one of the deterministic worlds */
};

/* The options of a world; false when there is no such world. Pure. */
bool lint_options_of_world(const char *world, struct lint_options *options);

/* A document in its canonical form. */
struct lint_source {
    struct arena *arena;
    struct ast_context context;
    struct ast_doc *doc;
    struct text text; /* its canonical text */
};

/* Reads a document, which must be valid UTF-8. False: it is none, `message` got "<reason> at <pointer>", and
 * nothing is left to close. */
bool lint_open(struct lint_source *source, const char *text, size_t len, struct text *message);
void lint_close(struct lint_source *source);

/* Appends all findings to `out`, in the order of reports. They live in the arena of `out`. Never fails. */
void lint_document(struct lint_source *source, const struct lint_options *options, struct diagnostics *out);

/* Appends findings as JSON objects with ',' between them; `file` becomes their data.file. */
void lint_write(struct diagnostics *found, const char *file, struct text *out);

/* Number of findings that are errors. */
size_t lint_error_count(const struct diagnostics *found);

#endif
