/* patchset.c: see patchset.h. */
#include "cli/patchset.h"

#include "ast/patch.h"
#include "base/file.h"
#include "base/memory.h"
#include "cli/document.h"
#include "cli/source.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* A file that some patch has named. */
struct patchset_target {
    char *path; /* absolute */
    struct source source;
    bool exists;
    struct ast_json value;
};

/* Removes "." and ".." and doubled slashes from an absolute path, without looking at the disk. */
static char *
normalise(const char *path)
{
    struct text out = {0};

    for (const char *at = path; *at;) {
        size_t slashes = strspn(at, "/"), len = strcspn(at + slashes, "/");
        at += slashes;
        if (len == 2 && strncmp(at, "..", 2) == 0) {
            while (out.len && out.data[--out.len] != '/')
                ;
        } else if (len && !(len == 1 && *at == '.')) {
            text_putc(&out, '/');
            text_append(&out, at, len);
        }
        at += len;
    }
    if (out.data)
        out.data[out.len] = '\0';
    return text_take(&out);
}

static bool
is_beneath(const char *path, const char *root)
{
    size_t len = strlen(root);

    if (strcmp(root, "/") == 0)
        return true;
    return strncmp(path, root, len) == 0 && path[len] == '/';
}

/* Whether the deepest directory of the path that exists lies in the root once symbolic links are followed. */
static bool
leads_beneath(const char *path, const char *root)
{
    char *at = memory_string(path);
    char *real;

    while ((real = realpath(at, NULL)) == NULL && at[0] && strcmp(at, "/") != 0) {
        char *parent = file_parent(at);
        free(at);
        at = parent;
    }
    bool result = real && (strcmp(real, root) == 0 || is_beneath(real, root));
    free(real);
    free(at);
    return result;
}

static struct error *
resolve(const struct patchset *set, const char *path, char **resolved)
{
    char *joined = path[0] == '/' ? memory_string(path) : file_join(set->root, path);

    *resolved = normalise(joined);
    free(joined);
    if (is_beneath(*resolved, set->root) && leads_beneath(*resolved, set->root))
        return NULL;
    free(*resolved);
    return error_new("E_PATCHSET", "path escapes repo root: %s (root=%s)", path, set->root);
}

static struct error *
read_target(const struct patchset *set, struct patchset_target *target)
{
    struct text message = {0};
    struct stat status;
    struct error *error = NULL;

    target->value = (struct ast_json){.kind = JSON_OBJECT};
    target->exists = stat(target->path, &status) == 0 || errno != ENOENT;
    if (!target->exists)
        return NULL;
    error = error_wrap(source_read(&target->source, target->path), "read");
    if (!error && !document_read_json(set->arena, &target->source.text, &target->value, &message))
        error = error_new("E_PATCHSET", "parse JSON: %s: %s", target->path, text_string(&message));
    text_free(&message);
    return error;
}

/* Finds the file among those that were patched already, or reads it. */
static struct error *
find_target(struct patchset *set, const char *path, struct patchset_target **found)
{
    char *resolved;
    struct error *error = resolve(set, path, &resolved);

    if (error)
        return error;
    for (size_t i = 0; i < set->target_count; i++)
        if (strcmp(set->targets[i].path, resolved) == 0) {
            free(resolved);
            *found = &set->targets[i];
            return NULL;
        }
    set->targets = memory_resize(set->targets, sizeof *set->targets * (set->target_count + 1));
    *found = &set->targets[set->target_count++];
    **found = (struct patchset_target){.path = resolved};
    return read_target(set, *found);
}

static bool
is_document_name(const char *path)
{
    static const char ending[] = ".x07.json";
    size_t len = strlen(path);

    return len >= sizeof ending - 1 && strcmp(path + len - (sizeof ending - 1), ending) == 0;
}

/* The file's new text. */
static struct error *
render(const struct patchset *set, const struct patchset_target *target, struct ast_json *value,
       struct text *out)
{
    struct text message = {0};
    struct error *error = NULL;

    if (!is_document_name(target->path)) {
        ast_json_write_pretty(value, out);
        text_putc(out, '\n');
        return NULL;
    }
    if (!document_canonical(set->arena, value, value, out, &message))
        error = error_new("E_PATCHSET", "x07ast parse after patch: %s", text_string(&message));
    text_free(&message);
    return error;
}

/* What was written is what a later patch of the file must find there. */
static struct error *
write_target(struct patchset_target *target, const struct text *text)
{
    struct error *error = target->exists ? source_replace(&target->source, text->data, text->len)
                                         : file_replace(target->path, text->data, text->len, 0666);

    if (error)
        return error_wrap(error, "write");
    target->exists = true;
    target->source.path = target->path;
    if (stat(target->path, &target->source.status) < 0)
        return error_errno("E_FILE_READ", "read: %s", target->path);
    return NULL;
}

struct error *
patchset_apply(struct patchset *set, const char *path, const struct ast_json *patch)
{
    struct patchset_target *target;
    struct text message = {0}, text = {0};
    size_t count;
    struct error *error = find_target(set, path, &target);

    if (error)
        return error;
    struct ast_json value = target->value;
    struct patch_op *ops = patch_read(set->arena, patch, &count, &message);
    if (!ops || !patch_apply(set->arena, &value, ops, count, &message))
        error = error_new("E_PATCHSET", "apply patch: %s: %s", target->path, text_string(&message));
    if (!error)
        error = render(set, target, &value, &text);
    if (!error && set->write)
        error = write_target(target, &text);
    if (!error)
        target->value = value;
    text_free(&text);
    text_free(&message);
    return error;
}

void
patchset_free(struct patchset *set)
{
    for (size_t i = 0; i < set->target_count; i++) {
        free(set->targets[i].path);
        source_free(&set->targets[i].source);
    }
    free(set->targets);
}
