/* SPDX-License-Identifier: MIT */
#pragma once

#include <cjson/cJSON.h>

#include "floor/screens.h"

/* SQLite behind one writer thread with group commit; tells the screens what it committed. */
struct store;

/* Opens or makes `path`; NULL, with a line on standard error, when that fails. `screens` must outlive it. */
struct store *store_create(const char *path, struct screens *screens);
/*
 * Stores an order with its items. Returns once it is on disk and queued for the screens: its JSON, for the caller to
 * free, or NULL when it was not stored. Adds id, status and time to `order`. Any thread but the writer's.
 */
char *store_order(struct store *store, cJSON *order);
/* Finishes what is queued; NULL is legal. */
void store_destroy(struct store *store);
