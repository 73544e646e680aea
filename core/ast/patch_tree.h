/* patch_tree.h: JSON that can be changed in place: containers with room to grow, members sorted by name.
 * Private to patch*.c. Nothing here checks indexes. Nesting must not exceed that of documents. */
#ifndef AST_PATCH_TREE_H
#define AST_PATCH_TREE_H

#include "ast/json.h"
#include "base/arena.h"

/* A changeable copy of any value; strings are copied too. */
struct ast_json patch_tree_copy(struct arena *arena, const struct ast_json *value);

/* The same of a value of such a tree; strings are shared. */
struct ast_json patch_tree_own(struct arena *arena, const struct ast_json *value);

/* Makes room for one more element at `index` and returns the place: an item or a member. */
void *patch_tree_insert(struct arena *arena, struct ast_json *container, uint32_t index);
void patch_tree_remove(struct ast_json *container, uint32_t index);

/* An item, or the value of a member. */
const struct ast_json *patch_tree_child(const struct ast_json *container, size_t index);

/* How many containers deep a value is; 0 for scalars. */
size_t patch_tree_depth(const struct ast_json *value);

/* Values and bytes of strings. */
size_t patch_tree_size(const struct ast_json *value);

/* Both trees must have sorted members. */
bool patch_tree_equal(const struct ast_json *left, const struct ast_json *right);

#endif
