/* SPDX-License-Identifier: MIT */
/* Orders with their items and tickets. */
#ifndef HUB_PORT_STORE_ORDERS_H
#define HUB_PORT_STORE_ORDERS_H

#include "hub/order.h"
#include "hub/port/store.h"

/* Highest ids in use, plus one. */
enum hub_err store_ids(struct store *store, struct id_source *ids);
enum hub_err store_last_day(struct store *store, int64_t *day, int64_t *last_ms);
enum hub_err store_order_next_number(struct store *store, int64_t day, int64_t *number);
enum hub_err store_ticket_next_kot(struct store *store, const char *station, int64_t day, int64_t *kot);
/* Open tickets at a station, counted no further than 40: enough to judge a queue. */
enum hub_err store_station_queue(struct store *store, const char *station, int64_t *count);

/* Everything of an order into the arena; NOT_FOUND. */
enum hub_err store_order_load(struct store *store, struct arena *arena, int64_t id, struct order *order);
/* The order a ticket or item belongs to; NOT_FOUND. */
enum hub_err store_order_of_ticket(struct store *store, int64_t ticket_id, int64_t *order_id);
enum hub_err store_order_of_item(struct store *store, int64_t item_id, int64_t *order_id);
/* Writes the order (version 0 inserts) and all new or changed items and tickets; version goes up by one. */
enum hub_err store_order_save(struct store *store, struct order *order);

/* A person has seen it: its bell is answered. Unknown ids change nothing. */
enum hub_err store_ticket_touch(struct store *store, int64_t ticket_id, int64_t now_ms);

/* Which orders a list shows; zero or NULL: any. */
struct order_query {
    unsigned statuses;   /* 1u << enum status */
    const char *station; /* has a ticket there; with statuses: in such a status */
    int64_t table_id, session_id, day, before_id;
    const char *text; /* part of order number, table or customer name */
    bool active;      /* held to ready, and served but unpaid at a table that is still open */
    int limit;
};
/* Ids, newest first, in the arena. */
enum hub_err store_order_ids(
    struct store *store, const struct order_query *query, struct arena *arena, int64_t **ids, size_t *count);
/* Ids of the tables' live session's orders with their totals, for table objects. */
enum hub_err store_session_orders(struct store *store, int64_t session_id, struct arena *arena, int64_t **ids,
    size_t *count, int64_t *total, bool *unsettled);

#endif
