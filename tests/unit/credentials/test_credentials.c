/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first */
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "drivers/crypto_sodium/crypto_sodium.h"
#include "hub/credentials.h"
#include "hub/hub.h"
#include "hub/lockout.h"
#include "hub/port/clock.h"
#include "hub/port/store_credentials.h"
#include "hub/restaurant.h"
#include "hub/writer.h"

/* A restaurant whose writer is the caller's thread and whose time stands still unless told. */
struct world {
    struct clock_port clock;
    int64_t now_ms;
    struct hub hub;
    struct restaurant restaurant;
    struct store *reader;
    struct credentials *credentials;
    char folder[64];
    int64_t anna, ben, carl; /* 1111, 2222, and 2222 again */
    int64_t told;            /* last credential the callback was told of */
};

static int64_t world_now(struct clock_port *clock)
{
    return ((struct world *)clock)->now_ms;
}

static int world_offset(struct clock_port *clock, int64_t wall_ms)
{
    (void)clock;
    (void)wall_ms;
    return 0;
}

static const struct clock_ops world_clock = {world_now, world_now, world_offset};

static struct world *world_of(struct restaurant *restaurant)
{
    return (struct world *)(void *)restaurant->hub->clock;
}

struct store *restaurant_reader(struct restaurant *restaurant, struct fault *fault)
{
    (void)fault;
    return world_of(restaurant)->reader;
}

void restaurant_reader_done(struct restaurant *restaurant, struct store *store)
{
    assert_ptr_equal(store, world_of(restaurant)->reader);
}

enum hub_err writer_run(struct writer *writer, struct command *command)
{
    struct world *w = (struct world *)(void *)writer;
    struct arena arena;
    arena_init(&arena);
    struct tx tx = {.restaurant = &w->restaurant, .store = w->restaurant.store, .arena = &arena, .now_ms = w->now_ms};
    assert_int_equal(store_begin(tx.store), HUB_OK);
    command->result = command->run(command, &tx);
    if (command->result)
        store_rollback(tx.store);
    else
        assert_int_equal(store_commit(tx.store), HUB_OK);
    arena_finish(&arena);
    return command->result;
}

void writer_submit(struct writer *writer, struct command *command)
{
    (void)writer_run(writer, command);
    command->done(command);
}

static void told(void *data, int64_t credential_id)
{
    ((struct world *)data)->told = credential_id;
}

static int64_t staff(struct world *w, const char *name, enum role role, const char *pin)
{
    uint8_t hash[CRYPTO_HASH_BYTES];
    int64_t id = 0;
    assert_true(credentials_pin_hash(w->credentials, pin, hash));
    assert_int_equal(store_staff_add(w->restaurant.store, name, role, hash, &id), HUB_OK);
    return id;
}

static int setup(void **state)
{
    struct world *w = calloc(1, sizeof *w);
    if (!w) return -1;
    *state = w;
    w->clock.ops = &world_clock;
    w->now_ms = 1800000000000;
    log_init(&w->hub.log, LOG_LEVEL_ERROR);
    w->hub.clock = &w->clock;
    w->hub.crypto = crypto_sodium();
    w->restaurant.hub = &w->hub;
    w->restaurant.writer = (struct writer *)(void *)w;
    snprintf(w->restaurant.slug, sizeof w->restaurant.slug, "main");
    snprintf(w->folder, sizeof w->folder, "/tmp/servery-credentials-XXXXXX");
    if (!mkdtemp(w->folder)) return -1;
    char path[128];
    snprintf(path, sizeof path, "%s/main.db", w->folder);
    assert_int_equal(store_open(path, STORE_WRITE, &w->hub.log, &w->restaurant.store, NULL), HUB_OK);
    assert_int_equal(store_open(path, STORE_READ, &w->hub.log, &w->reader, NULL), HUB_OK);
    w->credentials = credentials_create(&w->restaurant);
    assert_non_null(w->credentials);
    credentials_on_revoked(w->credentials, told, w);
    w->anna = staff(w, "Anna", ROLE_OWNER, "1111");
    w->ben = staff(w, "Ben", ROLE_WAITER, "2222");
    w->carl = staff(w, "Carl", ROLE_KITCHEN, "2222");
    return 0;
}

static int teardown(void **state)
{
    struct world *w = *state;
    static const char *const files[] = {"main.db", "main.db-wal", "main.db-shm"};
    char path[128];
    credentials_destroy(w->credentials);
    store_close(w->reader);
    store_close(w->restaurant.store);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        snprintf(path, sizeof path, "%s/%s", w->folder, files[i]);
        (void)unlink(path);
    }
    int failed = rmdir(w->folder);
    free(w);
    return failed;
}

struct session {
    char token[CRYPTO_TOKEN_CHARS];
    struct actor actor;
    int64_t id, expires_at;
    struct fault fault;
};

static enum hub_err sign_in(struct world *w, int64_t staff_id, const char *pin, const char *device, struct session *out)
{
    memset(out, 0, sizeof *out);
    return credentials_sign_in(
        w->credentials, staff_id, pin, device, NULL, out->token, &out->actor, &out->id, &out->expires_at, &out->fault);
}

static enum hub_err find(struct world *w, const char *token, struct actor *actor)
{
    return credentials_find(w->credentials, token, actor, NULL, NULL, NULL);
}

static void a_pin_makes_a_session_that_ends(void **state)
{
    struct world *w = *state;
    struct session s;
    struct actor actor;
    int64_t id = 0, expires_at = 0;
    assert_int_equal(sign_in(w, w->anna, "1111", "d", &s), HUB_OK);
    assert_int_equal(s.expires_at, w->now_ms + CREDENTIALS_SESSION_H * 3600 * 1000LL);
    assert_int_equal(credentials_find(w->credentials, s.token, &actor, &id, &expires_at, NULL), HUB_OK);
    assert_int_equal(actor.kind, ACTOR_STAFF);
    assert_int_equal(actor.role, ROLE_OWNER);
    assert_int_equal(actor.id, w->anna);
    assert_string_equal(actor.name, "Anna");
    assert_int_equal(id, s.id);
    assert_int_equal(expires_at, s.expires_at);
    w->now_ms = s.expires_at - 1;
    assert_int_equal(find(w, s.token, &actor), HUB_OK);
    w->now_ms = s.expires_at; /* while still in the cache */
    assert_int_equal(find(w, s.token, &actor), HUB_UNAUTHENTICATED);
    w->now_ms += 3600 * 1000; /* and from the store */
    assert_int_equal(find(w, s.token, &actor), HUB_UNAUTHENTICATED);
}

static void a_pin_alone_must_be_unique(void **state)
{
    struct world *w = *state;
    struct session s;
    assert_int_equal(sign_in(w, 0, "1111", "d", &s), HUB_OK);
    assert_int_equal(s.actor.id, w->anna);
    assert_int_equal(sign_in(w, 0, "2222", "d", &s), HUB_VALIDATION_ERROR);
    assert_string_equal(s.fault.field, "staff_id");
    assert_int_equal(sign_in(w, w->carl, "2222", "d", &s), HUB_OK);
    assert_int_equal(s.actor.role, ROLE_KITCHEN);
    assert_int_equal(sign_in(w, w->carl, "1111", "d", &s), HUB_UNAUTHENTICATED);
    assert_int_equal(sign_in(w, 999, "1111", "d", &s), HUB_UNAUTHENTICATED);
}

static void wrong_pins_lock_the_device(void **state)
{
    struct world *w = *state;
    struct session s;
    for (int i = 0; i < LOCKOUT_DEVICE_LIMIT; i++)
        assert_int_equal(sign_in(w, w->anna, "0000", "phone", &s), HUB_UNAUTHENTICATED);
    assert_int_equal(sign_in(w, w->anna, "1111", "phone", &s), HUB_RATE_LIMITED);
    assert_int_equal(s.fault.retry_after_s, LOCKOUT_FIRST_S);
    assert_int_equal(sign_in(w, w->anna, "1111", "tablet", &s), HUB_OK);
    w->now_ms += LOCKOUT_FIRST_S * 1000;
    assert_int_equal(sign_in(w, w->anna, "1111", "phone", &s), HUB_OK);
}

static enum hub_err sign_in_with(struct world *w, const char *pin, const char *proof)
{
    struct session s = {0};
    return credentials_sign_in(
        w->credentials, w->anna, pin, "here", proof, s.token, &s.actor, &s.id, &s.expires_at, &s.fault);
}

static void a_proof_keeps_its_own_count_over_restarts(void **state)
{
    struct world *w = *state;
    char proof[CREDENTIALS_PROOF_CHARS], forged[CREDENTIALS_PROOF_CHARS];
    credentials_device_make(w->credentials, proof);
    credentials_destroy(w->credentials);
    w->credentials = credentials_create(&w->restaurant);
    assert_non_null(w->credentials);
    for (int i = 0; i < LOCKOUT_DEVICE_LIMIT; i++)
        assert_int_equal(sign_in_with(w, "0000", NULL), HUB_UNAUTHENTICATED);
    assert_int_equal(sign_in_with(w, "1111", NULL), HUB_RATE_LIMITED);
    assert_int_equal(sign_in_with(w, "1111", "nonsense"), HUB_RATE_LIMITED);
    memcpy(forged, proof, sizeof forged);
    forged[0] = forged[0] == 'A' ? 'B' : 'A';
    assert_int_equal(sign_in_with(w, "1111", forged), HUB_RATE_LIMITED);
    assert_int_equal(sign_in_with(w, "1111", proof), HUB_OK);
    for (int i = 0; i < LOCKOUT_DEVICE_LIMIT; i++)
        assert_int_equal(sign_in_with(w, "0000", proof), HUB_UNAUTHENTICATED);
    assert_int_equal(sign_in_with(w, "1111", proof), HUB_RATE_LIMITED);
}

static void proofs_cannot_be_made_up(void **state)
{
    struct world *w = *state;
    char proof[CREDENTIALS_PROOF_CHARS], other[CREDENTIALS_PROOF_CHARS];
    credentials_device_make(w->credentials, proof);
    credentials_device_make(w->credentials, other);
    assert_int_equal(strlen(proof), CREDENTIALS_PROOF_CHARS - 1);
    assert_string_not_equal(proof, other);
    assert_true(credentials_device_known(w->credentials, proof));
    assert_true(credentials_device_known(w->credentials, other));
    assert_false(credentials_device_known(w->credentials, NULL));
    assert_false(credentials_device_known(w->credentials, ""));
    for (size_t i = 0; proof[i]; i++) {
        char was = proof[i];
        proof[i] = was == 'x' ? 'y' : 'x';
        assert_false(credentials_device_known(w->credentials, proof));
        proof[i] = '\0';
        assert_false(credentials_device_known(w->credentials, proof));
        proof[i] = was;
    }
    memcpy(proof + CRYPTO_TOKEN_CHARS, other + CRYPTO_TOKEN_CHARS, CREDENTIALS_PROOF_CHARS - CRYPTO_TOKEN_CHARS);
    assert_false(credentials_device_known(w->credentials, proof));
}

static void people_are_added_with_pins_of_their_own(void **state)
{
    struct world *w = *state;
    struct session s;
    struct fault fault = {0};
    int64_t id = 0;
    static const char *const impossible[] = {
        "", "123", "123456789", "12a4", "12 4", "-123", "\xd9\xa1\xd9\xa2\xd9\xa3\xd9\xa4"};
    for (size_t i = 0; i < sizeof impossible / sizeof *impossible; i++) {
        assert_int_equal(credentials_staff_add(w->credentials, "Dora", ROLE_WAITER, impossible[i], &id, &fault),
            HUB_VALIDATION_ERROR);
        assert_string_equal(fault.field, "pin");
        fault_finish(&fault);
    }
    assert_int_equal(
        credentials_staff_add(w->credentials, "Dora", ROLE_WAITER, "1111", &id, &fault), HUB_VALIDATION_ERROR);
    assert_string_equal(fault.field, "pin");
    fault_finish(&fault);
    assert_int_equal(sign_in(w, id, "1111", "d", &s), HUB_OK); /* id is still 0: Anna's alone */
    assert_int_equal(credentials_staff_add(w->credentials, "Dora", ROLE_MANAGER, "12345678", &id, NULL), HUB_OK);
    assert_int_equal(sign_in(w, 0, "12345678", "d", &s), HUB_OK);
    assert_int_equal(s.actor.id, id);
    assert_int_equal(s.actor.role, ROLE_MANAGER);
    assert_string_equal(s.actor.name, "Dora");
}

static void revoked_is_unknown_at_once(void **state)
{
    struct world *w = *state;
    struct session s;
    struct actor actor;
    int64_t id = 0, expires_at = 0;
    char ticket[CRYPTO_TOKEN_CHARS];
    assert_int_equal(sign_in(w, w->anna, "1111", "d", &s), HUB_OK);
    assert_int_equal(find(w, s.token, &actor), HUB_OK);
    credentials_ticket_make(w->credentials, &actor, s.id, ticket, &expires_at);
    assert_int_equal(credentials_revoke_kind(w->credentials, "token", s.id, NULL), HUB_NOT_FOUND);
    assert_int_equal(w->told, 0);
    assert_int_equal(credentials_revoke(w->credentials, s.id, NULL), HUB_OK);
    assert_int_equal(w->told, s.id);
    assert_int_equal(find(w, s.token, &actor), HUB_UNAUTHENTICATED);
    assert_int_equal(credentials_ticket_take(w->credentials, ticket, &actor, &id, NULL), HUB_UNAUTHENTICATED);
    assert_int_equal(credentials_revoke(w->credentials, s.id, NULL), HUB_NOT_FOUND);
}

static void other_processes_count_too(void **state)
{
    struct world *w = *state;
    struct actor actor;
    uint8_t hash[CRYPTO_HASH_BYTES];
    int64_t id = 0;
    assert_int_equal(find(w, "made elsewhere", &actor), HUB_UNAUTHENTICATED);
    credentials_token_hash(w->credentials, "made elsewhere", hash);
    assert_int_equal(
        store_credential_create(w->restaurant.store, "token", hash, "kitchen", "Screen", 0, w->now_ms, 0, &id), HUB_OK);
    assert_int_equal(find(w, "made elsewhere", &actor), HUB_OK);
    assert_int_equal(actor.kind, ACTOR_TOKEN);
    assert_int_equal(actor.id, id);
    assert_int_equal(store_credential_revoke(w->restaurant.store, id, NULL), HUB_OK);
    w->now_ms += 10 * 1000;
    assert_int_equal(find(w, "made elsewhere", &actor), HUB_UNAUTHENTICATED);
}

static void tokens_are_listed_with_their_use(void **state)
{
    struct world *w = *state;
    char name[321];
    struct made_token made;
    struct actor by = {.kind = ACTOR_STAFF}, actor;
    struct arena arena;
    struct store_credential *list = NULL;
    for (int i = 0; i < 80; i++) /* 80 characters of four bytes; an actor's name has room for 49 */
        memcpy(name + 4 * i, "\xf0\x9f\x8d\x9c", 5);
    assert_int_equal(credentials_token_create(w->credentials, &by, name, ROLE_DISPLAY, NULL, &made, NULL), HUB_OK);
    arena_init(&arena);
    assert_int_equal(store_credential_list(w->reader, "token", &arena, &list), HUB_OK);
    assert_non_null(list);
    assert_null(list->next);
    assert_string_equal(list->name, name);
    assert_int_equal(list->last_used_at, 0);
    w->now_ms += 1000;
    assert_int_equal(find(w, made.token, &actor), HUB_OK);
    assert_int_equal(strlen(actor.name), 49 * 4);
    assert_int_equal(actor.role, ROLE_DISPLAY);
    assert_int_equal(store_credential_list(w->reader, "token", &arena, &list), HUB_OK);
    assert_int_equal(list->last_used_at, w->now_ms);
    assert_int_equal(list->created_at, made.created_at);
    arena_finish(&arena);
}

static void a_key_brings_the_same_token_back(void **state)
{
    struct world *w = *state;
    struct made_token first, again, other;
    struct actor by = {.kind = ACTOR_STAFF};
    struct fault fault = {0};
    assert_int_equal(credentials_token_create(w->credentials, &by, "till", ROLE_WAITER, "key-1", &first, NULL), HUB_OK);
    assert_int_equal(credentials_token_create(w->credentials, &by, "till", ROLE_WAITER, "key-1", &again, NULL), HUB_OK);
    assert_false(first.replayed);
    assert_true(again.replayed);
    assert_string_equal(first.token, again.token);
    assert_int_equal(first.id, again.id);
    assert_int_equal(credentials_token_create(w->credentials, &by, "till", ROLE_WAITER, "key-2", &other, NULL), HUB_OK);
    assert_string_not_equal(first.token, other.token);
    assert_int_equal(credentials_token_create(w->credentials, &by, "till", ROLE_OWNER, "key-1", &again, &fault),
        HUB_IDEMPOTENCY_MISMATCH);
    fault_finish(&fault);
}

static void a_ticket_opens_once_and_soon(void **state)
{
    struct world *w = *state;
    char ticket[CRYPTO_TOKEN_CHARS];
    struct actor guest = {.kind = ACTOR_GUEST, .role = ROLE_GUEST, .id = 7}, actor;
    int64_t id = 0, expires_at = 0;
    credentials_ticket_make(w->credentials, &guest, 12, ticket, &expires_at);
    assert_int_equal(expires_at, w->now_ms + CREDENTIALS_TICKET_S * 1000);
    assert_int_equal(credentials_ticket_take(w->credentials, "no", &actor, &id, NULL), HUB_UNAUTHENTICATED);
    assert_int_equal(credentials_ticket_take(w->credentials, ticket, &actor, &id, NULL), HUB_OK);
    assert_int_equal(actor.id, 7);
    assert_int_equal(id, 12);
    assert_int_equal(credentials_ticket_take(w->credentials, ticket, &actor, &id, NULL), HUB_UNAUTHENTICATED);
    credentials_ticket_make(w->credentials, &guest, 12, ticket, &expires_at);
    w->now_ms = expires_at;
    assert_int_equal(credentials_ticket_take(w->credentials, ticket, &actor, &id, NULL), HUB_UNAUTHENTICATED);
}

static void the_salt_outlives_the_process(void **state)
{
    struct world *w = *state;
    struct session s;
    credentials_destroy(w->credentials);
    w->credentials = credentials_create(&w->restaurant);
    assert_non_null(w->credentials);
    assert_int_equal(sign_in(w, w->anna, "1111", "d", &s), HUB_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_pin_makes_a_session_that_ends, setup, teardown),
        cmocka_unit_test_setup_teardown(a_pin_alone_must_be_unique, setup, teardown),
        cmocka_unit_test_setup_teardown(wrong_pins_lock_the_device, setup, teardown),
        cmocka_unit_test_setup_teardown(a_proof_keeps_its_own_count_over_restarts, setup, teardown),
        cmocka_unit_test_setup_teardown(proofs_cannot_be_made_up, setup, teardown),
        cmocka_unit_test_setup_teardown(people_are_added_with_pins_of_their_own, setup, teardown),
        cmocka_unit_test_setup_teardown(revoked_is_unknown_at_once, setup, teardown),
        cmocka_unit_test_setup_teardown(other_processes_count_too, setup, teardown),
        cmocka_unit_test_setup_teardown(tokens_are_listed_with_their_use, setup, teardown),
        cmocka_unit_test_setup_teardown(a_key_brings_the_same_token_back, setup, teardown),
        cmocka_unit_test_setup_teardown(a_ticket_opens_once_and_soon, setup, teardown),
        cmocka_unit_test_setup_teardown(the_salt_outlives_the_process, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
