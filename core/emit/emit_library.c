/* emit_library.c: what makes the C of a program a library instead of an executable (built-ins chapter,
 * section 23): the functions that a host calls. */
#include "emit/emit.h"

#include "emit/emitter.h"

void
emit_library_prologue(const struct emit_options *options, struct text *out)
{
    if (options->form == EMIT_FREESTANDING)
        text_puts(out, "#define X07_FREESTANDING 1\n");
    if (options->form != EMIT_EXECUTABLE)
        text_puts(out, "#include \"x07rt_library.h\"\n");
}

static void
library_solve(struct text *out)
{
    text_puts(out,
              "\nbytes_t\nx07_solve_v2(uint8_t *arena_mem, uint32_t arena_cap, const uint8_t *input_ptr, "
              "uint32_t input_len)\n{\n"
              "\treturn x07_embed(&program, arena_mem, arena_cap, input_ptr, input_len);\n}\n");
}

/* A freestanding library has no stderr: its own silent functions keep the runtime's out of the link. */
static const char silence[] = "\nvoid rt_print(const char *text, size_t len);\n"
                              "void rt_print_trap(const char *text, const char *at);\n"
                              "\nvoid\nrt_print(const char *text, size_t len)\n{\n"
                              "\t(void)text;\n\t(void)len;\n}\n"
                              "\nvoid\nrt_print_trap(const char *text, const char *at)\n{\n"
                              "\t(void)text;\n\t(void)at;\n}\n";

void
emit_library_entry(const struct program *program, const struct emit_options *options, struct text *out)
{
    uint64_t fuel = options->fuel > INT64_MAX ? INT64_MAX : options->fuel;

    text_printf(out, "\nstatic const x07_program program = {.solve = solve, .fuel = INT64_C(%llu)%s};\n",
                (unsigned long long)fuel, emit_start(program));
    library_solve(out);
    if (options->form == EMIT_FREESTANDING)
        text_puts(out, silence);
}
