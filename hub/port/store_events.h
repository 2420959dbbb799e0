/* SPDX-License-Identifier: MIT */
/* The log and the remembered answers. */
#ifndef HUB_PORT_STORE_EVENTS_H
#define HUB_PORT_STORE_EVENTS_H

#include "hub/arena.h"
#include "hub/event.h"
#include "hub/port/store.h"

enum hub_err store_event_add(struct store *store, const struct event *event);
/* Number of the last event; 0 for an empty log. */
enum hub_err store_event_last(struct store *store, uint64_t *seq);
/*
 * Events after `since`, in order, at most `room`; each with a reference for the caller. *count is how many.
 */
enum hub_err store_event_read(struct store *store, uint64_t since, struct event **out, size_t room, size_t *count);

/* NOT_FOUND when the key is new. `content` gets the stored hash, `body` an arena copy. */
enum hub_err store_answer_find(struct store *store, const char *operation, const char *key, uint8_t content[32],
    int *status, const char **body, struct arena *arena);
/* An answer to be kept. What stands in an event's text already is kept as a place in it, not a second time. */
struct store_answer {
    int status;
    const char *body;
    size_t length;       /* bytes of the body */
    uint64_t event_seq;  /* 0: in none */
    size_t event_offset; /* bytes into that event's text */
};
enum hub_err store_answer_add(struct store *store, const char *operation, const char *key, const uint8_t content[32],
    const struct store_answer *answer, int64_t now_ms);

#endif
