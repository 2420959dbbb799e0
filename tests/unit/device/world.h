/* SPDX-License-Identifier: MIT */
/* A restaurant in a temporary folder, whose wall clock the test owns. */
#ifndef TESTS_UNIT_DEVICE_WORLD_H
#define TESTS_UNIT_DEVICE_WORLD_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>
/* cmocka wants the four above first */
#include <cmocka.h>
#include <stdatomic.h>

#include "hub/hub.h"
#include "hub/port/clock.h"
#include "hub/restaurant.h"
#include "hub/tx.h"

struct world {
    struct clock_port clock; /* first */
    atomic_llong now_ms;
    struct hub hub;
    struct restaurant *restaurant;
    char folder[64], path[128];
};

/* cmocka fixtures; *state is the world. It is half past ten in the morning, UTC, 20 November 2026. */
int world_setup(void **state);
int world_teardown(void **state);
/* Closes the restaurant and opens it again. */
void world_reopen(struct world *w);

/* Runs a step in a command of its own, by that actor, and checks that it is accepted. */
typedef enum hub_err step(struct tx *tx, void *data);
void world_run(struct world *w, const struct actor *actor, step *run, void *data);
enum hub_err world_try(struct world *w, const struct actor *actor, step *run, void *data);

/* How many events there are after `since`; the text of the last one is copied to `text` (may be NULL). */
size_t world_events(struct world *w, uint64_t since, char *text, size_t size);
uint64_t world_seq(struct world *w);

/* Changes the file behind the hub's back. */
void world_sql(struct world *w, const char *sql);
int64_t world_sql_int(struct world *w, const char *sql);

/* Is the part somewhere in the text? */
void assert_contains(const char *text, const char *part);

#endif
