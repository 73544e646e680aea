/* x07rt_contract.h: contract clauses: the budget that each runs in, and the report of one that does not hold.
 * Errors and threads are as in x07rt.h; nothing here takes ownership of a value. */
#ifndef X07RT_CONTRACT_H
#define X07RT_CONTRACT_H

#include "x07rt.h"

/* What a clause's budget replaces while the clause runs. */
typedef struct {
    int64_t fuel;
    uint64_t allocated;
    uint32_t clamped;
} x07_clause;

/* Gives the clause at most 50 000 units of the program's fuel. */
x07_clause x07_clause_enter(x07_rt *rt);
/* Charges the program with what the clause used. Traps `X07T_BUDGET_EXCEEDED_FUEL` or
 * `X07T_BUDGET_EXCEEDED_ALLOC_BYTES` when that was more than a clause may use. */
void x07_clause_leave(x07_rt *rt, x07_clause clause);

typedef enum {
    X07_WITNESS_I32,
    X07_WITNESS_BYTES,
    X07_WITNESS_VIEW,
    X07_WITNESS_RESULT_I32,
    X07_WITNESS_RESULT_BYTES,
    X07_WITNESS_RESULT_VIEW,
    X07_WITNESS_RESULT_RESULT_BYTES,
} x07_witness_type;

/* A value that a violation's report shows. */
typedef struct {
    x07_witness_type type;
    uint32_t tag, inner_tag;
    uint32_t number; /* the i32, or the error code */
    x07_view data;
} x07_witness;

/* Prints `head`, the witnesses and the end of the report on stderr, then ends the process like a trap. Traps
 * for lack of fuel instead when the clause has used more than there was. */
X07_COLD _Noreturn void x07_contract_fail(x07_rt *rt, const char *head, uint32_t head_len,
                                          const x07_witness *witnesses, uint32_t count);

static inline x07_witness
x07_witness_i32(uint32_t x)
{
    return (x07_witness){X07_WITNESS_I32, 0, 0, x, X07_EMPTY_VIEW};
}

static inline x07_witness
x07_witness_bytes(x07_bytes b)
{
    return (x07_witness){X07_WITNESS_BYTES, 0, 0, 0, x07_view_of(b)};
}

static inline x07_witness
x07_witness_bytes_view(x07_view v)
{
    return (x07_witness){X07_WITNESS_VIEW, 0, 0, 0, v};
}

static inline x07_witness
x07_witness_result_i32(x07_result_i32 r)
{
    return (x07_witness){X07_WITNESS_RESULT_I32, r.tag, 0, r.value, X07_EMPTY_VIEW};
}

static inline x07_witness
x07_witness_result_bytes(x07_result_bytes r)
{
    return (x07_witness){X07_WITNESS_RESULT_BYTES, r.tag, 0, r.err, x07_view_of(r.value)};
}

static inline x07_witness
x07_witness_result_bytes_view(x07_result_view r)
{
    return (x07_witness){X07_WITNESS_RESULT_VIEW, r.tag, 0, r.err, r.value};
}

static inline x07_witness
x07_witness_result_result_bytes(x07_result_result_bytes r)
{
    return (x07_witness){X07_WITNESS_RESULT_RESULT_BYTES, r.tag, r.value.tag, r.tag ? r.value.err : r.err,
                         x07_view_of(r.value.value)};
}

#endif
