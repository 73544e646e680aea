/* emitter.h: what the files of the emitter share. Private to them.
 *
 * An expression becomes statements in the current scope's code and a C expression, the value, that the caller
 * places. Two rules keep the order of evaluation: a value that may trap or have effects is placed before any
 * later one is computed, and a value that reads variables is saved before later statements can change them.
 *
 * Fuel is charged per region, a stretch of code that runs as a whole: its cost is known when the region ends
 * and is written where it began, by a marker that is replaced when the function is complete. */
#ifndef EMIT_EMITTER_H
#define EMIT_EMITTER_H

#include "base/text.h"
#include "sema/contracts.h"
#include "sema/heads.h"
#include "sema/program.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How free the place of a value is. */
enum value_level {
    VALUE_NONE,   /* never arrives (after return) */
    VALUE_STABLE, /* a constant, or a variable that is assigned once */
    VALUE_PURE,   /* reads variables; no trap, no effect */
    VALUE_HELD,   /* names an owner that is read as late as possible */
    VALUE_EXPR,   /* may trap or have effects: evaluated once, in order */
};

struct value {
    enum value_level level;
    enum type type;
    const char *text;      /* a C expression */
    bool variable;         /* owned types: text is a variable of ours that holds the value */
    bool registered;       /* the variable is dropped when its scope ends, so taking from it must empty it */
    struct local *consume; /* VALUE_HELD: emptied once the operation has read it */
};

/* A variable to drop when its scope ends. */
struct droppable {
    const char *name;
    enum type type;
};

/* A C block. */
struct emit_scope {
    struct emit_scope *outer;
    struct text declarations;
    struct text code;
    struct droppable *drops;
    size_t drop_count, drop_capacity;
};

/* How a region's charge is written at its marker. */
enum charge_form {
    CHARGE_CHECKED = 'C',    /* a statement that traps when fuel runs out */
    CHARGE_STATEMENT = 'S',  /* a statement */
    CHARGE_EXPRESSION = 'E', /* "fuel -= n, " */
    CHARGE_NUMBER = 'N',     /* the cost as a number */
};

/* Beside the head flags that name headers. */
enum { HEADER_CONTRACT = 1 << 24 };

/* What the callers of a function must know about its fuel. */
struct call_terms {
    bool known;          /* the function is emitted: nothing of this changes any more */
    bool charges_itself; /* else callers charge `cost` */
    bool takes_fuel;     /* it charges something, so it must be given the fuel */
    uint64_t cost;
};

/* A task scope around the code that is being emitted. */
struct emit_task_scope {
    const struct emit_task_scope *outer;
    const char *name; /* of its C variable */
};

struct emitter {
    const struct program *program;
    struct arena *arena;
    struct body *body;
    struct emit_scope *scope;
    uint64_t *regions; /* cost of each region of the function */
    size_t region_count, region_capacity;
    size_t region; /* the current one */
    uint32_t next_temporary;
    unsigned silent; /* above 0: nothing is charged */
    bool input_used;
    const char *fuel; /* "fuel" or "rt->fuel" */
    bool local_fuel;
    struct call_terms *terms; /* by number of the function */
    bool fuel_in_calls;       /* the function calls one that takes fuel */
    bool done_used;
    bool tasks;                               /* the program has asynchronous functions */
    bool async;                               /* the function is one */
    bool gone_used;                           /* it may end because it was canceled */
    const struct emit_task_scope *task_scope; /* the innermost open one */
    unsigned headers;                         /* head flags of the runtime headers that the program needs */
    bool *used;                               /* by head: it is emitted; HEAD_END of them */
    bool check_borrows;
};

/* ---- scopes (emit_scope.c) ---- */

void emit_line(struct emitter *emitter, const char *format, ...) __attribute__((format(printf, 2, 3)));
void emit_open_scope(struct emitter *emitter, struct emit_scope *scope);
/* Makes the enclosing scope current again; the scope itself is closed or discarded later. */
void emit_leave_scope(struct emitter *emitter, struct emit_scope *scope);
/* Appends the scope as a C block, which begins with `prefix`, to the enclosing scope's code. */
void emit_close_scope(struct emitter *emitter, struct emit_scope *scope, const char *prefix);
/* Ends the scope without its block: for scopes that turned out to be plain expressions. */
void emit_discard_scope(struct emitter *emitter, struct emit_scope *scope);
/* No declarations, no code. */
bool emit_scope_is_plain(const struct emit_scope *scope);
/* Takes what was written to the current scope's code since emit_divert; see there. */
struct text emit_divert(struct emitter *emitter);
struct text emit_restore(struct emitter *emitter, struct text saved);

/* A new variable of the current scope; owned types start empty. */
const char *emit_temporary(struct emitter *emitter, enum type type);
void emit_register(struct emitter *emitter, const char *name, enum type type);
/* The C name of a local. */
const char *emit_local_name(struct emitter *emitter, const struct local *local);
/* Declares a local in the current scope, to be dropped with it where its type needs that. */
void emit_declare_local(struct emitter *emitter, const struct local *local);
/* Drops of all open scopes, innermost first, as for a return. */
void emit_drop_all(struct emitter *emitter);
/* The C expression of an owned type's empty value. */
const char *emit_empty(enum type type);

/* ---- fuel (emit_fuel.c) ---- */

void emit_charge(struct emitter *emitter, uint64_t cost);
size_t emit_new_region(struct emitter *emitter);
/* Makes a new region current and puts its charge here. */
void emit_begin_region(struct emitter *emitter, enum charge_form form);
/* The marker of a region, as text to place. */
const char *emit_marker(struct emitter *emitter, size_t region, enum charge_form form);
/* Replaces the markers of a finished function. */
void emit_resolve_markers(struct emitter *emitter, const char *code, size_t len, struct text *out);

/* ---- the order of functions, and who charges them (emit_order.c) ---- */

/* Whether the function is part of the C. */
bool emit_is_emitted(const struct func *func);
/* The emitted functions, callees before their callers as far as that can be; returns how many. */
size_t emit_order(struct arena *arena, const struct program *program, struct func ***funcs);
/* Charges a call of a function with what its callers owe for it; returns whether it must be given the fuel.
 */
bool emit_call_terms(struct emitter *emitter, const struct func *callee);
/* Fixes the terms of the current function, whose regions are complete. */
void emit_settle_terms(struct emitter *emitter);

/* ---- values (emit_value.c) ---- */

struct value emit_value(struct emitter *emitter, struct node *node);
/* The value of a condition or bound. One that never arrives, which the simplifier can leave in its place, is
 * 0: the code that it is for is not reached. */
struct value emit_number(struct emitter *emitter, struct node *node);
void emit_statement(struct emitter *emitter, struct node *node);
/* Puts a value into a variable of the current scope, at the end of its code. */
struct value emit_save(struct emitter *emitter, struct value value);
/* A read of a local, at its place. */
struct value emit_read(struct emitter *emitter, const struct local *local);
/* The text of a value that is used up here. Variables that must be emptied afterwards are noted. */
struct value emit_simple(enum value_level level, enum type type, const char *text);
/* Operands in order, protected from each other. */
void emit_operands(struct emitter *emitter, struct node *const *kids, uint32_t count, struct value *values);
/* Empties what the operation on `values` has used up; must follow the statement that holds the operation. */
bool emit_needs_reset(const struct value *values, uint32_t count);
void emit_resets(struct emitter *emitter, const struct value *values, uint32_t count,
                 const struct local *kept);
/* The value of an operation: saved at once when operands must be emptied after it. */
struct value emit_operation(struct emitter *emitter, struct value result, const struct value *values,
                            uint32_t count);

struct value emit_head(struct emitter *emitter, struct node *node);
/* The in-place head's value for assignment to `target`, which it may consume; NULL for no target. */
struct value emit_head_into(struct emitter *emitter, struct node *node, const struct local *target);
struct value emit_call(struct emitter *emitter, struct node *node);
/* The heads of raw pointers that only compute a pointer. */
struct value emit_pointer(struct emitter *emitter, struct node *node);
/* Around a call, the fuel of a function that keeps it in a variable goes through the runtime's. */
void emit_spill_fuel(struct emitter *emitter);
void emit_reload_fuel(struct emitter *emitter);

/* ---- tasks (emit_tasks.c, emit_scopes.c) ---- */

/* Whether tasks may run while this head does. */
bool emit_lets_tasks_run(const struct emitter *emitter, const struct head *row);
/* A statement during which tasks may run. The function leaves behind it if it is a task's and was canceled.
 */
void emit_wait(struct emitter *emitter, const struct node *node, const char *statement);
/* The program needs what the heads of tasks need, though it may call none. */
void emit_use_tasks(struct emitter *emitter);
/* A call of an asynchronous function on its arguments. */
struct value emit_task_call(struct emitter *emitter, struct node *node);
/* How tasks call the bodies of all asynchronous functions. */
void emit_task_entries(struct emitter *emitter, struct text *out);
/* What a head costs beside its operands. */
uint64_t emit_head_cost(const struct emitter *emitter, const struct node *node);
/* In the body of a task, the operands that are charged there only. */
void emit_charge_looks(struct emitter *emitter, const struct node *node);
struct value emit_task_scope(struct emitter *emitter, struct node *node);
/* Leaves all open task scopes, as for a return. */
void emit_leave_task_scopes(struct emitter *emitter);
struct value emit_select(struct emitter *emitter, struct node *node);

struct value emit_extern_call(struct emitter *emitter, struct node *node);
/* Declarations of all externs that the program calls. */
void emit_extern_prototypes(struct emitter *emitter, struct text *out);
struct value emit_cast(struct emitter *emitter, struct node *node);
struct value emit_block(struct emitter *emitter, struct node *node);
struct value emit_if(struct emitter *emitter, struct node *node);
void emit_if_statement(struct emitter *emitter, struct node *node);
struct value emit_let(struct emitter *emitter, struct node *node);
struct value emit_set(struct emitter *emitter, struct node *node);
struct value emit_for(struct emitter *emitter, struct node *node);
struct value emit_return(struct emitter *emitter, struct node *node);
struct value emit_try(struct emitter *emitter, struct node *node);
struct value emit_logical(struct emitter *emitter, struct node *node);
/* `other` in a scope and region of its own, used when the C expression `unless` is false; else `text`. */
struct value emit_choice(struct emitter *emitter, const char *condition, const char *text, struct node *other,
                         enum type type);

/* Appends finished code with its blocks indented (emit_layout.c). */
void emit_layout(const char *code, size_t size, struct text *out);

const char *emit_function_name(struct emitter *emitter, const struct func *func);
/* A C string literal; '?' is escaped so that no trigraph can arise. */
const char *emit_literal(struct emitter *emitter, const char *data, size_t len);

/* The function's contract clauses of one phase, markers resolved; nothing when it has none. */
void emit_contracts(struct emitter *emitter, enum contract_phase phase, struct text *out);

#endif
