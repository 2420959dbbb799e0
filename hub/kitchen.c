/* SPDX-License-Identifier: MIT */
#include "hub/kitchen.h"

#include <stdlib.h>

#include "hub/event.h"
#include "hub/port/store_events.h"
#include "hub/port/store_menu.h"
#include "hub/port/store_orders.h"

enum hub_err kitchen_reload_menu(struct kitchen *kitchen, struct store *store)
{
    struct menu *menu;
    enum hub_err err = store_menu_load(store, &menu);
    if (err) return err;
    menu_destroy(kitchen->menu);
    kitchen->menu = menu;
    return HUB_OK;
}

enum hub_err kitchen_load(struct kitchen *kitchen, struct store *store)
{
    int64_t day = 0, last_ms = 0;
    kitchen->menu_changed = false;
    enum hub_err err = kitchen_reload_menu(kitchen, store);
    if (!err) err = store_ids(store, &kitchen->ids);
    if (!err) err = store_event_last(store, &kitchen->last_seq);
    if (!err) err = store_last_day(store, &day, &last_ms);
    if (day > kitchen->day) kitchen->day = day;
    if (last_ms > kitchen->last_ms) kitchen->last_ms = last_ms;
    return err;
}

void kitchen_finish(struct kitchen *kitchen)
{
    menu_destroy(kitchen->menu);
    free(kitchen->events);
    kitchen->menu = NULL;
    kitchen->events = NULL;
}
