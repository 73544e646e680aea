/* provenance.h: the graph that shows where a value was owned, borrowed, moved and used (language chapter,
 * section 8.5), as data of a finding. Knows nothing of the rules. */
#ifndef LINT_PROVENANCE_H
#define LINT_PROVENANCE_H

#include "sema/diagnostic.h"

#include <stddef.h>

enum provenance_role {
    PROVENANCE_OWNER,
    PROVENANCE_TEMPORARY,
    PROVENANCE_BORROW,
    PROVENANCE_MOVE,
    PROVENANCE_USE
};

/* Node k is called "n<k>". */
struct provenance_node {
    enum provenance_role role;
    const struct ast_loc *loc;
    const char *label;
};

struct provenance_edge {
    const char *kind;
    size_t from, to;
};

struct provenance {
    const struct ast_loc *focus;
    const struct provenance_node *nodes;
    size_t node_count;
    const struct provenance_edge *edges;
    size_t edge_count;
    const char *violation;
    size_t violating_node;
    const char *hint;
};

/* Adds the graph as data.mem_provenance. What is beyond 128 nodes or 256 edges is left out, with a note.
 * Everything is copied. */
void provenance_attach(struct diagnostics *list, struct diagnostic *found, const struct provenance *graph);

#endif
