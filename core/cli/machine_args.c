/* machine_args.c: see machine_args.h. */
#include "cli/machine_args.h"

#include "base/memory.h"
#include "base/quote.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

struct mode_word {
    const char *word;
    enum machine_mode mode;
};

static const struct mode_word json_words[] = {
    {"", MACHINE_CANON},  {"true", MACHINE_CANON},    {"canon", MACHINE_CANON}, {"false", MACHINE_OFF},
    {"off", MACHINE_OFF}, {"pretty", MACHINE_PRETTY}, {NULL, MACHINE_OFF},
};

static const struct mode_word report_json_words[] = {
    {"", MACHINE_CANON}, {"true", MACHINE_CANON}, {"false", MACHINE_OFF}, {NULL, MACHINE_OFF}};

/* Sets the mode that `value` names, without white space around it. */
static bool
set_mode(struct machine_request *request, const struct mode_word *words, const char *value)
{
    size_t len = strlen(value);

    if (utf8_prefix(value, len) != len)
        return false;
    utf8_trim(&value, &len);
    for (; words->word; words++)
        if (strlen(words->word) == len && memcmp(words->word, value, len) == 0) {
            request->mode = words->mode;
            return true;
        }
    return false;
}

static void
fail_mode(struct machine_request *request, const char *option, const char *value, const char *expected)
{
    text_printf(&request->errors, "unsupported %s value ", option);
    text_append_quoted(&request->errors, value, utf8_prefix(value, strlen(value)));
    text_printf(&request->errors, "; expected one of: %s\n", expected);
}

static const char *
after(const char *argument, const char *prefix)
{
    size_t len = strlen(prefix);

    return strncmp(argument, prefix, len) == 0 ? argument + len : NULL;
}

/* `--json`, `--json=MODE`, `--json MODE`. Returns how many arguments that takes up; 0 when it is another. */
static int
read_mode(struct machine_request *request, const char *option, const struct mode_word *words,
          const char *expected, char **argv)
{
    const char *value = after(argv[0], option);

    if (!value || (*value && *value != '='))
        return 0;
    if (*value) {
        if (!set_mode(request, words, value + 1))
            fail_mode(request, option, value + 1, expected);
        return 1;
    }
    if (argv[1] && argv[1][0] != '-' && set_mode(request, words, argv[1]))
        return 2;
    request->mode = MACHINE_CANON;
    return 1;
}

static int
read_flag(struct machine_request *request, const char *argument)
{
    const struct {
        const char *name;
        bool *flag;
    } flags[] = {
        {"--json-schema", &request->schema},
        {"--json-schema-id", &request->schema_id},
        {"--quiet-json", &request->quiet},
    };

    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++)
        if (strcmp(argument, flags[i].name) == 0) {
            *flags[i].flag = true;
            return 1;
        }
    return 0;
}

/* `--out PATH`, `--out=PATH`: how many arguments that takes up; 0 when it is another, or its value is
 * missing. */
static int
read_path(struct machine_request *request, const char *option, const char **path, char **argv)
{
    const char *value = after(argv[0], option);

    if (!value || (*value && *value != '='))
        return 0;
    if (*value) {
        *path = value + 1;
        return 1;
    }
    if (argv[1]) {
        *path = argv[1];
        return 2;
    }
    text_printf(&request->errors, "%s requires a path\n", option);
    return 1;
}

static void
keep(struct machine_request *request, char **argv, int count, bool for_machine)
{
    for (int i = 0; i < count; i++) {
        request->ordinary[request->ordinary_argc++] = argv[i];
        if (for_machine)
            request->argv[request->argc++] = argv[i];
    }
}

static int
read_one(struct machine_request *request, char **argv, bool *jsonl)
{
    int width = read_mode(request, "--json", json_words, "true,false,canon,pretty,off", argv);

    if (!width)
        width = read_mode(request, "--report-json", report_json_words, "true,false", argv);
    if (width)
        return width;
    if (strcmp(argv[0], "--jsonl") == 0) {
        *jsonl = true;
        return 1;
    }
    if ((width = read_flag(request, argv[0])) ||
        (width = read_path(request, "--report-out", &request->report_out, argv))) {
        keep(request, argv, width, false);
        return width;
    }
    width = read_path(request, "--out", &request->out, argv);
    if (!width)
        width = 1;
    keep(request, argv, width, true);
    return width;
}

static void
check(struct machine_request *request, bool jsonl)
{
    if (request->quiet && !request->report_out)
        text_puts(&request->errors, "--quiet-json requires --report-out <PATH>\n");
    if (jsonl && request->mode != MACHINE_OFF)
        text_printf(&request->errors, "--jsonl conflicts with --json=%s\n",
                    request->mode == MACHINE_PRETTY ? "pretty" : "canon");
    if (jsonl)
        request->mode = MACHINE_JSONL;
}

void
machine_request_read(int argc, char **argv, struct machine_request *request)
{
    bool jsonl = false;
    int at = 1;

    *request = (struct machine_request){0};
    request->argv = memory_alloc(((size_t)argc + 2) * sizeof *request->argv);
    request->ordinary = memory_alloc(((size_t)argc + 2) * sizeof *request->ordinary);
    if (argc > 0)
        keep(request, argv, 1, true);
    while (at < argc && strcmp(argv[at], "--") != 0)
        at += read_one(request, argv + at, &jsonl);
    if (at < argc)
        keep(request, argv + at, argc - at, true);
    check(request, jsonl);
}

void
machine_request_free(struct machine_request *request)
{
    text_free(&request->errors);
    free(request->argv);
    free(request->ordinary);
}

bool
machine_request_wanted(const struct machine_request *request)
{
    return request->mode != MACHINE_OFF || request->schema || request->schema_id || request->errors.len;
}
