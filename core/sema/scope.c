/* scope.c: names and locals of one body. Scopes nest; closing one restores what its names meant before. */
#include "base/memory.h"
#include "sema/checker.h"
#include "sema/temporaries.h"

struct scope_mark
scope_open(struct checker *checker)
{
    struct scope_mark mark = {checker->undo_count, checker->scope};

    checker->scope = ++checker->scope_count;
    return mark;
}

void
scope_close(struct checker *checker, struct scope_mark mark)
{
    while (checker->undo_count > mark.undo_count) {
        struct binding_undo *undo = &checker->undo[--checker->undo_count];

        ptrmap_set(&checker->bindings, undo->name, undo->previous);
    }
    checker->scope = mark.scope;
}

struct local *
scope_lookup(const struct checker *checker, const struct symbol *name)
{
    return ptrmap_get(&checker->bindings, name);
}

struct local *
scope_declare(struct checker *checker, struct symbol *name, struct value_type type)
{
    struct local *local = ARENA_NEW(checker->program->context->arena, struct local);

    if (checker->body->local_count >= checker->program->limits.max_locals) {
        temporaries_exceeded(checker->program, checker->func);
        return NULL;
    }
    local->name = name;
    local->type = type;
    local->type.view_full = false;
    local->id = checker->body->local_count++;
    local->scope = checker->scope;
    if (checker->undo_count == checker->undo_capacity) {
        checker->undo_capacity = checker->undo_capacity ? checker->undo_capacity * 2 : 32;
        checker->undo = memory_resize(checker->undo, checker->undo_capacity * sizeof *checker->undo);
    }
    checker->undo[checker->undo_count++] = (struct binding_undo){name, ptrmap_get(&checker->bindings, name)};
    ptrmap_set(&checker->bindings, name, local);
    return local;
}
