/* symbol_set.c: open addressing, at most half full. */
#include "ast/symbol_set.h"

#include "base/memory.h"

#include <stdlib.h>

enum { FIRST_SLOTS = 16 };

/* The slot that holds the symbol or would take it. */
static const struct symbol **
find_slot(struct symbol_set *set, const struct symbol *symbol)
{
    size_t at = symbol->hash & (set->slot_count - 1);

    while (set->slots[at] && set->slots[at] != symbol)
        at = (at + 1) & (set->slot_count - 1);
    return &set->slots[at];
}

static void
grow_slots(struct symbol_set *set)
{
    struct symbol_set larger = {.slot_count = set->slot_count ? set->slot_count * 2 : FIRST_SLOTS,
                                .count = set->count};

    larger.slots = memory_alloc(sizeof *larger.slots * larger.slot_count);
    for (size_t i = 0; i < set->slot_count; i++) {
        if (set->slots[i])
            *find_slot(&larger, set->slots[i]) = set->slots[i];
    }
    free(set->slots);
    *set = larger;
}

bool
symbol_set_add(struct symbol_set *set, const struct symbol *symbol)
{
    if (set->count * 2 >= set->slot_count)
        grow_slots(set);
    const struct symbol **slot = find_slot(set, symbol);
    if (*slot)
        return false;
    *slot = symbol;
    set->count++;
    return true;
}

void
symbol_set_free(struct symbol_set *set)
{
    free(set->slots);
    *set = (struct symbol_set){0};
}
