/* SPDX-License-Identifier: MIT */
#include "hub/credentials.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hub/arena.h"
#include "hub/credentials_internal.h"
#include "hub/log.h"
#include "hub/port/store_credentials.h"
#include "hub/tx.h"
#include "hub/writer.h"

enum {
    CACHE_TRUST_MS = 5000, /* then the store is asked again: another process may have revoked it */
    TOUCH_EVERY_MS = 3600 * 1000,
    PINS_WAITING_MAX = 4, /* workers that may stand in line for the slow hash */
    PIN_MIN = 4,
    PIN_MAX = 8
};

/* ---- making ------------------------------------------------------------------------------------------------------ */

static bool hex_read(const char *hex, uint8_t *out, size_t size)
{
    if (strlen(hex) != size * 2 || strspn(hex, "0123456789abcdef") != size * 2) return false;
    for (size_t i = 0; i < size; i++) {
        char pair[3] = {hex[2 * i], hex[2 * i + 1], '\0'};
        out[i] = (uint8_t)strtoul(pair, NULL, 16);
    }
    return true;
}

void credentials_hex(const uint8_t *bytes, size_t size, char *hex)
{
    for (size_t i = 0; i < size; i++)
        snprintf(hex + 2 * i, 3, "%02x", bytes[i]);
}

/* A random secret that is made once and kept. */
static enum hub_err secret_load(struct credentials *c, const char *key, uint8_t *out, size_t size)
{
    char hex[CRYPTO_HASH_BYTES * 2 + 1];
    struct store *store = c->restaurant->store;
    enum hub_err err = store_meta_get(store, key, hex, sizeof hex);
    if (!err) return hex_read(hex, out, size) ? HUB_OK : HUB_UNAVAILABLE;
    if (err != HUB_NOT_FOUND) return err;
    crypto_of(c)->ops->random(crypto_of(c), out, size);
    credentials_hex(out, size, hex);
    return store_meta_set(store, key, hex);
}

struct credentials *credentials_create(struct restaurant *restaurant)
{
    struct credentials *c = calloc(1, sizeof *c);
    if (!c) return NULL;
    c->restaurant = restaurant;
    if (pthread_rwlock_init(&c->cache_lock, NULL) != 0) goto free_it;
    if (pthread_mutex_init(&c->pin_lock, NULL) != 0) goto destroy_cache_lock;
    if (pthread_mutex_init(&c->guard, NULL) != 0) goto destroy_pin_lock;
    enum hub_err err = secret_load(c, "pin_salt", c->salt, sizeof c->salt);
    if (!err) err = secret_load(c, "device_seal", c->seal, sizeof c->seal);
    if (!err) return c;
    log_restaurant(restaurant, LOG_LEVEL_ERROR, "the salt of the PINs cannot be read or made (%s)", hub_err_name(err));
    pthread_mutex_destroy(&c->guard);
destroy_pin_lock:
    pthread_mutex_destroy(&c->pin_lock);
destroy_cache_lock:
    pthread_rwlock_destroy(&c->cache_lock);
free_it:
    free(c);
    return NULL;
}

void credentials_destroy(struct credentials *c)
{
    if (!c) return;
    pthread_mutex_destroy(&c->guard);
    pthread_mutex_destroy(&c->pin_lock);
    pthread_rwlock_destroy(&c->cache_lock);
    free(c);
}

void credentials_on_revoked(struct credentials *c, void (*cb)(void *data, int64_t credential_id), void *data)
{
    c->revoked = cb;
    c->revoked_data = data;
}

/* ---- finding ----------------------------------------------------------------------------------------------------- */

void credentials_token_hash(struct credentials *c, const char *token, uint8_t out[CRYPTO_HASH_BYTES])
{
    crypto_of(c)->ops->hash(crypto_of(c), token, strlen(token), out);
}

static void name_copy(char *out, size_t size, const char *name)
{
    size_t length = strlen(name);
    if (length >= size) {
        length = size - 1;
        while (length > 0 && ((unsigned char)name[length] & 0xc0) == 0x80)
            length--;
    }
    memcpy(out, name, length);
    out[length] = '\0';
}

static struct actor actor_of(const struct store_credential *row)
{
    struct actor actor = {.kind = row->kind, .role = row->role, .id = row->staff_id ? row->staff_id : row->id};
    name_copy(actor.name, sizeof actor.name, row->name);
    return actor;
}

/* True with *out filled when the cache knows it well enough; *revocations is for cache_put(). */
static bool cache_get(
    struct credentials *c, const uint8_t hash[CRYPTO_HASH_BYTES], struct cached *out, uint64_t *revocations)
{
    int64_t now_ms = monotonic_ms(c);
    pthread_rwlock_rdlock(&c->cache_lock);
    const struct cached *slot = &c->cache[hash[0]];
    bool found = slot->credential_id && memcmp(slot->hash, hash, CRYPTO_HASH_BYTES) == 0 &&
                 now_ms - slot->checked_ms < CACHE_TRUST_MS;
    if (found) *out = *slot;
    *revocations = c->revocations;
    pthread_rwlock_unlock(&c->cache_lock);
    return found;
}

static void cache_put(struct credentials *c, const struct cached *found, uint64_t revocations)
{
    pthread_rwlock_wrlock(&c->cache_lock);
    if (c->revocations == revocations) c->cache[found->hash[0]] = *found;
    pthread_rwlock_unlock(&c->cache_lock);
}

struct touch {
    struct command command;
    int64_t id;
};

static enum hub_err touch_run(struct command *command, struct tx *tx)
{
    return store_credential_touch(tx->store, ((struct touch *)command)->id, tx->now_ms);
}

static void touch_done(struct command *command)
{
    fault_finish(&command->fault);
    free(command);
}

/* Nobody waits for it: when it fails, the list shows an older time. */
static void touch(struct credentials *c, const struct store_credential *row)
{
    if (!c->restaurant->writer || wall_ms(c) - row->last_used_at < TOUCH_EVERY_MS) return;
    struct touch *command = calloc(1, sizeof *command);
    if (!command) return;
    command->command.run = touch_run;
    command->command.done = touch_done;
    command->id = row->id;
    writer_submit(c->restaurant->writer, &command->command);
}

enum hub_err credentials_refuse(struct fault *fault)
{
    return fault_set(
        fault, HUB_UNAUTHENTICATED, NULL, "These credentials are unknown or no longer valid. Sign in again.");
}

static enum hub_err no_reader(struct fault *fault)
{
    if (fault && fault->code) return fault->code;
    return fault_set(fault, HUB_UNAVAILABLE, NULL, "The data file cannot be read now. Try again.");
}

static enum hub_err look_up(struct credentials *c, struct cached *found, struct fault *fault)
{
    struct store *reader = restaurant_reader(c->restaurant, fault);
    if (!reader) return no_reader(fault);
    struct store_credential row;
    enum hub_err err = store_credential_find(reader, found->hash, &row);
    restaurant_reader_done(c->restaurant, reader);
    if (err == HUB_NOT_FOUND) return credentials_refuse(fault);
    if (err) return fault_set(fault, err, NULL, "The data file cannot be read now. Try again.");
    bool expired = row.expires_at && row.expires_at <= wall_ms(c);
    if (row.revoked || !row.staff_active || row.role == ROLE_NONE || expired) return credentials_refuse(fault);
    found->actor = actor_of(&row);
    found->credential_id = row.id;
    found->expires_at = row.expires_at;
    found->checked_ms = monotonic_ms(c);
    touch(c, &row);
    return HUB_OK;
}

enum hub_err credentials_find(struct credentials *c, const char *token, struct actor *actor, int64_t *credential_id,
    int64_t *expires_at, struct fault *fault)
{
    if (!token || !token[0] || strnlen(token, TOKEN_TEXT_MAX + 1) > TOKEN_TEXT_MAX) return credentials_refuse(fault);
    struct cached found;
    uint64_t revocations;
    uint8_t hash[CRYPTO_HASH_BYTES];
    credentials_token_hash(c, token, hash);
    if (!cache_get(c, hash, &found, &revocations)) {
        memcpy(found.hash, hash, sizeof hash);
        enum hub_err err = look_up(c, &found, fault);
        if (err) return err;
        cache_put(c, &found, revocations);
    }
    if (found.expires_at && found.expires_at <= wall_ms(c)) return credentials_refuse(fault);
    *actor = found.actor;
    if (credential_id) *credential_id = found.credential_id;
    if (expires_at) *expires_at = found.expires_at;
    return HUB_OK;
}

/* ---- making and revoking ----------------------------------------------------------------------------------------- */

/* Runs it and hands its fault on. */
static enum hub_err run(struct credentials *c, struct command *command, struct fault *fault)
{
    enum hub_err err = writer_run(c->restaurant->writer, command);
    if (err && fault && command->fault.code) {
        fault_finish(fault);
        *fault = command->fault;
        return err;
    }
    fault_finish(&command->fault);
    return err ? fault_set(fault, err, NULL, "It could not be saved: %s. Nothing was changed.", hub_err_title(err))
               : HUB_OK;
}

struct creation {
    struct command command;
    const char *kind, *name;
    uint8_t hash[CRYPTO_HASH_BYTES];
    enum role role;
    int64_t staff_id, lasts_ms; /* 0 = none, for ever */
    int64_t id, created_at, expires_at;
};

static enum hub_err creation_run(struct command *command, struct tx *tx)
{
    struct creation *it = (struct creation *)command;
    it->created_at = tx->now_ms;
    it->expires_at = it->lasts_ms ? tx->now_ms + it->lasts_ms : 0;
    return store_credential_create(tx->store, it->kind, it->hash, role_name(it->role), it->name, it->staff_id,
        tx->now_ms, it->expires_at, &it->id);
}

/* A token that its key brings back: what is remembered is the key's hash and the row, never the token. */
struct token_creation {
    struct creation base; /* first */
    struct idempotency idem;
    bool replayed;
};

static enum hub_err token_run(struct command *command, struct tx *tx)
{
    struct token_creation *it = (struct token_creation *)command;
    const char *body = NULL;
    char row[64];
    int status;
    enum hub_err err = tx_recall_answer(tx, &it->idem, &body, &status);
    if (err == HUB_IDEMPOTENCY_MISMATCH)
        return fault_set(&command->fault, err, "Idempotency-Key",
            "This key was used before for something else. Use a new key for a new request.");
    if (!err) {
        long long id = 0, created_at = 0;
        it->replayed = body && sscanf(body, "%lld %lld", &id, &created_at) == 2;
        it->base.id = id;
        it->base.created_at = created_at;
        return it->replayed ? HUB_OK : HUB_UNAVAILABLE;
    }
    if (err == HUB_NOT_FOUND) err = creation_run(command, tx);
    if (err) return err;
    int length = snprintf(row, sizeof row, "%lld %lld", (long long)it->base.id, (long long)it->base.created_at);
    return tx_remember_answer(tx, &it->idem, row, (size_t)length, 201);
}

/* The seal, a word that keeps these from being device proofs, and the key. */
static void token_of_key(
    struct credentials *c, const char *key, char token[CRYPTO_TOKEN_CHARS], char hidden[2 * CRYPTO_HASH_BYTES + 1])
{
    uint8_t sealed[CRYPTO_HASH_BYTES + 6 + 64], hash[CRYPTO_HASH_BYTES];
    size_t length = strnlen(key, 64);
    memcpy(sealed, c->seal, CRYPTO_HASH_BYTES);
    memcpy(sealed + CRYPTO_HASH_BYTES, "token:", 6);
    memcpy(sealed + CRYPTO_HASH_BYTES + 6, key, length);
    crypto_of(c)->ops->hash(crypto_of(c), sealed, CRYPTO_HASH_BYTES + 6 + length, hash);
    crypto_of(c)->ops->token_of(crypto_of(c), hash, token);
    crypto_of(c)->ops->hash(crypto_of(c), key, length, hash);
    credentials_hex(hash, sizeof hash, hidden);
}

enum hub_err credentials_token_create(struct credentials *c, const struct actor *by, const char *name, enum role role,
    const char *key, struct made_token *out, struct fault *fault)
{
    char hidden[2 * CRYPTO_HASH_BYTES + 1], content[400];
    uint8_t content_hash[CRYPTO_HASH_BYTES];
    int length = snprintf(content, sizeof content, "%s %s", role_name(role), name);
    crypto_of(c)->ops->hash(crypto_of(c), content, (size_t)length, content_hash);
    if (key)
        token_of_key(c, key, out->token, hidden);
    else
        crypto_of(c)->ops->token(crypto_of(c), out->token);
    struct token_creation it = {
        .base = {.command = {.run = token_run, .actor = *by}, .kind = "token", .name = name, .role = role},
        .idem = {"tokens", key ? hidden : NULL, content_hash}};
    credentials_token_hash(c, out->token, it.base.hash);
    enum hub_err err = run(c, &it.base.command, fault);
    out->id = it.base.id;
    out->created_at = it.base.created_at;
    out->replayed = it.replayed;
    return err;
}

struct revocation {
    struct command command;
    const char *kind;
    int64_t id;
};

static enum hub_err revocation_run(struct command *command, struct tx *tx)
{
    struct revocation *it = (struct revocation *)command;
    enum hub_err err = store_credential_revoke(tx->store, it->id, it->kind);
    if (err == HUB_NOT_FOUND)
        return fault_set(&command->fault, err, NULL, "There is none of this id, or it is revoked already.");
    return err;
}

static void forget(struct credentials *c, int64_t credential_id)
{
    pthread_rwlock_wrlock(&c->cache_lock);
    c->revocations++;
    for (int i = 0; i < CACHE_ROWS; i++)
        if (c->cache[i].credential_id == credential_id) memset(&c->cache[i], 0, sizeof c->cache[i]);
    pthread_rwlock_unlock(&c->cache_lock);
    pthread_mutex_lock(&c->guard);
    for (int i = 0; i < TICKETS; i++)
        if (c->tickets[i].credential_id == credential_id) memset(&c->tickets[i], 0, sizeof c->tickets[i]);
    pthread_mutex_unlock(&c->guard);
}

enum hub_err credentials_revoke_kind(
    struct credentials *c, const char *kind, int64_t credential_id, struct fault *fault)
{
    struct revocation it = {.command = {.run = revocation_run}, .kind = kind, .id = credential_id};
    enum hub_err err = run(c, &it.command, fault);
    if (err) return err;
    forget(c, credential_id);
    if (c->revoked) c->revoked(c->revoked_data, credential_id);
    return HUB_OK;
}

enum hub_err credentials_revoke(struct credentials *c, int64_t credential_id, struct fault *fault)
{
    return credentials_revoke_kind(c, NULL, credential_id, fault);
}

/* ---- signing in -------------------------------------------------------------------------------------------------- */

bool credentials_pin_hash(struct credentials *c, const char *pin, uint8_t out[CRYPTO_HASH_BYTES])
{
    pthread_mutex_lock(&c->pin_lock);
    bool done = crypto_of(c)->ops->pin_hash(crypto_of(c), pin, c->salt, out);
    pthread_mutex_unlock(&c->pin_lock);
    return done;
}

static bool pin_possible(const char *pin)
{
    size_t length = strlen(pin);
    return length >= PIN_MIN && length <= PIN_MAX && strspn(pin, "0123456789") == length;
}

/* Who has this PIN: NOT_FOUND, or VALIDATION_ERROR when nobody was named and several have it. */
static enum hub_err staff_match(struct credentials *c, int64_t staff_id, const uint8_t hash[CRYPTO_HASH_BYTES],
    struct store_staff *out, struct fault *fault)
{
    struct arena arena;
    struct store_staff *list = NULL;
    struct store *reader = restaurant_reader(c->restaurant, fault);
    if (!reader) return no_reader(fault);
    arena_init(&arena);
    enum hub_err err = store_staff_list(reader, &arena, &list);
    restaurant_reader_done(c->restaurant, reader);
    int matches = 0;
    for (const struct store_staff *one = list; !err && one; one = one->next) {
        bool same = crypto_of(c)->ops->equal(crypto_of(c), one->pin_hash, hash, CRYPTO_HASH_BYTES);
        if (!same || (staff_id && one->id != staff_id)) continue;
        *out = *one;
        matches++;
    }
    arena_finish(&arena);
    if (err) return fault_set(fault, err, NULL, "The data file cannot be read now. Try again.");
    if (matches > 1)
        return fault_set(
            fault, HUB_VALIDATION_ERROR, "staff_id", "More than one person has this PIN. Choose your name first.");
    return matches ? HUB_OK : HUB_NOT_FOUND;
}

static enum hub_err wait_please(struct fault *fault, int seconds)
{
    enum hub_err err =
        fault_set(fault, HUB_RATE_LIMITED, NULL, "Too many attempts to sign in. Try again in %d s.", seconds);
    if (fault) fault->retry_after_s = seconds;
    return err;
}

/* The PIN's part of signing in, with the attempt counted for the device. */
static enum hub_err pin_check(struct credentials *c, int64_t staff_id, const char *pin, const char *device, bool known,
    struct store_staff *staff, struct fault *fault)
{
    uint8_t hash[CRYPTO_HASH_BYTES];
    pthread_mutex_lock(&c->guard);
    int seconds = lockout_begin(&c->lockout, device, known, monotonic_ms(c));
    pthread_mutex_unlock(&c->guard);
    if (seconds) return wait_please(fault, seconds);
    enum hub_err err = HUB_NOT_FOUND;
    if (pin_possible(pin)) {
        if (credentials_pin_hash(c, pin, hash))
            err = staff_match(c, staff_id, hash, staff, fault);
        else
            err = fault_set(fault, HUB_UNAVAILABLE, NULL, "Out of memory. Try again.");
    }
    pthread_mutex_lock(&c->guard);
    if (!err)
        lockout_right(&c->lockout, device);
    else if (err != HUB_NOT_FOUND)
        lockout_undo(&c->lockout, device);
    pthread_mutex_unlock(&c->guard);
    if (err == HUB_NOT_FOUND) return fault_set(fault, HUB_UNAUTHENTICATED, NULL, "That PIN is not right. Try again.");
    return err;
}

enum hub_err credentials_sign_in(struct credentials *c, int64_t staff_id, const char *pin, const char *remote,
    const char *proof, char token[CRYPTO_TOKEN_CHARS], struct actor *actor, int64_t *credential_id, int64_t *expires_at,
    struct fault *fault)
{
    struct store_staff staff;
    bool known = credentials_device_known(c, proof);
    bool crowded = atomic_fetch_add(&c->pins_waiting, 1) >= PINS_WAITING_MAX;
    enum hub_err err =
        crowded ? wait_please(fault, 1) : pin_check(c, staff_id, pin, known ? proof : remote, known, &staff, fault);
    atomic_fetch_sub(&c->pins_waiting, 1);
    if (err) return err;
    struct actor who = {.kind = ACTOR_STAFF, .role = staff.role, .id = staff.id};
    name_copy(who.name, sizeof who.name, staff.name);
    struct creation it = {.command = {.run = creation_run, .actor = who},
        .kind = "session",
        .name = staff.name,
        .role = staff.role,
        .staff_id = staff.id,
        .lasts_ms = (int64_t)CREDENTIALS_SESSION_H * 3600 * 1000};
    crypto_of(c)->ops->token(crypto_of(c), token);
    credentials_token_hash(c, token, it.hash);
    err = run(c, &it.command, fault);
    if (err) return err;
    *actor = who;
    *credential_id = it.id;
    *expires_at = it.expires_at;
    return HUB_OK;
}

/* ---- people ------------------------------------------------------------------------------------------------------ */

struct hiring {
    struct command command;
    const char *name;
    enum role role;
    uint8_t hash[CRYPTO_HASH_BYTES];
    int64_t id;
    struct crypto_port *crypto;
};

static enum hub_err hiring_run(struct command *command, struct tx *tx)
{
    struct hiring *it = (struct hiring *)command;
    struct store_staff *list = NULL;
    enum hub_err err = store_staff_list(tx->store, tx->arena, &list);
    if (err) return err;
    for (const struct store_staff *one = list; one; one = one->next)
        if (it->crypto->ops->equal(it->crypto, one->pin_hash, it->hash, sizeof it->hash))
            return fault_set(
                &command->fault, HUB_VALIDATION_ERROR, "pin", "Somebody has this PIN already. Choose another.");
    return store_staff_add(tx->store, it->name, it->role, it->hash, &it->id);
}

enum hub_err credentials_staff_add(
    struct credentials *c, const char *name, enum role role, const char *pin, int64_t *staff_id, struct fault *fault)
{
    struct hiring it = {.command = {.run = hiring_run}, .name = name, .role = role, .crypto = crypto_of(c)};
    if (!pin_possible(pin)) return fault_set(fault, HUB_VALIDATION_ERROR, "pin", "A PIN has 4 to 8 digits.");
    if (!credentials_pin_hash(c, pin, it.hash))
        return fault_set(fault, HUB_UNAVAILABLE, NULL, "Out of memory. Try again.");
    enum hub_err err = run(c, &it.command, fault);
    if (!err) *staff_id = it.id;
    return err;
}
