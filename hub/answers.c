/* SPDX-License-Identifier: MIT */
/* Answers remembered under idempotency keys (hub/tx.h). */
#include <string.h>

#include "hub/port/crypto.h"
#include "hub/port/store_events.h"
#include "hub/tx.h"

enum hub_err tx_recall_answer(struct tx *tx, const struct idempotency *idem, const char **body, int *status)
{
    if (!idem->key) return HUB_NOT_FOUND;
    uint8_t content[CRYPTO_HASH_BYTES];
    enum hub_err err = store_answer_find(tx->store, idem->operation, idem->key, content, status, body, tx->arena);
    if (!err && memcmp(content, idem->content, sizeof content) != 0) return HUB_IDEMPOTENCY_MISMATCH;
    return err;
}

enum hub_err tx_remember_answer(struct tx *tx, const struct idempotency *idem, const char *body, size_t length, int status)
{
    if (!idem->key) return HUB_OK;
    return store_answer_add(tx->store, idem->operation, idem->key, idem->content, status, tx->now_ms, body, length);
}
