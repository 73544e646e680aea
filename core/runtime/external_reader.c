/* external_reader.c: readers that native code brings. Knows vtables; knows nothing of the built-in readers.
 */
#include "x07rt_io.h"

#include "internal.h"

struct external_vtable {
    uint32_t (*read)(uint32_t data, uint8_t *dst, uint32_t cap);
    void (*drop)(uint32_t data);
};

/* Native code registers without a runtime at hand, often before main: so this one table belongs to the
 * process. */
static struct external_vtable registered[VTABLE_LAST + 1];

uint32_t
x07_rt_register_io_reader_vtable_v1(uint32_t (*read)(uint32_t data, uint8_t *dst, uint32_t cap),
                                    void (*drop)(uint32_t data))
{
    if (!read)
        return 0;
    for (uint32_t id = VTABLE_EXTERNAL; id <= VTABLE_LAST; id++) {
        struct external_vtable *vtable = &registered[id];
        if (!vtable->read)
            *vtable = (struct external_vtable){read, drop};
        if (vtable->read == read && vtable->drop == drop)
            return id;
    }
    return 0;
}

void
rt_external_check(x07_rt *rt, x07_iface reader)
{
    if (reader.vtable < VTABLE_EXTERNAL || reader.vtable > VTABLE_LAST)
        x07_trap(rt, "ext io reader invalid vtable");
    if (!registered[reader.vtable].read)
        x07_trap(rt, "ext io reader unregistered vtable");
}

uint32_t
rt_external_read(x07_rt *rt, x07_iface reader, uint8_t *to, uint32_t cap)
{
    uint32_t n = registered[reader.vtable].read(reader.data, to, cap);

    if (n > cap)
        x07_trap(rt, "ext io reader returned too many bytes");
    return n;
}
