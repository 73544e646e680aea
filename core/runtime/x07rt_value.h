/* x07rt_value.h: vec_value and map_value, the containers whose element type is known at run time. Ownership,
 * errors and threads are as in x07rt.h. Containers are named by handles and live until x07_main returns; a
 * stored view does not keep its owner alive. */
#ifndef X07RT_VALUE_H
#define X07RT_VALUE_H

#include "x07rt.h"

uint32_t x07_vec_value_with_capacity_v1(x07_rt *rt, uint32_t type, uint32_t cap);
uint32_t x07_vec_value_len(x07_rt *rt, uint32_t h);
uint32_t x07_vec_value_reserve_exact(x07_rt *rt, uint32_t h, uint32_t additional);
uint32_t x07_vec_value_pop(x07_rt *rt, uint32_t h);
uint32_t x07_vec_value_clear(x07_rt *rt, uint32_t h);
uint32_t x07_vec_value_push_i32_v1(x07_rt *rt, uint32_t h, uint32_t x);
uint32_t x07_vec_value_push_bytes_v1(x07_rt *rt, uint32_t h, x07_bytes x);
uint32_t x07_vec_value_push_bytes_view_v1(x07_rt *rt, uint32_t h, x07_view x);
uint32_t x07_vec_value_get_i32_v1(x07_rt *rt, uint32_t h, uint32_t index, uint32_t other);
x07_bytes x07_vec_value_get_bytes_v1(x07_rt *rt, uint32_t h, uint32_t index, x07_bytes other);
x07_view x07_vec_value_get_bytes_view_v1(x07_rt *rt, uint32_t h, uint32_t index, x07_view other);
uint32_t x07_vec_value_set_i32_v1(x07_rt *rt, uint32_t h, uint32_t index, uint32_t x);
uint32_t x07_vec_value_set_bytes_v1(x07_rt *rt, uint32_t h, uint32_t index, x07_bytes x);
uint32_t x07_vec_value_set_bytes_view_v1(x07_rt *rt, uint32_t h, uint32_t index, x07_view x);

uint32_t x07_map_value_new_v1(x07_rt *rt, uint32_t key_type, uint32_t value_type, uint32_t cap);
uint32_t x07_map_value_len(x07_rt *rt, uint32_t h);
uint32_t x07_map_value_clear(x07_rt *rt, uint32_t h);
uint32_t x07_map_value_contains_i32_v1(x07_rt *rt, uint32_t h, uint32_t key);
uint32_t x07_map_value_contains_bytes_v1(x07_rt *rt, uint32_t h, x07_bytes key);
uint32_t x07_map_value_contains_bytes_view_v1(x07_rt *rt, uint32_t h, x07_view key);
uint32_t x07_map_value_remove_i32_v1(x07_rt *rt, uint32_t h, uint32_t key);
uint32_t x07_map_value_remove_bytes_v1(x07_rt *rt, uint32_t h, x07_bytes key);
uint32_t x07_map_value_remove_bytes_view_v1(x07_rt *rt, uint32_t h, x07_view key);
uint32_t x07_map_value_get_i32_i32_v1(x07_rt *rt, uint32_t h, uint32_t key, uint32_t other);
x07_bytes x07_map_value_get_i32_bytes_v1(x07_rt *rt, uint32_t h, uint32_t key, x07_bytes other);
x07_view x07_map_value_get_i32_bytes_view_v1(x07_rt *rt, uint32_t h, uint32_t key, x07_view other);
uint32_t x07_map_value_get_bytes_i32_v1(x07_rt *rt, uint32_t h, x07_bytes key, uint32_t other);
x07_bytes x07_map_value_get_bytes_bytes_v1(x07_rt *rt, uint32_t h, x07_bytes key, x07_bytes other);
x07_view x07_map_value_get_bytes_bytes_view_v1(x07_rt *rt, uint32_t h, x07_bytes key, x07_view other);
uint32_t x07_map_value_get_bytes_view_i32_v1(x07_rt *rt, uint32_t h, x07_view key, uint32_t other);
x07_bytes x07_map_value_get_bytes_view_bytes_v1(x07_rt *rt, uint32_t h, x07_view key, x07_bytes other);
x07_view x07_map_value_get_bytes_view_bytes_view_v1(x07_rt *rt, uint32_t h, x07_view key, x07_view other);
uint32_t x07_map_value_set_i32_i32_v1(x07_rt *rt, uint32_t h, uint32_t key, uint32_t value);
uint32_t x07_map_value_set_i32_bytes_v1(x07_rt *rt, uint32_t h, uint32_t key, x07_bytes value);
uint32_t x07_map_value_set_i32_bytes_view_v1(x07_rt *rt, uint32_t h, uint32_t key, x07_view value);
uint32_t x07_map_value_set_bytes_i32_v1(x07_rt *rt, uint32_t h, x07_bytes key, uint32_t value);
uint32_t x07_map_value_set_bytes_bytes_v1(x07_rt *rt, uint32_t h, x07_bytes key, x07_bytes value);
uint32_t x07_map_value_set_bytes_bytes_view_v1(x07_rt *rt, uint32_t h, x07_bytes key, x07_view value);
uint32_t x07_map_value_set_bytes_view_i32_v1(x07_rt *rt, uint32_t h, x07_view key, uint32_t value);
uint32_t x07_map_value_set_bytes_view_bytes_v1(x07_rt *rt, uint32_t h, x07_view key, x07_bytes value);
uint32_t x07_map_value_set_bytes_view_bytes_view_v1(x07_rt *rt, uint32_t h, x07_view key, x07_view value);

#endif
