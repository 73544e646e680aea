/* signature.c: see signature.h. One row per type letter says all that is known of it. */
#include "registry/signature.h"

#include "registry/clean.h"

#include <errno.h>
#include <ffi.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_ARGUMENTS = 8 };

/* Room for one value of any type. ffi_arg holds results narrower than a register. */
union slot {
    ffi_arg whole;
    ffi_sarg signed_whole;
    int32_t i;
    uint32_t u;
    int64_t l;
    uint64_t q;
    double d;
    const char *s;
};

struct letter {
    char letter;
    ffi_type *type;
    bool (*read)(json_object *value, union slot *slot);
    json_object *(*show)(const union slot *slot);
};

static bool
read_integer(json_object *value, int64_t least, int64_t most, int64_t *number)
{
    *number = json_object_get_int64(value);
    return json_object_is_type(value, json_type_int) && *number >= least && *number <= most;
}

static bool
read_i(json_object *value, union slot *slot)
{
    int64_t number;
    bool fits = read_integer(value, INT32_MIN, INT32_MAX, &number);

    slot->i = (int32_t)number;
    return fits;
}

static bool
read_u(json_object *value, union slot *slot)
{
    int64_t number;
    bool fits = read_integer(value, 0, UINT32_MAX, &number);

    slot->u = (uint32_t)number;
    return fits;
}

static bool
read_l(json_object *value, union slot *slot)
{
    return read_integer(value, INT64_MIN, INT64_MAX, &slot->l);
}

static bool
read_q(json_object *value, union slot *slot)
{
    slot->q = json_object_get_uint64(value);
    return json_object_is_type(value, json_type_int) && json_object_get_int64(value) >= 0;
}

static bool
read_d(json_object *value, union slot *slot)
{
    slot->d = json_object_get_double(value);
    return json_object_is_type(value, json_type_double) || json_object_is_type(value, json_type_int);
}

static bool
read_s(json_object *value, union slot *slot)
{
    slot->s = json_object_get_string(value);
    return json_object_is_type(value, json_type_string);
}

static bool
read_b(json_object *value, union slot *slot)
{
    slot->i = json_object_get_boolean(value) ? 1 : 0;
    return json_object_is_type(value, json_type_boolean);
}

static json_object *
show_i(const union slot *slot)
{
    return json_object_new_int64((int32_t)slot->signed_whole);
}

static json_object *
show_u(const union slot *slot)
{
    return json_object_new_int64((uint32_t)slot->whole);
}

static json_object *
show_l(const union slot *slot)
{
    return json_object_new_int64(slot->l);
}

static json_object *
show_q(const union slot *slot)
{
    return json_object_new_uint64(slot->q);
}

/* JSON has no infinities and no NaN; they become their names. */
static json_object *
show_d(const union slot *slot)
{
    if (slot->d - slot->d == 0)
        return json_object_new_double(slot->d);
    return json_object_new_string(slot->d != slot->d ? "nan" : slot->d > 0 ? "inf" : "-inf");
}

static json_object *
show_s(const union slot *slot)
{
    return clean_string(slot->s);
}

static json_object *
show_b(const union slot *slot)
{
    return json_object_new_boolean((int32_t)slot->signed_whole != 0);
}

static const struct letter *
letter_of(char c)
{
    static const struct letter letters[] = {
        {'i', &ffi_type_sint32, read_i, show_i}, {'u', &ffi_type_uint32, read_u, show_u},
        {'l', &ffi_type_sint64, read_l, show_l}, {'q', &ffi_type_uint64, read_q, show_q},
        {'d', &ffi_type_double, read_d, show_d}, {'s', &ffi_type_pointer, read_s, show_s},
        {'b', &ffi_type_sint32, read_b, show_b},
    };

    for (size_t i = 0; i < sizeof letters / sizeof *letters; i++)
        if (letters[i].letter == c)
            return &letters[i];
    return NULL;
}

struct signature {
    const struct letter *result;
    const struct letter *arguments[MOST_ARGUMENTS];
    size_t count;
};

/* RESULT '(' [ARG (',' ARG)*] ')' */
static bool
signature_parse(const char *text, struct signature *signature)
{
    *signature = (struct signature){.result = letter_of(*text)};
    if (!signature->result || text[1] != '(')
        return false;
    text += 2;
    if (!strcmp(text, ")"))
        return true;
    for (;; text += 2) {
        if (signature->count == MOST_ARGUMENTS || !letter_of(*text))
            return false;
        signature->arguments[signature->count++] = letter_of(*text);
        if (text[1] == ')')
            return text[2] == '\0';
        if (text[1] != ',')
            return false;
    }
}

static bool
arguments_read(const struct signature *signature, json_object *arguments, union slot *slots, struct text *why)
{
    size_t given = arguments ? json_object_array_length(arguments) : 0;

    if (given != signature->count) {
        text_printf(why, "takes %zu arguments, not %zu", signature->count, given);
        return false;
    }
    for (size_t i = 0; i < given; i++) {
        if (!signature->arguments[i]->read(json_object_array_get_idx(arguments, i), &slots[i])) {
            text_printf(why, "argument %zu does not fit type %c", i + 1, signature->arguments[i]->letter);
            return false;
        }
    }
    return true;
}

bool
signature_check(const char *text, const char *arguments, struct text *why)
{
    struct signature signature;
    union slot slots[MOST_ARGUMENTS];

    if (!signature_parse(text, &signature)) {
        text_printf(why, "signature \"%s\" is malformed", text);
        return false;
    }
    if (!arguments)
        return true;
    json_object *array = json_tokener_parse(arguments);
    bool good = json_object_is_type(array, json_type_array);
    if (!good)
        text_puts(why, "the arguments are not a JSON array");
    else
        good = arguments_read(&signature, array, slots, why);
    json_object_put(array);
    return good;
}

size_t
signature_arity(const char *text)
{
    struct signature signature;

    return signature_parse(text, &signature) ? signature.count : 0;
}

bool
signature_call(const char *text, void (*function)(void), json_object *arguments, json_object **value,
               struct text *why)
{
    struct signature signature;
    union slot slots[MOST_ARGUMENTS];
    union slot result = {0};
    ffi_type *types[MOST_ARGUMENTS];
    void *pointers[MOST_ARGUMENTS];
    ffi_cif call;

    if (!signature_parse(text, &signature)) {
        text_printf(why, "signature \"%s\" is malformed", text);
        return false;
    }
    if (!arguments_read(&signature, arguments, slots, why))
        return false;
    for (size_t i = 0; i < signature.count; i++) {
        types[i] = signature.arguments[i]->type;
        pointers[i] = &slots[i];
    }
    if (ffi_prep_cif(&call, FFI_DEFAULT_ABI, (unsigned)signature.count, signature.result->type, types) !=
        FFI_OK) {
        text_puts(why, "cannot be called on this machine");
        return false;
    }
    ffi_call(&call, function, &result, pointers);
    *value = signature.result->show(&result);
    return true;
}

/* A word of a command line as the JSON that its type wants. */
static json_object *
word_value(const struct letter *letter, const char *word)
{
    if (letter->letter == 's')
        return json_object_new_string(word);
    return json_tokener_parse(word);
}

json_object *
signature_arguments(const char *text, const char *const *words, size_t count, struct text *why)
{
    struct signature signature;
    union slot slots[MOST_ARGUMENTS];
    json_object *array = json_object_new_array();

    if (!signature_parse(text, &signature) || signature.count != count) {
        text_printf(why, "takes %zu arguments, not %zu", signature.count, count);
        json_object_put(array);
        return NULL;
    }
    for (size_t i = 0; i < count; i++)
        json_object_array_add(array, word_value(signature.arguments[i], words[i]));
    if (arguments_read(&signature, array, slots, why))
        return array;
    json_object_put(array);
    return NULL;
}
