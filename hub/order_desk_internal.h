/* SPDX-License-Identifier: MIT */
/* Pieces that the use cases share. Writer thread. */
#ifndef HUB_ORDER_DESK_INTERNAL_H
#define HUB_ORDER_DESK_INTERNAL_H

#include "hub/order_desk.h"

/* What a use case did, beyond mere statuses. */
struct order_news {
    bool created, content; /* content: order_updated is due */
    bool table;            /* the table's totals changed */
    bool notify, print;
};

/* Prices items of a request and adds them to the order, held where their course is above `fired`. */
enum hub_err desk_price_items(
    struct tx *tx, struct order *order, const struct order_request *request, int64_t fired, struct fault *fault);
/* One ticket of that kind for each station among the items for which `wants` says so. */
enum hub_err desk_issue_tickets(struct tx *tx, struct order *order, enum ticket_kind kind,
    bool (*wants)(const struct item *item), const struct order_news *news);
/* Settles, prices, stores and logs. */
enum hub_err desk_finish(struct tx *tx, struct order *order, const struct order_news *news);

#endif
