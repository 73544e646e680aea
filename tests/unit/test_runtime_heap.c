/* test_runtime_heap.c: the arena: reuse, joining of neighbours, growth in place, exhaustion, damage. */
#include "runtime_testing.h"

enum { ARENA = 1 << 18, SLOTS = 200, ROUNDS = 20000 };

struct slot {
    uint8_t *block;
    uint32_t size;
    uint8_t fill;
};

static struct heap heap;
static uint32_t state;

static uint32_t
draw(uint32_t below)
{
    state = state * 1664525U + 1013904223U;
    return (state >> 8) % below;
}

static void
fill(struct slot *slot, uint8_t with)
{
    slot->fill = with;
    memset(slot->block, with, slot->size);
}

static int
intact(const struct slot *slot)
{
    for (uint32_t i = 0; i < slot->size; i++)
        if (slot->block[i] != slot->fill)
            return 0;
    return 1;
}

static uint32_t
draw_size(void)
{
    return 1 + draw(draw(8) ? 100 : 5000);
}

static void
take(struct slot *slot, int zeroed)
{
    slot->size = draw_size();
    slot->block = zeroed ? rt_heap_take_zeroed(&heap, slot->size) : rt_heap_take(&heap, slot->size);
    if (!slot->block)
        return;
    CU_ASSERT_EQUAL_FATAL((uintptr_t)slot->block % 16, 0);
    CU_ASSERT_EQUAL_FATAL(rt_heap_size(slot->block), slot->size);
    slot->fill = 0;
    CU_ASSERT_FATAL(!zeroed || intact(slot));
    fill(slot, (uint8_t)draw(256));
}

static void
grow(struct slot *slot)
{
    uint32_t more = draw(300);

    if (!rt_heap_extend(&heap, slot->block, slot->size + more))
        return;
    CU_ASSERT_FATAL(intact(slot));
    slot->size += more;
    fill(slot, slot->fill);
}

static void
random_use_keeps_blocks_apart(void)
{
    static struct slot slots[SLOTS];

    state = 7;
    CU_ASSERT_EQUAL_FATAL(rt_heap_open(&heap, ARENA), HEAP_OK);
    for (int round = 0; round < ROUNDS; round++) {
        struct slot *slot = &slots[draw(SLOTS)];
        if (!slot->block) {
            take(slot, draw(2) == 0);
        } else if (draw(4) == 0) {
            grow(slot);
        } else {
            CU_ASSERT_FATAL(intact(slot));
            CU_ASSERT_FATAL(rt_heap_give(&heap, slot->block));
            slot->block = NULL;
        }
    }
    for (int i = 0; i < SLOTS; i++)
        if (slots[i].block)
            CU_ASSERT_FATAL(intact(&slots[i]) && rt_heap_give(&heap, slots[i].block));
    CU_ASSERT_PTR_NOT_NULL(rt_heap_take_zeroed(&heap, ARENA - 16));
    rt_heap_close(&heap);
}

static void
sizes_at_the_edge(void)
{
    CU_ASSERT_EQUAL(rt_heap_open(&heap, 31), HEAP_TOO_SMALL);
    CU_ASSERT_EQUAL_FATAL(rt_heap_open(&heap, 47), HEAP_OK);
    CU_ASSERT_PTR_NULL(rt_heap_take(&heap, 17));
    CU_ASSERT_PTR_NOT_NULL(rt_heap_take(&heap, 16));
    CU_ASSERT_PTR_NULL(rt_heap_take(&heap, 1));
    rt_heap_close(&heap);

    CU_ASSERT_EQUAL_FATAL(rt_heap_open(&heap, 64 << 20), HEAP_OK);
    CU_ASSERT_PTR_NOT_NULL(rt_heap_take(&heap, 9));
    CU_ASSERT_PTR_NULL(rt_heap_take(&heap, (64U << 20) - 47));
    CU_ASSERT_PTR_NOT_NULL(rt_heap_take(&heap, (64U << 20) - 48));
    rt_heap_close(&heap);

    CU_ASSERT_EQUAL_FATAL(rt_heap_open(&heap, UINT64_MAX), HEAP_OK);
    for (uint32_t size = UINT32_MAX; size > UINT32_MAX - 31; size--)
        CU_ASSERT_PTR_NULL(rt_heap_take(&heap, size));
    rt_heap_close(&heap);
}

/* A free block of nearly the wanted size is found although its class also holds smaller ones. */
static void
the_last_fitting_block_is_found(void)
{
    CU_ASSERT_EQUAL_FATAL(rt_heap_open(&heap, 8192), HEAP_OK);
    void *hole = rt_heap_take(&heap, 4096 + 16);
    CU_ASSERT_PTR_NOT_NULL_FATAL(rt_heap_take(&heap, 8192 - 16 - 16 - 4096 - 16));
    CU_ASSERT(rt_heap_give(&heap, hole));
    CU_ASSERT_PTR_EQUAL(rt_heap_take(&heap, 4096 + 16), hole);
    rt_heap_close(&heap);
}

static void
neighbours_join(void)
{
    void *blocks[8];

    CU_ASSERT_EQUAL_FATAL(rt_heap_open(&heap, 8 * 256), HEAP_OK);
    for (int i = 0; i < 8; i++)
        CU_ASSERT_PTR_NOT_NULL_FATAL(blocks[i] = rt_heap_take(&heap, 240));
    static const int order[] = {1, 3, 2, 5, 6};
    for (size_t i = 0; i < COUNT(order); i++)
        CU_ASSERT(rt_heap_give(&heap, blocks[order[i]]));
    CU_ASSERT_PTR_EQUAL(rt_heap_take(&heap, 3 * 256 - 16), blocks[1]);
    CU_ASSERT(rt_heap_extend(&heap, blocks[4], 3 * 256 - 16));
    CU_ASSERT_FALSE(rt_heap_extend(&heap, blocks[4], 3 * 256));
    rt_heap_close(&heap);
}

/* Small blocks that lie ready for quick use are given up when a large one is asked for. */
static void
small_blocks_make_room(void)
{
    void *blocks[128];

    CU_ASSERT_EQUAL_FATAL(rt_heap_open(&heap, 128 * 32), HEAP_OK);
    for (int i = 0; i < 128; i++)
        CU_ASSERT_PTR_NOT_NULL_FATAL(blocks[i] = rt_heap_take(&heap, 9));
    CU_ASSERT_PTR_NULL(rt_heap_take(&heap, 1));
    for (int i = 0; i < 128; i += 2)
        CU_ASSERT_FATAL(rt_heap_give(&heap, blocks[i]));
    CU_ASSERT_PTR_NULL(rt_heap_take(&heap, 17));
    for (int i = 1; i < 128; i += 2)
        CU_ASSERT_FATAL(rt_heap_give(&heap, blocks[i]));
    CU_ASSERT_PTR_NOT_NULL(rt_heap_take(&heap, 128 * 32 - 16));
    rt_heap_close(&heap);
}

static void
damage_is_noticed(void)
{
    CU_ASSERT_EQUAL_FATAL(rt_heap_open(&heap, 4096), HEAP_OK);
    void *first = rt_heap_take(&heap, 40), *second = rt_heap_take(&heap, 40);
    CU_ASSERT_PTR_NOT_NULL_FATAL(rt_heap_take(&heap, 40));
    CU_ASSERT(rt_heap_give(&heap, first));
    CU_ASSERT_FALSE(rt_heap_give(&heap, first));
    CU_ASSERT(rt_heap_give(&heap, second));
    CU_ASSERT_FALSE(rt_heap_give(&heap, second));
    rt_heap_close(&heap);
}

int
main(void)
{
    static const struct testing_case cases[] = {
        {"random use keeps blocks apart", random_use_keeps_blocks_apart},
        {"sizes at the edge", sizes_at_the_edge},
        {"the last fitting block is found", the_last_fitting_block_is_found},
        {"neighbours join", neighbours_join},
        {"small blocks make room", small_blocks_make_room},
        {"damage is noticed", damage_is_noticed},
    };

    return testing_main("runtime heap", cases, COUNT(cases));
}
