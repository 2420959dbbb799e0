/* SPDX-License-Identifier: MIT */
/* Who may come in: staff with their PINs, and the credentials they, programs and screens hold. Secrets are hashes only.
 */
#ifndef HUB_PORT_STORE_CREDENTIALS_H
#define HUB_PORT_STORE_CREDENTIALS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hub/arena.h"
#include "hub/port/store.h"
#include "hub/role.h"

struct store_credential {
    int64_t id;
    enum actor_kind kind; /* ACTOR_TOKEN, ACTOR_STAFF (a session) or ACTOR_DEVICE */
    enum role role;       /* of a session: what the staff member is now */
    char name[324];
    int64_t staff_id;  /* 0 = none */
    bool staff_active; /* true without staff */
    bool revoked;
    int64_t created_at, expires_at, last_used_at; /* wall ms; 0 = never */
    struct store_credential *next;                /* in lists */
};

struct store_staff {
    int64_t id;
    enum role role;
    char name[324];
    uint8_t pin_hash[32];
    struct store_staff *next;
};

/* `kind` is "token", "session" or "device"; staff_id 0 and expires_at 0 mean none. *id is the new row's. */
enum hub_err store_credential_create(struct store *store, const char *kind, const uint8_t hash[32], const char *role,
    const char *name, int64_t staff_id, int64_t now_ms, int64_t expires_at, int64_t *id);
/* NOT_FOUND when unknown. Revoked and expired ones are found: the caller looks. */
enum hub_err store_credential_find(struct store *store, const uint8_t hash[32], struct store_credential *out);
enum hub_err store_credential_get(struct store *store, int64_t id, struct store_credential *out);
/* Those of a kind that are not revoked, by id, in the arena; *out is NULL when there are none. */
enum hub_err store_credential_list(
    struct store *store, const char *kind, struct arena *arena, struct store_credential **out);
/* Of this kind, or of any with NULL. NOT_FOUND when there is none, or it is revoked already. */
enum hub_err store_credential_revoke(struct store *store, int64_t id, const char *kind);
enum hub_err store_credential_touch(struct store *store, int64_t id, int64_t now_ms);

enum hub_err store_staff_add(
    struct store *store, const char *name, enum role role, const uint8_t hash[32], int64_t *id);
/* Active staff by name, in the arena; *out is NULL when there are none. */
enum hub_err store_staff_list(struct store *store, struct arena *arena, struct store_staff **out);

#endif
