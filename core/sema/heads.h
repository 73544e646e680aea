/* heads.h: what every built-in head is. The tables are operators.def, heads.def and future_heads.def; nothing
 * else in the compiler compares a head's name.
 *
 * A symbol's `head` is an index into one numbering of all built-in heads: core forms, operators, calls, and
 * heads that are not built yet. */
#ifndef SEMA_HEADS_H
#define SEMA_HEADS_H

#include "ast/ast.h"
#include "sema/types.h"

#include <stdbool.h>
#include <stdint.h>

enum head_id {
    FORM_BEGIN,
    FORM_UNSAFE,
    FORM_LET,
    FORM_SET,
    FORM_SET0,
    FORM_IF,
    FORM_FOR,
    FORM_RETURN,
    FORM_TRY,
    FORM_CAST_BYTES,
    FORM_CAST_VIEW_COPY,
    FORM_CAST_VIEW,
    FORM_TASK_SCOPE,
    FORM_SELECT,
    FORM_SELECT_TRY,
    FORM_TASK_SCOPE_CFG,
    FORM_SELECT_CFG,
    FORM_SELECT_CASES,
    FORM_CASE_SLOT,
    FORM_CASE_CHAN,
    FORM_COUNT,
#define OPERATOR(id, name, c, foldable) OP_##id,
#include "sema/operators.def"
#undef OPERATOR
    OP_END,
#define HEAD(id, name, operands, result, brand, owner, effect, flags, texts) HEAD_##id,
#include "sema/heads.def"
#undef HEAD
    HEAD_END,
    FUTURE_FIRST = HEAD_END
};

/* How an operand is taken; see heads.def. */
enum operand_mode {
    OPERAND_VALUE,
    OPERAND_PEEK,
    OPERAND_IN_PLACE,
    OPERAND_OWNER,
    OPERAND_VIEWED,
    OPERAND_VIEWED_ANY,
    OPERAND_DEFAULT,
    OPERAND_LAZY,
    OPERAND_TEXT,
    OPERAND_NAME,
    OPERAND_READER, /* bytes, bytes_view or vec_u8 that becomes bytes */
    OPERAND_ONE_OF, /* a value of one of several types */
};

enum { HEAD_MAX_OPERANDS = 6 };

struct head_operand {
    enum operand_mode mode;
    enum type type;
    uint32_t types; /* OPERAND_ONE_OF: the accepted types, as bits */
};

enum head_brand { HEAD_BRAND_NONE, HEAD_BRAND_ARG0, HEAD_BRAND_ANY, HEAD_BRAND_UNWRAP, HEAD_BRAND_LAST };
enum head_owner { HEAD_OWNER_NONE, HEAD_OWNER_ARG0, HEAD_OWNER_MERGE };
enum head_effect { HEAD_EFFECT_PURE, HEAD_EFFECT_TRAPS, HEAD_EFFECT_CALL };

enum head_flag {
    HEAD_FLAG_AT = 1,
    HEAD_FLAG_BOTH = 2,
    HEAD_FLAG_INTERNAL = 4,
    HEAD_FLAG_MAP = 8,
    HEAD_FLAG_VALUE = 16,
    HEAD_FLAG_IO = 32,
    HEAD_FLAG_SAME = 64,
    HEAD_FLAG_COPY = 128,
    HEAD_FLAG_UNSAFE = 256,
    HEAD_FLAG_VIEW = 512, /* lowered as bytes.view */
    HEAD_FLAG_MATH = 1024,
    HEAD_FLAG_TIME = 2048,
    HEAD_FLAG_REGEX = 4096,
    HEAD_FLAG_SCHEMA = 8192,
    HEAD_FLAG_RAW = 16384, /* raw pointers: needs the unsafe capability */
    HEAD_FLAG_OS = 32768,  /* standalone worlds only */
    HEAD_FLAG_FILES = 65536,
    HEAD_FLAG_TASK = 131072,    /* only in solve and defasync */
    HEAD_FLAG_FS = 262144,      /* worlds with files only */
    HEAD_FLAG_CHECKED = 524288, /* has a form of its own for debug borrow checks */
    HEAD_FLAG_RR = 1048576,     /* worlds with recorded answers only */
    HEAD_FLAG_KV = 2097152,     /* worlds with a store only */
    HEAD_FLAGS_WORLD = HEAD_FLAG_OS | HEAD_FLAG_FS | HEAD_FLAG_RR | HEAD_FLAG_KV,
    HEAD_FLAG_ASYNC = 1 << 22,
    HEAD_FLAG_WAITS = 1 << 23,  /* lets tasks run */
    HEAD_FLAG_SCOPED = 1 << 25, /* only in a task scope, which is its last operand in C */
};

struct head {
    const char *name;
    const char *operands;
    enum type result;
    enum head_brand brand;
    enum head_owner owner;
    enum head_effect effect;
    unsigned flags;
    const char *texts;
};

enum head_gate { GATE_ANY, GATE_FS, GATE_RR, GATE_KV, GATE_OS, GATE_INTERNAL };

/* Interns every built-in head's name in `context` and sets its index. */
void heads_register(struct ast_context *context);

/* The head of a list expression's first item, or -1. */
int head_of(const struct ast_expr *list);

/* The head that `id` is another spelling of, or `id`. */
int head_canonical(int id);

bool head_is_operator(int id);
bool head_is_call(int id);
bool head_is_future(int id);

/* Row of a call head (head_is_call). */
const struct head *head_row(int id);

/* Name, C expression ("%s + %s") and foldability of an operator. */
const char *operator_name(int id);
const char *operator_c(int id);
/* The value of a foldable operator on two constants. */
uint32_t operator_fold(int id, uint32_t a, uint32_t b);

const char *head_name(int id);
enum head_gate head_gate(int id);
/* Usable only in solve and defasync. */
bool head_needs_task(int id);
/* May only be used by built-in modules. */
bool head_is_internal(int id);

/* Splits a row's operand letters; returns their number. */
int head_operands(const struct head *row, struct head_operand *out);

/* Appends the message of a mismatch of operand `index`. */
void head_mismatch(const struct head *row, int index, struct text *out);

/* "vec_value.push_..." and the like: a family whose unknown members are a Typing error. */
bool head_is_family_member(const struct symbol *name);

#endif
