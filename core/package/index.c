/* index.c: see index.h. */
#include "package/index.h"

#include "base/quote.h"
#include "base/utf8.h"
#include "package/credentials.h"
#include "package/unpack.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define CODE_CONFIG "X07PKG_INDEX_CONFIG"
#define CODE_FETCH "X07PKG_INDEX_FETCH"

enum { MAX_CONFIG = 1 << 20, MAX_ENTRIES = 16 << 20, MAX_ARCHIVE_OVERHEAD = 64 << 20 };

const char *
index_default(struct arena *arena)
{
    const char *value = getenv("X07_PKG_INDEX_URL");
    size_t len = value ? strlen(value) : 0;

    if (!value || utf8_prefix(value, len) != len)
        return NULL;
    utf8_trim(&value, &len);
    return len ? arena_copy(arena, value, len) : NULL;
}

struct error *
index_open(struct arena *arena, const char *given, struct index *index)
{
    static const char prefix[] = "sparse+";
    struct text message = {0};
    struct error *error = NULL;

    *index = (struct index){.arena = arena, .given = given ? given : index_default(arena)};
    if (!index->given)
        return error_new(CODE_CONFIG, "no package index is set: pass --index URL or set X07_PKG_INDEX_URL");
    size_t skip = strncmp(index->given, prefix, strlen(prefix)) == 0 ? strlen(prefix) : 0;
    const char *plain = index->given + skip;
    if (!url_read(arena, plain, &index->url, &message))
        error = error_new(CODE_CONFIG, "invalid index url: %s (expected URL): %s",
                          quote_string(arena, index->given), text_string(&message));
    else if (plain[strlen(plain) - 1] != '/')
        error = error_new(CODE_CONFIG,
                          "index url must end with '/': got %s (example: sparse+https://host/index/)",
                          quote_string(arena, index->given));
    text_free(&message);
    if (error)
        return error;
    index->canonical = arena_printf(arena, "%s%s", prefix, index->url.text);
    index->token = credentials_find(arena, index->canonical);
    return NULL;
}

const char *
index_token_for(const struct index *index, const char *text)
{
    struct text message = {0};
    struct url url;
    bool same = index->token && url_read(index->arena, text, &url, &message) &&
                strcmp(url.origin, index->url.origin) == 0;

    text_free(&message);
    return same ? index->token : NULL;
}

/* ---- config.json ---- */

struct config {
    const char *dl, *api;
    struct json_flag auth_required;
};

static const struct json_shape_field config_fields[] = {
    {"dl", SHAPE_STRING, offsetof(struct config, dl), .required = true, .trim = true},
    {"api", SHAPE_STRING, offsetof(struct config, api), .required = true, .trim = true},
    {"auth-required", SHAPE_FLAG, offsetof(struct config, auth_required), .shape = NULL},
};
static const struct json_shape config_shape = {"IndexConfig", config_fields, 3, sizeof(struct config)};

/* A place that config.json names. An index on the net must not send us to files of this machine. */
static struct error *
read_place(const struct index *index, const char *member, const char *text, const char **place)
{
    struct text message = {0};
    struct error *error = NULL;
    struct url url;

    if (!url_read(index->arena, text, &url, &message))
        error = error_new(CODE_CONFIG, "invalid %s url: %s: %s", member, quote_string(index->arena, text),
                          text_string(&message));
    else if (strcmp(url.scheme, "file") == 0 && strcmp(index->url.scheme, "file") != 0)
        error = error_new(CODE_CONFIG, "the %s url of an index that is no file must not be one: %s", member,
                          quote_string(index->arena, text));
    else
        *place =
            arena_printf(index->arena, "%s%s", url.text, url.text[strlen(url.text) - 1] == '/' ? "" : "/");
    text_free(&message);
    return error;
}

static struct error *
take_config(struct index *index, const struct transfer *transfer)
{
    struct config config = {0};
    struct text message = {0};
    struct error *error = NULL;
    const char *copy = arena_copy(index->arena, text_string(&transfer->body), transfer->body.len);

    if (!json_decode(index->arena, copy, transfer->body.len, &config_shape, &config, NULL, &message))
        error = error_new(CODE_CONFIG, "parse %s: %s", transfer->url, text_string(&message));
    text_free(&message);
    if (!error)
        error = read_place(index, "dl", config.dl, &index->dl);
    return error ? error : read_place(index, "api", config.api, &index->api);
}

/* The end of a transfer that someone waits for. */
static void
done(struct transfer *transfer, void *context)
{
    (void)transfer;
    (void)context;
}

/* Runs one transfer to its end. */
static struct error *
fetch(struct transfers *transfers, struct transfer *transfer, const char *code)
{
    transfer->done = done;
    transfers_add(transfers, transfer);
    struct error *error = transfers_run(transfers);
    if (!error && transfer->error) {
        error = transfer->error;
        error->code = code;
    } else {
        error_free(transfer->error);
    }
    transfer->error = NULL;
    return error;
}

struct error *
index_load_config(struct index *index, struct transfers *transfers)
{
    struct transfer transfer = {.url = arena_printf(index->arena, "%sconfig.json", index->url.text),
                                .token = index->token,
                                .limit = MAX_CONFIG};

    if (index->dl && index->api)
        return NULL;
    struct error *error = fetch(transfers, &transfer, CODE_CONFIG);
    if (!error)
        error = take_config(index, &transfer);
    text_free(&transfer.body);
    return error_wrap(error, "fetch index config.json");
}

/* ---- entries ---- */

/* "1/a", "2/ab", "3/a/abc", "ab/cd/abcd"; NULL for a name that is none. */
static const char *
entries_path(struct arena *arena, const char *name)
{
    size_t len = strlen(name);

    if (!len || strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-_") != len)
        return NULL;
    if (len < 3)
        return arena_printf(arena, "%zu/%s", len, name);
    if (len == 3)
        return arena_printf(arena, "3/%c/%s", name[0], name);
    return arena_printf(arena, "%.2s/%.2s/%s", name, name + 2, name);
}

static struct error *
fail_entries(const struct index *index, const char *name, struct error *error)
{
    if (!error || strcmp(error->code, "E_INTERRUPTED") == 0)
        return error;
    struct error *outer =
        error_new(CODE_FETCH, "fetch index entries for %s: %s (hint: check the package name and index URL)",
                  quote_string(index->arena, name), error->message);
    error_free(error);
    return outer;
}

struct error *
index_entries_transfer(const struct index *index, const char *name, struct transfer *transfer)
{
    const char *path = entries_path(index->arena, name);

    if (!path)
        return fail_entries(
            index, name, error_new(CODE_FETCH, "package names have lower-case letters, digits, '-' and '_'"));
    *transfer = (struct transfer){.url = arena_printf(index->arena, "%s%s", index->url.text, path),
                                  .token = index->token,
                                  .limit = MAX_ENTRIES};
    return NULL;
}

struct error *
index_entries_take(const struct index *index, const char *name, struct transfer *transfer,
                   struct index_entries *entries)
{
    struct error *error = transfer->error;

    transfer->error = NULL;
    if (!error)
        error =
            error_wrap(entries_read(index->arena, text_string(&transfer->body), transfer->body.len, entries),
                       "parse index file: %s", transfer->url);
    text_free(&transfer->body);
    return fail_entries(index, name, error);
}

struct error *
index_fetch_entries(const struct index *index, struct transfers *transfers, const char *name,
                    struct index_entries *entries)
{
    struct transfer transfer;
    struct error *error = index_entries_transfer(index, name, &transfer);

    if (error)
        return error;
    transfer.done = done;
    transfers_add(transfers, &transfer);
    error = transfers_run(transfers);
    if (!error)
        return index_entries_take(index, name, &transfer, entries);
    error_free(transfer.error);
    text_free(&transfer.body);
    return error;
}

/* ---- archives ---- */

void
index_archive_transfer(const struct index *index, const char *name, const char *version, const char *file,
                       struct transfer *transfer)
{
    struct text url = {0};

    text_puts(&url, index->dl);
    url_append_escaped(&url, name);
    text_putc(&url, '/');
    url_append_escaped(&url, version);
    text_puts(&url, "/download");
    *transfer = (struct transfer){.url = arena_copy(index->arena, url.data, url.len),
                                  .limit = UNPACK_MAX_BYTES + MAX_ARCHIVE_OVERHEAD,
                                  .file = file};
    transfer->token = index_token_for(index, transfer->url);
    text_free(&url);
}
