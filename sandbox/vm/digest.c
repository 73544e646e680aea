/* digest.c: SHA-256. The library's plain functions: its digest objects take milliseconds to set up. */
#define OPENSSL_API_COMPAT 0x10101000L

#include "vm.h"

#include <openssl/sha.h>
#include <stdio.h>
#include <string.h>

_Static_assert(sizeof(SHA256_CTX) <= sizeof(struct digest), "no room for the library's context");

static SHA256_CTX *
inner(struct digest *digest)
{
    return (SHA256_CTX *)(void *)digest->state;
}

void
digest_begin(struct digest *digest)
{
    SHA256_Init(inner(digest));
}

void
digest_add(struct digest *digest, const void *data, size_t size)
{
    SHA256_Update(inner(digest), data, size);
}

void
digest_add_text(struct digest *digest, const char *text)
{
    digest_add(digest, text, strlen(text) + 1);
}

void
digest_end(struct digest *digest, char hex[DIGEST_HEX])
{
    unsigned char bytes[SHA256_DIGEST_LENGTH];

    SHA256_Final(bytes, inner(digest));
    for (size_t i = 0; i < sizeof bytes; i++)
        snprintf(hex + i * 2, 3, "%02x", bytes[i]);
}
