/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "load/settings.h"

enum { MARK_SIZE = 24 };

/* All orders of a run. Each carries a mark in its note by which screens know it again. */
struct orders {
    const struct settings *settings;
    char run[12]; /* tells this run's marks from those of earlier ones */
    long count;
    int64_t *due_ns; /* when it should have been sent; for a closed loop, when it was */
    bool *stored;    /* answered with 201 */
    bool *measured;
    long stored_count;
};

/* Ends the program when memory is short. */
void orders_init(struct orders *orders, const struct settings *settings);
void orders_finish(struct orders *orders);
/* The idempotency key, and the words in the note, of order `index`. */
void orders_mark(const struct orders *orders, long index, char mark[MARK_SIZE]);
/* The request's body; its length. */
size_t orders_body(const struct orders *orders, long index, char *out, size_t size);
/* The order which an `order_created` frame tells of; -1 for any other frame. */
long orders_find(const struct orders *orders, const char *text, size_t length);

/* Monotonic clock. */
int64_t now_ns(void);
