/* edit.h: what the commands that change one document share: reading it, checking the result, putting it in
 * its place. Failures are printed on standard error and become the command's exit code. */
#ifndef CLI_EDIT_H
#define CLI_EDIT_H

#include "ast/json.h"
#include "base/sha256.h"
#include "base/text.h"
#include "cli/source.h"

#include <stdbool.h>

enum { EDIT_UNREADABLE = 2, EDIT_REFUSED = 20, EDIT_NOT_APPLIED = 21 };

struct edit {
    const char *in;
    const char *out; /* NULL: where it was read */
    bool validate;   /* check the result against its schema first */

    struct arena *arena;
    struct source source;
    struct ast_json document; /* in canonical form when it is x07AST, else as it is */
    struct text refusal;      /* why it is not; empty when it is */
    char sha256[SHA256_HEX];  /* of what was written, "" before */
    bool reported;            /* a report is on standard output already */
};

/* Reads edit->in. Returns 0, or EDIT_UNREADABLE with the reason in edit->refusal. Call edit_close in any
 * case.
 */
int edit_open(struct edit *edit);

/* As edit_open, and what was read must be x07AST. */
int edit_open_document(struct edit *edit);

/* Reads another JSON file into the edit's arena. False: `message` got the reason, without the path. */
bool edit_read_json(struct edit *edit, const char *path, struct ast_json *value, struct text *message);

/* Writes the result in canonical form; what is no document, with sorted members, or, if it `must_be` one,
 * not at all. Returns the exit code. */
int edit_save(struct edit *edit, const struct ast_json *result, bool must_be);

/* Prints "{"ok":...,"in":...,"out":...", the members of `more`, and the digest, unless a report stands on
 * standard output already. `more` is NULL or JSON that begins with a comma. Returns `code`. */
int edit_report(const struct edit *edit, int code, const char *more);

void edit_close(struct edit *edit);

/* Prints a message and a line feed on standard error. Returns `code`. */
int edit_fail(int code, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
