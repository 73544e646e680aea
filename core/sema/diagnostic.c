/* diagnostic.c: see diagnostic.h. */
#include "sema/diagnostic.h"

#include "ast/json.h"
#include "sema/failure.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* Makes room for one more in an array of the arena and returns its place. Capacities are powers of two. */
static void *
list_grow(struct arena *arena, void **items, size_t count, size_t size)
{
    if (!(count & (count - 1))) {
        void *bigger = arena_alloc(arena, size * (count ? count * 2 : 1));

        if (count)
            memcpy(bigger, *items, count * size);
        *items = bigger;
    }
    return (char *)*items + count * size;
}

static const char *
loc_text(struct diagnostics *list, const struct ast_loc *loc)
{
    struct text pointer = {0};

    ast_loc_write(loc, &pointer);
    const char *copy = arena_copy(list->arena, text_string(&pointer), pointer.len);
    text_free(&pointer);
    return copy;
}

void
diagnostics_append(struct diagnostics *list, struct diagnostic *finding)
{
    void *items = list->items;
    struct diagnostic **place = list_grow(list->arena, &items, list->count, sizeof *place);

    *place = finding;
    finding->sequence = list->count++;
    list->items = items;
}

static struct diagnostic *
list_add(struct diagnostics *list)
{
    struct diagnostic *diagnostic = ARENA_NEW(list->arena, struct diagnostic);

    diagnostics_append(list, diagnostic);
    return diagnostic;
}

struct diagnostic *
diagnostics_add(struct diagnostics *list, const char *code, enum diagnostic_severity severity,
                const char *stage, const struct ast_loc *loc, const char *format, ...)
{
    struct diagnostic *diagnostic = list_add(list);
    struct text message = {0};
    va_list args;

    va_start(args, format);
    failure_format(&message, format, &args);
    va_end(args);
    diagnostic->code = code;
    diagnostic->severity = severity;
    diagnostic->stage = stage;
    diagnostic->message = arena_copy(list->arena, text_string(&message), message.len);
    diagnostic->ptr = loc_text(list, loc);
    text_free(&message);
    return diagnostic;
}

void
diagnostic_note(struct diagnostics *list, struct diagnostic *diagnostic, const char *note)
{
    void *items = diagnostic->notes;
    const char **place = list_grow(list->arena, &items, diagnostic->note_count, sizeof *place);

    *place = arena_copy(list->arena, note, strlen(note));
    diagnostic->notes = items;
    diagnostic->note_count++;
}

void
diagnostic_related(struct diagnostics *list, struct diagnostic *diagnostic, const struct ast_loc *loc)
{
    void *items = diagnostic->related;
    const char **place = list_grow(list->arena, &items, diagnostic->related_count, sizeof *place);

    *place = loc_text(list, loc);
    diagnostic->related = items;
    diagnostic->related_count++;
}

void
diagnostic_data(struct diagnostics *list, struct diagnostic *diagnostic, const char *key, const char *json)
{
    struct diagnostic_field field = {key, arena_copy(list->arena, json, strlen(json))};
    uint32_t at = 0;

    while (at < diagnostic->data_count && strcmp(diagnostic->data[at].key, key) < 0)
        at++;
    if (at < diagnostic->data_count && !strcmp(diagnostic->data[at].key, key)) {
        diagnostic->data[at] = field;
        return;
    }
    void *items = diagnostic->data;
    list_grow(list->arena, &items, diagnostic->data_count, sizeof field);
    diagnostic->data = items;
    memmove(&diagnostic->data[at + 1], &diagnostic->data[at], (diagnostic->data_count - at) * sizeof field);
    diagnostic->data[at] = field;
    diagnostic->data_count++;
}

void
diagnostic_data_symbol(struct diagnostics *list, struct diagnostic *diagnostic, const char *key,
                       const struct symbol *value)
{
    struct text json = {0};

    ast_json_write_string(value->text, value->len, &json);
    diagnostic_data(list, diagnostic, key, text_string(&json));
    text_free(&json);
}

void
diagnostic_data_number(struct diagnostics *list, struct diagnostic *diagnostic, const char *key,
                       uint32_t value)
{
    diagnostic_data(list, diagnostic, key, arena_printf(list->arena, "%u", value));
}

void
diagnostic_fix(struct diagnostics *list, struct diagnostic *diagnostic, const char *op,
               const struct ast_loc *loc, const char *value)
{
    void *items = diagnostic->fix;
    struct diagnostic_op *place = list_grow(list->arena, &items, diagnostic->fix_count, sizeof *place);

    place->op = op;
    place->path = loc_text(list, loc);
    place->value = value ? arena_copy(list->arena, value, strlen(value)) : NULL;
    diagnostic->fix = items;
    diagnostic->fix_count++;
}

static int
diagnostic_order(const void *a, const void *b)
{
    const struct diagnostic *left = *(struct diagnostic *const *)a;
    const struct diagnostic *right = *(struct diagnostic *const *)b;
    int order = strcmp(left->ptr ? left->ptr : "", right->ptr ? right->ptr : "");

    order = order ? order : strcmp(left->code, right->code);
    order = order ? order : strcmp(left->message, right->message);
    return order ? order : (left->sequence > right->sequence) - (left->sequence < right->sequence);
}

void
diagnostics_sort(struct diagnostics *list)
{
    if (list->count)
        qsort(list->items, list->count, sizeof list->items[0], diagnostic_order);
}

bool
diagnostics_ok(const struct diagnostics *list)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i]->severity == SEVERITY_ERROR)
            return false;
    return true;
}

/* ---- writing ---- */

static void
write_string(const char *string, struct text *out)
{
    ast_json_write_string(string, strlen(string), out);
}

static void
write_loc(const char *ptr, struct text *out)
{
    text_puts(out, "{\"kind\":\"x07ast\",\"ptr\":");
    write_string(ptr, out);
    text_putc(out, '}');
}

/* The members that hold lists are left out when they are empty. */
static void
write_notes(const struct diagnostic *diagnostic, struct text *out)
{
    for (uint32_t i = 0; i < diagnostic->note_count; i++) {
        text_puts(out, i ? "," : ",\"notes\":[");
        write_string(diagnostic->notes[i], out);
    }
    text_puts(out, diagnostic->note_count ? "]" : "");
}

static void
write_related(const struct diagnostic *diagnostic, struct text *out)
{
    for (uint32_t i = 0; i < diagnostic->related_count; i++) {
        text_puts(out, i ? "," : ",\"related\":[");
        write_loc(diagnostic->related[i], out);
    }
    text_puts(out, diagnostic->related_count ? "]" : "");
}

static void
write_data(const struct diagnostic *diagnostic, struct text *out)
{
    for (uint32_t i = 0; i < diagnostic->data_count; i++) {
        text_puts(out, i ? "," : ",\"data\":{");
        write_string(diagnostic->data[i].key, out);
        text_printf(out, ":%s", diagnostic->data[i].json);
    }
    text_puts(out, diagnostic->data_count ? "}" : "");
}

static void
write_fix(const struct diagnostic *diagnostic, struct text *out)
{
    if (!diagnostic->fix_count)
        return;
    text_puts(out, ",\"quickfix\":{\"kind\":\"json_patch\",\"patch\":[");
    for (uint32_t i = 0; i < diagnostic->fix_count; i++) {
        const struct diagnostic_op *op = &diagnostic->fix[i];

        text_printf(out, "%s{\"op\":\"%s\",\"path\":", i ? "," : "", op->op);
        write_string(op->path, out);
        if (op->value)
            text_printf(out, ",\"value\":%s", op->value);
        text_putc(out, '}');
    }
    text_putc(out, ']');
    if (diagnostic->fix_note) {
        text_puts(out, ",\"note\":");
        write_string(diagnostic->fix_note, out);
    }
    text_putc(out, '}');
}

void
diagnostic_write(const struct diagnostic *diagnostic, struct text *out)
{
    static const char *const severities[] = {"error", "warning", "info", "hint"};

    text_printf(out, "{\"code\":\"%s\",\"severity\":\"%s\",\"stage\":\"%s\",\"message\":", diagnostic->code,
                severities[diagnostic->severity], diagnostic->stage);
    write_string(diagnostic->message, out);
    if (diagnostic->ptr) {
        text_puts(out, ",\"loc\":");
        write_loc(diagnostic->ptr, out);
    }
    write_notes(diagnostic, out);
    write_related(diagnostic, out);
    write_data(diagnostic, out);
    write_fix(diagnostic, out);
    text_putc(out, '}');
}
