/* SPDX-License-Identifier: MIT */
/* The writer thread's working state: the menu in memory, id counters, the business day. Rolled back with its savepoint.
 */
#ifndef HUB_KITCHEN_H
#define HUB_KITCHEN_H

#include "hub/menu.h"
#include "hub/order.h"

struct event;
struct store;

struct kitchen {
    struct menu *menu; /* as stored by the last commit or changed by this command; never NULL while open */
    bool menu_changed; /* this batch changed it: reload if it comes to nothing */
    struct id_source ids;
    uint64_t last_seq;
    int64_t day;           /* business day, 20261120; never goes back */
    int64_t last_ms;       /* the newest time given out; never goes back */
    unsigned news;         /* TOPIC_BIT()s of what this batch changed: who is to be woken */
    struct event **events; /* of this batch, in order */
    size_t event_count, event_room;
};

/* Loads counters and the menu from the store. */
enum hub_err kitchen_load(struct kitchen *kitchen, struct store *store);
/* Reads the menu again, after a change to it came to nothing or was made. */
enum hub_err kitchen_reload_menu(struct kitchen *kitchen, struct store *store);
void kitchen_finish(struct kitchen *kitchen);

#endif
