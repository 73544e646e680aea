/* patch.c: applies patches. The document is copied once into containers that have room to grow; operations
 * then change it in place. Objects keep their members sorted by name. */
#include "ast/patch.h"

#include "ast/patch_tree.h"
#include "ast/pointer.h"
#include "base/quote.h"

#include <inttypes.h>
#include <string.h>

enum { MAX_DEPTH = 127, MAX_COPIED = 1 << 22 };

/* One application on its way. */
struct patch {
    struct arena *arena;
    struct ast_json root;
    struct pointer path; /* of the operation that is being applied */
    size_t copied;       /* values and bytes of strings that `copy` has made */
    struct text *message;
};

/* The text and the path of the operation in quotes. Returns false. */
static bool
fail(struct patch *patch, const char *text)
{
    text_puts(patch->message, text);
    text_append_quoted(patch->message, patch->path.text, patch->path.len);
    return false;
}

static bool
fail_index(struct patch *patch, const char *text, uint64_t index)
{
    fail(patch, text);
    text_printf(patch->message, ": %" PRIu64, index);
    return false;
}

/* The array index that the path's last token is. */
static bool
read_index(struct patch *patch, uint64_t *index)
{
    if (pointer_index(&patch->path, index))
        return true;
    fail(patch, "expected array index in pointer ");
    text_puts(patch->message, ", got ");
    text_append_quoted(patch->message, text_string(&patch->path.token), patch->path.token.len);
    return false;
}

/* Starts on a path. */
static bool
follow(struct patch *patch, const char *path, size_t len)
{
    text_free(&patch->path.token);
    return pointer_start(&patch->path, path, len) ||
           fail(patch, "invalid JSON Pointer (must start with '/' or be empty): ");
}

/* The container that the path's last token stands in. The path must not be empty. */
static struct ast_json *
find_parent(struct patch *patch)
{
    const struct ast_json *value = &patch->root;

    while (pointer_next(&patch->path) && !pointer_is_last(&patch->path)) {
        value = pointer_step(&patch->path, value, patch->message);
        if (!value)
            return NULL;
    }
    return (struct ast_json *)(uintptr_t)value;
}

/* Finds the member that the path's last token names, or the place where it belongs. */
static bool
find_member(const struct patch *patch, const struct ast_json *object, uint32_t *index)
{
    const struct text *token = &patch->path.token;
    uint32_t low = 0, high = object->count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const struct ast_json_member *member = &object->members[middle];
        size_t common = member->name_len < token->len ? member->name_len : token->len;
        int order = common ? memcmp(member->name, token->data, common) : 0;

        if (!order)
            order = (member->name_len > token->len) - (member->name_len < token->len);
        if (!order) {
            *index = middle;
            return true;
        }
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    *index = low;
    return false;
}

static void
set_member(struct patch *patch, struct ast_json *object, const struct ast_json *value)
{
    const struct text *token = &patch->path.token;
    uint32_t index;

    if (find_member(patch, object, &index)) {
        ((struct ast_json_member *)(uintptr_t)object->members)[index].value = *value;
        return;
    }
    struct ast_json_member *member = patch_tree_insert(patch->arena, object, index);
    *member = (struct ast_json_member){
        .name = arena_copy(patch->arena, text_string(token), token->len),
        .name_len = (uint32_t)token->len,
        .value = *value,
    };
}

static bool
check_depth(struct patch *patch, const struct ast_json *value)
{
    if (pointer_depth(patch->path.text, patch->path.len) + patch_tree_depth(value) <= MAX_DEPTH)
        return true;
    return fail(patch, "document nested too deeply at ");
}

/* Puts a value that the document owns, or may own, at the path. */
static bool
add_value(struct patch *patch, const char *path, size_t len, const struct ast_json *value)
{
    uint64_t index = 0;

    if (!follow(patch, path, len))
        return false;
    if (!len) {
        patch->root = *value;
        return true;
    }
    struct ast_json *parent = find_parent(patch);
    if (!parent || !check_depth(patch, value))
        return false;
    if (parent->kind == JSON_OBJECT) {
        set_member(patch, parent, value);
        return true;
    }
    if (parent->kind != JSON_ARRAY)
        return fail(patch, "add parent is not a container at ");
    if (patch->path.token.len == 1 && patch->path.token.data[0] == '-')
        index = parent->count;
    else if (!read_index(patch, &index))
        return false;
    if (index > parent->count)
        return fail_index(patch, "array index out of bounds for add at ", index);
    *(struct ast_json *)patch_tree_insert(patch->arena, parent, (uint32_t)index) = *value;
    return true;
}

/* What an operation says when its target is not there. */
struct target_texts {
    const char *member, *index, *scalar;
};

/* The container and the position of a value that must exist; the path must not be empty. */
static struct ast_json *
find_target(struct patch *patch, const struct target_texts *texts, uint32_t *position)
{
    struct ast_json *parent = find_parent(patch);
    uint64_t index;

    if (!parent)
        return NULL;
    if (parent->kind == JSON_OBJECT) {
        if (find_member(patch, parent, position))
            return parent;
        fail(patch, texts->member);
        return NULL;
    }
    if (parent->kind != JSON_ARRAY) {
        fail(patch, texts->scalar);
        return NULL;
    }
    if (!read_index(patch, &index))
        return NULL;
    if (index >= parent->count) {
        fail_index(patch, texts->index, index);
        return NULL;
    }
    *position = (uint32_t)index;
    return parent;
}

static bool
apply_replace(struct patch *patch, const struct patch_op *op)
{
    static const struct target_texts texts = {
        .member = "replace path not found: ",
        .index = "array index out of bounds for replace at ",
        .scalar = "replace parent is not a container at ",
    };
    uint32_t position;

    if (!follow(patch, op->path, op->path_len))
        return false;
    struct ast_json value = patch_tree_copy(patch->arena, op->value);
    if (!op->path_len) {
        patch->root = value;
        return true;
    }
    struct ast_json *parent = find_target(patch, &texts, &position);
    if (!parent || !check_depth(patch, &value))
        return false;
    *(struct ast_json *)(uintptr_t)patch_tree_child(parent, position) = value;
    return true;
}

/* Takes the value at the path out of the document; `taken` may be NULL. */
static bool
remove_value(struct patch *patch, const char *path, size_t len, struct ast_json *taken)
{
    static const struct target_texts texts = {
        .member = "remove path not found: ",
        .index = "array index out of bounds for remove at ",
        .scalar = "remove parent is not a container at ",
    };
    uint32_t position;

    if (!follow(patch, path, len))
        return false;
    if (!len) {
        text_puts(patch->message, "cannot remove the document root");
        return false;
    }
    struct ast_json *parent = find_target(patch, &texts, &position);
    if (!parent)
        return false;
    if (taken)
        *taken = *patch_tree_child(parent, position);
    patch_tree_remove(parent, position);
    return true;
}

static bool
apply_remove(struct patch *patch, const struct patch_op *op)
{
    return remove_value(patch, op->path, op->path_len, NULL);
}

static bool
apply_add(struct patch *patch, const struct patch_op *op)
{
    struct ast_json value = patch_tree_copy(patch->arena, op->value);

    return add_value(patch, op->path, op->path_len, &value);
}

static bool
apply_move(struct patch *patch, const struct patch_op *op)
{
    struct ast_json value;

    /* Reading first gives a missing place the text of a place that is read. */
    return pointer_get(&patch->root, op->from, op->from_len, patch->message) &&
           remove_value(patch, op->from, op->from_len, &value) &&
           add_value(patch, op->path, op->path_len, &value);
}

static bool
apply_copy(struct patch *patch, const struct patch_op *op)
{
    const struct ast_json *found = pointer_get(&patch->root, op->from, op->from_len, patch->message);

    if (!found)
        return false;
    patch->copied += patch_tree_size(found);
    if (patch->copied > MAX_COPIED) {
        text_puts(patch->message, "patch copies too much (4194304 values or bytes)");
        return false;
    }
    struct ast_json value = patch_tree_own(patch->arena, found);
    return add_value(patch, op->path, op->path_len, &value);
}

static bool
apply_test(struct patch *patch, const struct patch_op *op)
{
    const struct ast_json *found = pointer_get(&patch->root, op->path, op->path_len, patch->message);

    if (!found)
        return false;
    struct ast_json wanted = ast_json_copy_sorted(patch->arena, op->value);
    if (patch_tree_equal(found, &wanted))
        return true;
    follow(patch, op->path, op->path_len);
    fail(patch, "test failed at ");
    text_puts(patch->message, ": expected ");
    ast_json_display(patch->arena, &wanted, patch->message);
    text_puts(patch->message, " got ");
    ast_json_display(patch->arena, found, patch->message);
    return false;
}

bool
patch_apply(struct arena *arena, struct ast_json *document, const struct patch_op *ops, size_t count,
            struct text *message)
{
    static bool (*const appliers[])(struct patch *, const struct patch_op *) = {
        [PATCH_TEST] = apply_test, [PATCH_REPLACE] = apply_replace, [PATCH_MOVE] = apply_move,
        [PATCH_COPY] = apply_copy, [PATCH_REMOVE] = apply_remove,   [PATCH_ADD] = apply_add,
    };
    struct patch patch = {.arena = arena, .message = message, .root = patch_tree_copy(arena, document)};
    bool ok = true;

    for (size_t i = 0; ok && i < count; i++)
        ok = appliers[ops[i].kind](&patch, &ops[i]);
    text_free(&patch.path.token);
    if (ok)
        *document = patch.root;
    return ok;
}
