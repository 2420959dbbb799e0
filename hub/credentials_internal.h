/* SPDX-License-Identifier: MIT */
/* Shared by credentials.c (tokens, sessions, people) and credentials_ticket.c (what devices and sockets show). */
#ifndef HUB_CREDENTIALS_INTERNAL_H
#define HUB_CREDENTIALS_INTERNAL_H

#include <pthread.h>
#include <stdatomic.h>

#include "hub/credentials.h"
#include "hub/hub.h"
#include "hub/lockout.h"
#include "hub/port/clock.h"
#include "hub/restaurant.h"

enum { CACHE_ROWS = 256, TICKETS = 64, TOKEN_TEXT_MAX = 200 };

struct cached {
    uint8_t hash[CRYPTO_HASH_BYTES];
    struct actor actor;
    int64_t credential_id; /* 0 = free */
    int64_t expires_at, checked_ms;
};

struct entry_ticket {
    uint8_t hash[CRYPTO_HASH_BYTES];
    struct actor actor;
    int64_t credential_id;
    int64_t until_ms; /* monotonic; 0 = free */
};

struct credentials {
    struct restaurant *restaurant;
    uint8_t salt[CRYPTO_SALT_BYTES]; /* of PINs */
    uint8_t seal[CRYPTO_HASH_BYTES]; /* secret under which device proofs are made */
    pthread_rwlock_t cache_lock;
    struct cached cache[CACHE_ROWS]; /* by the hash's first byte */
    uint64_t revocations;            /* guarded by cache_lock: what was read before the last one is not cached */
    pthread_mutex_t pin_lock;        /* one slow hash at a time: each takes 8 MiB */
    pthread_mutex_t guard;           /* the two below */
    struct lockout lockout;
    struct entry_ticket tickets[TICKETS];
    atomic_int pins_waiting;
    void (*revoked)(void *data, int64_t credential_id);
    void *revoked_data;
};

static inline struct crypto_port *crypto_of(const struct credentials *c)
{
    return c->restaurant->hub->crypto;
}

static inline int64_t wall_ms(const struct credentials *c)
{
    return clock_wall_ms(c->restaurant->hub->clock);
}

static inline int64_t monotonic_ms(const struct credentials *c)
{
    return clock_monotonic_ms(c->restaurant->hub->clock);
}

/* Lower case; `hex` takes 2 * size characters and a NUL. */
void credentials_hex(const uint8_t *bytes, size_t size, char *hex);
/* UNAUTHENTICATED, in words. */
enum hub_err credentials_refuse(struct fault *fault);

#endif
