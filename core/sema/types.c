/* types.c: see types.h. */
#include "sema/types.h"

#include "base/quote.h"

#include <string.h>

struct type_row {
    const char *source;
    const char *display;
    enum type_class class;
    const char *c_name;
    const char *suffix;
};

static const struct type_row rows[TYPE_COUNT] = {
#define TYPE(id, source, display, class, ctype, empty) {source, display, CLASS_##class, ctype, empty},
#include "sema/types.def"
#undef TYPE
};

const char *
type_display(enum type type)
{
    return rows[type].display;
}

const char *
type_source_name(enum type type)
{
    return rows[type].source;
}

const char *
type_c_name(enum type type)
{
    return rows[type].c_name;
}

enum type_class
type_class(enum type type)
{
    return rows[type].class;
}

bool
type_is_owned(enum type type)
{
    return rows[type].class == CLASS_OWNED;
}

bool
type_is_view(enum type type)
{
    return rows[type].class == CLASS_VIEW;
}

bool
type_is_pointer(enum type type)
{
    return type >= TYPE_PTR_CONST_U8 && type <= TYPE_PTR_MUT_I32;
}

bool
type_is_task(enum type type)
{
    return type == TYPE_TASK_BYTES || type == TYPE_TASK_RESULT;
}

bool
type_takes_brand(enum type type)
{
    return (type_is_owned(type) || type_is_view(type)) && type != TYPE_VEC;
}

const char *
type_owned_suffix(enum type type)
{
    return rows[type].suffix;
}

static bool
type_named(const char *name, enum type *out)
{
    if (!strcmp(name, "u32"))
        name = "i32";
    for (int i = 0; i < TYPE_COUNT; i++) {
        if (rows[i].source && !strcmp(rows[i].source, name)) {
            *out = (enum type)i;
            return true;
        }
    }
    return false;
}

/* option and result of a payload; payloads are concrete types themselves. */
static bool
type_applied(const char *head, enum type payload, enum type *out)
{
    static const struct {
        const char *head;
        enum type payload, result;
    } table[] = {
        {"option", TYPE_I32, TYPE_OPTION_I32},
        {"option", TYPE_BYTES, TYPE_OPTION_BYTES},
        {"option", TYPE_VIEW, TYPE_OPTION_VIEW},
        {"result", TYPE_I32, TYPE_RESULT_I32},
        {"result", TYPE_BYTES, TYPE_RESULT_BYTES},
        {"result", TYPE_VIEW, TYPE_RESULT_VIEW},
        {"result", TYPE_RESULT_BYTES, TYPE_RESULT_RESULT_BYTES},
    };

    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        if (!strcmp(table[i].head, head) && table[i].payload == payload) {
            *out = table[i].result;
            return true;
        }
    }
    return false;
}

bool
type_resolve(const struct ast_type *ref, enum type *out)
{
    enum type payload;

    switch (ref->kind) {
    case AST_TYPE_NAMED:
        return type_named(ref->name->text, out);
    case AST_TYPE_APP:
        return ref->count == 1 && type_resolve(ref->args[0], &payload) &&
               type_applied(ref->name->text, payload, out);
    case AST_TYPE_VAR:
        break;
    }
    return false;
}

bool
brand_equal(struct brand a, struct brand b)
{
    return a.kind == b.kind && (a.kind != BRAND_NAMED || a.name == b.name);
}

static bool
type_has_brandless_value(enum type type)
{
    return type == TYPE_OPTION_BYTES || type == TYPE_OPTION_VIEW || type == TYPE_RESULT_BYTES ||
           type == TYPE_RESULT_VIEW;
}

struct brand
brand_join(enum type type, struct brand a, struct brand b)
{
    if (type_has_brandless_value(type)) {
        if (a.kind == BRAND_ANY)
            return b;
        if (b.kind == BRAND_ANY)
            return a;
    }
    return brand_equal(a, b) ? a : (struct brand){BRAND_NONE, NULL};
}

const char *
brand_display(struct brand brand)
{
    switch (brand.kind) {
    case BRAND_NAMED:
        return brand.name->text;
    case BRAND_ANY:
        return "any";
    case BRAND_NONE:
        break;
    }
    return "unbranded";
}

void
value_type_display(struct value_type type, struct text *out)
{
    text_printf(out, "TyInfo { ty: %s, brand: ", type_display(type.type));
    if (type.brand.kind == BRAND_NAMED) {
        text_puts(out, "Brand(");
        text_append_quoted(out, type.brand.name->text, type.brand.name->len);
        text_puts(out, ")");
    } else {
        text_puts(out, type.brand.kind == BRAND_ANY ? "Any" : "None");
    }
    text_printf(out, ", view_full: %s }", type.view_full ? "true" : "false");
}
