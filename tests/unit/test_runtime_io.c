/* test_runtime_io.c: readers, buffered readers, scratch buffers: behaviour, figures, traps. */
#include "runtime_testing.h"

#include "runtime/x07rt_io.h"

static void
readers_give_what_they_hold(void)
{
    x07_rt *rt = testing_open();
    x07_iface r = x07_io_open_read_bytes(rt, testing_bytes("abcdefgh"));

    CU_ASSERT(testing_gives(x07_io_read(rt, r, 3), "abc"));
    CU_ASSERT(testing_gives(x07_io_read(rt, r, 0), ""));
    CU_ASSERT(testing_gives(x07_io_read(rt, r, UINT32_MAX), "defgh"));
    CU_ASSERT(testing_gives(x07_io_read(rt, r, 1), ""));
    CU_ASSERT(testing_gives(x07_io_read(rt, x07_io_open_read_bytes_view(rt, testing_view("v")), 4), "v"));
    x07_vec vec = x07_vec_u8_push(rt, x07_vec_u8_with_capacity(rt, 9), 'x');
    CU_ASSERT(testing_gives(x07_io_read(rt, x07_io_open_read_bytes_vec(rt, vec), 4), "x"));
    vec = x07_vec_u8_with_capacity(rt, 9);
    CU_ASSERT(testing_gives(x07_io_read(rt, x07_io_open_read_bytes_vec(rt, vec), 4), ""));
    CU_ASSERT(testing_gives(x07_io_read(rt, x07_iface_make_v1(rt, 9, 0), 0), ""));
    testing_close();
}

static void
buffered_readers_share_the_position(void)
{
    x07_rt *rt = testing_open();
    x07_iface r = x07_io_open_read_bytes(rt, testing_bytes("abcdefghij"));
    uint32_t h = x07_bufread_new(rt, r, 3);

    CU_ASSERT(testing_same(x07_bufread_fill(rt, h), "abc"));
    CU_ASSERT(testing_gives(x07_io_read(rt, r, 2), "de"));
    CU_ASSERT_EQUAL(x07_bufread_consume(rt, h, 1), 0);
    CU_ASSERT(testing_same(x07_bufread_fill(rt, h), "bc"));
    CU_ASSERT_EQUAL(x07_bufread_consume(rt, h, 2), 0);
    CU_ASSERT(testing_same(x07_bufread_fill(rt, h), "fgh"));
    x07_bufread_consume(rt, h, 3);
    CU_ASSERT(testing_same(x07_bufread_fill(rt, h), "ij"));
    x07_bufread_consume(rt, h, 2);
    CU_ASSERT(testing_same(x07_bufread_fill(rt, h), ""));
    CU_ASSERT(testing_same(x07_bufread_fill(rt, h), ""));
    testing_close();
}

/* The data of a reader goes when its end is found, but not under the eyes of a buffered reader. */
static void
data_goes_at_the_end(void)
{
    x07_rt *rt = testing_open();
    x07_iface plain = x07_io_open_read_bytes(rt, testing_bytes("abc"));
    x07_iface shared = x07_io_open_read_bytes(rt, testing_bytes("abc"));
    uint32_t h = x07_bufread_new(rt, shared, 9);
    x07_view unread = x07_bufread_fill(rt, h);

    CU_ASSERT(testing_gives(x07_io_read(rt, plain, 3), "abc"));
    uint64_t live = testing_runtime.figures.live_bytes;
    CU_ASSERT(testing_gives(x07_io_read(rt, plain, 1), ""));
    CU_ASSERT_EQUAL(testing_runtime.figures.live_bytes, live - 3);
    CU_ASSERT(testing_gives(x07_io_read(rt, plain, 1), ""));
    CU_ASSERT(testing_gives(x07_io_read(rt, shared, 1), ""));
    CU_ASSERT(testing_same(unread, "abc"));
    CU_ASSERT(testing_same(x07_bufread_fill(rt, x07_bufread_new(rt, plain, 4)), ""));
    testing_close();
}

/* An external reader: counts down from `data`, and lies when asked to. */
static uint32_t left;

static uint32_t
count_down(uint32_t data, uint8_t *dst, uint32_t cap)
{
    uint32_t n = left < cap ? left : cap;

    for (uint32_t i = 0; i < n; i++)
        dst[i] = (uint8_t)(data + left - i);
    left -= n;
    return n;
}

static uint32_t
too_many(uint32_t data, uint8_t *dst, uint32_t cap)
{
    (void)data;
    (void)dst;
    return cap + 1;
}

static void
ignore_drop(uint32_t data)
{
    (void)data;
}

static void
external_readers(void)
{
    x07_rt *rt = testing_open();
    uint32_t id = x07_rt_register_io_reader_vtable_v1(count_down, NULL);

    CU_ASSERT_EQUAL(id, 2);
    CU_ASSERT_EQUAL(x07_rt_register_io_reader_vtable_v1(count_down, NULL), id);
    CU_ASSERT_EQUAL(x07_rt_register_io_reader_vtable_v1(count_down, ignore_drop), id + 1);
    CU_ASSERT_EQUAL(x07_rt_register_io_reader_vtable_v1(NULL, ignore_drop), 0);
    left = 5;
    x07_iface r = x07_iface_make_v1(rt, 'a' - 1, id);
    CU_ASSERT(testing_gives(x07_io_read(rt, r, 2), "ed"));
    uint32_t h = x07_bufread_new(rt, r, 2);
    CU_ASSERT(testing_same(x07_bufread_fill(rt, h), "cb"));
    x07_bufread_consume(rt, h, 2);
    CU_ASSERT(testing_same(x07_bufread_fill(rt, h), "a"));
    x07_bufread_consume(rt, h, 1);
    CU_ASSERT(testing_same(x07_bufread_fill(rt, h), ""));
    CU_ASSERT(testing_gives(x07_io_read(rt, r, 7), ""));
    testing_close();
}

static void
scratch_buffers(void)
{
    x07_rt *rt = testing_open();
    uint32_t h = x07_scratch_u8_fixed_v1_new(rt, 5);

    CU_ASSERT_EQUAL(x07_scratch_u8_fixed_v1_try_write(rt, h, testing_view("abc")).value, 3);
    x07_result_i32 full = x07_scratch_u8_fixed_v1_try_write(rt, h, testing_view("def"));
    CU_ASSERT(full.tag == 0 && full.value == 8);
    CU_ASSERT(testing_same(x07_scratch_u8_fixed_v1_as_view(rt, h), "abc"));
    CU_ASSERT_EQUAL(x07_scratch_u8_fixed_v1_len(rt, x07_scratch_u8_fixed_v1_clear(rt, h)), 0);
    CU_ASSERT_EQUAL(x07_scratch_u8_fixed_v1_cap(rt, h), 5);
    CU_ASSERT_EQUAL(x07_scratch_u8_fixed_v1_new(rt, 0), 2);
    CU_ASSERT_EQUAL(x07_scratch_u8_fixed_v1_drop(rt, 1), 1);
    CU_ASSERT_EQUAL(x07_scratch_u8_fixed_v1_drop(rt, 1), 0);
    CU_ASSERT_EQUAL(x07_scratch_u8_fixed_v1_drop(rt, 99), 0);
    CU_ASSERT_EQUAL(x07_scratch_u8_fixed_v1_new(rt, 1), 1);
    CU_ASSERT_EQUAL(x07_scratch_u8_fixed_v1_new(rt, 1), 3);
    testing_close();
}

static void
objects_are_counted(void)
{
    x07_rt *rt = testing_open();

    x07_io_open_read_bytes(rt, testing_bytes("abc"));
    rt_release(&testing_runtime);
    testing_figures("reader", 2, 0, 2, 387, 387, 3);
    testing_close();
    rt = testing_open();
    x07_drop_bytes(rt, x07_io_read(rt, x07_io_open_read_bytes(rt, testing_bytes("abcdef")), 30));
    rt_release(&testing_runtime);
    testing_figures("reader and read", 3, 0, 3, 396, 396, 12);
    testing_close();
    rt = testing_open();
    x07_bufread_new(rt, x07_io_open_read_bytes(rt, X07_EMPTY_BYTES), 7);
    rt_release(&testing_runtime);
    testing_figures("buffered reader", 3, 0, 3, 775, 775, 0);
    testing_close();
    rt = testing_open();
    x07_scratch_u8_fixed_v1_new(rt, 7);
    rt_release(&testing_runtime);
    testing_figures("scratch buffer", 2, 0, 2, 199, 199, 0);
    testing_close();
}

TRAP(read_handle, x07_io_read(rt, x07_iface_make_v1(rt, 1, 1), 1))
TRAP(read_vtable, x07_io_read(rt, x07_iface_make_v1(rt, 1, 0), 1))
TRAP(read_vtable_high, x07_io_read(rt, x07_iface_make_v1(rt, 1, 65), 1))
TRAP(read_unregistered, x07_io_read(rt, x07_iface_make_v1(rt, 1, 64), 1))
TRAP(read_lies,
     x07_io_read(rt, x07_iface_make_v1(rt, 0, x07_rt_register_io_reader_vtable_v1(too_many, NULL)), 4))
TRAP(buffer_none, x07_bufread_new(rt, x07_iface_make_v1(rt, 1, 0), 0))
TRAP(buffer_vtable, x07_bufread_new(rt, x07_iface_make_v1(rt, 1, 65), 1))
TRAP(buffer_reader, x07_bufread_new(rt, x07_iface_make_v1(rt, 1, 1), 1))
TRAP(buffer_handle, x07_bufread_fill(rt, 1))
TRAP(fill_unregistered, x07_bufread_fill(rt, x07_bufread_new(rt, x07_iface_make_v1(rt, 1, 64), 1)))
TRAP(consume_oob,
     x07_bufread_consume(rt, x07_bufread_new(rt, x07_io_open_read_bytes(rt, X07_EMPTY_BYTES), 1), 1))
TRAP(scratch_handle, x07_scratch_u8_fixed_v1_len(rt, 1))
TRAP(scratch_dropped,
     x07_scratch_u8_fixed_v1_len(rt, x07_scratch_u8_fixed_v1_drop(rt, x07_scratch_u8_fixed_v1_new(rt, 1))))

static void
violations_trap(void)
{
    static const struct testing_trap traps[] = {
        {"io.reader invalid handle", read_handle},
        {"io.read bad iface vtable", read_vtable},
        {"io.read bad iface vtable", read_vtable_high},
        {"ext io reader unregistered vtable", read_unregistered},
        {"ext io reader returned too many bytes", read_lies},
        {"bufread cap=0", buffer_none},
        {"bufread.new bad iface vtable", buffer_vtable},
        {"io.reader invalid handle", buffer_reader},
        {"bufread invalid handle", buffer_handle},
        {"ext io reader unregistered vtable", fill_unregistered},
        {"bufread.consume oob", consume_oob},
        {"scratch_u8_fixed invalid handle", scratch_handle},
        {"scratch_u8_fixed invalid handle", scratch_dropped},
    };

    testing_all_trap(traps, COUNT(traps));
}

int
main(void)
{
    static const struct testing_case cases[] = {
        {"readers give what they hold", readers_give_what_they_hold},
        {"buffered readers share the position", buffered_readers_share_the_position},
        {"data goes at the end", data_goes_at_the_end},
        {"external readers", external_readers},
        {"scratch buffers", scratch_buffers},
        {"objects are counted", objects_are_counted},
        {"violations trap", violations_trap},
    };

    return testing_main("runtime io", cases, COUNT(cases));
}
