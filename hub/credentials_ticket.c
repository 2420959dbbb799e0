/* SPDX-License-Identifier: MIT */
/* What devices and sockets show instead of a PIN or a token: proofs of having signed in before, tickets for one use. */
#include <string.h>

#include "hub/credentials_internal.h"

enum { SEAL_HEX = CREDENTIALS_PROOF_CHARS - 1 - CRYPTO_TOKEN_CHARS };

/* ---- devices ----------------------------------------------------------------------------------------------------- */

static void seal_of(struct credentials *c, const char *name, char hex[SEAL_HEX + 1])
{
    uint8_t sealed[CRYPTO_HASH_BYTES + CRYPTO_TOKEN_CHARS], hash[CRYPTO_HASH_BYTES];
    memcpy(sealed, c->seal, CRYPTO_HASH_BYTES);
    memcpy(sealed + CRYPTO_HASH_BYTES, name, CRYPTO_TOKEN_CHARS - 1);
    sealed[sizeof sealed - 1] = 0;
    crypto_of(c)->ops->hash(crypto_of(c), sealed, sizeof sealed, hash);
    credentials_hex(hash, SEAL_HEX / 2, hex);
}

void credentials_device_make(struct credentials *c, char proof[CREDENTIALS_PROOF_CHARS])
{
    crypto_of(c)->ops->token(crypto_of(c), proof);
    seal_of(c, proof, proof + CRYPTO_TOKEN_CHARS);
    proof[CRYPTO_TOKEN_CHARS - 1] = '.';
}

bool credentials_device_known(struct credentials *c, const char *proof)
{
    char hex[SEAL_HEX + 1];
    if (!proof || strnlen(proof, CREDENTIALS_PROOF_CHARS) != CREDENTIALS_PROOF_CHARS - 1) return false;
    if (proof[CRYPTO_TOKEN_CHARS - 1] != '.') return false;
    seal_of(c, proof, hex);
    return crypto_of(c)->ops->equal(crypto_of(c), hex, proof + CRYPTO_TOKEN_CHARS, SEAL_HEX);
}

/* ---- tickets ----------------------------------------------------------------------------------------------------- */

void credentials_ticket_make(struct credentials *c, const struct actor *actor, int64_t credential_id,
    char ticket[CRYPTO_TOKEN_CHARS], int64_t *expires_at)
{
    struct entry_ticket made = {.actor = *actor, .credential_id = credential_id};
    crypto_of(c)->ops->token(crypto_of(c), ticket);
    credentials_token_hash(c, ticket, made.hash);
    made.until_ms = monotonic_ms(c) + CREDENTIALS_TICKET_S * 1000;
    *expires_at = wall_ms(c) + CREDENTIALS_TICKET_S * 1000;
    pthread_mutex_lock(&c->guard);
    struct entry_ticket *slot = &c->tickets[0]; /* free ones are the oldest of all */
    for (int i = 1; i < TICKETS; i++)
        if (c->tickets[i].until_ms < slot->until_ms) slot = &c->tickets[i];
    *slot = made;
    pthread_mutex_unlock(&c->guard);
}

enum hub_err credentials_ticket_take(
    struct credentials *c, const char *ticket, struct actor *actor, int64_t *credential_id, struct fault *fault)
{
    uint8_t hash[CRYPTO_HASH_BYTES];
    bool found = false;
    if (!ticket || strnlen(ticket, TOKEN_TEXT_MAX + 1) > TOKEN_TEXT_MAX) return credentials_refuse(fault);
    credentials_token_hash(c, ticket, hash);
    int64_t now_ms = monotonic_ms(c);
    pthread_mutex_lock(&c->guard);
    for (int i = 0; i < TICKETS && !found; i++) {
        struct entry_ticket *one = &c->tickets[i];
        if (!one->until_ms || memcmp(one->hash, hash, sizeof hash) != 0) continue;
        found = one->until_ms > now_ms;
        *actor = one->actor;
        *credential_id = one->credential_id;
        memset(one, 0, sizeof *one);
    }
    pthread_mutex_unlock(&c->guard);
    return found ? HUB_OK : credentials_refuse(fault);
}
