/* run_input.c: the program's input bytes: a file, standard input, base64, or the arguments as argv_v1.
 * Bytes stay in memory; a file is only opened, and streamed to the program later. */
#include "base/base64.h"
#include "base/file.h"
#include "base/utf8.h"
#include "cli/run.h"

#include <string.h>
#include <unistd.h>

static void
append_u32(struct text *out, size_t value)
{
    for (int shift = 0; shift < 32; shift += 8)
        text_putc(out, (char)(value >> shift & 255));
}

static struct error *
encode_arguments(const struct option_list *arguments, struct text *out)
{
    struct text message = {0};

    append_u32(out, arguments->count);
    for (size_t i = 0; i < arguments->count; i++) {
        size_t len = strlen(arguments->items[i]);
        if (!utf8_check(arguments->items[i], len, &message)) {
            struct error *error =
                error_new("E_INPUT", "argument %zu must be UTF-8: %s", i + 1, text_string(&message));
            text_free(&message);
            return error;
        }
        append_u32(out, len);
        text_append(out, arguments->items[i], len);
    }
    return NULL;
}

static struct error *
decode_base64(const char *data, struct text *out)
{
    struct text message = {0};
    struct error *error = NULL;
    size_t len = strlen(data);

    utf8_trim(&data, &len);
    if (!base64_decode(data, len, out, &message))
        error = error_new("E_INPUT", "decode --input-b64: %s", text_string(&message));
    text_free(&message);
    return error;
}

struct error *
run_prepare_input(struct run *run)
{
    const struct run_options *options = &run->options;
    struct error *error = NULL;

    run->input_path = options->input;
    if (options->input)
        return NULL;
    if (options->use_stdin)
        error = error_wrap(file_read_fd(STDIN_FILENO, "stdin", UINT32_MAX, &run->input_bytes), "read");
    else if (options->input_b64)
        error = decode_base64(options->input_b64, &run->input_bytes);
    else if (options->arguments.count)
        error = encode_arguments(&options->arguments, &run->input_bytes);
    else
        run->input_path = run->settings.input;
    run->input.kind = X07_INPUT_BYTES;
    run->input.data = (const uint8_t *)text_string(&run->input_bytes);
    run->input.data_size = run->input_bytes.len;
    return error;
}

struct error *
run_open_input(struct run *run)
{
    int64_t size;

    if (!run->input_path)
        return NULL;
    struct error *error = file_open_input(run->input_path, &run->input_fd, &size);
    if (!error && size > (int64_t)UINT32_MAX)
        error = error_new("E_INPUT", "%s: file does not fit the 32-bit length of an input", run->input_path);
    run->input.kind = X07_INPUT_FD;
    run->input.fd = run->input_fd;
    return error_wrap(error, "read input");
}
