/* SPDX-License-Identifier: MIT */
#include "drivers/crypto_sodium/crypto_sodium.h"

#include <sodium.h>
#include <string.h>

#include "hub/port/crypto.h"

/* What a Pi 3 does in about 0.2 s. Changing either makes every stored PIN wrong. */
enum { PIN_OPS = 2, PIN_MEMORY = 8 * 1024 * 1024, TOKEN_BYTES = 32 };

_Static_assert(CRYPTO_SALT_BYTES == crypto_pwhash_argon2id_SALTBYTES, "salt size");
_Static_assert(CRYPTO_TOKEN_CHARS == sodium_base64_ENCODED_LEN(TOKEN_BYTES, sodium_base64_VARIANT_URLSAFE_NO_PADDING),
    "token size");

static void sodium_random(struct crypto_port *crypto, void *out, size_t size)
{
    (void)crypto;
    randombytes_buf(out, size);
}

static void sodium_hash(struct crypto_port *crypto, const void *data, size_t size, uint8_t out[CRYPTO_HASH_BYTES])
{
    (void)crypto;
    (void)crypto_generichash(out, CRYPTO_HASH_BYTES, data, size, NULL, 0); /* fails on bad sizes only; ours is fixed */
}

static bool sodium_pin_hash(
    struct crypto_port *crypto, const char *pin, const uint8_t salt[CRYPTO_SALT_BYTES], uint8_t out[CRYPTO_HASH_BYTES])
{
    (void)crypto;
    return crypto_pwhash(
               out, CRYPTO_HASH_BYTES, pin, strlen(pin), salt, PIN_OPS, PIN_MEMORY, crypto_pwhash_ALG_ARGON2ID13) == 0;
}

static bool sodium_equal(struct crypto_port *crypto, const void *a, const void *b, size_t size)
{
    (void)crypto;
    return sodium_memcmp(a, b, size) == 0;
}

static void sodium_token_of(
    struct crypto_port *crypto, const uint8_t bytes[CRYPTO_HASH_BYTES], char out[CRYPTO_TOKEN_CHARS])
{
    (void)crypto;
    sodium_bin2base64(out, CRYPTO_TOKEN_CHARS, bytes, CRYPTO_HASH_BYTES, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

static void sodium_token(struct crypto_port *crypto, char out[CRYPTO_TOKEN_CHARS])
{
    (void)crypto;
    uint8_t bytes[TOKEN_BYTES];
    randombytes_buf(bytes, sizeof bytes);
    sodium_bin2base64(out, CRYPTO_TOKEN_CHARS, bytes, sizeof bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    sodium_memzero(bytes, sizeof bytes);
}

static const struct crypto_ops ops = {
    sodium_random, sodium_hash, sodium_pin_hash, sodium_equal, sodium_token, sodium_token_of};

struct crypto_port *crypto_sodium(void)
{
    static struct crypto_port port = {&ops}; /* never written: the library's state is global, so one port says it all */
    return sodium_init() < 0 ? NULL : &port;
}
