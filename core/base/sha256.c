/* sha256.c: see sha256.h. The library's digest objects cost milliseconds to set up, more than a warm run has;
 * its plain SHA-256 functions cost nothing, which is why they are used although newer interfaces exist. */
#define OPENSSL_API_COMPAT 0x10101000L

#include "base/sha256.h"

#include <openssl/sha.h>

_Static_assert(sizeof(SHA256_CTX) <= sizeof(struct sha256), "no room for the library's context");

static SHA256_CTX *
inner(struct sha256 *context)
{
    return (SHA256_CTX *)(void *)context->state;
}

void
sha256_init(struct sha256 *context)
{
    SHA256_Init(inner(context));
}

void
sha256_update(struct sha256 *context, const void *data, size_t len)
{
    SHA256_Update(inner(context), data, len);
}

void
sha256_field(struct sha256 *context, const void *data, size_t len)
{
    uint64_t size = len;

    sha256_update(context, &size, sizeof size);
    sha256_update(context, data, len);
}

void
sha256_final(struct sha256 *context, uint8_t digest[SHA256_BYTES])
{
    SHA256_Final(digest, inner(context));
}

void
sha256_final_hex(struct sha256 *context, char hex[SHA256_HEX])
{
    static const char digits[] = "0123456789abcdef";
    uint8_t digest[SHA256_BYTES];

    sha256_final(context, digest);
    for (int i = 0; i < SHA256_BYTES; i++) {
        hex[2 * i] = digits[digest[i] >> 4];
        hex[2 * i + 1] = digits[digest[i] & 15];
    }
    hex[SHA256_HEX - 1] = '\0';
}

void
sha256_hex(const void *data, size_t len, char hex[SHA256_HEX])
{
    struct sha256 context;

    sha256_init(&context);
    sha256_update(&context, data, len);
    sha256_final_hex(&context, hex);
}
