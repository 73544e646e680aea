/* builtin_modules.c: see builtin_modules.h. */
#include "sema/builtin_modules.h"

#include "sema/builtin_documents.h"

#include <stddef.h>
#include <string.h>

static const char *const ids[] = {
    "std.vec",         "std.vec_value",   "std.slice",         "std.bytes",
    "std.codec",       "std.parse",       "std.fmt",           "std.prng",
    "std.pbt.case_v1", "std.pbt.gen_v1",  "std.pbt.shrink_v1", "std.bit",
    "std.text.ascii",  "std.text.slices", "std.text.utf8",     "std.test",
    "std.regex-lite",  "std.json",        "std.http.envelope", "std.csv",
    "std.map",         "std.set",         "std.u32",           "std.small_map",
    "std.small_set",   "std.hash",        "std.hash_map",      "std.hash_map_value",
    "std.hash_set",    "std.btree_map",   "std.btree_set",     "std.deque",
    "std.deque_u32",   "std.heap",        "std.heap_u32",      "std.bitset",
    "std.slab",        "std.lru_cache",   "std.result",        "std.option",
    "std.io",          "std.io.bufread",  "std.world.fs",      "std.fs",
    "std.rr",          "std.kv",          "std.path",          "std.process",
};

bool
builtin_module_exists(const char *id)
{
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++)
        if (!strcmp(ids[i], id))
            return true;
    return false;
}

const char *
builtin_module_id(size_t index)
{
    return index < sizeof ids / sizeof ids[0] ? ids[index] : NULL;
}

bool
builtin_module_text(const char *id, struct text *out)
{
    for (const struct builtin_document *document = builtin_documents; document->id; document++) {
        if (!strcmp(document->id, id)) {
            text_append(out, document->start, (size_t)(document->end - document->start));
            return true;
        }
    }
    return false;
}
