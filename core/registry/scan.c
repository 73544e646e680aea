/* scan.c: see scan.h. The child writes a line "<index> <outcome>" for each file that it got through, so the
 * first file without a line is the one that ended it. */
#include "registry/scan.h"

#include "base/text.h"
#include "registry/child.h"
#include "registry/describe.h"
#include "registry/registry.h"

#include <stdlib.h>
#include <string.h>

enum { DEFAULT_MS = 2000, LARGEST_MS = 600000, MOST_OUTPUT_PER_FILE = 4 * 1024 * 1024 };

struct batch {
    const char *const *paths;
    size_t first;
    size_t count;
};

unsigned
scan_limit_ms(void)
{
    const char *text = getenv("X07_PLUGIN_SCAN_MS");
    char *end = NULL;
    unsigned long value = text ? strtoul(text, &end, 10) : 0;

    return text && *text && !*end && value > 0 && value <= LARGEST_MS ? (unsigned)value : DEFAULT_MS;
}

static void
scan_batch_in_child(void *context, int out)
{
    const struct batch *batch = context;
    struct text line = {0};

    for (size_t i = batch->first; i < batch->first + batch->count; i++) {
        json_object *outcome = describe_file(batch->paths[i]);

        text_clear(&line);
        text_printf(&line, "%zu %s\n", i,
                    json_object_to_json_string_ext(outcome, JSON_C_TO_STRING_NOSLASHESCAPE));
        child_write(out, line.data, line.len);
        json_object_put(outcome);
    }
    text_free(&line);
}

/* Takes the complete lines for the batch's files, in order. Returns how many there are. */
static size_t
take_lines(const char *output, const struct batch *batch, json_object **outcomes)
{
    size_t taken = 0;

    while (taken < batch->count) {
        const char *line_end = strchr(output, '\n');
        char *outcome_text = NULL;

        if (!line_end || strtoul(output, &outcome_text, 10) != batch->first + taken || *outcome_text != ' ')
            break;
        json_tokener *tokener = json_tokener_new();
        json_object *outcome = json_tokener_parse_ex(tokener, outcome_text, (int)(line_end - outcome_text));
        json_tokener_free(tokener);
        if (!json_object_is_type(outcome, json_type_object)) {
            json_object_put(outcome);
            break;
        }
        outcomes[batch->first + taken++] = outcome;
        output = line_end + 1;
    }
    return taken;
}

static json_object *
bad_end(const struct child_end *end, const struct child_limits *limits)
{
    static const enum registry_state states[] = {
        [CHILD_DONE] = PLUGIN_REFUSED,      [CHILD_EXITED] = PLUGIN_CRASHED,
        [CHILD_SIGNALLED] = PLUGIN_CRASHED, [CHILD_TIMED_OUT] = PLUGIN_TIMED_OUT,
        [CHILD_TOO_MUCH] = PLUGIN_REFUSED,
    };
    struct text reason = {0};

    text_puts(&reason, "while loading it ");
    child_end_text(end, limits, &reason);
    json_object *outcome = describe_failure(registry_state_name(states[end->how]), text_string(&reason));
    text_free(&reason);
    return outcome;
}

/* Scans a batch in one child. `*taken` counts the files from its start that have an outcome afterwards. A
 * batch of one always gets one. */
static struct error *
scan_batch(const struct batch *batch, json_object **outcomes, size_t *taken)
{
    struct child_limits limits = {.silence_ms = scan_limit_ms(), .output_bytes = MOST_OUTPUT_PER_FILE};
    struct text output = {0};
    struct child_end end;

    limits.total_ms = limits.silence_ms * (unsigned)batch->count;
    struct error *error = child_run(scan_batch_in_child, (void *)(uintptr_t)batch, &limits, &output, &end);
    if (error)
        return error;
    *taken = take_lines(text_string(&output), batch, outcomes);
    text_free(&output);
    if (batch->count == 1 && !*taken) {
        outcomes[batch->first] = bad_end(&end, &limits);
        *taken = 1;
    }
    return NULL;
}

/* After the first failure one child per file: a plugin that was loaded before may be the one to blame, and
 * must not take others with it. */
static struct error *
scan_all(const char *const *paths, size_t count, json_object **outcomes)
{
    struct batch batch = {.paths = paths, .first = 0, .count = count};

    while (batch.first < count) {
        size_t taken = 0;
        struct error *error = scan_batch(&batch, outcomes, &taken);

        if (error)
            return error;
        batch.first += taken;
        batch.count = 1;
    }
    return NULL;
}

struct error *
scan_files(const char *const *paths, size_t count, json_object **outcomes)
{
    memset(outcomes, 0, count * sizeof(*outcomes));
    struct error *error = scan_all(paths, count, outcomes);

    for (size_t i = 0; error && i < count; i++) {
        json_object_put(outcomes[i]);
        outcomes[i] = NULL;
    }
    return error;
}
