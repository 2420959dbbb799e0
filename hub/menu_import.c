/* SPDX-License-Identifier: MIT */
#include "hub/menu_import.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hub/kitchen.h"
#include "hub/port/store_menu.h"
#include "hub/restaurant.h"
#include "hub/tx.h"

/* Names the row as the file counts it. */
static enum hub_err bad_row(const struct menu_rows *rows, size_t i, const char *column, const char *text,
    const char *value, struct fault *fault)
{
    if (strcmp(rows->what, "row") == 0)
        return fault_set(
            fault, HUB_VALIDATION_ERROR, column, "Row %zu: %s \"%.60s\".", rows->rows[i].number, text, value);
    char field[64];
    snprintf(field, sizeof field, "items[%zu].%s", i, column);
    return fault_set(fault, HUB_VALIDATION_ERROR, field, "Item %zu: %s \"%.60s\".", i + 1, text, value);
}

struct tagged {
    const struct menu_row *row;
    size_t index;
};

static int by_name(const void *a, const void *b)
{
    const struct menu_row *x = ((const struct tagged *)a)->row, *y = ((const struct tagged *)b)->row;
    int order = strcmp(x->category, y->category);
    return order ? order : strcmp(x->item, y->item);
}

static enum hub_err check_twice(const struct menu_rows *rows, struct arena *arena, struct fault *fault)
{
    struct tagged *sorted = arena_array(arena, rows->count, sizeof *sorted);
    if (!sorted) return HUB_UNAVAILABLE;
    for (size_t i = 0; i < rows->count; i++)
        sorted[i] = (struct tagged){&rows->rows[i], i};
    qsort(sorted, rows->count, sizeof *sorted, by_name);
    for (size_t i = 1; i < rows->count; i++) {
        if (by_name(&sorted[i - 1], &sorted[i]) != 0) continue;
        size_t later = sorted[i].index > sorted[i - 1].index ? sorted[i].index : sorted[i - 1].index;
        return bad_row(rows, later, "item", "its category has this item twice:", sorted[i].row->item, fault);
    }
    return HUB_OK;
}

static enum hub_err tax_of(
    const struct menu *menu, const struct menu_rows *rows, size_t i, int64_t *id, struct fault *fault)
{
    const char *tax = rows->rows[i].tax;
    *id = 0;
    for (size_t t = 0; tax && t < menu->tax_rate_count && !*id; t++)
        if (strcmp(menu->tax_rates[t].name, tax) == 0) *id = menu->tax_rates[t].id;
    return !tax || *id ? HUB_OK : bad_row(rows, i, "tax", "there is no tax rate", tax, fault);
}

enum hub_err menu_import(struct tx *tx, const struct menu_rows *rows, struct fault *fault)
{
    const struct menu *menu = tx->restaurant->kitchen->menu;
    enum hub_err err = check_twice(rows, tx->arena, fault);
    if (!err) err = store_menu_retire_all(tx->store);
    for (size_t i = 0; i < rows->count && !err; i++) {
        const struct menu_row *row = &rows->rows[i];
        struct menu_item item = {
            .name = row->item, .kitchen_name = row->kitchen_name, .price = row->price, .course = row->course};
        int64_t id;
        if (row->station && !menu_station(menu, row->station))
            return bad_row(rows, i, "station", "there is no station", row->station, fault);
        err = tax_of(menu, rows, i, &item.tax_rate_id, fault);
        if (!err) err = store_category_put(tx->store, row->category, NULL, &item.category_id);
        if (!err) err = store_menu_item_put(tx->store, &item, row->station, &id);
    }
    return err;
}

enum hub_err menu_changed(struct tx *tx)
{
    struct kitchen *kitchen = tx->restaurant->kitchen;
    kitchen->menu_changed = true;
    enum hub_err err = store_menu_bump(tx->store);
    if (!err) err = kitchen_reload_menu(kitchen, tx->store);
    if (err) return err;
    char members[48];
    int length = snprintf(members, sizeof members, "\"version\":%lld", (long long)kitchen->menu->version);
    return tx_event(tx, TOPIC_MENU, "menu_updated", NULL, members, (size_t)length);
}
