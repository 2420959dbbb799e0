/* SPDX-License-Identifier: MIT */
/* What domain code may do inside a command beside the store: make events and remember answers. Writer thread only. */
#ifndef HUB_TX_H
#define HUB_TX_H

#include <stddef.h>
#include <stdint.h>

#include "hub/event.h"
#include "hub/writer.h"

/*
 * Logs an event: the frame is {"type":..,"seq":..,"timestamp":..,<members>}; `members` is JSON text without braces. It
 * is stored in the same transaction and published after the commit.
 */
enum hub_err tx_event(
    struct tx *tx, enum topic topic, const char *type, const char *route, const char *members, size_t length);

/* Something changed that makes no event (a ticket was touched): wakes those who follow that topic. */
void tx_note(struct tx *tx, enum topic topic);

/* One answer remembered under an idempotency key. */
struct idempotency {
    const char *operation;  /* "POST /orders"; the same by HTTP and socket */
    const char *key;        /* NULL: none was given, nothing is remembered */
    const uint8_t *content; /* CRYPTO_HASH_BYTES of the canonical content */
};

/* NOT_FOUND: new. HUB_OK: *body (arena) and *status are the first answer. IDEMPOTENCY_MISMATCH: same key, other
 * content. */
enum hub_err tx_recall_answer(struct tx *tx, const struct idempotency *idem, const char **body, int *status);
enum hub_err tx_remember_answer(
    struct tx *tx, const struct idempotency *idem, const char *body, size_t length, int status);

#endif
