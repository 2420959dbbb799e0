/* SPDX-License-Identifier: MIT */
/*
 * What staff do with orders: the use cases, one function each. All run on the writer thread inside a command; they
 * change the store, log the events and leave the order as it then is in *order (arena).
 */
#ifndef HUB_ORDER_DESK_H
#define HUB_ORDER_DESK_H

#include "hub/json.h"
#include "hub/order.h"
#include "hub/tx.h"

/* An item as asked for: menu_item_id, or open_name, open_price and station. */
struct item_request {
    int64_t menu_item_id, quantity, seat, course; /* 0 = not given */
    struct json_ids modifiers;
    const char *note;
    const char *open_name, *station;
    int64_t open_price;
};
struct order_request {
    int order_type, payment_method, priority; /* index of the names; method -1 = none */
    int64_t table_id, guests, estimated_time, client_created_at;
    const char *customer_name, *customer_phone, *note;
    struct item_request *items;
    size_t item_count;
    bool notify, print;
};
struct void_request {
    struct {
        int64_t item_id, quantity; /* quantity 0 = all of it */
    } * items;
    size_t count;
    const char *reason;
};
/* Fields of a PATCH; `present` says which. */
enum { PATCH_NOTE = 1, PATCH_PRIORITY = 2, PATCH_NAME = 4, PATCH_PHONE = 8, PATCH_GUESTS = 16, PATCH_ESTIMATE = 32 };
struct order_patch {
    unsigned present;
    int priority;
    const char *note, *customer_name, *customer_phone;
    int64_t guests, estimated_time;
};

enum hub_err desk_create(struct tx *tx, const struct order_request *request, struct order *order, struct fault *fault);
enum hub_err desk_add_items(
    struct tx *tx, int64_t order_id, const struct order_request *request, struct order *order, struct fault *fault);
enum hub_err desk_void(
    struct tx *tx, int64_t order_id, const struct void_request *request, struct order *order, struct fault *fault);
enum hub_err desk_fire(struct tx *tx, int64_t order_id, int64_t course, struct order *order, struct fault *fault);
enum hub_err desk_patch(struct tx *tx, int64_t order_id, int64_t expected_version, const struct order_patch *patch,
    struct order *order, struct fault *fault);
/* scope.id is the order's, ticket's or item's own id; expected_version 0 = any. */
enum hub_err desk_set_status(struct tx *tx, struct scope scope, enum status target, int64_t expected_version,
    bool notify, struct order *order, struct fault *fault);
/* The order is at another table now, no more at `from`: tells the stations that still cook for it, each by a move
 * ticket. */
enum hub_err desk_moved(struct tx *tx, int64_t order_id, const char *from);
/* Who sees events of an order under filters (hub/event.h): of its status, and of its tickets' at their stations.
 * malloc'ed; NULL: no memory. */
char *desk_order_route(const struct order *order);
/* Somebody touched these tickets: their bells are answered. Unknown ids are left out. */
enum hub_err desk_touch(struct tx *tx, const int64_t *ticket_ids, size_t count);

#endif
