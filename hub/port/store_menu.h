/* SPDX-License-Identifier: MIT */
/* The menu and its stations, taxes and groups. */
#ifndef HUB_PORT_STORE_MENU_H
#define HUB_PORT_STORE_MENU_H

#include "hub/menu.h"
#include "hub/port/store.h"

/* Live rows only. The caller frees *out with menu_destroy(). */
enum hub_err store_menu_load(struct store *store, struct menu **out);
enum hub_err store_menu_bump(struct store *store); /* version + 1 */

/* Upserts by name; *id is the row's. `station` NULL: the first. */
enum hub_err store_station_put(struct store *store, const char *name);
enum hub_err store_tax_rate_put(struct store *store, const char *name, int64_t basis_points, int64_t *id);
enum hub_err store_category_put(struct store *store, const char *name, const char *station, int64_t *id);
/* Matched by category and name; price, kitchen name, station, tax and course are set, retired undone. */
enum hub_err store_menu_item_put(struct store *store, const struct menu_item *item, const char *station, int64_t *id);
enum hub_err store_menu_retire_all(struct store *store);
/* HUB_NOT_FOUND when there is no such live item. */
enum hub_err store_menu_item_available(struct store *store, int64_t id, bool available);
enum hub_err store_group_put(struct store *store, const char *name, int64_t min, int64_t max, int64_t *id);
enum hub_err store_modifier_put(struct store *store, int64_t group_id, const char *name, int64_t price);
enum hub_err store_item_group_put(struct store *store, int64_t item_id, int64_t group_id);

/* Replacing: by id, NOT_FOUND when there is no such row. A name that another row has is taken from it. */
enum hub_err store_category_set(struct store *store, const struct category *category);
enum hub_err store_menu_item_set(
    struct store *store, const struct menu_item *item); /* item->station NULL: the category's */
enum hub_err store_item_groups_clear(struct store *store, int64_t item_id);
enum hub_err store_modifiers_retire(struct store *store, int64_t group_id);
enum hub_err store_modifier_available(struct store *store, int64_t group_id, const char *name, bool available);

#endif
