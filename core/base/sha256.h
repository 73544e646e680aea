/* sha256.h: SHA-256 of bytes, over OpenSSL's libcrypto.
 * Nothing here fails; contexts live on the stack and need no clean-up. Any thread, one context per thread. */
#ifndef BASE_SHA256_H
#define BASE_SHA256_H

#include <stddef.h>
#include <stdint.h>

enum { SHA256_BYTES = 32, SHA256_HEX = 65 };

struct sha256 {
    uint64_t state[16]; /* room for the library's context */
};

void sha256_init(struct sha256 *context);
void sha256_update(struct sha256 *context, const void *data, size_t len);

/* A length, then the bytes: for digests of several fields that must not run into each other. */
void sha256_field(struct sha256 *context, const void *data, size_t len);
void sha256_final(struct sha256 *context, uint8_t digest[SHA256_BYTES]);

/* Lower-case hex with its NUL. */
void sha256_final_hex(struct sha256 *context, char hex[SHA256_HEX]);
void sha256_hex(const void *data, size_t len, char hex[SHA256_HEX]);

#endif
