/* outcome.c: from a dead process and its two streams to ok, trap, output and counters. */
#include "report.h"

#include <json-c/json.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { PREFIX = 4, TRAP_TEXT = 160 };

/* Members of the stats line. One of them makes a JSON line one. */
static const char *const stats_members[] = {
    "debug_stats",   "fs_list_dir_calls",  "fs_read_file_calls", "fuel_used",       "heap_used",
    "kv_get_calls",  "kv_set_calls",       "mem_stats",          "rr_append_calls", "rr_close_calls",
    "rr_next_calls", "rr_next_miss_calls", "rr_open_calls",      "rr_stats_calls",  "sched_stats",
};

/* A piece of a stream. */
struct slice {
    const char *data;
    uint64_t size;
};

static int
is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static struct slice
trim(struct slice slice)
{
    while (slice.size && is_blank(slice.data[0])) {
        slice.data++;
        slice.size--;
    }
    while (slice.size && is_blank(slice.data[slice.size - 1]))
        slice.size--;
    return slice;
}

/* Cuts the last line off `rest`. Returns 0 when nothing is left. */
static int
last_line(struct slice *rest, struct slice *line)
{
    if (!rest->size)
        return 0;
    uint64_t start = rest->size;
    while (start && rest->data[start - 1] != '\n')
        start--;
    *line = (struct slice){rest->data + start, rest->size - start};
    rest->size = start ? start - 1 : 0;
    return 1;
}

/* How many bytes of a UTF-8 sequence are at the start; *valid says whether it is complete. */
static uint64_t
utf8_sequence(const unsigned char *data, uint64_t size, int *valid)
{
    static const struct {
        unsigned char first_low, first_high, second_low, second_high, length;
    } rows[] = {{0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3}, {0xe1, 0xec, 0x80, 0xbf, 3},
                {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3}, {0xf0, 0xf0, 0x90, 0xbf, 4},
                {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4}};

    *valid = data[0] < 0x80;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (data[0] < rows[i].first_low || data[0] > rows[i].first_high)
            continue;
        uint64_t count = 1;
        while (count < rows[i].length && count < size &&
               data[count] >= (count == 1 ? rows[i].second_low : 0x80) &&
               data[count] <= (count == 1 ? rows[i].second_high : 0xbf))
            count++;
        *valid = count == rows[i].length;
        return count;
    }
    return 1;
}

/* A copy as valid UTF-8: what is not becomes U+FFFD. */
static char *
copy_as_utf8(const x07_host *host, struct slice slice)
{
    char *copy = host->alloc(host, slice.size * 3 + 1);
    char *out = copy;

    for (uint64_t i = 0; i < slice.size;) {
        int valid;
        uint64_t count = utf8_sequence((const unsigned char *)slice.data + i, slice.size - i, &valid);
        memcpy(out, valid ? slice.data + i : "\xef\xbf\xbd", valid ? (size_t)count : 3);
        out += valid ? count : 3;
        i += count;
    }
    return copy;
}

static char *
format(const x07_host *host, const char *pattern, ...)
{
    char *text = host->alloc(host, TRAP_TEXT);
    va_list args;

    va_start(args, pattern);
    vsnprintf(text, TRAP_TEXT, pattern, args);
    va_end(args);
    return text;
}

static int
is_stats(json_object *object)
{
    if (!json_object_is_type(object, json_type_object))
        return 0;
    for (size_t i = 0; i < sizeof stats_members / sizeof stats_members[0]; i++)
        if (json_object_object_get_ex(object, stats_members[i], NULL))
            return 1;
    return 0;
}

static json_object *
parse_stats(struct slice line)
{
    json_tokener *tokener = json_tokener_new();
    json_object *object = NULL;

    if (tokener && line.size < INT32_MAX) {
        json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
        object = json_tokener_parse_ex(tokener, line.data, (int)line.size);
        if (json_tokener_get_error(tokener) != json_tokener_success ||
            json_tokener_get_parse_end(tokener) != line.size || !is_stats(object)) {
            json_object_put(object);
            object = NULL;
        }
    }
    if (tokener)
        json_tokener_free(tokener);
    return object;
}

static json_object *
find_stats(const x07_spawn_result *process)
{
    struct slice rest = {(const char *)process->err_data, process->err_size};
    struct slice line;

    while (last_line(&rest, &line)) {
        line = trim(line);
        json_object *object = line.size && line.data[0] == '{' ? parse_stats(line) : NULL;
        if (object)
            return object;
    }
    return NULL;
}

/* What the program said last, unless that is a JSON line. */
static char *
find_last_words(const x07_host *host, const x07_spawn_result *process)
{
    struct slice rest = {(const char *)process->err_data, process->err_size};
    struct slice line;

    while (last_line(&rest, &line)) {
        line = trim(line);
        if (line.size)
            return line.data[0] == '{' ? NULL : copy_as_utf8(host, line);
    }
    return NULL;
}

/* Finds the payload; returns what is wrong with the frame, or NULL. */
static char *
read_frame(const x07_host *host, const x07_spawn_result *process, uint64_t max, struct outcome *outcome)
{
    const uint8_t *data = process->out_data;

    if (process->out_size < PREFIX)
        return format(host, "native stdout too short for length prefix");
    uint64_t length =
        (uint64_t)data[0] | (uint64_t)data[1] << 8 | (uint64_t)data[2] << 16 | (uint64_t)data[3] << 24;
    if (length > max)
        return format(host, "native output too large: %llu > max_output_bytes=%llu",
                      (unsigned long long)length, (unsigned long long)max);
    if (length != process->out_size - PREFIX)
        return format(host, "native stdout length mismatch: expected %llu got %llu",
                      (unsigned long long)length, (unsigned long long)(process->out_size - PREFIX));
    outcome->output = data + PREFIX;
    outcome->output_size = length;
    return NULL;
}

void
outcome_derive(const x07_host *host, const x07_spawn_result *process, uint64_t max_output_bytes,
               const char *timeout, struct outcome *outcome)
{
    *outcome = (struct outcome){0};
    outcome->exit_status = process->signal ? 128 + process->signal : process->exit_code;
    if (process->timed_out) {
        outcome->trap = format(host, "%s", timeout);
        return;
    }
    outcome->stats = find_stats(process);
    char *frame_fault = read_frame(host, process, max_output_bytes, outcome);
    if (process->err_capped)
        outcome->trap = format(host, "stderr exceeded cap");
    else if (process->out_capped)
        outcome->trap = format(host, "stdout exceeded cap");
    else if (process->signal)
        outcome->trap = format(host, "terminated by signal %d", (int)process->signal);
    else if (frame_fault) {
        outcome->trap = frame_fault;
        frame_fault = NULL;
    } else if (process->exit_code == 0 && !outcome->stats)
        outcome->trap = format(host, "missing metrics json line on stderr");
    host->release(host, frame_fault);
    if (outcome->exit_status != 0) {
        char *words = find_last_words(host, process);
        if (words) {
            host->release(host, outcome->trap);
            outcome->trap = words;
        }
    }
    outcome->ok = outcome->exit_status == 0 && !outcome->trap;
}

void
outcome_free(const x07_host *host, struct outcome *outcome)
{
    host->release(host, outcome->trap);
    json_object_put(outcome->stats);
    *outcome = (struct outcome){0};
}
