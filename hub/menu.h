/* SPDX-License-Identifier: MIT */
/* The menu as it is cooked from: read-only once loaded; a change loads a new one. Prices in minor units. */
#ifndef HUB_MENU_H
#define HUB_MENU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hub/arena.h"
#include "hub/err.h"

struct json_writer;
struct store;

struct modifier {
    int64_t id, price;
    const char *name;
    bool available;
};
struct modifier_group {
    int64_t id, min, max;
    const char *name;
    struct modifier *modifiers;
    size_t count;
};
struct menu_item {
    int64_t id, category_id, price, tax_rate_id, tax_basis_points, course, prep_min;
    const char *name, *kitchen_name;
    const char *station; /* the effective one, never NULL */
    bool available;
    const struct modifier_group **groups;
    size_t group_count;
};
struct category {
    int64_t id, position;
    const char *name, *station; /* station NULL: the first */
};
struct station {
    const char *name;
    int64_t position, amber_s, red_s;
};
struct tax_rate {
    int64_t id, basis_points;
    const char *name;
};
struct menu {
    struct arena arena;
    int64_t version;
    struct category *categories;
    struct menu_item *items; /* by id */
    struct modifier_group *groups;
    struct station *stations; /* by position */
    struct tax_rate *tax_rates;
    size_t category_count, item_count, group_count, station_count, tax_rate_count;
};

void menu_destroy(struct menu *menu);                                          /* NULL is fine */
const struct menu_item *menu_item(const struct menu *menu, int64_t id);        /* NULL: unknown or retired */
const struct station *menu_station(const struct menu *menu, const char *name); /* NULL: unknown */
const struct modifier *menu_item_modifier(
    const struct menu_item *item, int64_t id, const struct modifier_group **group);
/* Writes the menu object of the contract. */
void menu_write(const struct menu *menu, struct json_writer *w);
void menu_item_write(const struct menu_item *item, struct json_writer *w);

#endif
