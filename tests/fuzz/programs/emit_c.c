/* emit_c.c: prints what the compiler makes of documents, many per start: for each PATH the C goes to PATH.c,
 * or the compile error to PATH.error. Modules are searched in PATH.d, when it is there. What a program of the
 * world run-os may do is allowed. Knows nothing of programs' meaning. */
#include "base/text.h"
#include "emit/compile.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static bool
read_whole(const char *path, struct text *out)
{
    char buffer[65536];
    size_t count;
    FILE *file = fopen(path, "rb");

    if (!file)
        return false;
    while ((count = fread(buffer, 1, sizeof buffer, file)))
        text_append(out, buffer, count);
    bool ok = !ferror(file);
    fclose(file);
    return ok;
}

static bool
write_beside(const char *path, const char *suffix, const char *data, size_t len)
{
    struct text name = {0};

    text_printf(&name, "%s%s", path, suffix);
    FILE *file = fopen(text_string(&name), "wb");
    text_free(&name);
    if (!file)
        return false;
    bool ok = fwrite(data, 1, len, file) == len;
    return fclose(file) == 0 && ok;
}

static bool
emit_document(const char *path)
{
    struct text source = {0};
    struct text modules = {0};
    struct compile_result result;
    struct stat status;

    if (!read_whole(path, &source)) {
        text_free(&source);
        return false;
    }
    text_printf(&modules, "%s.d", path);
    const char *root = text_string(&modules);
    struct compile_request request = {
        .path = path,
        .source = text_string(&source),
        .source_len = source.len,
        .module_roots = &root,
        .module_root_count = stat(root, &status) == 0,
        .world = "run-os",
        .allow_unsafe = true,
        .allow_ffi = true,
        .fuel = 50000000,
        .memory = 64 << 20,
    };

    compile_program(&request, &result);
    bool ok = result.ok ? write_beside(path, ".c", text_string(&result.c_source), result.c_source.len)
                        : write_beside(path, ".error", result.error, strlen(result.error));
    compile_result_free(&result);
    text_free(&modules);
    text_free(&source);
    return ok;
}

int
main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        if (!emit_document(argv[i])) {
            perror(argv[i]);
            return 1;
        }
    return 0;
}
