/* derive.c: see derive.h. The steps and their order are documented: the first that fails is the message. */
#include "policy/derive.h"

#include "base/sha256.h"
#include "base/utf8.h"
#include "policy/schema.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_ROOTS = 128, MAX_ROOT_BYTES = 4096, MAX_ID_BYTES = 64, MAX_NOTES_BYTES = 4096, MARK_BYTES = 10 };

/* One derivation on its way. */
struct derivation {
    struct arena *arena;
    const struct policy_overrides *overrides;
    struct ast_json document; /* its top members may be replaced */
    struct host_set allow;
    struct host_set deny;
    struct json_strings read_roots; /* trimmed */
    struct json_strings write_roots;
    char mark[MARK_BYTES]; /* "g" and eight hex digits */
};

/* ---- values ---- */

static struct ast_json
string_value(const char *text)
{
    return (struct ast_json){.kind = JSON_STRING, .count = (uint32_t)strlen(text), .text = text};
}

/* The object with that member replaced or added. */
static void
put_member(struct arena *arena, struct ast_json *object, const char *name, struct ast_json value)
{
    struct ast_json_member *members = ARENA_ARRAY(arena, struct ast_json_member, object->count + 1);
    uint32_t count = 0;

    for (uint32_t i = 0; i < object->count; i++) {
        const struct ast_json_member *member = &object->members[i];
        if (member->name_len != strlen(name) || memcmp(member->name, name, member->name_len) != 0)
            members[count++] = *member;
    }
    members[count++] =
        (struct ast_json_member){.name = name, .name_len = (uint32_t)strlen(name), .value = value};
    object->members = members;
    object->count = count;
}

static struct ast_json
array_value(const struct ast_json *items, size_t count)
{
    return (struct ast_json){.kind = JSON_ARRAY, .count = (uint32_t)count, .items = items};
}

static struct ast_json
host_value(struct arena *arena, const struct host_ports *host)
{
    struct ast_json *ports = ARENA_ARRAY(arena, struct ast_json, host->port_count + 1);
    struct ast_json value = {.kind = JSON_OBJECT};

    for (size_t i = 0; i < host->port_count; i++)
        ports[i] = (struct ast_json){.kind = JSON_INTEGER, .integer = host->ports[i]};
    put_member(arena, &value, "host", string_value(host->host));
    put_member(arena, &value, "ports", array_value(ports, host->port_count));
    return value;
}

static struct ast_json
hosts_value(struct arena *arena, const struct host_set *set, bool with_all)
{
    struct ast_json *items = ARENA_ARRAY(arena, struct ast_json, set->count + 1);

    for (size_t i = 0; i < set->count; i++) {
        items[i] = host_value(arena, &set->items[i]);
        if (with_all)
            put_member(arena, &items[i], "all_ports",
                       (struct ast_json){.kind = set->items[i].all_ports ? JSON_TRUE : JSON_FALSE});
    }
    return array_value(items, set->count);
}

/* ---- what the base forbids, and what the user said ---- */

static bool
is_true(const struct ast_json *document, const char *section, const char *member)
{
    return ast_json_get(ast_json_get(document, section), member)->kind == JSON_TRUE;
}

static struct error *
check_base(const struct derivation *derivation)
{
    const struct policy_overrides *overrides = derivation->overrides;
    bool hosts = overrides->allow_hosts.count || overrides->deny_hosts.count ||
                 overrides->allow_host_files.count || overrides->deny_host_files.count;
    bool roots = overrides->read_roots.count || overrides->write_roots.count;

    if (hosts && !is_true(&derivation->document, "net", "enabled"))
        return error_new("E_POLICY_BASE", "base policy disables networking (net.enabled=false)");
    if (hosts && !is_true(&derivation->document, "net", "allow_tcp"))
        return error_new("E_POLICY_BASE", "base policy forbids TCP (net.allow_tcp=false)");
    if (roots && !is_true(&derivation->document, "fs", "enabled"))
        return error_new("E_POLICY_BASE", "base policy disables filesystem access (fs.enabled=false)");
    return NULL;
}

static void
append_strings(struct arena *arena, struct json_strings *list, const struct json_strings *more)
{
    const char **items = ARENA_ARRAY(arena, const char *, list->count + more->count + 1);

    if (list->count)
        memcpy(items, list->items, list->count * sizeof *items);
    if (more->count)
        memcpy(items + list->count, more->items, more->count * sizeof *items);
    list->items = items;
    list->count += more->count;
}

static struct error *
collect_hosts(struct derivation *derivation, const struct json_strings *files,
              const struct json_strings *said, bool deny, struct host_set *set)
{
    struct json_strings texts = {0};

    for (size_t i = 0; i < files->count; i++) {
        struct error *error = hosts_read_file(derivation->arena, files->items[i], &texts);
        if (error)
            return error;
    }
    append_strings(derivation->arena, &texts, said);
    return hosts_parse(derivation->arena, &texts, deny, set);
}

static struct error *
collect_roots(struct derivation *derivation, const struct json_strings *said, struct json_strings *roots)
{
    roots->items = ARENA_ARRAY(derivation->arena, const char *, said->count + 1);
    for (size_t i = 0; i < said->count; i++) {
        const char *text = said->items[i];
        size_t len = strlen(text);
        utf8_trim(&text, &len);
        if (!len)
            return error_new("E_POLICY_ROOT", "root path must be non-empty");
        if (len > MAX_ROOT_BYTES)
            return error_new("E_POLICY_ROOT", "root path must be <= 4096 chars");
        roots->items[roots->count++] = arena_copy(derivation->arena, text, len);
    }
    return NULL;
}

static struct error *
collect(struct derivation *derivation)
{
    const struct policy_overrides *overrides = derivation->overrides;
    struct error *error = collect_hosts(derivation, &overrides->allow_host_files, &overrides->allow_hosts,
                                        false, &derivation->allow);

    if (!error)
        error = collect_hosts(derivation, &overrides->deny_host_files, &overrides->deny_hosts, true,
                              &derivation->deny);
    if (!error)
        error = collect_roots(derivation, &overrides->read_roots, &derivation->read_roots);
    return error ? error : collect_roots(derivation, &overrides->write_roots, &derivation->write_roots);
}

/* ---- the mark: a digest of the base and of what was said ---- */

static int
compare_strings(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

static struct ast_json
sorted_strings(struct arena *arena, const struct json_strings *list)
{
    const char **sorted = ARENA_ARRAY(arena, const char *, list->count + 1);
    struct ast_json *items = ARENA_ARRAY(arena, struct ast_json, list->count + 1);
    size_t count = 0;

    if (list->count)
        memcpy(sorted, list->items, list->count * sizeof *sorted);
    qsort(sorted, list->count, sizeof *sorted, compare_strings);
    for (size_t i = 0; i < list->count; i++)
        if (!i || strcmp(sorted[i - 1], sorted[i]) != 0)
            items[count++] = string_value(sorted[i]);
    return array_value(items, count);
}

static void
make_mark(struct derivation *derivation, const struct text *base)
{
    struct arena *arena = derivation->arena;
    struct ast_json said = {.kind = JSON_OBJECT};
    struct text json = {0};
    struct sha256 context;
    char hex[SHA256_HEX];

    put_member(arena, &said, "allow_hosts", hosts_value(arena, &derivation->allow, false));
    put_member(arena, &said, "allow_read_roots", sorted_strings(arena, &derivation->read_roots));
    put_member(arena, &said, "allow_write_roots", sorted_strings(arena, &derivation->write_roots));
    put_member(arena, &said, "deny_hosts", hosts_value(arena, &derivation->deny, true));
    said = ast_json_copy_sorted(arena, &said);
    ast_json_write(&said, &json);
    sha256_init(&context);
    sha256_update(&context, text_string(base), base->len);
    sha256_update(&context, text_string(&json), json.len);
    sha256_final_hex(&context, hex);
    text_free(&json);
    derivation->mark[0] = 'g';
    memcpy(derivation->mark + 1, hex, 8);
}

/* ---- the new document ---- */

static struct error *
change_net(struct derivation *derivation)
{
    struct ast_json net = *ast_json_get(&derivation->document, "net");
    struct host_set hosts;
    struct error *error = hosts_of_policy(derivation->arena, ast_json_get(&net, "allow_hosts"), &hosts);

    if (!error)
        error = hosts_add(derivation->arena, &hosts, &derivation->allow);
    if (error)
        return error;
    hosts_remove(&hosts, &derivation->deny);
    put_member(derivation->arena, &net, "allow_hosts", hosts_value(derivation->arena, &hosts, false));
    if (hosts_have_names(&hosts))
        put_member(derivation->arena, &net, "allow_dns", (struct ast_json){.kind = JSON_TRUE});
    put_member(derivation->arena, &derivation->document, "net", net);
    return NULL;
}

/* The member's array with each root at its end that is not in it. */
static struct error *
add_roots(struct arena *arena, struct ast_json *fs, const char *name, const struct json_strings *roots)
{
    const struct ast_json *old = ast_json_get(fs, name);
    struct ast_json *items = ARENA_ARRAY(arena, struct ast_json, old->count + roots->count + 1);
    uint32_t count = old->count;

    if (count)
        memcpy(items, old->items, count * sizeof *items);
    for (size_t i = 0; i < roots->count; i++) {
        uint32_t at = 0;
        while (at < count && !ast_json_is(&items[at], roots->items[i]))
            at++;
        if (at == count)
            items[count++] = string_value(roots->items[i]);
    }
    if (count > MAX_ROOTS)
        return error_new("E_POLICY_ROOT", "fs.%s would exceed 128 entries", name);
    put_member(arena, fs, name, array_value(items, count));
    return NULL;
}

static struct error *
change_fs(struct derivation *derivation)
{
    struct ast_json fs = *ast_json_get(&derivation->document, "fs");
    struct error *error = NULL;

    if (derivation->read_roots.count)
        error = add_roots(derivation->arena, &fs, "read_roots", &derivation->read_roots);
    if (!error && derivation->write_roots.count)
        error = add_roots(derivation->arena, &fs, "write_roots", &derivation->write_roots);
    put_member(derivation->arena, &derivation->document, "fs", fs);
    return error;
}

static void
change_names(struct derivation *derivation, const char *path, const char *command)
{
    struct arena *arena = derivation->arena;
    const struct ast_json *id = ast_json_get(&derivation->document, "policy_id");
    const struct ast_json *notes = ast_json_get(&derivation->document, "notes");
    int kept = id->count < MAX_ID_BYTES - MARK_BYTES ? (int)id->count : MAX_ID_BYTES - MARK_BYTES;
    const char *text = arena_printf(arena, "%.*s%sDerived by %s from `%s` (%s)",
                                    notes ? (int)notes->count : 0, notes ? notes->text : "",
                                    notes && notes->count ? "\n" : "", command, path, derivation->mark);

    if (strlen(text) <= MAX_NOTES_BYTES)
        put_member(arena, &derivation->document, "notes", string_value(text));
    put_member(arena, &derivation->document, "policy_id",
               string_value(arena_printf(arena, "%.*s.%s", kept, id->text, derivation->mark)));
}

static void
write_document(struct derivation *derivation, struct policy_derived *derived)
{
    struct ast_json sorted = ast_json_copy_sorted(derivation->arena, &derivation->document);
    struct text text = {0};

    ast_json_write_pretty(&sorted, &text);
    text_putc(&text, '\n');
    derived->text = arena_copy(derivation->arena, text_string(&text), text.len);
    derived->len = text.len;
    text_free(&text);
}

static struct json_strings
one_violation(struct arena *arena, const char *message)
{
    struct json_strings list = {.items = ARENA_ARRAY(arena, const char *, 1), .count = 1};

    list.items[0] = message;
    return list;
}

/* Reads the base. Violations of the schema go to `derived`. */
static bool
read_base(struct derivation *derivation, const struct text *base, struct policy_derived *derived)
{
    struct text message = {0};
    const char *data = text_string(base);
    size_t valid = utf8_prefix(data, base->len);
    bool read = valid == base->len &&
                ast_json_read(derivation->arena, data, base->len, &derivation->document, &message);

    if (valid < base->len)
        text_printf(&message, "invalid utf-8 sequence of 1 bytes from index %zu", valid);
    derived->violations =
        read ? policy_validate(derivation->arena, &derivation->document)
             : one_violation(derivation->arena,
                             arena_printf(derivation->arena, "parse policy JSON: %s", text_string(&message)));
    text_free(&message);
    return derived->violations.count == 0;
}

struct error *
policy_derive(struct arena *arena, const char *path, const struct text *base,
              const struct policy_overrides *overrides, const char *command, struct policy_derived *derived)
{
    struct derivation derivation = {.arena = arena, .overrides = overrides};

    *derived = (struct policy_derived){0};
    if (!read_base(&derivation, base, derived))
        return NULL;
    struct error *error = check_base(&derivation);
    if (!error)
        error = collect(&derivation);
    if (error)
        return error;
    make_mark(&derivation, base);
    const struct ast_json *id = ast_json_get(&derivation.document, "policy_id");
    derived->file_name =
        arena_printf(arena, "%.*s.%s.policy.json", (int)id->count, id->text, derivation.mark);
    error = change_net(&derivation);
    if (!error)
        error = change_fs(&derivation);
    if (error)
        return error;
    change_names(&derivation, path, command);
    derived->violations = policy_validate(arena, &derivation.document);
    write_document(&derivation, derived);
    return NULL;
}
