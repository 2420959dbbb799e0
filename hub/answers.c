/* SPDX-License-Identifier: MIT */
/* Answers remembered under idempotency keys (hub/tx.h). */
#include <string.h>

#include "hub/kitchen.h"
#include "hub/port/crypto.h"
#include "hub/port/store_events.h"
#include "hub/restaurant.h"
#include "hub/tx.h"

enum hub_err tx_recall_answer(struct tx *tx, const struct idempotency *idem, const char **body, int *status)
{
    if (!idem->key) return HUB_NOT_FOUND;
    uint8_t content[CRYPTO_HASH_BYTES];
    enum hub_err err = store_answer_find(tx->store, idem->operation, idem->key, content, status, body, tx->arena);
    if (!err && memcmp(content, idem->content, sizeof content) != 0) return HUB_IDEMPOTENCY_MISMATCH;
    return err;
}

/* The event of this change that has the answer in it, word for word; NULL when there is none. */
static const struct event *event_with(const struct kitchen *kitchen, const char *body, size_t length, size_t *offset)
{
    enum { LOOK_BACK = 4 }; /* the order's own event is the last or the last but one: its table's may follow */
    for (size_t i = 0; kitchen && i < LOOK_BACK && i < kitchen->event_count; i++) {
        const struct event *event = kitchen->events[kitchen->event_count - 1 - i];
        const char *at = memmem(event->text, event->length, body, length);
        if (!at) continue;
        *offset = (size_t)(at - event->text);
        return event;
    }
    return NULL;
}

enum hub_err tx_remember_answer(
    struct tx *tx, const struct idempotency *idem, const char *body, size_t length, int status)
{
    if (!idem->key) return HUB_OK;
    struct store_answer answer = {.status = status, .body = body, .length = length};
    const struct event *event = event_with(tx->restaurant->kitchen, body, length, &answer.event_offset);
    if (event) answer.event_seq = event->seq;
    return store_answer_add(tx->store, idem->operation, idem->key, idem->content, &answer, tx->now_ms);
}
