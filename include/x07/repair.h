/* x07/repair.h: the vtable of a repair pass, which turns a document into a better one.
 *
 * The service row's key is the pass's name ("canonicalize", "lint", "quickfix"). The host runs all passes
 * that are not switched off, by ascending rank and then by id, each on the text that the one before returned,
 * and starts again while something changes, up to the user's number of rounds. */
#ifndef X07_REPAIR_H
#define X07_REPAIR_H

#include <x07/host.h>

/* Since ABI 1.0. */
typedef struct x07_repair_request {
    uint32_t size;
    uint32_t round;   /* 1 for the first */
    const char *text; /* the document, need not end with NUL */
    uint64_t text_size;
    const char *path;  /* its name in messages; or NULL. It is not for reading or writing */
    const char *world; /* or NULL */
} x07_repair_request;

/* The host sets size and zeroes the rest. Since ABI 1.0. */
typedef struct x07_repair_result {
    uint32_t size;
    uint32_t changed;     /* 1: `text` holds the new document; 0: the old one stands and `text` may be NULL */
    uint32_t applied_ops; /* number of edits beyond layout, e.g. JSON Patch operations */
    uint32_t lint_ok;     /* 0: error findings remain */
    char *text;
    uint64_t text_size;
} x07_repair_result;

/* Since ABI 1.0. */
typedef struct x07_repair {
    uint32_t size;
    uint32_t rank; /* 100 layout, 200 lint, 300 fixes; unused numbers between are for vendors */

    /* One pass over one document. Pure: the same request gives the same result, and no file is touched.
     * Findings go to host->report as they are found. Errors: X07_E_INVALID the text is not a document that
     * this pass can read; X07_E_ARGUMENT. The host then stops the repair and leaves the file as it was. Since
     * ABI 1.0. */
    x07_status (*run)(const x07_host *host, const x07_repair_request *request, x07_repair_result *result);
} x07_repair;

#endif
