/* unsafe.c: unsafe blocks that are larger than one can review. */
#include "lint/unit.h"

enum { MAX_EXPRESSIONS = 16 };

void
lint_unsafe_size(struct lint_unit *unit, const struct ast_expr *list, const struct lint_place *place)
{
    uint32_t count = list->count - 1;

    (void)place;
    if (head_of(list) != FORM_UNSAFE || count <= MAX_EXPRESSIONS)
        return;
    struct diagnostic *found =
        lint_add(unit, CODE_UNSAFE_SIZE, list->loc, "unsafe block is large: %d expressions", (int)count);
    lint_note(unit, found, "Try to reduce the unsafe surface area.");
}
