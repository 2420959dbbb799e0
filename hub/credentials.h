/* SPDX-License-Identifier: MIT */
/*
 * Who is asking: tokens, staff sessions and paired screens of one restaurant, sign-in by PIN, and the one-use tickets
 * that open sockets. Secrets are stored as hashes. Any thread, unless said otherwise; calls may wait for the disk or
 * the writer, so none but credentials_ticket_take() may be made on the writer's thread.
 */
#ifndef HUB_CREDENTIALS_H
#define HUB_CREDENTIALS_H

#include <stdbool.h>
#include <stdint.h>

#include "hub/err.h"
#include "hub/port/crypto.h"
#include "hub/role.h"

struct credentials;
struct restaurant;

enum {
    CREDENTIALS_SESSION_H = 16,
    CREDENTIALS_TICKET_S = 30,
    CREDENTIALS_PROOF_CHARS = CRYPTO_TOKEN_CHARS + 33 /* with its NUL */
};

/*
 * Reads the restaurant's PIN salt and device seal from r->store, or makes them: call it before the writer is started.
 * NULL when the store or memory fails. credentials_destroy(NULL) is fine; destroy after the last worker and the writer
 * have stopped.
 */
struct credentials *credentials_create(struct restaurant *restaurant);
void credentials_destroy(struct credentials *credentials);

/*
 * Whose token this is: UNAUTHENTICATED when unknown, revoked or expired. Tokens made or revoked by another process are
 * seen within seconds. *credential_id is the row, *expires_at wall ms or 0 for never; both pointers may be NULL.
 */
enum hub_err credentials_find(struct credentials *credentials, const char *token, struct actor *actor,
    int64_t *credential_id, int64_t *expires_at, struct fault *fault);

/*
 * Signs a staff member in (staff_id 0: whoever has this PIN) and makes a session. UNAUTHENTICATED for a wrong PIN,
 * RATE_LIMITED with retry_after_s when locked (hub/lockout.h), VALIDATION_ERROR when several people share the PIN.
 * `remote` is the client's address, `proof` what credentials_device_make() once gave it, or NULL, or nonsense.
 */
enum hub_err credentials_sign_in(struct credentials *credentials, int64_t staff_id, const char *pin, const char *remote,
    const char *proof, char token[CRYPTO_TOKEN_CHARS], struct actor *actor, int64_t *credential_id, int64_t *expires_at,
    struct fault *fault);

/*
 * What a device that has signed in keeps (in a cookie), so that its wrong PINs are counted apart from strangers' ones,
 * over restarts too: a random name under this restaurant's seal, so that none has to be remembered here.
 */
void credentials_device_make(struct credentials *credentials, char proof[CREDENTIALS_PROOF_CHARS]);
/* Whether we made it. NULL is nobody's. */
bool credentials_device_known(struct credentials *credentials, const char *proof);

/*
 * Adds somebody who signs in by a PIN of 4 to 8 digits that nobody else has: else VALIDATION_ERROR. Not on the writer's
 * thread.
 */
enum hub_err credentials_staff_add(struct credentials *credentials, const char *name, enum role role, const char *pin,
    int64_t *staff_id, struct fault *fault);

/* A named long-lived token, as it was made. */
struct made_token {
    char token[CRYPTO_TOKEN_CHARS];
    int64_t id, created_at;
    bool replayed; /* it had been made under this key before */
};
/*
 * Makes a token; `by` is who asked. With an idempotency key (may be NULL) the token follows from that key and a secret
 * of the restaurant, so that the same call gets the same token again without its being kept anywhere in clear: whoever
 * asks with a key must choose one that nobody guesses. IDEMPOTENCY_MISMATCH: same key, other name or role.
 */
enum hub_err credentials_token_create(struct credentials *credentials, const struct actor *by, const char *name,
    enum role role, const char *key, struct made_token *out, struct fault *fault);

/* From now on it is unknown, and the callback is told. NOT_FOUND when there is none, or it is revoked already. */
enum hub_err credentials_revoke(struct credentials *credentials, int64_t credential_id, struct fault *fault);
/* The same for credentials of one kind: "token", "session" or "device". */
enum hub_err credentials_revoke_kind(
    struct credentials *credentials, const char *kind, int64_t credential_id, struct fault *fault);
/* Set once, before workers start. Called on the thread that revoked, after the change is on disk. */
void credentials_on_revoked(struct credentials *credentials, void (*cb)(void *data, int64_t credential_id), void *data);

/* The slow hash of a PIN under this restaurant's salt; one at a time. False when memory is short. */
bool credentials_pin_hash(struct credentials *credentials, const char *pin, uint8_t out[CRYPTO_HASH_BYTES]);
/* The fast hash under which tokens are stored. */
void credentials_token_hash(struct credentials *credentials, const char *token, uint8_t out[CRYPTO_HASH_BYTES]);

/* A ticket for one socket within CREDENTIALS_TICKET_S; *expires_at in wall ms. */
void credentials_ticket_make(struct credentials *credentials, const struct actor *actor, int64_t credential_id,
    char ticket[CRYPTO_TOKEN_CHARS], int64_t *expires_at);
/* Uses a ticket up. UNAUTHENTICATED when unknown, used, too old or made with a credential that has been revoked since.
 */
enum hub_err credentials_ticket_take(struct credentials *credentials, const char *ticket, struct actor *actor,
    int64_t *credential_id, struct fault *fault);

#endif
