/* x07rt.h: what the C code of a compiled program includes: value types, hot operations, and the declarations
 * of the runtime library (libx07rt). It is compiled with every program, so it stays small; rarer families
 * have headers of their own: x07rt_map.h, x07rt_value.h, x07rt_io.h. It knows nothing of the compiler that
 * writes its callers.
 *
 * Naming     head `bytes.get_u8` is x07_bytes_get_u8: every character of the head that is not alphanumeric
 * becomes
 *            `_`. The first parameter is the runtime, then come the operands in order.
 * Values     i32 is uint32_t everywhere. All values are passed by value.
 * Ownership  a parameter of type x07_bytes or x07_vec, or an option or result holding one, is consumed: the
 * callee frees it or returns it. Exceptions, which only look: bytes.view, bytes.subview, vec_u8.as_view,
 * .len, .cap, .get, clone, and every is_some, is_ok and err_code. A parameter of type x07_view is only looked
 * at. An x07_bytes that is returned belongs to the caller, who passes it on or drops it with x07_drop_*.
 * Lifetime   all memory lies in the arena of the runtime and ends with x07_main.
 * Errors     a violated condition traps: it prints its text and ends the process; no call returns an error.
 * `at` is the JSON Pointer of the call, for the trap's text. Every call that allocates may trap `out of
 * memory`. Threads    one thread, the one that called x07_main. */
#ifndef X07RT_H
#define X07RT_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(__GNUC__) && !defined(__TINYC__)
#define X07_COLD __attribute__((cold, noinline))
#define X07_LIKELY(condition) __builtin_expect(!!(condition), 1)
#define X07_UNLIKELY(condition) __builtin_expect(!!(condition), 0)
#else
#define X07_COLD
#define X07_LIKELY(condition) (condition)
#define X07_UNLIKELY(condition) (condition)
#endif

typedef struct x07_rt x07_rt;

typedef struct {
    uint8_t *ptr; /* never null */
    uint32_t len;
} x07_bytes;

typedef struct {
    const uint8_t *ptr; /* never null */
    uint32_t len;
} x07_view;

typedef struct {
    uint8_t *ptr; /* never null */
    uint32_t len, cap;
} x07_vec;

/* tag: 1 is some or ok, 0 is none or err. What a tag does not use is 0 or the empty value. */
typedef struct {
    uint32_t tag, value;
} x07_option_i32, x07_result_i32;

typedef struct {
    uint32_t tag;
    x07_bytes value;
} x07_option_bytes;

typedef struct {
    uint32_t tag;
    x07_view value;
} x07_option_view;

typedef struct {
    uint32_t tag, err;
    x07_bytes value;
} x07_result_bytes;

typedef struct {
    uint32_t tag, err;
    x07_view value;
} x07_result_view;

typedef struct {
    uint32_t tag, err;
    x07_result_bytes value;
} x07_result_result_bytes;

typedef struct {
    uint32_t data, vtable;
} x07_iface;

/* A map_u32 or set_u32: open addressing, UINT32_MAX marks a slot that is empty. The numbers are fields of
 * another type than keys and values, so that the C compiler knows that storing these leaves them alone. */
typedef struct {
    uint32_t *keys, *values;
    uint64_t cap : 32, len : 32;
} x07_map_u32;

/* The part of the runtime's state that inline code touches. */
struct x07_rt {
    int64_t fuel;       /* what is left */
    x07_view input;     /* the program's input */
    x07_map_u32 **maps; /* by handle - 1 */
    uint64_t map_count;
    uint32_t suspends; /* the head that is called next stands in the body of a task, and may suspend it */
    uint32_t canceled; /* the task whose code runs is to end */
};

/* A compiled program. */
typedef struct {
    x07_bytes (*solve)(x07_rt *rt);
    int64_t fuel;              /* initial */
    uint64_t memory;           /* bytes of the arena; more than 4 GiB - 16 counts as that */
    void (*start)(x07_rt *rt); /* what happens before the input is read, or NULL */
    uint32_t check_borrows;    /* 1: compiled with x07rt_debug.h */
} x07_program;

/* Runs the program on the frame at stdin: reads it, runs solve, writes the output frame to stdout and the
 * line of figures to stderr. Returns the exit status for main. Ignores SIGPIPE for the process. Called once.
 */
int x07_main(const x07_program *program);

/* Where values of length 0 point. Never read or written. */
extern uint8_t x07_nothing[1];
#define X07_EMPTY_BYTES ((x07_bytes){x07_nothing, 0})
#define X07_EMPTY_VIEW ((x07_view){x07_nothing, 0})
#define X07_EMPTY_VEC ((x07_vec){x07_nothing, 0, 0})
#define X07_EMPTY_OPTION_BYTES ((x07_option_bytes){0, {x07_nothing, 0}})
#define X07_EMPTY_RESULT_BYTES ((x07_result_bytes){0, 0, {x07_nothing, 0}})
#define X07_EMPTY_RESULT_RESULT_BYTES ((x07_result_result_bytes){0, 0, {0, 0, {x07_nothing, 0}}})

/* Prints the text (and ` ptr=` and `at`) and a line feed on stderr, then executes an illegal instruction. No
 * exit handler runs and nothing is written to stdout. */
X07_COLD _Noreturn void x07_trap(x07_rt *rt, const char *text);
X07_COLD _Noreturn void x07_trap_at(x07_rt *rt, const char *text, const char *at);
X07_COLD _Noreturn void x07_trap_fuel(x07_rt *rt);

/* How many rounds of a loop the fuel is enough for; `cost` of one round may be 0. */
X07_COLD uint32_t x07_fuel_rounds(int64_t fuel, int64_t cost);

/* Unsigned division, defined for every operand. */
static inline uint32_t
x07_div(uint32_t a, uint32_t b)
{
    return b ? a / b : 0;
}

static inline uint32_t
x07_rem(uint32_t a, uint32_t b)
{
    return b ? a % b : a;
}

/* Drops: free the value; nothing to do for empty ones. */
void x07_free(x07_rt *rt, uint8_t *memory);

static inline void
x07_drop_bytes(x07_rt *rt, x07_bytes value)
{
    if (value.len)
        x07_free(rt, value.ptr);
}

static inline void
x07_drop_vec(x07_rt *rt, x07_vec value)
{
    if (value.cap)
        x07_free(rt, value.ptr);
}

static inline void
x07_drop_option_bytes(x07_rt *rt, x07_option_bytes value)
{
    x07_drop_bytes(rt, value.value);
}

static inline void
x07_drop_result_bytes(x07_rt *rt, x07_result_bytes value)
{
    x07_drop_bytes(rt, value.value);
}

static inline void
x07_drop_result_result_bytes(x07_rt *rt, x07_result_result_bytes value)
{
    x07_drop_bytes(rt, value.value.value);
}

/* bytes. The _views forms are the same operations for callers that keep (and drop) the operands themselves.
 */
/* Memory of bytes.alloc; inline, so that the C compiler sees the length that bounds checks compare with. */
uint8_t *x07_zeroed(x07_rt *rt, uint32_t len);

static inline x07_bytes
x07_bytes_alloc(x07_rt *rt, uint32_t len)
{
    return (x07_bytes){x07_zeroed(rt, len), len};
}

x07_bytes x07_bytes1(x07_rt *rt, uint32_t x, const char *at);
x07_bytes x07_bytes_lit(x07_rt *rt, const char *data, uint32_t len);
x07_bytes x07_bytes_slice(x07_rt *rt, x07_view b, uint32_t start, uint32_t len, const char *at);
x07_bytes x07_bytes_copy(x07_rt *rt, x07_bytes src, x07_bytes dst);
x07_bytes x07_bytes_copy_views(x07_rt *rt, x07_view src, x07_bytes dst);
x07_bytes x07_bytes_concat(x07_rt *rt, x07_bytes a, x07_bytes b);
x07_bytes x07_bytes_concat_views(x07_rt *rt, x07_view a, x07_view b);
x07_bytes x07_view_to_bytes(x07_rt *rt, x07_view v);
uint32_t x07_view_eq(x07_rt *rt, x07_view a, x07_view b);
uint32_t x07_view_cmp_range(x07_rt *rt, x07_view a, uint32_t a_start, uint32_t a_len, x07_view b,
                            uint32_t b_start, uint32_t b_len);
x07_bytes x07___internal_bytes_alloc_aligned_v1(x07_rt *rt, uint32_t len, uint32_t align);

static inline x07_view
x07_view_lit(const char *data, uint32_t len)
{
    return (x07_view){(const uint8_t *)data, len};
}

/* A value of type bytes as an operand that is only looked at. */
static inline x07_view
x07_view_of(x07_bytes b)
{
    return (x07_view){b.ptr, b.len};
}

static inline x07_bytes
x07_bytes_empty(x07_rt *rt)
{
    (void)rt;
    return X07_EMPTY_BYTES;
}

static inline uint32_t
x07_view_len(x07_rt *rt, x07_view v)
{
    (void)rt;
    return v.len;
}

static inline uint32_t
x07_view_get_u8(x07_rt *rt, x07_view v, uint32_t index, const char *at)
{
    if (X07_UNLIKELY(index >= v.len))
        x07_trap_at(rt, "view.get_u8 oob", at);
    return v.ptr[index];
}

static inline x07_view
x07_view_slice(x07_rt *rt, x07_view v, uint32_t start, uint32_t len, const char *at)
{
    if (X07_UNLIKELY(start > v.len || len > v.len - start))
        x07_trap_at(rt, "view.slice oob", at);
    return (x07_view){v.ptr + start, len};
}

#define x07_bytes_len x07_view_len
#define x07_bytes_get_u8 x07_view_get_u8
#define x07_bytes_eq x07_view_eq
#define x07_bytes_cmp_range x07_view_cmp_range

static inline x07_bytes
x07_bytes_set_u8(x07_rt *rt, x07_bytes b, uint32_t index, uint32_t x, const char *at)
{
    if (X07_UNLIKELY(index >= b.len))
        x07_trap_at(rt, "bytes.set_u8 oob", at);
    b.ptr[index] = (uint8_t)x;
    return b;
}

static inline x07_view
x07_bytes_view(x07_rt *rt, x07_bytes b)
{
    (void)rt;
    return (x07_view){b.ptr, b.len};
}

static inline x07_view
x07_bytes_subview(x07_rt *rt, x07_bytes b, uint32_t start, uint32_t len, const char *at)
{
    if (X07_UNLIKELY(start > b.len || len > b.len - start))
        x07_trap_at(rt, "bytes.subview oob", at);
    return (x07_view){b.ptr + start, len};
}

static inline x07_bytes
x07___internal_bytes_clone_v1(x07_rt *rt, x07_bytes b)
{
    return x07_view_to_bytes(rt, x07_view_of(b));
}

static inline uint32_t
x07___internal_bytes_drop_v1(x07_rt *rt, x07_bytes b)
{
    x07_drop_bytes(rt, b);
    return 0;
}

/* vec_u8. */
x07_vec x07_vec_u8_with_capacity(x07_rt *rt, uint32_t cap);
X07_COLD x07_vec x07_vec_u8_room_for_one(x07_rt *rt, x07_vec v);
x07_vec x07_vec_u8_reserve_exact(x07_rt *rt, x07_vec v, uint32_t additional);
x07_vec x07_vec_u8_extend_zeroes(x07_rt *rt, x07_vec v, uint32_t n);
x07_vec x07_vec_u8_extend_bytes(x07_rt *rt, x07_vec v, x07_view b);
x07_vec x07_vec_u8_extend_bytes_range(x07_rt *rt, x07_vec v, x07_view b, uint32_t start, uint32_t len);
x07_bytes x07_vec_u8_into_bytes(x07_rt *rt, x07_vec v);

static inline uint32_t
x07_vec_u8_len(x07_rt *rt, x07_vec v)
{
    (void)rt;
    return v.len;
}

static inline uint32_t
x07_vec_u8_cap(x07_rt *rt, x07_vec v)
{
    (void)rt;
    return v.cap;
}

static inline x07_vec
x07_vec_u8_clear(x07_rt *rt, x07_vec v)
{
    (void)rt;
    v.len = 0;
    return v;
}

static inline uint32_t
x07_vec_u8_get(x07_rt *rt, x07_vec v, uint32_t index)
{
    if (X07_UNLIKELY(index >= v.len))
        x07_trap(rt, "vec_u8.get oob");
    return v.ptr[index];
}

static inline x07_vec
x07_vec_u8_set(x07_rt *rt, x07_vec v, uint32_t index, uint32_t x)
{
    if (X07_UNLIKELY(index >= v.len))
        x07_trap(rt, "vec_u8.set oob");
    v.ptr[index] = (uint8_t)x;
    return v;
}

static inline x07_vec
x07_vec_u8_push(x07_rt *rt, x07_vec v, uint32_t x)
{
    if (X07_UNLIKELY(v.len == v.cap))
        v = x07_vec_u8_room_for_one(rt, v);
    v.ptr[v.len++] = (uint8_t)x;
    return v;
}

static inline x07_view
x07_vec_u8_as_view(x07_rt *rt, x07_vec v)
{
    (void)rt;
    return (x07_view){v.ptr, v.len};
}

/* Options and results. unwrap_or of the view families is lazy in its default and is written by the compiler.
 */
#define X07_OPTION(family, option, payload, none_payload)             \
    static inline option family##_none(x07_rt *rt)                    \
    {                                                                 \
        (void)rt;                                                     \
        return (option){0, none_payload};                             \
    }                                                                 \
    static inline option family##_some(x07_rt *rt, payload value)     \
    {                                                                 \
        (void)rt;                                                     \
        return (option){1, value};                                    \
    }                                                                 \
    static inline uint32_t family##_is_some(x07_rt *rt, option value) \
    {                                                                 \
        (void)rt;                                                     \
        return value.tag;                                             \
    }

#define X07_RESULT_LOOK(family, result)                                \
    static inline uint32_t family##_is_ok(x07_rt *rt, result value)    \
    {                                                                  \
        (void)rt;                                                      \
        return value.tag;                                              \
    }                                                                  \
    static inline uint32_t family##_err_code(x07_rt *rt, result value) \
    {                                                                  \
        (void)rt;                                                      \
        return value.tag ? 0 : value.err;                              \
    }

#define X07_RESULT(family, result, payload, err_payload)         \
    static inline result family##_ok(x07_rt *rt, payload value)  \
    {                                                            \
        (void)rt;                                                \
        return (result){1, 0, value};                            \
    }                                                            \
    static inline result family##_err(x07_rt *rt, uint32_t code) \
    {                                                            \
        (void)rt;                                                \
        return (result){0, code, err_payload};                   \
    }

X07_OPTION(x07_option_i32, x07_option_i32, uint32_t, 0)
X07_OPTION(x07_option_bytes, x07_option_bytes, x07_bytes, X07_EMPTY_BYTES)
X07_OPTION(x07_option_bytes_view, x07_option_view, x07_view, X07_EMPTY_VIEW)
X07_RESULT(x07_result_bytes, x07_result_bytes, x07_bytes, X07_EMPTY_BYTES)
X07_RESULT(x07_result_bytes_view, x07_result_view, x07_view, X07_EMPTY_VIEW)
X07_RESULT_LOOK(x07_result_bytes, x07_result_bytes)
X07_RESULT_LOOK(x07_result_bytes_view, x07_result_view)
X07_RESULT_LOOK(x07_result_result_bytes, x07_result_result_bytes)

static inline x07_result_i32
x07_result_i32_ok(x07_rt *rt, uint32_t value)
{
    (void)rt;
    return (x07_result_i32){1, value};
}

static inline x07_result_i32
x07_result_i32_err(x07_rt *rt, uint32_t code)
{
    (void)rt;
    return (x07_result_i32){0, code};
}

static inline uint32_t
x07_result_i32_is_ok(x07_rt *rt, x07_result_i32 r)
{
    (void)rt;
    return r.tag;
}

static inline uint32_t
x07_result_i32_err_code(x07_rt *rt, x07_result_i32 r)
{
    (void)rt;
    return r.tag ? 0 : r.value;
}

static inline uint32_t
x07_option_i32_unwrap_or(x07_rt *rt, x07_option_i32 o, uint32_t other)
{
    (void)rt;
    return o.tag ? o.value : other;
}

static inline uint32_t
x07_result_i32_unwrap_or(x07_rt *rt, x07_result_i32 r, uint32_t other)
{
    (void)rt;
    return r.tag ? r.value : other;
}

static inline x07_bytes
x07_option_bytes_unwrap_or(x07_rt *rt, x07_option_bytes o, x07_bytes other)
{
    if (!o.tag)
        return other;
    x07_drop_bytes(rt, other);
    return o.value;
}

static inline x07_bytes
x07_result_bytes_unwrap_or(x07_rt *rt, x07_result_bytes r, x07_bytes other)
{
    if (!r.tag)
        return other;
    x07_drop_bytes(rt, other);
    return r.value;
}

static inline x07_result_bytes
x07_result_result_bytes_unwrap_or(x07_rt *rt, x07_result_result_bytes r, x07_result_bytes other)
{
    if (!r.tag)
        return other;
    x07_drop_result_bytes(rt, other);
    return r.value;
}

static inline x07_bytes
x07___internal_result_bytes_unwrap_ok_v1(x07_rt *rt, x07_result_bytes r)
{
    (void)rt;
    return r.value;
}

/* codec, fmt, parse, prng, process. */
x07_bytes x07_codec_write_u32_le(x07_rt *rt, uint32_t x);
x07_bytes x07_fmt_u32_to_dec(x07_rt *rt, uint32_t x);
x07_bytes x07_fmt_s32_to_dec(x07_rt *rt, uint32_t x);
uint32_t x07_parse_u32_dec(x07_rt *rt, x07_view v);
uint32_t x07_parse_u32_dec_at(x07_rt *rt, x07_view v, uint32_t start);
uint32_t x07_process_set_exit_code_v1(x07_rt *rt, uint32_t code);

static inline uint32_t
x07_codec_read_u32_le(x07_rt *rt, x07_view b, uint32_t start)
{
    uint32_t word;

    if (X07_UNLIKELY(b.len < 4 || start > b.len - 4))
        x07_trap(rt, "codec.read_u32_le oob");
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    memcpy(&word, b.ptr + start, 4);
#else
    const uint8_t *p = b.ptr + start;
    word = (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
#endif
    return word;
}

/* A word in place, for the library's containers; out of bounds it traps as its single bytes would. */
static inline x07_bytes
x07___internal_bytes_write_u32_le_v1(x07_rt *rt, x07_bytes b, uint32_t start, uint32_t x, const char *at)
{
    if (X07_UNLIKELY(b.len < 4 || start > b.len - 4))
        x07_trap_at(rt, "bytes.set_u8 oob", at);
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    memcpy(b.ptr + start, &x, 4);
#else
    uint8_t *p = b.ptr + start;
    p[0] = (uint8_t)x;
    p[1] = (uint8_t)(x >> 8);
    p[2] = (uint8_t)(x >> 16);
    p[3] = (uint8_t)(x >> 24);
#endif
    return b;
}

static inline uint32_t
x07_prng_lcg_next_u32(x07_rt *rt, uint32_t x)
{
    (void)rt;
    return x * 1103515245U + 12345U;
}

#endif
