/* context.c: interned strings, in a hash table that doubles when it is full. */
#include "ast/ast.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_BUCKETS = 1024 };

void
ast_context_init(struct ast_context *context, struct arena *arena)
{
    *context = (struct ast_context){.arena = arena};
    context->bucket_count = FIRST_BUCKETS;
    context->buckets = memory_alloc(sizeof(struct symbol *) * context->bucket_count);
}

void
ast_context_free(struct ast_context *context)
{
    free(context->buckets);
    *context = (struct ast_context){0};
}

static uint64_t
mix(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * UINT64_C(0x9fb21c651e98df25);
    return hash ^ (hash >> 32);
}

static uint64_t
hash_bytes(const char *text, size_t len)
{
    uint64_t hash = mix(UINT64_C(0x243f6a8885a308d3), len);
    uint64_t word;

    for (; len >= sizeof word; text += sizeof word, len -= sizeof word) {
        memcpy(&word, text, sizeof word);
        hash = mix(hash, word);
    }
    word = 0;
    if (len)
        memcpy(&word, text, len);
    return mix(hash, word);
}

static void
grow_table(struct ast_context *context)
{
    size_t count = context->bucket_count * 2;
    struct symbol **buckets = memory_alloc(sizeof(struct symbol *) * count);

    for (size_t i = 0; i < context->bucket_count; i++) {
        struct symbol *next;

        for (struct symbol *symbol = context->buckets[i]; symbol; symbol = next) {
            struct symbol **bucket = &buckets[symbol->hash & (count - 1)];

            next = symbol->next;
            symbol->next = *bucket;
            *bucket = symbol;
        }
    }
    free(context->buckets);
    context->buckets = buckets;
    context->bucket_count = count;
}

struct symbol *
ast_intern(struct ast_context *context, const char *text, size_t len)
{
    uint64_t hash = hash_bytes(text, len);
    struct symbol *symbol = context->buckets[hash & (context->bucket_count - 1)];

    for (; symbol; symbol = symbol->next) {
        if (symbol->hash == hash && symbol->len == len && memcmp(symbol->text, text, len) == 0)
            return symbol;
    }
    if (context->symbol_count >= context->bucket_count)
        grow_table(context);
    struct symbol **bucket = &context->buckets[hash & (context->bucket_count - 1)];
    symbol = ARENA_NEW(context->arena, struct symbol);
    symbol->text = arena_copy(context->arena, text, len);
    symbol->len = (uint32_t)len;
    symbol->head = -1;
    symbol->hash = hash;
    symbol->next = *bucket;
    *bucket = symbol;
    context->symbol_count++;
    return symbol;
}

struct symbol *
ast_intern_string(struct ast_context *context, const char *string)
{
    return ast_intern(context, string, strlen(string));
}
