/* SPDX-License-Identifier: MIT */
#pragma once

#include "floor/screens.h"
#include "floor/store.h"

/* civetweb: POST /api/v1/orders and the WebSocket at /api/v1/ws/orders/live. */
struct door;

/* Listens on "ADDR:PORT" (port 0: any); NULL when that fails. `store` and `screens` must outlive it. */
struct door *door_create(const char *listen, struct store *store, struct screens *screens);
int door_port(const struct door *door);
/* Stops listening and ends every request; NULL is legal. */
void door_destroy(struct door *door);
