/* simplifier.h: what the passes of the simplifier share. Private to them. */
#ifndef SEMA_SIMPLIFIER_H
#define SEMA_SIMPLIFIER_H

#include "sema/heads.h"
#include "sema/program.h"
#include "sema/tree.h"

struct simplifier {
    struct program *program;
    struct arena *arena;
    struct body *body;
};

/* An i32 node without a place in any document. */
struct node *simplify_int(struct simplifier *simplifier, int32_t value, bool statement);
struct node *simplify_node(struct simplifier *simplifier, enum node_kind kind, enum type type,
                           uint32_t count);
struct node *simplify_read(struct simplifier *simplifier, struct local *local);
struct node *simplify_copy(struct simplifier *simplifier, const struct node *node);
/* A new i32 local of the body, named `prefix` and a number. */
struct local *simplify_local(struct simplifier *simplifier, const char *prefix, unsigned number);

/* An integer, a name, or an operator on such: no effects, no traps. */
bool simplify_is_pure(const struct node *node);
bool simplify_is_int(const struct node *node, int32_t *value);
bool simplify_has_contracts(const struct func *func);
/* Whether nobody can tell if it ran, but by the fuel: it does not trap, ends, and changes nothing. */
bool simplify_is_idle(const struct node *node);
/* Whether it declares a local that code behind it may name. */
bool simplify_declares(const struct node *node);
/* Same shape, names and numbers. */
bool simplify_equal(const struct node *a, const struct node *b);
/* Number of x07AST nodes that the tree stands for. */
uint64_t simplify_count(const struct node *node);

/* The passes, in the order in which they run. Each returns the rewritten tree. */
void simplify_inline(struct program *program);
struct node *simplify_fold(struct simplifier *simplifier, struct node *node);
struct node *simplify_strength(struct simplifier *simplifier, struct node *node);
struct node *simplify_dead_lets(struct simplifier *simplifier, struct node *node);
struct node *simplify_unroll(struct simplifier *simplifier, struct node *node);
struct node *simplify_common(struct simplifier *simplifier, struct node *node);
struct node *simplify_lengths(struct simplifier *simplifier, struct node *node);

#endif
