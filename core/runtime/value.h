/* value.h: the elements of vec_value and map_value: what a type id means. Knows nothing of the containers. */
#ifndef RUNTIME_VALUE_H
#define RUNTIME_VALUE_H

#include "internal.h"

/* How elements of a type are stored. Type ids are 1 = i32, 2 = u32, 3 = bytes, 4 = bytes_view. */
enum shape { SHAPE_NONE, SHAPE_I32, SHAPE_BYTES, SHAPE_VIEW };

/* One element outside a container. The shape says which member counts. */
union value {
    uint32_t number;
    x07_bytes bytes;
    x07_view view;
};

static inline uint32_t
shape_size(enum shape shape)
{
    return shape == SHAPE_I32 ? (uint32_t)sizeof(uint32_t) : (uint32_t)sizeof(x07_bytes);
}

/* Traps `value ty_id invalid`. */
static inline enum shape
shape_of_type(x07_rt *rt, uint32_t type)
{
    static const uint8_t shapes[] = {SHAPE_NONE, SHAPE_I32, SHAPE_I32, SHAPE_BYTES, SHAPE_VIEW};

    if (!type || type >= sizeof shapes)
        x07_trap(rt, "value ty_id invalid");
    return (enum shape)shapes[type];
}

/* The element at `index` of an array of one shape. A read hands out what is stored, not a copy. */
static inline union value
value_read(const void *array, enum shape shape, uint32_t index)
{
    union value value;

    if (shape == SHAPE_I32)
        value.number = ((const uint32_t *)array)[index];
    else if (shape == SHAPE_BYTES)
        value.bytes = ((const x07_bytes *)array)[index];
    else
        value.view = ((const x07_view *)array)[index];
    return value;
}

static inline void
value_write(void *array, enum shape shape, uint32_t index, union value value)
{
    if (shape == SHAPE_I32)
        ((uint32_t *)array)[index] = value.number;
    else if (shape == SHAPE_BYTES)
        ((x07_bytes *)array)[index] = value.bytes;
    else
        ((x07_view *)array)[index] = value.view;
}

static inline void
value_drop(x07_rt *rt, enum shape shape, union value value)
{
    if (shape == SHAPE_BYTES)
        x07_drop_bytes(rt, value.bytes);
}

/* The bytes of a value that is not a number. */
static inline x07_view
value_view(enum shape shape, union value value)
{
    return shape == SHAPE_BYTES ? x07_view_of(value.bytes) : value.view;
}

#endif
