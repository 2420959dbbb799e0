/* SPDX-License-Identifier: MIT */
/* Secrets: random bytes, hashes, constant-time compares. Thread-safe. Implemented by drivers/crypto_sodium. */
#ifndef HUB_PORT_CRYPTO_H
#define HUB_PORT_CRYPTO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CRYPTO_HASH_BYTES = 32, CRYPTO_SALT_BYTES = 16, CRYPTO_TOKEN_CHARS = 44 };

struct crypto_port;
struct crypto_ops {
    void (*random)(struct crypto_port *crypto, void *out, size_t size);
    /* Fast keyed-less hash for tokens of full entropy and for comparing contents. */
    void (*hash)(struct crypto_port *crypto, const void *data, size_t size, uint8_t out[CRYPTO_HASH_BYTES]);
    /* Slow hash (Argon2id) of a PIN under a restaurant's salt; false when memory is short. About 0.2 s on a Pi 3. */
    bool (*pin_hash)(struct crypto_port *crypto, const char *pin, const uint8_t salt[CRYPTO_SALT_BYTES],
        uint8_t out[CRYPTO_HASH_BYTES]);
    bool (*equal)(struct crypto_port *crypto, const void *a, const void *b, size_t size); /* constant time */
    /* A fresh token, URL-safe base64 of 32 random bytes, NUL-terminated. */
    void (*token)(struct crypto_port *crypto, char out[CRYPTO_TOKEN_CHARS]);
    /* The token that these bytes spell. */
    void (*token_of)(struct crypto_port *crypto, const uint8_t bytes[CRYPTO_HASH_BYTES], char out[CRYPTO_TOKEN_CHARS]);
};
struct crypto_port {
    const struct crypto_ops *ops;
};

#endif
