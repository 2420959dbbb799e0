/* SPDX-License-Identifier: MIT */
/* Orders, tickets, items and actors as the contract writes them. */
#ifndef HUB_ORDER_JSON_H
#define HUB_ORDER_JSON_H

#include "hub/json.h"
#include "hub/order.h"

struct restaurant;

void actor_write(const struct actor *actor, struct json_writer *w);
void item_write(const struct item *item, struct json_writer *w);
void ticket_write(const struct ticket *ticket, struct json_writer *w);
void order_write(const struct restaurant *restaurant, const struct order *order, struct json_writer *w);

#endif
