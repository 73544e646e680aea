/* emit_fuel.c: regions of code that are charged as a whole.
 *
 * A marker is the byte 1, the form, the region's number, and the byte 2. Only checked charges test for
 * exhaustion: they stand at the entry of functions and in loops, and the runtime tests once more at the end
 * of the program, so that at most a stretch of straight code runs after the last unit. */
#include "base/memory.h"
#include "emit/emitter.h"

#include <stdlib.h>
#include <string.h>

void
emit_charge(struct emitter *emitter, uint64_t cost)
{
    if (!emitter->silent)
        emitter->regions[emitter->region] += cost;
}

size_t
emit_new_region(struct emitter *emitter)
{
    if (emitter->region_count == emitter->region_capacity) {
        emitter->region_capacity = emitter->region_capacity ? emitter->region_capacity * 2 : 64;
        emitter->regions =
            memory_resize(emitter->regions, emitter->region_capacity * sizeof *emitter->regions);
    }
    emitter->regions[emitter->region_count] = 0;
    return emitter->region_count++;
}

const char *
emit_marker(struct emitter *emitter, size_t region, enum charge_form form)
{
    return arena_printf(emitter->arena, "\001%c%zu\002", (char)form, region);
}

void
emit_begin_region(struct emitter *emitter, enum charge_form form)
{
    emitter->region = emit_new_region(emitter);
    text_puts(&emitter->scope->code, emit_marker(emitter, emitter->region, form));
}

static void
emit_resolve(struct emitter *emitter, enum charge_form form, uint64_t cost, struct text *out)
{
    unsigned long long units = cost;

    switch (form) {
    case CHARGE_NUMBER:
        text_printf(out, "%llu", units);
        break;
    case CHARGE_CHECKED:
        if (cost)
            text_printf(out, "if (X07_UNLIKELY((%s -= %llu) < 0))\nx07_trap_fuel(rt);\n", emitter->fuel,
                        units);
        break;
    case CHARGE_STATEMENT:
        if (cost)
            text_printf(out, "%s -= %llu;\n", emitter->fuel, units);
        break;
    case CHARGE_EXPRESSION:
        if (cost)
            text_printf(out, "%s -= %llu, ", emitter->fuel, units);
        break;
    }
}

void
emit_resolve_markers(struct emitter *emitter, const char *code, size_t len, struct text *out)
{
    const char *end = code + len;

    while (code < end) {
        const char *marker = memchr(code, '\001', (size_t)(end - code));
        char *after;

        if (!marker) {
            text_append(out, code, (size_t)(end - code));
            return;
        }
        text_append(out, code, (size_t)(marker - code));
        size_t region = strtoul(marker + 2, &after, 10);
        emit_resolve(emitter, (enum charge_form)marker[1], emitter->regions[region], out);
        code = after + 1;
    }
}
