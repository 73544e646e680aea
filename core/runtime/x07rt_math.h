/* x07rt_math.h: math.f64.* and json.jcs.canon_doc_v1. An f64 is 8 bytes, binary64, little-endian; any other
 * length traps. Ownership, errors and threads are as in x07rt.h; results belong to the caller. Linked from an
 * archive of its own, libx07rt_math. */
#ifndef X07RT_MATH_H
#define X07RT_MATH_H

#include "x07rt.h"

x07_bytes x07_math_f64_add_v1(x07_rt *rt, x07_view a, x07_view b);
x07_bytes x07_math_f64_sub_v1(x07_rt *rt, x07_view a, x07_view b);
x07_bytes x07_math_f64_mul_v1(x07_rt *rt, x07_view a, x07_view b);
x07_bytes x07_math_f64_div_v1(x07_rt *rt, x07_view a, x07_view b);
x07_bytes x07_math_f64_min_v1(x07_rt *rt, x07_view a, x07_view b);
x07_bytes x07_math_f64_max_v1(x07_rt *rt, x07_view a, x07_view b);
x07_bytes x07_math_f64_pow_v1(x07_rt *rt, x07_view x, x07_view y);
x07_bytes x07_math_f64_atan2_v1(x07_rt *rt, x07_view y, x07_view x);
x07_bytes x07_math_f64_sqrt_v1(x07_rt *rt, x07_view a);
x07_bytes x07_math_f64_neg_v1(x07_rt *rt, x07_view a);
x07_bytes x07_math_f64_abs_v1(x07_rt *rt, x07_view a);
x07_bytes x07_math_f64_sin_v1(x07_rt *rt, x07_view a);
x07_bytes x07_math_f64_cos_v1(x07_rt *rt, x07_view a);
x07_bytes x07_math_f64_tan_v1(x07_rt *rt, x07_view a);
x07_bytes x07_math_f64_exp_v1(x07_rt *rt, x07_view a);
x07_bytes x07_math_f64_log_v1(x07_rt *rt, x07_view a);
x07_bytes x07_math_f64_floor_v1(x07_rt *rt, x07_view a);
x07_bytes x07_math_f64_ceil_v1(x07_rt *rt, x07_view a);
x07_bytes x07_math_f64_fmt_shortest_v1(x07_rt *rt, x07_view a);
x07_bytes x07_math_f64_to_bits_u64le_v1(x07_rt *rt, x07_view a);
x07_bytes x07_math_f64_from_i32_v1(x07_rt *rt, uint32_t x);

/* Err 40020 for what is not finite, 40021 for what is outside i32. */
x07_result_i32 x07_math_f64_to_i32_trunc_v1(x07_rt *rt, x07_view a);

/* Err 40001 for text that is no number, 40002 for one that is too large. */
x07_result_bytes x07_math_f64_parse_v1(x07_rt *rt, x07_view text);

/* A document: 1 and the canonical text, or 0, a code and an offset. Limits are unsigned. */
x07_bytes x07_json_jcs_canon_doc_v1(x07_rt *rt, x07_view json, uint32_t max_depth, uint32_t max_members,
                                    uint32_t max_object_bytes);

#endif
