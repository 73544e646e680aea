/* mono_intrinsics.c: ty.*: operations that depend on a type, as plain heads for that type (section 7.6). */
#include "sema/mono_inside.h"

#include <string.h>

/* What each of i32, u32, bytes and bytes_view becomes. */
enum lowering {
    NOT_SUPPORTED,
    SIZE,           /* the literal number of bytes */
    CALL,           /* the table's head with the operands */
    SELF,           /* the operand */
    DISCARD,        /* the operand, then 0 */
    LESS_BYTES,     /* lexicographic order */
    COMPARE_SIGNED, /* -1, 0 or 1 */
    COMPARE_UNSIGNED,
    COMPARE_BYTES,
    HASH_BYTES,
};

enum { I32, U32, BYTES, VIEW, TYPE_KINDS };

struct intrinsic {
    const char *name;
    uint32_t operands;  /* after the type */
    const char *module; /* that the lowering calls, or NULL */
    struct {
        enum lowering lowering;
        const char *head; /* CALL; HASH_BYTES: the inner one */
    } types[TYPE_KINDS];
};

static const struct intrinsic intrinsics[] = {
    {"ty.size", 0, NULL, {{SIZE, 0}, {SIZE, 0}, {SIZE, 0}, {SIZE, 0}}},
    {"ty.size_bytes", 0, NULL, {{SIZE, 0}, {SIZE, 0}, {SIZE, 0}, {SIZE, 0}}},
    {"ty.read_le_at", 2, "std.u32", {{CALL, "std.u32.read_le_at"}, {CALL, "std.u32.read_le_at"}}},
    {"ty.write_le_at", 3, "std.u32", {{CALL, "std.u32.write_le_at"}, {CALL, "std.u32.write_le_at"}}},
    {"ty.push_le", 2, "std.u32", {{CALL, "std.u32.push_le"}, {CALL, "std.u32.push_le"}}},
    {"ty.lt", 2, NULL, {{CALL, "<"}, {CALL, "<u"}, {LESS_BYTES, 0}, {LESS_BYTES, 0}}},
    {"ty.eq", 2, NULL, {{CALL, "="}, {CALL, "="}, {CALL, "bytes.eq"}, {CALL, "bytes.eq"}}},
    {"ty.cmp", 2, NULL, {{COMPARE_SIGNED, 0}, {COMPARE_UNSIGNED, 0}, {COMPARE_BYTES, 0}, {COMPARE_BYTES, 0}}},
    {"ty.hash32",
     1,
     "std.hash",
     {{CALL, "std.hash.mix32"},
      {CALL, "std.hash.mix32"},
      {HASH_BYTES, "std.hash.fnv1a32_view"},
      {HASH_BYTES, "std.hash.fnv1a32_view"}}},
    {"ty.clone", 1, NULL, {{SELF, 0}, {SELF, 0}, {CALL, "__internal.bytes.clone_v1"}, {SELF, 0}}},
    {"ty.drop", 1, NULL, {{DISCARD, 0}, {DISCARD, 0}, {CALL, "__internal.bytes.drop_v1"}, {DISCARD, 0}}},
};

static const struct {
    const char *name;
    int32_t size; /* bytes and bytes_view: a pointer and a length, as the language defines them */
} types[TYPE_KINDS] = {
    [I32] = {"i32", 4}, [U32] = {"u32", 4}, [BYTES] = {"bytes", 16}, [VIEW] = {"bytes_view", 16}};

bool
mono_is_intrinsic(const struct symbol *head)
{
    return !strncmp(head->text, "ty.", 3);
}

static const struct intrinsic *
intrinsic_find(const struct symbol *head)
{
    for (size_t i = 0; i < sizeof intrinsics / sizeof intrinsics[0]; i++)
        if (!strcmp(intrinsics[i].name, head->text))
            return &intrinsics[i];
    return NULL;
}

const char *
mono_intrinsic_module(const struct symbol *head)
{
    const struct intrinsic *intrinsic = mono_is_intrinsic(head) ? intrinsic_find(head) : NULL;

    return intrinsic ? intrinsic->module : NULL;
}

/* The type operand, which must be a name. */
static const struct symbol *
intrinsic_type(struct mono_work *work, const struct mono_caller *caller, const struct ast_expr *list)
{
    const struct symbol *head = list->items[0]->symbol;

    if (list->count < 2) {
        failure_set(work->program->failure, KIND_PARSE, "%Q requires a type argument", head);
        return NULL;
    }
    struct ast_type *type = mono_type_read(work, list->items[1]);
    if (!type || !(type = mono_type_substitute(work, caller, type)))
        return NULL;
    if (!caller->generic && !mono_type_is_concrete(type)) {
        mono_fail_type(work, "X07-TY-0107: non-concrete type in intrinsic %Q: ", head, type);
        return NULL;
    }
    if (type->kind != AST_TYPE_NAMED) {
        mono_fail_type(work, "X07-TY-0101: intrinsic %Q supports only named primitive types (got ", head,
                       type);
        failure_append(work->program->failure, ")");
        return NULL;
    }
    return type->name;
}

/* The type's column in the table, or -1 after an error. */
static int
intrinsic_column(struct mono_work *work, const struct intrinsic *intrinsic, const struct symbol *head,
                 const struct symbol *type)
{
    for (int i = 0; i < TYPE_KINDS; i++)
        if (!strcmp(types[i].name, type->text) && intrinsic->types[i].lowering != NOT_SUPPORTED)
            return i;
    failure_set(work->program->failure, KIND_TYPING, "X07-TY-0101: unsupported type for %Q: %Q", head, type);
    return -1;
}

static bool
check_arity(struct mono_work *work, const struct intrinsic *intrinsic, const struct ast_expr *list)
{
    uint32_t want = intrinsic->operands + 1;

    return list->count - 1 == want ||
           failure_set(work->program->failure, KIND_PARSE, "%Q expects %d argument%s", list->items[0]->symbol,
                       (int)want, want == 1 ? "" : "s");
}

/* The lowered form; `plain` is the list without its type, its operands rewritten. */
static struct ast_expr *
lower(struct mono_work *work, const struct intrinsic *intrinsic, int column, struct ast_expr *plain)
{
    const struct ast_loc *loc = plain->loc;
    struct ast_expr **operands = plain->items + 1;
    const char *head = intrinsic->types[column].head;
    bool is_owned = column == BYTES;

    switch (intrinsic->types[column].lowering) {
    case SIZE:
        return mono_int(work, loc, types[column].size);
    case SELF:
        return operands[0];
    case DISCARD:
        return mono_list(work, loc, "begin", 2, (struct ast_expr *[]){operands[0], mono_int(work, loc, 0)});
    case LESS_BYTES:
        return mono_list(
            work, loc, "<", 2,
            (struct ast_expr *[]){mono_compare_bytes(work, loc, is_owned, operands[0], operands[1]),
                                  mono_int(work, loc, 0)});
    case COMPARE_SIGNED:
        return mono_compare_words(work, loc, true, operands[0], operands[1]);
    case COMPARE_UNSIGNED:
        return mono_compare_words(work, loc, false, operands[0], operands[1]);
    case COMPARE_BYTES:
        return mono_compare_bytes(work, loc, is_owned, operands[0], operands[1]);
    case HASH_BYTES:
        return mono_list(work, loc, "std.hash.mix32", 1,
                         (struct ast_expr *[]){mono_list(work, loc, head, 1, operands)});
    case NOT_SUPPORTED:
    case CALL:
        break;
    }
    return mono_list(work, loc, head, plain->count - 1, operands);
}

struct ast_expr *
mono_intrinsic(struct mono_work *work, const struct mono_caller *caller, const struct ast_expr *list)
{
    struct symbol *head = list->items[0]->symbol;
    const struct intrinsic *intrinsic = intrinsic_find(head);
    const struct symbol *type = intrinsic_type(work, caller, list);

    if (!type)
        return NULL;
    if (!intrinsic) {
        failure_set(work->program->failure, KIND_TYPING, "X07-TY-0102: unknown ty intrinsic: %Q", head);
        return NULL;
    }
    if (!check_arity(work, intrinsic, list))
        return NULL;
    int column = intrinsic_column(work, intrinsic, head, type);
    if (column < 0)
        return NULL;
    struct ast_expr *plain = mono_rewrite_rest(work, caller, list, 2, head, 0);
    return plain ? lower(work, intrinsic, column, plain) : NULL;
}
