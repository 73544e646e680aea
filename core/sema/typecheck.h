/* typecheck.h: the type checker of documents (language chapter, sections 6.4 and 8): it finds type errors and
 * misused contracts in one file, generic or not, reachable or not, and says where. It knows only a few
 * built-in heads, and coercions not at all; the compiler's own checking is in check.h. */
#ifndef SEMA_TYPECHECK_H
#define SEMA_TYPECHECK_H

#include "ast/ast.h"
#include "base/ptrmap.h"
#include "sema/diagnostic.h"

/* The functions that calls may name. Zero-initialise; the documents must outlive it. */
struct typecheck_signatures {
    struct ptrmap funcs; /* symbol -> struct ast_func */
};

/* Adds a document's functions; a name that is there already keeps its function. */
void typecheck_signatures_add(struct typecheck_signatures *signatures, const struct ast_doc *doc);
void typecheck_signatures_free(struct typecheck_signatures *signatures);

/* Checks every function of `doc` and appends what is wrong to `out`, unsorted. `visible` NULL: only the
 * functions of the document are known. The heads must be registered in `context` (heads_register). Places are
 * those of the document as it was read. Never fails; not thread-safe in one context. */
void typecheck_file(struct ast_context *context, const struct ast_doc *doc,
                    const struct typecheck_signatures *visible, struct diagnostics *out);

/* Whether any function has a contract clause. */
bool typecheck_has_contracts(const struct ast_doc *doc);

/* The compiler's use of it: checks a file that has contracts, and appends "<label>: typecheck failed: ..." to
 * `message` and returns false when there is an error. Any other file passes. */
bool typecheck_contracts(struct ast_context *context, const struct ast_doc *doc, const char *label,
                         struct text *message);

#endif
