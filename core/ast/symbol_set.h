/* symbol_set.h: a set of interned strings, to find duplicates in linear time. Not thread-safe. */
#ifndef AST_SYMBOL_SET_H
#define AST_SYMBOL_SET_H

#include "ast/ast.h"

/* Zero-initialise it ({0}) and free it with symbol_set_free. */
struct symbol_set {
    const struct symbol **slots;
    size_t slot_count;
    size_t count;
};

/* Returns false when the symbol is in the set already. */
bool symbol_set_add(struct symbol_set *set, const struct symbol *symbol);

void symbol_set_free(struct symbol_set *set);

#endif
