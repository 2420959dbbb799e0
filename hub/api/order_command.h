/* SPDX-License-Identifier: MIT */
/* One order use case as a command with its idempotency key: the same by HTTP and by socket. */
#ifndef HUB_API_ORDER_COMMAND_H
#define HUB_API_ORDER_COMMAND_H

#include "hub/json.h"
#include "hub/order_desk.h"
#include "hub/port/crypto.h"
#include "hub/table.h"
#include "hub/writer.h"

enum order_verb {
    ORDER_CREATE,
    ORDER_ADD,
    ORDER_VOID,
    ORDER_FIRE,
    ORDER_PATCH,
    ORDER_STATUS,
    ORDER_REPRINT,
    ORDER_BILL,
    TABLES_ACT
};

struct order_command {
    struct command base; /* first */
    enum order_verb verb;
    /* The request, in `arena`, which the owner finishes. */
    struct arena arena;
    int64_t order_id, course, expected_version;
    struct order_request request;
    struct void_request voids;
    struct order_patch patch;
    struct scope scope;
    enum status target;
    bool notify;
    struct table_action *actions;
    size_t action_count;
    bool listed; /* the actions came as a list: faults say which one */
    /* Idempotency. */
    char operation[48], key[65];
    uint8_t content[CRYPTO_HASH_BYTES];
    /* The answer: malloc'ed JSON, order_command_finish() frees it. */
    char *body;
    size_t body_length;
    int status;
    int64_t version; /* of the order in the answer; 0 = no order in it */
    bool replayed;
};

void order_command_init(struct order_command *command, enum order_verb verb, const struct actor *actor);
void order_command_finish(struct order_command *command);
/* Remembers key and content (the parsed request without the members named in `skip`, which may be NULL; `id` of the
 * path). Key NULL: none. False when memory is short. */
bool order_command_key(struct order_command *command, struct restaurant *restaurant, const char *operation, int64_t id,
    const char *key, const cJSON *content, const char *const *skip);

/* Puts "actions[i]" before the field of a fault. */
void order_command_blame(struct fault *fault, size_t action);

#endif
