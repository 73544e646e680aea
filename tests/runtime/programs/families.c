/* input: abcabd */
/* output: a=2 b=2 c=1 d=1 AB7 ab|cab|d */
/* stderr: "live_bytes":0, */
#include <x07rt.h>
#include <x07rt_io.h>
#include <x07rt_map.h>
#include <x07rt_value.h>

/* One or more heads of every family, inline and not. */
static x07_vec
append(x07_rt *rt, x07_vec out, x07_bytes text)
{
    out = x07_vec_u8_extend_bytes(rt, out, x07_view_of(text));
    x07_drop_bytes(rt, text);
    return out;
}

static x07_vec
count_letters(x07_rt *rt, x07_vec out)
{
    uint32_t counts = x07_map_u32_new(rt, 8), seen = x07_vec_value_with_capacity_v1(rt, 1, 0);

    for (uint32_t i = 0; i < rt->input.len; i++) {
        uint32_t c = x07_view_get_u8(rt, rt->input, i, "/solve/1");
        if (x07_map_u32_set(rt, counts, c, x07_map_u32_get(rt, counts, c, 0) + 1))
            x07_vec_value_push_i32_v1(rt, seen, c);
    }
    for (uint32_t i = 0; i < x07_vec_value_len(rt, seen); i++) {
        uint32_t c = x07_vec_value_get_i32_v1(rt, seen, i, 0);
        out = x07_vec_u8_push(rt, x07_vec_u8_push(rt, out, c), '=');
        out = append(rt, out, x07_fmt_u32_to_dec(rt, x07_map_u32_get(rt, counts, c, 0)));
        out = x07_vec_u8_push(rt, out, ' ');
    }
    return out;
}

static x07_bytes
solve(x07_rt *rt)
{
    x07_vec out = count_letters(rt, x07_vec_u8_with_capacity(rt, 0));
    uint32_t names = x07_map_value_new_v1(rt, 3, 3, 1);

    x07_map_value_set_bytes_bytes_v1(rt, names, x07_bytes_lit(rt, "k", 1), x07_bytes_lit(rt, "AB", 2));
    out = append(rt, out,
                 x07_map_value_get_bytes_bytes_v1(rt, names, x07_bytes1(rt, 'k', "/solve"), X07_EMPTY_BYTES));
    x07_result_i32 parsed = x07_result_i32_ok(rt, x07_parse_u32_dec(rt, x07_view_lit("007", 3)));
    out = append(rt, out, x07_fmt_s32_to_dec(rt, x07_result_i32_unwrap_or(rt, parsed, 0)));
    out = x07_vec_u8_push(rt, out, ' ');

    x07_iface reader = x07_io_open_read_bytes_view(rt, rt->input);
    out = append(rt, out, x07_bytes_concat(rt, x07_io_read(rt, reader, 2), x07_bytes_lit(rt, "|", 1)));
    uint32_t buffered = x07_bufread_new(rt, reader, 3), scratch = x07_scratch_u8_fixed_v1_new(rt, 4);
    x07_scratch_u8_fixed_v1_try_write(rt, scratch, x07_bufread_fill(rt, buffered));
    x07_bufread_consume(rt, buffered, 3);
    x07_scratch_u8_fixed_v1_try_write(rt, scratch, x07_view_lit("|", 1));
    out = x07_vec_u8_extend_bytes(rt, out, x07_scratch_u8_fixed_v1_as_view(rt, scratch));
    x07_option_view rest = x07_option_bytes_view_some(rt, x07_bufread_fill(rt, buffered));
    return x07_vec_u8_into_bytes(rt, x07_vec_u8_extend_bytes(rt, out, rest.value));
}

int
main(void)
{
    static const x07_program program = {.solve = solve, .fuel = 50000000, .memory = 67108864};

    return x07_main(&program);
}
