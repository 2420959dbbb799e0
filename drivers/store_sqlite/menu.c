/* SPDX-License-Identifier: MIT */
#include "hub/port/store_menu.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "drivers/store_sqlite/sql.h"

/* Rows of a query that counts first: `count` is the first column of `text`. */
static enum hub_err count_of(struct store *store, const char *text, size_t *count)
{
    struct sql q = sql_begin(store, text);
    *count = sql_row(&q) ? (size_t)sql_int(&q, 0) : 0;
    return sql_end(&q);
}

static enum hub_err load_stations(struct store *store, struct menu *menu)
{
    size_t room, i = 0;
    enum hub_err err = count_of(store, "SELECT COUNT(*) FROM stations", &room);
    menu->stations = arena_array(&menu->arena, room, sizeof *menu->stations);
    if (err || !menu->stations) return err ? err : HUB_UNAVAILABLE;
    struct sql q = sql_begin(store, "SELECT name, position, amber_s, red_s FROM stations ORDER BY position, id");
    while (i < room && sql_row(&q))
        menu->stations[i++] =
            (struct station){sql_text(&q, 0, &menu->arena), sql_int(&q, 1), sql_int(&q, 2), sql_int(&q, 3)};
    menu->station_count = i;
    return sql_end(&q);
}

static enum hub_err load_taxes(struct store *store, struct menu *menu)
{
    size_t room, i = 0;
    enum hub_err err = count_of(store, "SELECT COUNT(*) FROM tax_rates", &room);
    menu->tax_rates = arena_array(&menu->arena, room, sizeof *menu->tax_rates);
    if (err || !menu->tax_rates) return err ? err : HUB_UNAVAILABLE;
    struct sql q = sql_begin(store, "SELECT id, basis_points, name FROM tax_rates ORDER BY id");
    while (i < room && sql_row(&q))
        menu->tax_rates[i++] = (struct tax_rate){sql_int(&q, 0), sql_int(&q, 1), sql_text(&q, 2, &menu->arena)};
    menu->tax_rate_count = i;
    return sql_end(&q);
}

static enum hub_err load_categories(struct store *store, struct menu *menu)
{
    size_t room, i = 0;
    enum hub_err err = count_of(store, "SELECT COUNT(*) FROM categories", &room);
    menu->categories = arena_array(&menu->arena, room, sizeof *menu->categories);
    if (err || !menu->categories) return err ? err : HUB_UNAVAILABLE;
    struct sql q = sql_begin(store, "SELECT id, position, name, station FROM categories ORDER BY position, id");
    while (i < room && sql_row(&q))
        menu->categories[i++] = (struct category){
            sql_int(&q, 0), sql_int(&q, 1), sql_text(&q, 2, &menu->arena), sql_text(&q, 3, &menu->arena)};
    menu->category_count = i;
    return sql_end(&q);
}

static enum hub_err load_groups(struct store *store, struct menu *menu)
{
    size_t room, modifiers, i = 0;
    enum hub_err err = count_of(store, "SELECT COUNT(*) FROM modifier_groups WHERE retired = 0", &room);
    if (!err) err = count_of(store, "SELECT COUNT(*) FROM modifiers WHERE retired = 0", &modifiers);
    if (err) return err;
    menu->groups = arena_array(&menu->arena, room, sizeof *menu->groups);
    struct modifier *all = arena_array(&menu->arena, modifiers, sizeof *all);
    if (!menu->groups || !all) return HUB_UNAVAILABLE;
    struct sql q = sql_begin(store, "SELECT id, min, max, name FROM modifier_groups WHERE retired = 0 ORDER BY id");
    while (i < room && sql_row(&q))
        menu->groups[i++] = (struct modifier_group){
            sql_int(&q, 0), sql_int(&q, 1), sql_int(&q, 2), sql_text(&q, 3, &menu->arena), NULL, 0};
    menu->group_count = i;
    err = sql_end(&q);
    if (err) return err;
    size_t used = 0, g = 0;
    q = sql_begin(store,
        "SELECT group_id, id, price, name, available FROM modifiers WHERE retired = 0 ORDER BY group_id, position, id");
    while (used < modifiers && sql_row(&q)) {
        while (g < menu->group_count && menu->groups[g].id < sql_int(&q, 0))
            g++;
        if (g == menu->group_count) break;
        if (menu->groups[g].id != sql_int(&q, 0)) continue;
        if (!menu->groups[g].modifiers) menu->groups[g].modifiers = &all[used];
        menu->groups[g].count++;
        all[used++] =
            (struct modifier){sql_int(&q, 1), sql_int(&q, 2), sql_text(&q, 3, &menu->arena), sql_int(&q, 4) != 0};
    }
    return sql_end(&q);
}

static const char *effective_station(const struct menu *menu, const char *own, int64_t category_id)
{
    if (own) return own;
    for (size_t i = 0; i < menu->category_count; i++)
        if (menu->categories[i].id == category_id && menu->categories[i].station) return menu->categories[i].station;
    return menu->station_count ? menu->stations[0].name : "kitchen";
}

static enum hub_err load_items(struct store *store, struct menu *menu)
{
    size_t room, i = 0;
    enum hub_err err = count_of(store, "SELECT COUNT(*) FROM menu_items WHERE retired = 0", &room);
    menu->items = arena_array(&menu->arena, room, sizeof *menu->items);
    if (err || !menu->items) return err ? err : HUB_UNAVAILABLE;
    struct sql q = sql_begin(store,
        "SELECT i.id, i.category_id, i.price, i.tax_rate_id, COALESCE(t.basis_points, 0), i.course, i.prep_min, i.name,"
        " i.kitchen_name, i.station, i.available FROM menu_items i LEFT JOIN tax_rates t ON t.id = i.tax_rate_id"
        " WHERE i.retired = 0 ORDER BY i.id");
    while (i < room && sql_row(&q)) {
        struct menu_item *item = &menu->items[i++];
        *item = (struct menu_item){.id = sql_int(&q, 0),
            .category_id = sql_int(&q, 1),
            .price = sql_int(&q, 2),
            .tax_rate_id = sql_int(&q, 3),
            .tax_basis_points = sql_int(&q, 4),
            .course = sql_int(&q, 5),
            .prep_min = sql_int(&q, 6),
            .name = sql_text(&q, 7, &menu->arena),
            .kitchen_name = sql_text(&q, 8, &menu->arena),
            .available = sql_int(&q, 10) != 0};
        item->station = effective_station(menu, sql_text(&q, 9, &menu->arena), item->category_id);
    }
    menu->item_count = i;
    return sql_end(&q);
}

static enum hub_err load_item_groups(struct store *store, struct menu *menu)
{
    size_t room, used = 0, at = 0;
    enum hub_err err = count_of(store, "SELECT COUNT(*) FROM item_groups", &room);
    const struct modifier_group **all = arena_array(&menu->arena, room, sizeof *all);
    if (err || !all) return err ? err : HUB_UNAVAILABLE;
    struct sql q = sql_begin(store, "SELECT item_id, group_id FROM item_groups ORDER BY item_id, position, group_id");
    while (used < room && sql_row(&q)) {
        while (at < menu->item_count && menu->items[at].id < sql_int(&q, 0))
            at++;
        if (at == menu->item_count) break;
        if (menu->items[at].id != sql_int(&q, 0)) continue;
        for (size_t g = 0; g < menu->group_count; g++) {
            if (menu->groups[g].id != sql_int(&q, 1)) continue;
            if (!menu->items[at].groups) menu->items[at].groups = &all[used];
            menu->items[at].group_count++;
            all[used++] = &menu->groups[g];
        }
    }
    return sql_end(&q);
}

enum hub_err store_menu_load(struct store *store, struct menu **out)
{
    char version[24] = "1";
    struct menu *menu = calloc(1, sizeof *menu);
    *out = NULL;
    if (!menu) return HUB_UNAVAILABLE;
    arena_init(&menu->arena);
    enum hub_err err = store_meta_get(store, "menu_version", version, sizeof version);
    menu->version = strtoll(version, NULL, 10);
    if (err == HUB_NOT_FOUND) err = HUB_OK;
    if (!err) err = load_stations(store, menu);
    if (!err) err = load_taxes(store, menu);
    if (!err) err = load_categories(store, menu);
    if (!err) err = load_groups(store, menu);
    if (!err) err = load_items(store, menu);
    if (!err) err = load_item_groups(store, menu);
    if (!err && menu->arena.failed) err = HUB_UNAVAILABLE;
    if (err)
        menu_destroy(menu);
    else
        *out = menu;
    return err;
}

enum hub_err store_menu_bump(struct store *store)
{
    struct sql q =
        sql_begin(store, "INSERT INTO meta (key, value) VALUES ('menu_version', '2')"
                         " ON CONFLICT (key) DO UPDATE SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT)");
    return sql_run(&q);
}

enum hub_err store_station_put(struct store *store, const char *name)
{
    struct sql q = sql_begin(store,
        "INSERT INTO stations (name, position) SELECT ?1, COALESCE(MAX(position), 0) + 1 FROM stations WHERE true"
        " ON CONFLICT (name) DO NOTHING");
    sql_bind_text(&q, 1, name);
    return sql_run(&q);
}

/* Runs an upsert that ends in RETURNING id. */
static enum hub_err returning_id(struct sql *q, int64_t *id)
{
    *id = sql_row(q) ? sql_int(q, 0) : 0;
    while (sql_row(q)) {
    }
    return sql_end(q);
}

enum hub_err store_tax_rate_put(struct store *store, const char *name, int64_t basis_points, int64_t *id)
{
    struct sql q = sql_begin(store, "INSERT INTO tax_rates (name, basis_points) VALUES (?1, ?2)"
                                    " ON CONFLICT (name) DO UPDATE SET basis_points = ?2 RETURNING id");
    sql_bind_text(&q, 1, name);
    sql_bind_int(&q, 2, basis_points);
    return returning_id(&q, id);
}

enum hub_err store_category_put(struct store *store, const char *name, const char *station, int64_t *id)
{
    struct sql q = sql_begin(store, "INSERT INTO categories (name, position, station) SELECT ?1, "
                                    "COALESCE(MAX(position), 0) + 1, ?2 FROM categories WHERE true"
                                    " ON CONFLICT (name) DO UPDATE SET station = COALESCE(?2, station) RETURNING id");
    sql_bind_text(&q, 1, name);
    sql_bind_text(&q, 2, station);
    return returning_id(&q, id);
}

enum hub_err store_menu_item_put(struct store *store, const struct menu_item *item, const char *station, int64_t *id)
{
    struct sql q = sql_begin(store,
        "INSERT INTO menu_items (category_id, name, kitchen_name, price, tax_rate_id, station, course, position)"
        " SELECT ?1, ?2, ?3, ?4, ?5, ?6, MAX(?7, 1), (SELECT COALESCE(MAX(id), 0) + 1 FROM menu_items) WHERE true"
        " ON CONFLICT (category_id, name) DO UPDATE SET kitchen_name = COALESCE(?3, kitchen_name), price = ?4,"
        " tax_rate_id = COALESCE(?5, tax_rate_id), station = COALESCE(?6, station), course = CASE WHEN ?7 > 0 THEN ?7 "
        "ELSE course END, retired = 0 RETURNING id");
    sql_bind_int(&q, 1, item->category_id);
    sql_bind_text(&q, 2, item->name);
    sql_bind_text(&q, 3, item->kitchen_name);
    sql_bind_int(&q, 4, item->price);
    sql_bind_int_or_null(&q, 5, item->tax_rate_id);
    sql_bind_text(&q, 6, station);
    sql_bind_int(&q, 7, item->course);
    return returning_id(&q, id);
}

enum hub_err store_menu_retire_all(struct store *store)
{
    struct sql q = sql_begin(store, "UPDATE menu_items SET retired = 1");
    return sql_run(&q);
}

enum hub_err store_menu_item_available(struct store *store, int64_t id, bool available)
{
    struct sql q = sql_begin(store, "UPDATE menu_items SET available = ?2 WHERE id = ?1 AND retired = 0");
    sql_bind_int(&q, 1, id);
    sql_bind_int(&q, 2, available);
    enum hub_err err = sql_run(&q);
    return err ? err : sql_changes(store) ? HUB_OK : HUB_NOT_FOUND;
}

enum hub_err store_group_put(struct store *store, const char *name, int64_t min, int64_t max, int64_t *id)
{
    struct sql q = sql_begin(store, "INSERT INTO modifier_groups (name, min, max) VALUES (?1, ?2, ?3)"
                                    " ON CONFLICT (name) DO UPDATE SET min = ?2, max = ?3, retired = 0 RETURNING id");
    sql_bind_text(&q, 1, name);
    sql_bind_int(&q, 2, min);
    sql_bind_int(&q, 3, max);
    return returning_id(&q, id);
}

enum hub_err store_modifier_put(struct store *store, int64_t group_id, const char *name, int64_t price)
{
    struct sql q =
        sql_begin(store, "INSERT INTO modifiers (group_id, name, price, position)"
                         " SELECT ?1, ?2, ?3, COALESCE(MAX(position), 0) + 1 FROM modifiers WHERE group_id = ?1"
                         " ON CONFLICT (group_id, name) DO UPDATE SET price = ?3, retired = 0");
    sql_bind_int(&q, 1, group_id);
    sql_bind_text(&q, 2, name);
    sql_bind_int(&q, 3, price);
    return sql_run(&q);
}

enum hub_err store_item_group_put(struct store *store, int64_t item_id, int64_t group_id)
{
    struct sql q = sql_begin(store, "INSERT INTO item_groups (item_id, group_id, position) SELECT ?1, ?2, COUNT(*) "
                                    "FROM item_groups WHERE item_id = ?1"
                                    " ON CONFLICT (item_id, group_id) DO NOTHING");
    sql_bind_int(&q, 1, item_id);
    sql_bind_int(&q, 2, group_id);
    return sql_run(&q);
}

/* ---- replacing --------------------------------------------------------------------------------------------------- */

enum hub_err store_category_set(struct store *store, const struct category *category)
{
    /* A name that another one gives up in the same change must not be in the way. */
    struct sql q = sql_begin(store, "UPDATE categories SET name = name || ' #' || id WHERE name = ?2 AND id <> ?1");
    sql_bind_int(&q, 1, category->id);
    sql_bind_text(&q, 2, category->name);
    enum hub_err err = sql_run(&q);
    if (err) return err;
    q = sql_begin(store, "UPDATE categories SET name = ?2, position = ?3, station = ?4 WHERE id = ?1");
    sql_bind_int(&q, 1, category->id);
    sql_bind_text(&q, 2, category->name);
    sql_bind_int(&q, 3, category->position);
    sql_bind_text(&q, 4, category->station);
    err = sql_run(&q);
    return !err && sql_changes(store) == 0 ? HUB_NOT_FOUND : err;
}

enum hub_err store_menu_item_set(struct store *store, const struct menu_item *item)
{
    struct sql q = sql_begin(
        store, "UPDATE menu_items SET name = name || ' #' || id WHERE category_id = ?3 AND name = ?2 AND id <> ?1");
    sql_bind_int(&q, 1, item->id);
    sql_bind_text(&q, 2, item->name);
    sql_bind_int(&q, 3, item->category_id);
    enum hub_err err = sql_run(&q);
    if (err) return err;
    q = sql_begin(store, "UPDATE menu_items SET name = ?2, category_id = ?3, kitchen_name = ?4, price = ?5, "
                         "tax_rate_id = ?6, station = ?7,"
                         " course = ?8, available = ?9, retired = 0 WHERE id = ?1");
    sql_bind_int(&q, 1, item->id);
    sql_bind_text(&q, 2, item->name);
    sql_bind_int(&q, 3, item->category_id);
    sql_bind_text(&q, 4, item->kitchen_name);
    sql_bind_int(&q, 5, item->price);
    sql_bind_int_or_null(&q, 6, item->tax_rate_id);
    sql_bind_text(&q, 7, item->station);
    sql_bind_int(&q, 8, item->course);
    sql_bind_int(&q, 9, item->available);
    err = sql_run(&q);
    return !err && sql_changes(store) == 0 ? HUB_NOT_FOUND : err;
}

enum hub_err store_item_groups_clear(struct store *store, int64_t item_id)
{
    struct sql q = sql_begin(store, "DELETE FROM item_groups WHERE item_id = ?1");
    sql_bind_int(&q, 1, item_id);
    return sql_run(&q);
}

enum hub_err store_modifiers_retire(struct store *store, int64_t group_id)
{
    struct sql q = sql_begin(store, "UPDATE modifiers SET retired = 1 WHERE group_id = ?1");
    sql_bind_int(&q, 1, group_id);
    return sql_run(&q);
}

enum hub_err store_modifier_available(struct store *store, int64_t group_id, const char *name, bool available)
{
    struct sql q = sql_begin(store, "UPDATE modifiers SET available = ?3 WHERE group_id = ?1 AND name = ?2");
    sql_bind_int(&q, 1, group_id);
    sql_bind_text(&q, 2, name);
    sql_bind_int(&q, 3, available);
    return sql_run(&q);
}
