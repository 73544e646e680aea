/* pkg_publish.c: `x07 pkg publish`. */
#include "base/quote.h"
#include "base/utf8.h"
#include "cli/options.h"
#include "cli/pkg.h"
#include "cli/pkg_pack.h"
#include "cli/pkg_report.h"

#include <stdio.h>
#include <string.h>

enum { MAX_RESPONSE = 1 << 20, MAX_DETAIL = 16 << 20 };

struct publish_options {
    const char *package, *index;
};

#define AT(member) offsetof(struct publish_options, member)

static const struct option options[] = {
    {"package", "DIR", OPTION_VALUE, AT(package), .help = "The package's directory", .required = true},
    {"index", "URL", OPTION_VALUE, AT(index), .help = "The package index", .required = true},
};

static const struct option_table table = {
    .command = "x07 pkg publish",
    .summary = "Pack a package and send it to an index",
    .options = options,
    .count = sizeof options / sizeof options[0],
};

#undef AT

/* What the index answers. */
struct response {
    const char *name, *version, *cksum, *index_path; /* version and index_path may be NULL */
};

#define AT(member) offsetof(struct response, member)
static const struct json_shape_field response_fields[] = {
    {"name", SHAPE_STRING, AT(name), .required = true},
    {"version", SHAPE_STRING, AT(version), .nullable = true},
    {"cksum", SHAPE_STRING, AT(cksum), .required = true},
    {"index_path", SHAPE_STRING, AT(index_path), .nullable = true},
};
#undef AT
static const struct json_shape response_shape = {"PublishResponse", response_fields,
                                                 sizeof response_fields / sizeof response_fields[0],
                                                 sizeof(struct response)};

/* What the index says of a package, as far as it matters here. */
struct detail_version {
    const char *version;
};

struct detail {
    struct json_list versions;
};

static const struct json_shape_field version_fields[] = {
    {"version", SHAPE_STRING, offsetof(struct detail_version, version), .nullable = true},
};
static const struct json_shape version_shape = {"PackageVersion", version_fields, 1,
                                                sizeof(struct detail_version)};
static const struct json_shape_field detail_fields[] = {
    {"versions", SHAPE_LIST, offsetof(struct detail, versions), .shape = &version_shape},
};
static const struct json_shape detail_shape = {"PackageDetail", detail_fields, 1, sizeof(struct detail)};

struct publish {
    struct arena *arena;
    struct supply supply;
    struct packed packed;
    struct response response;
};

static void
on_done(struct transfer *transfer, void *context)
{
    (void)transfer;
    (void)context;
}

/* Runs one transfer; its body is the caller's to free. */
static struct error *
exchange(struct publish *publish, struct transfer *transfer)
{
    transfer->done = on_done;
    transfer->token = index_token_for(&publish->supply.index, transfer->url);
    transfers_add(publish->supply.transfers, transfer);
    struct error *error = transfers_run(publish->supply.transfers);
    if (error) {
        error_free(transfer->error);
        return error;
    }
    return transfer->error;
}

static struct error *
read_response(struct publish *publish, const struct transfer *transfer)
{
    struct text message = {0};
    struct response *response = &publish->response;
    const struct package_manifest *own = &publish->packed.manifest;
    struct error *error = NULL;
    const char *copy = arena_copy(publish->arena, text_string(&transfer->body), transfer->body.len);

    if (!json_decode(publish->arena, copy, transfer->body.len, &response_shape, response, NULL, &message))
        error = error_new("X07PKG_PUBLISH_RESPONSE", "parse publish response: %s", text_string(&message));
    text_free(&message);
    if (error)
        return error;
    response->version = response->version ? response->version : own->version;
    response->index_path = response->index_path ? response->index_path : "";
    if (strcmp(response->name, own->name) != 0 || strcmp(response->version, own->version) != 0 ||
        strcasecmp(response->cksum, publish->packed.sha256) != 0)
        return error_new("X07PKG_PUBLISH_RESPONSE_MISMATCH",
                         "publish response did not match the uploaded archive");
    return NULL;
}

static struct error *
upload(struct publish *publish)
{
    struct transfer transfer = {
        .url = arena_printf(publish->arena, "%spackages/publish", publish->supply.index.api),
        .limit = MAX_RESPONSE,
        .post = publish->packed.archive.data,
        .post_len = publish->packed.archive.len};
    struct error *error = exchange(publish, &transfer);

    if (error && strcmp(error->code, "E_INTERRUPTED") != 0)
        error->code = "X07PKG_PUBLISH_FAILED";
    if (!error)
        error = read_response(publish, &transfer);
    text_free(&transfer.body);
    return error;
}

static bool
lists_version(struct publish *publish, const struct transfer *transfer)
{
    struct detail detail = {0};
    struct text message = {0};
    bool found = false;
    const char *copy = arena_copy(publish->arena, text_string(&transfer->body), transfer->body.len);

    if (json_decode(publish->arena, copy, transfer->body.len, &detail_shape, &detail, NULL, &message)) {
        const struct detail_version *versions = detail.versions.items;
        for (size_t i = 0; i < detail.versions.count; i++)
            found = found || (versions[i].version &&
                              strcmp(versions[i].version, publish->packed.manifest.version) == 0);
    }
    text_free(&message);
    return found;
}

/* Asks whether the index knows the version by now. Only a warning: it was accepted. */
static void
confirm(struct publish *publish)
{
    const struct package_manifest *own = &publish->packed.manifest;
    struct text url = {0};

    text_printf(&url, "%spackages/", publish->supply.index.api);
    url_append_escaped(&url, own->name);
    struct transfer transfer = {.url = arena_copy(publish->arena, url.data, url.len), .limit = MAX_DETAIL};
    text_free(&url);
    struct error *error = exchange(publish, &transfer);
    if (error || !lists_version(publish, &transfer)) {
        fprintf(stderr, "warning: the index does not list %s@%s yet%s%s\n", own->name, own->version,
                error ? ": " : "", error ? error->message : "");
        fprintf(stderr, "warning: look again later with `x07 pkg versions %s`\n", own->name);
    }
    error_free(error);
    text_free(&transfer.body);
}

static void
write_result(const struct publish *publish, const char *index, x07_json *json)
{
    x07_json_begin(json, '{');
    pkg_write_string(json, "index", index);
    pkg_write_string(json, "package_dir", publish->packed.folder);
    pkg_write_string(json, "name", publish->response.name);
    pkg_write_string(json, "version", publish->response.version);
    pkg_write_string(json, "cksum", publish->response.cksum);
    pkg_write_string(json, "index_path", publish->response.index_path);
    x07_json_end(json, '}');
}

static int
run_publish(int argc, char **argv)
{
    struct publish_options settings = {0};
    struct publish publish = {.arena = arena_new()};
    x07_json result = {0};
    int code;

    if (!options_start_text(&table, argc, argv, &settings, &code)) {
        arena_free(publish.arena);
        return code;
    }
    supply_init(&publish.supply, publish.arena, settings.index, NULL);
    struct error *error = pkg_pack_folder(publish.arena, settings.package, &publish.packed);
    if (!error)
        error = supply_open(&publish.supply);
    if (!error)
        error = upload(&publish);
    if (!error) {
        confirm(&publish);
        write_result(&publish, settings.index, &result);
    }
    text_free(&publish.packed.archive);
    supply_free(&publish.supply);
    arena_free(publish.arena);
    return pkg_answer("pkg.publish", &result, error);
}

const struct command pkg_publish_command = {.name = "publish", .run = run_publish, .options = &table};
