/* test_runtime_bytes.c: bytes, views, vec_u8, options, results and numbers as text: values, figures and
 * traps. */
#include "runtime_testing.h"

static void
bytes_are_made_and_copied(void)
{
    x07_rt *rt = testing_open();

    CU_ASSERT(testing_gives(x07_bytes_alloc(rt, 0), ""));
    CU_ASSERT_EQUAL(testing_runtime.figures.alloc_calls, 0);
    CU_ASSERT(testing_gives(x07_bytes_concat(rt, testing_bytes("abc"), testing_bytes("de")), "abcde"));
    testing_figures("concat", 3, 0, 3, 10, 10, 10);
    x07_bytes copied = x07_bytes_copy(rt, testing_bytes("abc"), x07_bytes_alloc(rt, 5));
    CU_ASSERT(copied.len == 5 && memcmp(copied.ptr, "abc\0\0", 5) == 0);
    x07_drop_bytes(rt, copied);
    CU_ASSERT(testing_gives(x07_bytes_slice(rt, testing_view("abcdef"), 2, 3, "/p"), "cde"));
    CU_ASSERT(testing_gives(x07_bytes_slice(rt, testing_view("abc"), 3, 0, "/p"), ""));
    CU_ASSERT(testing_gives(x07_bytes_set_u8(rt, x07_bytes1(rt, 0, "/p"), 0, 0x141, "/p"), "A"));
    x07_bytes original = testing_bytes("xyz");
    CU_ASSERT(testing_gives(x07___internal_bytes_clone_v1(rt, original), "xyz"));
    x07_drop_bytes(rt, original);
    CU_ASSERT(testing_gives(x07___internal_bytes_alloc_aligned_v1(rt, 0, 8), ""));
    testing_close();
}

/* Memory that was used before is cleared for bytes.alloc. */
static void
alloc_clears(void)
{
    x07_rt *rt = testing_open();
    x07_bytes used = x07_bytes_alloc(rt, 100), guard = x07_bytes_alloc(rt, 1);

    memset(used.ptr, 0xee, used.len);
    x07_drop_bytes(rt, used);
    x07_bytes again = x07_bytes_alloc(rt, 98);
    CU_ASSERT_PTR_EQUAL(again.ptr, used.ptr);
    for (uint32_t i = 0; i < again.len; i++)
        CU_ASSERT_EQUAL_FATAL(again.ptr[i], 0);
    x07_drop_bytes(rt, again);
    x07_drop_bytes(rt, guard);
    testing_close();
}

static void
comparisons(void)
{
    x07_rt *rt = testing_open();
    x07_view a = testing_view("abcabd"), b = testing_view("xabc");

    CU_ASSERT_EQUAL(x07_bytes_eq(rt, a, b), 0);
    CU_ASSERT(testing_runtime.comparison.mismatch);
    CU_ASSERT_EQUAL(testing_runtime.comparison.left_len, 6);
    CU_ASSERT_EQUAL(memcmp(testing_runtime.comparison.right, "xabc", 4), 0);
    CU_ASSERT_EQUAL(x07_view_eq(rt, testing_view("q"), testing_view("q")), 1);
    CU_ASSERT_FALSE(testing_runtime.comparison.mismatch);
    CU_ASSERT_EQUAL(x07_view_eq(rt, X07_EMPTY_VIEW, testing_view("")), 1);
    CU_ASSERT_EQUAL(x07_bytes_cmp_range(rt, a, 0, 3, b, 1, 3), 0);
    CU_ASSERT_EQUAL(x07_bytes_cmp_range(rt, a, 3, 3, b, 1, 3), 1);
    CU_ASSERT_EQUAL(x07_bytes_cmp_range(rt, a, 0, 2, b, 1, 3), UINT32_MAX);
    CU_ASSERT_EQUAL(x07_bytes_cmp_range(rt, a, 6, 0, b, 4, 0), 0);
    CU_ASSERT_EQUAL(x07_bytes_cmp_range(rt, testing_view("\xff"), 0, 1, testing_view("a"), 0, 1), 1);
    testing_close();
}

static x07_vec
push_text(x07_rt *rt, x07_vec v, const char *text)
{
    for (; *text; text++)
        v = x07_vec_u8_push(rt, v, (uint32_t)*text);
    return v;
}

static void
vectors_grow_as_described(void)
{
    x07_rt *rt = testing_open();
    x07_vec v = push_text(rt, x07_vec_u8_with_capacity(rt, 0), "abcde");

    CU_ASSERT_EQUAL(v.cap, 8);
    v = x07_vec_u8_extend_bytes(rt, v, testing_view("fghijklmnopq"));
    CU_ASSERT_EQUAL(x07_vec_u8_cap(rt, v), 32);
    v = x07_vec_u8_reserve_exact(rt, v, 10);
    CU_ASSERT_EQUAL(v.cap, 32);
    v = x07_vec_u8_extend_zeroes(rt, v, 20);
    CU_ASSERT_EQUAL(v.cap, 64);
    CU_ASSERT_EQUAL(v.len, 37);
    CU_ASSERT_EQUAL(x07_vec_u8_get(rt, v, 36), 0);
    CU_ASSERT_EQUAL(x07_vec_u8_get(rt, x07_vec_u8_set(rt, v, 16, 0x2aa), 16), 0xaa);
    x07_drop_bytes(rt, x07_vec_u8_into_bytes(rt, v));
    testing_close();
}

static void
vectors_are_counted(void)
{
    x07_rt *rt = testing_open();

    CU_ASSERT(testing_gives(
        x07_vec_u8_into_bytes(rt, push_text(rt, x07_vec_u8_with_capacity(rt, 0), "abcde")), "abcde"));
    testing_figures("five pushes", 1, 3, 4, 15, 12, 7);
    testing_close();
    rt = testing_open();
    x07_vec v = x07_vec_u8_reserve_exact(rt, push_text(rt, x07_vec_u8_with_capacity(rt, 2), "a"), 9);
    CU_ASSERT(testing_gives(x07_vec_u8_into_bytes(rt, v), "a"));
    testing_figures("reserve", 1, 1, 2, 12, 12, 1);
    x07_bytes none = x07_vec_u8_into_bytes(rt, x07_vec_u8_clear(rt, push_text(rt, X07_EMPTY_VEC, "abc")));
    CU_ASSERT_EQUAL(none.len, 0);
    testing_close();
}

/* A vector may be extended by a part of itself, whether it moves or not. */
static void
vectors_extend_by_themselves(void)
{
    x07_rt *rt = testing_open();
    x07_vec v = push_text(rt, X07_EMPTY_VEC, "abcd");
    x07_bytes wall = testing_bytes("wall");

    v = x07_vec_u8_extend_bytes(rt, v, x07_vec_u8_as_view(rt, v));
    v = x07_vec_u8_extend_bytes_range(rt, v, x07_vec_u8_as_view(rt, v), 2, 3);
    CU_ASSERT(testing_gives(x07_vec_u8_into_bytes(rt, v), "abcdabcdcda"));
    x07_drop_bytes(rt, wall);
    testing_close();
}

static void
options_and_results(void)
{
    x07_rt *rt = testing_open();

    CU_ASSERT_EQUAL(x07_option_i32_unwrap_or(rt, x07_option_i32_some(rt, 5), 6), 5);
    CU_ASSERT_EQUAL(x07_option_i32_unwrap_or(rt, x07_option_i32_none(rt), 6), 6);
    CU_ASSERT_EQUAL(x07_result_i32_err_code(rt, x07_result_i32_ok(rt, 9)), 0);
    CU_ASSERT_EQUAL(x07_result_i32_err_code(rt, x07_result_i32_err(rt, 9)), 9);
    CU_ASSERT_EQUAL(x07_result_i32_unwrap_or(rt, x07_result_i32_err(rt, 9), 1), 1);
    CU_ASSERT(testing_gives(
        x07_option_bytes_unwrap_or(rt, x07_option_bytes_some(rt, testing_bytes("a")), testing_bytes("b")),
        "a"));
    CU_ASSERT(
        testing_gives(x07_option_bytes_unwrap_or(rt, x07_option_bytes_none(rt), testing_bytes("b")), "b"));
    CU_ASSERT(
        testing_gives(x07_result_bytes_unwrap_or(rt, x07_result_bytes_err(rt, 3), testing_bytes("b")), "b"));
    x07_result_bytes ok = x07_result_bytes_ok(rt, testing_bytes("ok"));
    CU_ASSERT_EQUAL(x07_result_bytes_is_ok(rt, ok), 1);
    CU_ASSERT_EQUAL(x07_result_bytes_err_code(rt, ok), 0);
    x07_result_result_bytes nested = {0, 4, {0, 0, X07_EMPTY_BYTES}};
    CU_ASSERT_EQUAL(x07_result_result_bytes_err_code(rt, nested), 4);
    x07_drop_result_bytes(rt, x07_result_result_bytes_unwrap_or(rt, nested, ok));
    CU_ASSERT_EQUAL(x07_result_bytes_view_is_ok(rt, x07_result_bytes_view_err(rt, 1)), 0);
    CU_ASSERT_EQUAL(x07_option_bytes_view_is_some(rt, x07_option_bytes_view_none(rt)), 0);
    testing_close();
}

static void
numbers_as_text(void)
{
    x07_rt *rt = testing_open();

    CU_ASSERT(testing_gives(x07_fmt_u32_to_dec(rt, 0), "0"));
    CU_ASSERT(testing_gives(x07_fmt_u32_to_dec(rt, UINT32_MAX), "4294967295"));
    CU_ASSERT(testing_gives(x07_fmt_s32_to_dec(rt, 17), "17"));
    CU_ASSERT(testing_gives(x07_fmt_s32_to_dec(rt, 0x80000000U), "-2147483648"));
    CU_ASSERT_EQUAL(x07_parse_u32_dec(rt, testing_view("0004294967295")), UINT32_MAX);
    CU_ASSERT_EQUAL(x07_parse_u32_dec_at(rt, testing_view("a12"), 1), 12);
    CU_ASSERT(testing_gives(x07_codec_write_u32_le(rt, 0x64636261), "abcd"));
    CU_ASSERT_EQUAL(x07_codec_read_u32_le(rt, testing_view("xabcd"), 1), 0x64636261);
    CU_ASSERT_EQUAL(x07_prng_lcg_next_u32(rt, 1), 1103527590U);
    testing_close();
    rt = testing_open();
    CU_ASSERT(testing_gives(x07_fmt_s32_to_dec(rt, 0U - 12345U), "-12345"));
    testing_figures("negative number", 2, 0, 2, 11, 11, 5);
    testing_close();
}

TRAP(get_oob, x07_bytes_get_u8(rt, testing_view("abc"), UINT32_MAX, "/solve/1"))
TRAP(set_oob, x07_bytes_set_u8(rt, X07_EMPTY_BYTES, 0, 1, "/solve"))
TRAP(slice_oob, x07_bytes_slice(rt, testing_view("abc"), 4, 0, "/solve/2"))
TRAP(slice_wraps, x07_view_slice(rt, testing_view("abc"), 2, UINT32_MAX, ""))
TRAP(subview_oob, x07_bytes_subview(rt, testing_bytes("abc"), 2, 2, "/decls/0/body"))
TRAP(compare_oob, x07_view_cmp_range(rt, testing_view("abc"), 1, 3, testing_view("abc"), 0, 3))
TRAP(copy_small, x07_bytes_copy(rt, testing_bytes("abc"), testing_bytes("ab")))
TRAP(concat_overflow, x07_bytes_concat_views(rt, (x07_view){x07_nothing, UINT32_MAX}, testing_view("a")))
TRAP(alloc_huge, x07_bytes_alloc(rt, UINT32_MAX))
TRAP(alloc_large, x07_bytes_alloc(rt, TEST_MEMORY - 15))
TRAP(vec_huge, x07_vec_u8_with_capacity(rt, UINT32_MAX - 20))
TRAP(vec_get_oob, x07_vec_u8_get(rt, X07_EMPTY_VEC, 0))
TRAP(vec_set_oob, x07_vec_u8_set(rt, X07_EMPTY_VEC, 0, 0))
TRAP(reserve_overflow, x07_vec_u8_reserve_exact(rt, x07_vec_u8_push(rt, X07_EMPTY_VEC, 1), UINT32_MAX))
TRAP(zeroes_overflow, x07_vec_u8_extend_zeroes(rt, x07_vec_u8_push(rt, X07_EMPTY_VEC, 1), UINT32_MAX))
TRAP(zeroes_huge, x07_vec_u8_extend_zeroes(rt, X07_EMPTY_VEC, UINT32_MAX))
TRAP(range_oob, x07_vec_u8_extend_bytes_range(rt, X07_EMPTY_VEC, testing_view("abc"), 3, 1))
TRAP(read_oob, x07_codec_read_u32_le(rt, testing_view("abcd"), 1))
TRAP(read_wraps, x07_codec_read_u32_le(rt, testing_view("abcdefgh"), UINT32_MAX))
TRAP(read_short, x07_codec_read_u32_le(rt, testing_view("abc"), 0))
TRAP(parse_empty, x07_parse_u32_dec_at(rt, testing_view("abc"), 3))
TRAP(parse_letter, x07_parse_u32_dec(rt, testing_view("12x")))
TRAP(parse_overflow, x07_parse_u32_dec(rt, testing_view("4294967296")))
TRAP(parse_oob, x07_parse_u32_dec_at(rt, testing_view("abc"), 4))
TRAP(align_odd, x07___internal_bytes_alloc_aligned_v1(rt, 8, 12))
TRAP(align_none, x07___internal_bytes_alloc_aligned_v1(rt, 8, 0))
TRAP(align_large, x07___internal_bytes_alloc_aligned_v1(rt, 8, 32))

static void
double_drop(x07_rt *rt)
{
    x07_bytes b = testing_bytes("abc");

    x07_drop_bytes(rt, b);
    x07_drop_bytes(rt, b);
}

static void
fuel(x07_rt *rt)
{
    x07_trap_fuel(rt);
}

static void
violations_trap(void)
{
    static const struct testing_trap traps[] = {
        {"view.get_u8 oob ptr=/solve/1", get_oob},
        {"bytes.set_u8 oob ptr=/solve", set_oob},
        {"view.slice oob ptr=/solve/2", slice_oob},
        {"view.slice oob ptr=", slice_wraps},
        {"bytes.subview oob ptr=/decls/0/body", subview_oob},
        {"view.cmp_range oob", compare_oob},
        {"bytes.copy dst too small", copy_small},
        {"bytes.concat overflow", concat_overflow},
        {"out of memory", alloc_huge},
        {"out of memory", alloc_large},
        {"out of memory", vec_huge},
        {"vec_u8.get oob", vec_get_oob},
        {"vec_u8.set oob", vec_set_oob},
        {"vec_u8.reserve_exact overflow", reserve_overflow},
        {"vec_u8.extend_zeroes overflow", zeroes_overflow},
        {"out of memory", zeroes_huge},
        {"vec_u8.extend_bytes_range oob", range_oob},
        {"codec.read_u32_le oob", read_oob},
        {"codec.read_u32_le oob", read_wraps},
        {"codec.read_u32_le oob", read_short},
        {"parse.u32_dec empty", parse_empty},
        {"parse.u32_dec non-digit", parse_letter},
        {"parse.u32_dec overflow", parse_overflow},
        {"parse.u32_dec_at oob", parse_oob},
        {"bytes.alloc_aligned align must be power of two", align_odd},
        {"alloc align=0", align_none},
        {"alloc align too large", align_large},
        {"double free or corrupt heap", double_drop},
        {"fuel exhausted", fuel},
    };

    testing_all_trap(traps, COUNT(traps));
}

int
main(void)
{
    static const struct testing_case cases[] = {
        {"bytes are made and copied", bytes_are_made_and_copied},
        {"alloc clears", alloc_clears},
        {"comparisons", comparisons},
        {"vectors grow as described", vectors_grow_as_described},
        {"vectors are counted", vectors_are_counted},
        {"vectors extend by themselves", vectors_extend_by_themselves},
        {"options and results", options_and_results},
        {"numbers as text", numbers_as_text},
        {"violations trap", violations_trap},
    };

    return testing_main("runtime bytes", cases, COUNT(cases));
}
