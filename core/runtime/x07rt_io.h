/* x07rt_io.h: interfaces, readers, buffered readers and scratch buffers. Ownership, errors and threads are as
 * in x07rt.h. Readers and buffered readers live until x07_main returns, scratch buffers until their drop. */
#ifndef X07RT_IO_H
#define X07RT_IO_H

#include "x07rt.h"

static inline x07_iface
x07_iface_make_v1(x07_rt *rt, uint32_t data, uint32_t vtable)
{
    (void)rt;
    return (x07_iface){data, vtable};
}

/* io.open_read_bytes by the type of its operand: bytes and vec_u8 are consumed, a view is copied. */
x07_iface x07_io_open_read_bytes(x07_rt *rt, x07_bytes data);
x07_iface x07_io_open_read_bytes_view(x07_rt *rt, x07_view data);
x07_iface x07_io_open_read_bytes_vec(x07_rt *rt, x07_vec data);
x07_bytes x07_io_read(x07_rt *rt, x07_iface reader, uint32_t max);

/* Registers a reader of native code. `read` fills at most `cap` bytes of `dst` and returns how many; 0 is the
 * end. `drop` may be null and is not called. Returns the vtable id (2..64), the same one for the same pair,
 * or 0 when `read` is null or no id is left. May be called before x07_main. */
uint32_t x07_rt_register_io_reader_vtable_v1(uint32_t (*read)(uint32_t data, uint8_t *dst, uint32_t cap),
                                             void (*drop)(uint32_t data));

/* The view of fill is valid until the next fill that reads. */
uint32_t x07_bufread_new(x07_rt *rt, x07_iface reader, uint32_t cap);
x07_view x07_bufread_fill(x07_rt *rt, uint32_t h);
uint32_t x07_bufread_consume(x07_rt *rt, uint32_t h, uint32_t n);

/* The view of as_view is valid until the next clear, try_write or drop of the buffer. */
uint32_t x07_scratch_u8_fixed_v1_new(x07_rt *rt, uint32_t cap);
uint32_t x07_scratch_u8_fixed_v1_clear(x07_rt *rt, uint32_t h);
uint32_t x07_scratch_u8_fixed_v1_len(x07_rt *rt, uint32_t h);
uint32_t x07_scratch_u8_fixed_v1_cap(x07_rt *rt, uint32_t h);
x07_view x07_scratch_u8_fixed_v1_as_view(x07_rt *rt, uint32_t h);
x07_result_i32 x07_scratch_u8_fixed_v1_try_write(x07_rt *rt, uint32_t h, x07_view b);
uint32_t x07_scratch_u8_fixed_v1_drop(x07_rt *rt, uint32_t h);

#endif
