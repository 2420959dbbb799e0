/* SPDX-License-Identifier: MIT */
/* The arrays `devices` and `alerts` of the API and of snapshots. Any thread, with a store of its own. */
#ifndef HUB_DEVICE_LIST_H
#define HUB_DEVICE_LIST_H

#include "hub/arena.h"
#include "hub/err.h"
#include "hub/json.h"

struct restaurant;
struct store;

/* A full disk is told from memory: it cannot be written down. */
enum hub_err device_list_write(
    struct restaurant *restaurant, struct store *store, struct arena *arena, struct json_writer *w);
enum hub_err alert_list_write(
    struct restaurant *restaurant, struct store *store, struct arena *arena, struct json_writer *w);

#endif
