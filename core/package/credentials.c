/* credentials.c: see credentials.h. */
#include "package/credentials.h"

#include "ast/json_decode.h"
#include "base/file.h"
#include "base/json_out.h"
#include "base/quote.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define VERSION "x07.credentials@0.1.0"

enum { MAX_FILE = 1 << 20, PRIVATE = 0600 };

struct credentials {
    const char *schema_version;
    struct json_list tokens; /* struct json_text: index and token */
};

static const struct json_shape_field fields[] = {
    {"schema_version", SHAPE_STRING, offsetof(struct credentials, schema_version), .required = true},
    {"tokens", SHAPE_TEXTS, offsetof(struct credentials, tokens), .required = true},
};
static const struct json_shape shape = {"Credentials", fields, 2, sizeof(struct credentials)};

static struct error *
find_path(struct arena *arena, const char **path)
{
    const char *own = getenv("X07_PKG_HOME"), *home = getenv("HOME");

    if (own && *own)
        *path = arena_printf(arena, "%s/credentials.json", own);
    else if (home && *home)
        *path = arena_printf(arena, "%s/.x07/credentials.json", home);
    else
        return error_new("E_CREDENTIALS", "missing HOME; set X07_PKG_HOME to store credentials");
    return NULL;
}

/* A file that is not there is one without tokens. */
static struct error *
load(struct arena *arena, const char *path, struct credentials *credentials)
{
    struct text bytes = {0}, message = {0};

    *credentials = (struct credentials){.schema_version = VERSION};
    if (access(path, F_OK) != 0)
        return NULL;
    struct error *error = error_wrap(file_read(path, MAX_FILE, &bytes), "read");
    if (!error && !json_decode(arena, arena_copy(arena, text_string(&bytes), bytes.len), bytes.len, &shape,
                               credentials, NULL, &message))
        error = error_new("E_CREDENTIALS", "parse credentials JSON: %s: %s", path, text_string(&message));
    if (!error && strcmp(credentials->schema_version, VERSION) != 0)
        error =
            error_new("E_CREDENTIALS", "credentials schema_version mismatch: expected " VERSION " got %s: %s",
                      quote_string(arena, credentials->schema_version), path);
    text_free(&bytes);
    text_free(&message);
    return error;
}

/* A token becomes part of a header line. */
static bool
can_be_sent(const char *token)
{
    for (const unsigned char *c = (const unsigned char *)token; *c; c++)
        if (*c <= ' ' || *c >= 0x7f)
            return false;
    return *token;
}

const char *
credentials_find(struct arena *arena, const char *index)
{
    struct credentials credentials;
    const char *path, *token = NULL;
    struct error *error = find_path(arena, &path);

    if (!error)
        error = load(arena, path, &credentials);
    if (!error) {
        const struct json_text *tokens = credentials.tokens.items;
        for (size_t i = 0; i < credentials.tokens.count; i++)
            if (strcmp(tokens[i].name, index) == 0)
                token = tokens[i].text;
    }
    error_free(error);
    return token && can_be_sent(token) ? token : NULL;
}

static int
compare_names(const void *left, const void *right)
{
    return strcmp(((const struct json_text *)left)->name, ((const struct json_text *)right)->name);
}

static void
write_tokens(struct arena *arena, const struct credentials *credentials, const struct json_text *added,
             x07_json *json)
{
    size_t count = 0, old = credentials->tokens.count;
    struct json_text *tokens = ARENA_ARRAY(arena, struct json_text, old + 1);

    for (size_t i = 0; i < old; i++)
        if (strcmp(((const struct json_text *)credentials->tokens.items)[i].name, added->name) != 0)
            tokens[count++] = ((const struct json_text *)credentials->tokens.items)[i];
    tokens[count++] = *added;
    qsort(tokens, count, sizeof *tokens, compare_names);
    x07_json_begin(json, '{');
    x07_json_name(json, "schema_version");
    x07_json_string(json, VERSION);
    x07_json_name(json, "tokens");
    x07_json_begin(json, '{');
    for (size_t i = 0; i < count; i++) {
        x07_json_name(json, tokens[i].name);
        x07_json_string(json, tokens[i].text);
    }
    x07_json_end(json, '}');
    x07_json_end(json, '}');
    x07_json_line(json);
}

/* An old file that others may read becomes private as well: nothing is written before the mode is. */
static struct error *
replace_private(const char *path, const x07_json *json)
{
    struct file_draft draft;
    struct error *error = file_draft_open(&draft, path, PRIVATE);

    if (error)
        return error;
    if (draft.temporary && fchmod(draft.fd, PRIVATE) < 0)
        error = error_errno("E_FILE_WRITE", "%s", path);
    if (!error)
        error = file_write_fd(draft.fd, path, json->data, (size_t)json->len);
    if (!error)
        return file_draft_commit(&draft, true);
    file_draft_discard(&draft);
    return error;
}

struct error *
credentials_store(struct arena *arena, const char *index, const char *token, const char **path)
{
    struct credentials credentials;
    struct json_text added = {index, token};
    x07_json json = {.pretty = 1};

    if (!*token)
        return error_new("E_CREDENTIALS", "token must be non-empty");
    if (!can_be_sent(token))
        return error_new("E_CREDENTIALS", "token must be printable ASCII without white space");
    struct error *error = find_path(arena, path);
    if (!error)
        error = load(arena, *path, &credentials);
    if (error)
        return error;
    write_tokens(arena, &credentials, &added, &json);
    error = replace_private(*path, &json);
    x07_json_free(&json);
    return error_wrap(error, "write");
}
