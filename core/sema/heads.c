/* heads.c: the tables of built-in heads, and nothing else that knows a head by name. */
#include "sema/heads.h"

#include <string.h>

/* The .def files name flags without their prefix. */
#define AT HEAD_FLAG_AT
#define BOTH HEAD_FLAG_BOTH
#define INTERNAL HEAD_FLAG_INTERNAL
#define MAP HEAD_FLAG_MAP
#define VALUE HEAD_FLAG_VALUE
#define IO HEAD_FLAG_IO
#define SAME HEAD_FLAG_SAME
#define COPY HEAD_FLAG_COPY
#define UNSAFE HEAD_FLAG_UNSAFE
#define AS_VIEW HEAD_FLAG_VIEW
#define RAW HEAD_FLAG_RAW
#define MATH HEAD_FLAG_MATH
#define TIME HEAD_FLAG_TIME
#define REGEX HEAD_FLAG_REGEX
#define SCHEMA HEAD_FLAG_SCHEMA
#define OS HEAD_FLAG_OS
#define FILES HEAD_FLAG_FILES
#define TASK HEAD_FLAG_TASK
#define CHECKED HEAD_FLAG_CHECKED
#define FS HEAD_FLAG_FS
#define RR HEAD_FLAG_RR
#define KV HEAD_FLAG_KV
#define ASYNC HEAD_FLAG_ASYNC
#define WAITS HEAD_FLAG_WAITS
#define SCOPED HEAD_FLAG_SCOPED

static const struct head rows[] = {
#define HEAD(id, name, operands, result, brand, owner, effect, flags, texts)                         \
    {name,    operands, TYPE_##result, HEAD_BRAND_##brand, HEAD_OWNER_##owner, HEAD_EFFECT_##effect, \
     (flags), texts},
#include "sema/heads.def"
#undef HEAD
};

#undef AT
#undef BOTH
#undef INTERNAL
#undef MAP
#undef VALUE
#undef IO
#undef SAME
#undef COPY
#undef UNSAFE
#undef AS_VIEW
#undef RAW
#undef MATH
#undef TIME
#undef REGEX
#undef SCHEMA
#undef OS
#undef FILES
#undef TASK
#undef CHECKED
#undef FS
#undef RR
#undef KV
#undef ASYNC
#undef WAITS
#undef SCOPED

static const char *const forms[FORM_COUNT] = {
    [FORM_BEGIN] = "begin",
    [FORM_UNSAFE] = "unsafe",
    [FORM_LET] = "let",
    [FORM_SET] = "set",
    [FORM_SET0] = "set0",
    [FORM_IF] = "if",
    [FORM_FOR] = "for",
    [FORM_RETURN] = "return",
    [FORM_TRY] = "try",
    [FORM_CAST_BYTES] = "std.brand.cast_bytes_v1",
    [FORM_CAST_VIEW_COPY] = "std.brand.cast_view_copy_v1",
    [FORM_CAST_VIEW] = "std.brand.cast_view_v1",
    [FORM_TASK_SCOPE] = "task.scope_v1",
    [FORM_SELECT] = "task.scope.select_v1",
    [FORM_SELECT_TRY] = "task.scope.select_try_v1",
    [FORM_TASK_SCOPE_CFG] = "task.scope.cfg_v1",
    [FORM_SELECT_CFG] = "task.scope.select.cfg_v1",
    [FORM_SELECT_CASES] = "task.scope.select.cases_v1",
    [FORM_CASE_SLOT] = "task.scope.select.case_slot_bytes_v1",
    [FORM_CASE_CHAN] = "task.scope.select.case_chan_recv_bytes_v1",
};

static const struct {
    const char *name;
    const char *c;
} operators[] = {
#define OPERATOR(id, name, c, foldable) {name, c},
#include "sema/operators.def"
#undef OPERATOR
};

static const struct {
    const char *name;
    enum head_gate gate;
    bool tasks;
} futures[] = {
#define FUTURE(name, gate, tasks) {name, GATE_##gate, tasks},
#include "sema/future_heads.def"
#undef FUTURE
};

enum {
    OP_FIRST = FORM_COUNT + 1,
    HEAD_FIRST = OP_END + 1,
    FUTURE_COUNT = sizeof futures / sizeof futures[0]
};

static void
heads_intern(struct ast_context *context, const char *name, int id)
{
    ast_intern_string(context, name)->head = id;
}

void
heads_register(struct ast_context *context)
{
    for (int id = 0; id < FUTURE_FIRST + FUTURE_COUNT; id++)
        if (id != FORM_COUNT && id != OP_END)
            heads_intern(context, head_name(id), id);
}

int
head_of(const struct ast_expr *list)
{
    return list->kind == AST_LIST ? list->items[0]->symbol->head : -1;
}

int
head_canonical(int id)
{
    switch (id) {
    case HEAD_STD_OS_PROCESS_JOIN_CAPTURE:
        return HEAD_OS_PROCESS_JOIN_CAPTURE;
    case HEAD_STD_OS_PROCESS_JOIN_EXIT:
        return HEAD_OS_PROCESS_JOIN_EXIT;
    default:
        return id;
    }
}

bool
head_is_operator(int id)
{
    return id >= OP_FIRST && id < OP_END;
}

bool
head_is_call(int id)
{
    return id >= HEAD_FIRST && id < HEAD_END;
}

bool
head_is_future(int id)
{
    return id >= FUTURE_FIRST;
}

const struct head *
head_row(int id)
{
    return &rows[id - HEAD_FIRST];
}

const char *
operator_name(int id)
{
    return operators[id - OP_FIRST].name;
}

const char *
operator_c(int id)
{
    return operators[id - OP_FIRST].c;
}

uint32_t
operator_fold(int id, uint32_t a, uint32_t b)
{
    switch (id) {
    case OP_ADD:
        return a + b;
    case OP_SUB:
        return a - b;
    case OP_MUL:
        return a * b;
    case OP_DIV:
        return b ? a / b : 0;
    case OP_REM:
        return b ? a % b : a;
    case OP_AND:
        return a & b;
    case OP_OR:
        return a | b;
    case OP_XOR:
        return a ^ b;
    case OP_SHL:
        return a << (b & 31);
    case OP_SHR:
        return a >> (b & 31);
    case OP_EQ:
        return a == b;
    case OP_NE:
        return a != b;
    case OP_LT:
        return (int32_t)a < (int32_t)b;
    case OP_LE:
        return (int32_t)a <= (int32_t)b;
    case OP_GT:
        return (int32_t)a > (int32_t)b;
    case OP_GE:
        return (int32_t)a >= (int32_t)b;
    case OP_LTU:
        return a < b;
    case OP_LEU:
        return a <= b;
    case OP_GTU:
        return a > b;
    case OP_GEU:
        return a >= b;
    case OP_LAND:
        return a && b;
    default:
        return a || b;
    }
}

const char *
head_name(int id)
{
    if (id < FORM_COUNT)
        return forms[id];
    if (id < OP_END)
        return operators[id - OP_FIRST].name;
    if (id < HEAD_END)
        return rows[id - HEAD_FIRST].name;
    return futures[id - FUTURE_FIRST].name;
}

enum head_gate
head_gate(int id)
{
    if (head_is_future(id))
        return futures[id - FUTURE_FIRST].gate;
    static const struct {
        unsigned flag;
        enum head_gate gate;
    } gates[] = {
        {HEAD_FLAG_OS, GATE_OS}, {HEAD_FLAG_FS, GATE_FS}, {HEAD_FLAG_RR, GATE_RR}, {HEAD_FLAG_KV, GATE_KV}};

    for (size_t i = 0; head_is_call(id) && i < sizeof gates / sizeof gates[0]; i++)
        if (head_row(id)->flags & gates[i].flag)
            return gates[i].gate;
    return GATE_ANY;
}

bool
head_needs_task(int id)
{
    if (head_is_future(id))
        return futures[id - FUTURE_FIRST].tasks;
    return id == FORM_TASK_SCOPE || (head_is_call(id) && head_row(id)->flags & HEAD_FLAG_TASK);
}

bool
head_is_internal(int id)
{
    return head_is_call(id) ? head_row(id)->flags & HEAD_FLAG_INTERNAL : head_gate(id) == GATE_INTERNAL;
}

static enum operand_mode
operand_prefix(char c)
{
    switch (c) {
    case '?':
        return OPERAND_PEEK;
    case '!':
        return OPERAND_IN_PLACE;
    case '&':
        return OPERAND_OWNER;
    case '~':
        return OPERAND_VIEWED;
    case '*':
        return OPERAND_VIEWED_ANY;
    case '^':
        return OPERAND_DEFAULT;
    case '\\':
        return OPERAND_LAZY;
    default:
        return OPERAND_VALUE;
    }
}

/* Which of several types a letter stands for; none: it stands for one. */
static uint32_t
operand_types(char c)
{
    enum {
        U8 = 1 << TYPE_PTR_CONST_U8 | 1 << TYPE_PTR_MUT_U8,
        I32 = 1 << TYPE_PTR_CONST_I32 | 1 << TYPE_PTR_MUT_I32,
        VOID = 1 << TYPE_PTR_CONST_VOID | 1 << TYPE_PTR_MUT_VOID,
        MUT = 1 << TYPE_PTR_MUT_U8 | 1 << TYPE_PTR_MUT_I32 | 1 << TYPE_PTR_MUT_VOID,
        TASK_BYTES = 1 << TYPE_I32 | 1 << TYPE_TASK_BYTES,
        TASK_RESULT = 1 << TYPE_I32 | 1 << TYPE_TASK_RESULT
    };
    static const struct {
        char letter;
        uint32_t types;
    } letters[] = {
        {'p', U8 | I32 | VOID},
        {'q', U8 | I32},
        {'c', U8},
        {'C', U8 & MUT},
        {'k', I32},
        {'K', I32 & MUT},
        {'d', VOID},
        {'D', VOID & MUT},
        {'h', TASK_BYTES | TASK_RESULT},
        {'j', TASK_BYTES},
        {'J', TASK_RESULT},
    };

    for (size_t i = 0; i < sizeof letters / sizeof letters[0]; i++)
        if (letters[i].letter == c)
            return letters[i].types;
    return 0;
}

static struct head_operand
operand_letter(char c, enum operand_mode mode)
{
    static const struct {
        char letter;
        enum type type;
    } letters[] = {
        {'i', TYPE_I32},          {'b', TYPE_BYTES},       {'v', TYPE_VIEW},
        {'u', TYPE_VEC},          {'f', TYPE_IFACE},       {'1', TYPE_OPTION_I32},
        {'2', TYPE_OPTION_BYTES}, {'3', TYPE_OPTION_VIEW}, {'4', TYPE_RESULT_I32},
        {'5', TYPE_RESULT_BYTES}, {'6', TYPE_RESULT_VIEW}, {'7', TYPE_RESULT_RESULT_BYTES},
        {'t', TYPE_TASK_SLOT},    {'e', TYPE_SELECT_EVT},
    };

    if (c == 'T')
        return (struct head_operand){OPERAND_TEXT, TYPE_NEVER, 0};
    if (c == 'N')
        return (struct head_operand){OPERAND_NAME, TYPE_NEVER, 0};
    if (c == 'R')
        return (struct head_operand){OPERAND_READER, TYPE_BYTES, 0};
    uint32_t types = operand_types(c);
    if (types)
        return (struct head_operand){OPERAND_ONE_OF, types >> TYPE_I32 & 1 ? TYPE_I32 : TYPE_NEVER, types};
    for (size_t i = 0; i < sizeof letters / sizeof letters[0]; i++)
        if (letters[i].letter == c)
            return (struct head_operand){mode, letters[i].type, 0};
    return (struct head_operand){mode, TYPE_NEVER, 0};
}

int
head_operands(const struct head *row, struct head_operand *out)
{
    int count = 0;

    for (const char *p = row->operands; *p; p++) {
        enum operand_mode mode = operand_prefix(*p);

        if (mode != OPERAND_VALUE)
            p++;
        out[count++] = operand_letter(*p, mode);
    }
    return count;
}

void
head_mismatch(const struct head *row, int index, struct text *out)
{
    const char *text = row->texts;

    for (const char *next; index > 0 && (next = strchr(text, ';')); index--)
        if (next[1] != '=')
            text = next + 1;
        else
            text = index == 1 ? text : next + 2;
    if (*text == '!') {
        text_puts(out, text + 1);
        return;
    }
    text_printf(out, "%s expects ", row->name);
    text_append(out, text, strcspn(text, ";"));
}

bool
head_is_family_member(const struct symbol *name)
{
    static const char *const families[] = {
        "vec_value.push_",   "vec_value.get_", "vec_value.set_", "map_value.contains_",
        "map_value.remove_", "map_value.get_", "map_value.set_",
    };

    for (size_t i = 0; i < sizeof families / sizeof families[0]; i++)
        if (!strncmp(name->text, families[i], strlen(families[i])))
            return true;
    return false;
}
