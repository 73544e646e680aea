/* test_runtime_maps.c: map_u32, set_u32, vec_value and map_value: behaviour against a simple model, figures,
 * traps. */
#include "runtime_testing.h"

#include "runtime/x07rt_map.h"
#include "runtime/x07rt_value.h"

enum { TYPE_I32 = 1, TYPE_U32, TYPE_BYTES, TYPE_VIEW };
enum { KEYS = 64, CAP = 64, ROUNDS = 5000 };

static uint32_t state;

static uint32_t
draw(uint32_t below)
{
    state = state * 1664525U + 1013904223U;
    return (state >> 8) % below;
}

/* What a map should hold: a value per key, -1 for none. */
struct model {
    int64_t values[KEYS];
    uint32_t len;
};

static void
model_clear(struct model *model)
{
    for (int i = 0; i < KEYS; i++)
        model->values[i] = -1;
    model->len = 0;
}

static uint32_t
model_set(struct model *model, uint32_t key, uint32_t value)
{
    uint32_t fresh = model->values[key] < 0;

    model->len += fresh;
    model->values[key] = value;
    return fresh;
}

static uint32_t
model_remove(struct model *model, uint32_t key)
{
    uint32_t had = model->values[key] >= 0;

    model->len -= had;
    model->values[key] = -1;
    return had;
}

static uint32_t
model_get(const struct model *model, uint32_t key, uint32_t other)
{
    return model->values[key] < 0 ? other : (uint32_t)model->values[key];
}

/* Keys that collide: few start slots. */
static uint32_t
spread(uint32_t key)
{
    return key % 4 + (key / 4 << 12);
}

static void
map_u32_agrees_with_a_model(void)
{
    x07_rt *rt = testing_open();
    uint32_t h = x07_map_u32_new(rt, CAP);
    struct model model;

    state = 3;
    model_clear(&model);
    for (int i = 0; i < ROUNDS; i++) {
        uint32_t key = draw(KEYS), value = draw(1000);
        uint32_t put = draw(5) < 3;
        uint32_t changed =
            put ? x07_map_u32_set(rt, h, spread(key), value) : x07_map_u32_remove(rt, h, spread(key));
        CU_ASSERT_EQUAL_FATAL(changed, put ? model_set(&model, key, value) : model_remove(&model, key));
        key = draw(KEYS);
        CU_ASSERT_EQUAL_FATAL(x07_map_u32_get(rt, h, spread(key), 7777), model_get(&model, key, 7777));
        CU_ASSERT_EQUAL_FATAL(x07_map_u32_contains(rt, h, spread(key)), model.values[key] >= 0);
        CU_ASSERT_EQUAL_FATAL(x07_map_u32_len(rt, h), model.len);
    }
    testing_close();
}

static void
map_u32_when_full(void)
{
    x07_rt *rt = testing_open();
    uint32_t h = x07_map_u32_new(rt, 2), one = x07_set_u32_new(rt, 1);

    CU_ASSERT_EQUAL(one, 2);
    CU_ASSERT_EQUAL(x07_set_u32_add(rt, one, 0), 1);
    CU_ASSERT_EQUAL(x07_set_u32_add(rt, one, 0), 0);
    CU_ASSERT_EQUAL(x07_set_u32_contains(rt, one, 1), 0);
    CU_ASSERT_EQUAL(x07_set_u32_remove(rt, one, 0), 1);
    CU_ASSERT_EQUAL(x07_map_u32_len(rt, one), 0);
    x07_map_u32_set(rt, h, 10, 1);
    x07_map_u32_set(rt, h, 11, 2);
    CU_ASSERT_EQUAL(x07_map_u32_get(rt, h, 12, 5), 5);
    CU_ASSERT_EQUAL(x07_map_u32_set(rt, h, 11, 3), 0);
    CU_ASSERT_EQUAL(x07_map_u32_remove(rt, h, 12), 0);
    testing_close();
}

static void
map_u32_dumps_in_slot_order(void)
{
    x07_rt *rt = testing_open();
    uint32_t h = x07_map_u32_new(rt, 8);

    CU_ASSERT(testing_gives(x07_set_u32_dump_u32le(rt, h), ""));
    /* 3 and 11 both start at slot 3, 0 at slot 0. */
    x07_map_u32_set(rt, h, 3, 30);
    x07_map_u32_set(rt, h, 11, 110);
    x07_map_u32_set(rt, h, 0, 5);
    static const uint8_t expected[] = {0,  0, 0, 0, 5,  0, 0, 0, 3,   0, 0, 0,
                                       30, 0, 0, 0, 11, 0, 0, 0, 110, 0, 0, 0};
    x07_bytes pairs = x07_map_u32_dump_kv_u32le_u32le(rt, h);
    CU_ASSERT(pairs.len == sizeof expected && memcmp(pairs.ptr, expected, sizeof expected) == 0);
    x07_drop_bytes(rt, pairs);
    CU_ASSERT_EQUAL(x07_map_u32_remove(rt, h, 3), 1);
    x07_bytes keys = x07_set_u32_dump_u32le(rt, h);
    CU_ASSERT(keys.len == 8 && memcmp(keys.ptr, "\0\0\0\0\v\0\0\0", 8) == 0);
    x07_drop_bytes(rt, keys);
    testing_close();
}

static void
maps_are_counted(void)
{
    x07_rt *rt = testing_open();

    x07_map_u32_new(rt, 4);
    rt_release(&testing_runtime);
    testing_figures("map_u32.new 4", 4, 0, 4, 120, 120, 0);
    testing_close();
    rt = testing_open();
    for (int i = 0; i < 9; i++)
        x07_map_u32_new(rt, 1);
    rt_release(&testing_runtime);
    testing_figures("nine maps", 28, 1, 29, 480, 448, 64);
    testing_close();
    rt = testing_open();
    x07_vec_value_with_capacity_v1(rt, TYPE_I32, 4);
    rt_release(&testing_runtime);
    testing_figures("vec_value", 3, 0, 3, 112, 112, 0);
    testing_close();
    rt = testing_open();
    uint32_t h = x07_map_value_new_v1(rt, TYPE_I32, TYPE_I32, 4);
    testing_figures("map_value", 6, 0, 0, 180, 180, 0);
    for (uint32_t i = 0; i < 3; i++)
        x07_map_value_set_i32_i32_v1(rt, h, i, i);
    rt_release(&testing_runtime);
    testing_figures("map_value with three", 10, 0, 10, 284, 284, 40);
    testing_close();
    rt = testing_open();
    x07_map_value_new_v1(rt, TYPE_BYTES, TYPE_BYTES, 4);
    rt_release(&testing_runtime);
    testing_figures("map_value of bytes", 6, 0, 6, 276, 276, 0);
    testing_close();
}

static void
vec_value_holds_numbers(void)
{
    x07_rt *rt = testing_open();
    uint32_t h = x07_vec_value_with_capacity_v1(rt, TYPE_U32, 0);

    for (uint32_t i = 0; i < 20; i++)
        CU_ASSERT_EQUAL(x07_vec_value_push_i32_v1(rt, h, i * i), h);
    CU_ASSERT_EQUAL(x07_vec_value_set_i32_v1(rt, h, 4, 777), h);
    CU_ASSERT_EQUAL(x07_vec_value_len(rt, x07_vec_value_pop(rt, h)), 19);
    CU_ASSERT_EQUAL(x07_vec_value_get_i32_v1(rt, h, 4, 9), 777);
    CU_ASSERT_EQUAL(x07_vec_value_get_i32_v1(rt, h, 19, 9), 9);
    CU_ASSERT_EQUAL(x07_vec_value_get_i32_v1(rt, h, UINT32_MAX, 9), 9);
    CU_ASSERT_EQUAL(x07_vec_value_len(rt, x07_vec_value_clear(rt, h)), 0);
    CU_ASSERT_EQUAL(x07_vec_value_len(rt, x07_vec_value_pop(rt, h)), 0);
    CU_ASSERT_EQUAL(x07_vec_value_reserve_exact(rt, h, 100), h);
    testing_close();
}

static void
vec_value_owns_bytes(void)
{
    x07_rt *rt = testing_open();
    uint32_t h = x07_vec_value_with_capacity_v1(rt, TYPE_BYTES, 0);

    x07_vec_value_push_bytes_v1(rt, h, testing_bytes("one"));
    x07_vec_value_push_bytes_v1(rt, h, testing_bytes("two"));
    x07_vec_value_push_bytes_v1(rt, h, X07_EMPTY_BYTES);
    x07_vec_value_set_bytes_v1(rt, h, 0, testing_bytes("uno"));
    CU_ASSERT(testing_gives(x07_vec_value_get_bytes_v1(rt, h, 0, testing_bytes("d")), "uno"));
    CU_ASSERT(testing_gives(x07_vec_value_get_bytes_v1(rt, h, 3, testing_bytes("d")), "d"));
    x07_vec_value_pop(rt, x07_vec_value_pop(rt, h));
    CU_ASSERT_EQUAL(x07_vec_value_len(rt, h), 1);
    uint32_t views = x07_vec_value_with_capacity_v1(rt, TYPE_VIEW, 2);
    x07_vec_value_push_bytes_view_v1(rt, views, testing_view("view"));
    CU_ASSERT(testing_same(x07_vec_value_get_bytes_view_v1(rt, views, 0, X07_EMPTY_VIEW), "view"));
    testing_close();
}

static x07_bytes
key_bytes(uint32_t key)
{
    char text[16];

    snprintf(text, sizeof text, "key-%u", key);
    return testing_bytes(text);
}

static void
map_value_agrees_with_a_model(void)
{
    x07_rt *rt = testing_open();
    uint32_t h = x07_map_value_new_v1(rt, TYPE_BYTES, TYPE_I32, 1);
    struct model model;

    state = 11;
    model_clear(&model);
    for (int i = 0; i < ROUNDS; i++) {
        uint32_t key = draw(KEYS), value = draw(1000);
        if (draw(5) < 3) {
            model_set(&model, key, value);
            CU_ASSERT_EQUAL_FATAL(x07_map_value_set_bytes_i32_v1(rt, h, key_bytes(key), value), h);
        } else {
            model_remove(&model, key);
            CU_ASSERT_EQUAL_FATAL(x07_map_value_remove_bytes_v1(rt, h, key_bytes(key)), h);
        }
        key = draw(KEYS);
        CU_ASSERT_EQUAL_FATAL(x07_map_value_get_bytes_i32_v1(rt, h, key_bytes(key), 7777),
                              model_get(&model, key, 7777));
        CU_ASSERT_EQUAL_FATAL(x07_map_value_contains_bytes_v1(rt, h, key_bytes(key)), model.values[key] >= 0);
        CU_ASSERT_EQUAL_FATAL(x07_map_value_len(rt, h), model.len);
        if (i == ROUNDS / 2) {
            x07_map_value_clear(rt, h);
            model_clear(&model);
        }
    }
    testing_close();
}

/* Entries that come and go leave no trace that makes a search walk the whole map, and no growth. */
static void
map_value_bears_churn(void)
{
    x07_rt *rt = testing_open();
    uint32_t h = x07_map_value_new_v1(rt, TYPE_I32, TYPE_BYTES, 16);

    for (uint32_t i = 0; i < 1000; i++) {
        x07_map_value_set_i32_bytes_v1(rt, h, i, key_bytes(i));
        CU_ASSERT(testing_gives(x07_map_value_get_i32_bytes_v1(rt, h, i + 1, X07_EMPTY_BYTES), ""));
        x07_map_value_remove_i32_v1(rt, h, i);
    }
    CU_ASSERT_EQUAL(x07_map_value_len(rt, h), 0);
    x07_map_value_set_i32_bytes_v1(rt, h, UINT32_MAX, testing_bytes("a"));
    x07_map_value_set_i32_bytes_v1(rt, h, UINT32_MAX, testing_bytes("b"));
    CU_ASSERT(testing_gives(x07_map_value_get_i32_bytes_v1(rt, h, UINT32_MAX, testing_bytes("d")), "b"));
    testing_close();
}

static void
map_value_of_views(void)
{
    x07_rt *rt = testing_open();
    uint32_t h = x07_map_value_new_v1(rt, TYPE_VIEW, TYPE_VIEW, 4);

    x07_map_value_set_bytes_view_bytes_view_v1(rt, h, testing_view("01"), testing_view("x"));
    CU_ASSERT(testing_same(
        x07_map_value_get_bytes_view_bytes_view_v1(rt, h, testing_view("01"), X07_EMPTY_VIEW), "x"));
    CU_ASSERT(testing_same(
        x07_map_value_get_bytes_view_bytes_view_v1(rt, h, testing_view("1"), testing_view("d")), "d"));
    CU_ASSERT_EQUAL(x07_map_value_contains_bytes_view_v1(rt, h, testing_view("01")), 1);
    x07_map_value_remove_bytes_view_v1(rt, h, testing_view("01"));
    CU_ASSERT_EQUAL(x07_map_value_len(rt, h), 0);
    testing_close();
}

TRAP(map_cap, x07_map_u32_new(rt, 3))
TRAP(map_cap_zero, x07_map_u32_new(rt, 0))
TRAP(map_huge, x07_map_u32_new(rt, 1U << 31))
TRAP(map_handle, x07_map_u32_len(rt, 0))
TRAP(map_handle_before_key, x07_map_u32_get(rt, 1, UINT32_MAX, 0))
TRAP(map_get_reserved, x07_map_u32_get(rt, x07_map_u32_new(rt, 2), UINT32_MAX, 0))
TRAP(map_contains_reserved, x07_set_u32_contains(rt, x07_map_u32_new(rt, 2), UINT32_MAX))
TRAP(map_remove_reserved, x07_set_u32_remove(rt, x07_map_u32_new(rt, 2), UINT32_MAX))
TRAP(map_set_reserved, x07_set_u32_add(rt, x07_map_u32_new(rt, 2), UINT32_MAX))
TRAP(vec_type, x07_vec_value_with_capacity_v1(rt, 5, UINT32_MAX))
TRAP(vec_cap, x07_vec_value_with_capacity_v1(rt, TYPE_I32, 1U << 30))
TRAP(vec_handle, x07_vec_value_len(rt, 1))
TRAP(vec_push,
     x07_vec_value_push_bytes_v1(rt, x07_vec_value_with_capacity_v1(rt, TYPE_VIEW, 0), X07_EMPTY_BYTES))
TRAP(vec_get, x07_vec_value_get_i32_v1(rt, x07_vec_value_with_capacity_v1(rt, TYPE_VIEW, 0), 0, 0))
TRAP(vec_set,
     x07_vec_value_set_bytes_view_v1(rt, x07_vec_value_with_capacity_v1(rt, TYPE_I32, 0), 0, X07_EMPTY_VIEW))
TRAP(vec_set_oob, x07_vec_value_set_i32_v1(rt, x07_vec_value_with_capacity_v1(rt, TYPE_I32, 0), 0, 0))
TRAP(vec_reserve,
     x07_vec_value_reserve_exact(rt, x07_vec_value_with_capacity_v1(rt, TYPE_I32, 0), UINT32_MAX))
TRAP(value_cap, x07_map_value_new_v1(rt, 9, 9, 6))
TRAP(value_type, x07_map_value_new_v1(rt, TYPE_I32, 0, 8))
TRAP(value_huge, x07_map_value_new_v1(rt, TYPE_I32, TYPE_I32, 1U << 31))
TRAP(value_handle, x07_map_value_clear(rt, 1))
TRAP(value_contains,
     x07_map_value_contains_bytes_view_v1(rt, x07_map_value_new_v1(rt, 1, 1, 1), X07_EMPTY_VIEW))
TRAP(value_remove, x07_map_value_remove_bytes_v1(rt, x07_map_value_new_v1(rt, 1, 1, 1), X07_EMPTY_BYTES))
TRAP(value_get_key, x07_map_value_get_bytes_i32_v1(rt, x07_map_value_new_v1(rt, 1, 1, 1), X07_EMPTY_BYTES, 0))
TRAP(value_get_val, x07_map_value_get_i32_bytes_v1(rt, x07_map_value_new_v1(rt, 1, 1, 1), 0, X07_EMPTY_BYTES))
TRAP(value_set_key, x07_map_value_set_bytes_i32_v1(rt, x07_map_value_new_v1(rt, 1, 1, 1), X07_EMPTY_BYTES, 0))
TRAP(value_set_val, x07_map_value_set_i32_bytes_v1(rt, x07_map_value_new_v1(rt, 1, 1, 1), 0, X07_EMPTY_BYTES))

static void
map_full(x07_rt *rt)
{
    uint32_t h = x07_map_u32_new(rt, 1);

    x07_map_u32_set(rt, h, 1, 1);
    x07_map_u32_set(rt, h, 2, 1);
}

static void
violations_trap(void)
{
    static const struct testing_trap traps[] = {
        {"map_u32.new cap must be power of two", map_cap},
        {"map_u32.new cap must be power of two", map_cap_zero},
        {"out of memory", map_huge},
        {"map_u32 invalid handle", map_handle},
        {"map_u32 invalid handle", map_handle_before_key},
        {"map_u32.get key=-1 reserved", map_get_reserved},
        {"map_u32.contains key=-1 reserved", map_contains_reserved},
        {"map_u32.remove key=-1 reserved", map_remove_reserved},
        {"map_u32.set key=-1 reserved", map_set_reserved},
        {"map_u32 full", map_full},
        {"value ty_id invalid", vec_type},
        {"vec_value.with_capacity cap overflow", vec_cap},
        {"vec_value invalid handle", vec_handle},
        {"vec_value.push_bytes_v1 ty mismatch", vec_push},
        {"vec_value.get_i32_v1 ty mismatch", vec_get},
        {"vec_value.set_bytes_view_v1 ty mismatch", vec_set},
        {"vec_value.set oob", vec_set_oob},
        {"vec_value cap overflow", vec_reserve},
        {"map_value.new cap must be power of two", value_cap},
        {"value ty_id invalid", value_type},
        {"map_value hashes overflow", value_huge},
        {"map_value invalid handle", value_handle},
        {"map_value.contains_bytes_view_v1 key ty mismatch", value_contains},
        {"map_value.remove_bytes_v1 key ty mismatch", value_remove},
        {"map_value.get key ty mismatch", value_get_key},
        {"map_value.get val ty mismatch", value_get_val},
        {"map_value.set key ty mismatch", value_set_key},
        {"map_value.set val ty mismatch", value_set_val},
    };

    testing_all_trap(traps, COUNT(traps));
}

int
main(void)
{
    static const struct testing_case cases[] = {
        {"map_u32 agrees with a model", map_u32_agrees_with_a_model},
        {"map_u32 when full", map_u32_when_full},
        {"map_u32 dumps in slot order", map_u32_dumps_in_slot_order},
        {"maps are counted", maps_are_counted},
        {"vec_value holds numbers", vec_value_holds_numbers},
        {"vec_value owns bytes", vec_value_owns_bytes},
        {"map_value agrees with a model", map_value_agrees_with_a_model},
        {"map_value bears churn", map_value_bears_churn},
        {"map_value of views", map_value_of_views},
        {"violations trap", violations_trap},
    };

    return testing_main("runtime maps", cases, COUNT(cases));
}
