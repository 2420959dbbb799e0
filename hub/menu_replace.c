/* SPDX-License-Identifier: MIT */
#include "hub/menu_replace.h"

#include <stdio.h>
#include <string.h>

#include "hub/json.h"
#include "hub/kitchen.h"
#include "hub/port/store_menu.h"
#include "hub/restaurant.h"
#include "hub/tx.h"

enum { NAME_CHARS = 80, COURSE_MAX = 20, CATEGORIES_MAX = 500, ITEMS_MAX = 5000, GROUPS_MAX = 20, MODIFIERS_MAX = 100 };
#define ID_MAX    (INT64_C(1) << 53)
#define MONEY_MAX INT64_C(1000000000000)

struct decoder {
    struct text_port *port;
    struct arena *arena;
    struct fault *fault;
};

/* ---- reading ----------------------------------------------------------------------------------------------------- */

static enum hub_err decode_modifiers(struct decoder *d, const cJSON *list, const char *path, struct new_group *group)
{
    static const struct json_field fields[] = {
        {"id", JSON_INT, offsetof(struct new_modifier, id), 1, ID_MAX, NULL, false},
        {"name", JSON_TEXT, offsetof(struct new_modifier, name), 1, NAME_CHARS, NULL, true},
        {"price", JSON_INT, offsetof(struct new_modifier, price), -MONEY_MAX, MONEY_MAX, NULL, true},
        {"available", JSON_BOOL, offsetof(struct new_modifier, available), 0, 0, NULL, false},
    };
    const cJSON *one;
    group->modifiers = arena_array(d->arena, (size_t)cJSON_GetArraySize(list) + 1, sizeof *group->modifiers);
    if (!group->modifiers) return HUB_UNAVAILABLE;
    cJSON_ArrayForEach(one, list)
    {
        char at[160];
        struct new_modifier *m = &group->modifiers[group->count];
        snprintf(at, sizeof at, "%s.modifiers[%zu]", path, group->count++);
        m->available = true;
        enum hub_err err = json_decode(one, fields, 4, m, NULL, d->arena, d->port, at, d->fault);
        if (err) return err;
    }
    return HUB_OK;
}

static enum hub_err decode_groups(struct decoder *d, const cJSON *list, const char *path, struct new_item *item)
{
    struct shape {
        struct new_group group;
        const cJSON *modifiers;
    };
    static const struct json_field fields[] = {
        {"id", JSON_INT, offsetof(struct shape, group.id), 1, ID_MAX, NULL, false},
        {"name", JSON_TEXT, offsetof(struct shape, group.name), 1, NAME_CHARS, NULL, true},
        {"min", JSON_INT, offsetof(struct shape, group.min), 0, MODIFIERS_MAX, NULL, false},
        {"max", JSON_INT, offsetof(struct shape, group.max), 0, MODIFIERS_MAX, NULL, false},
        {"modifiers", JSON_ARRAY, offsetof(struct shape, modifiers), 0, MODIFIERS_MAX, NULL, true},
    };
    const cJSON *one;
    item->groups = arena_array(d->arena, (size_t)cJSON_GetArraySize(list) + 1, sizeof *item->groups);
    if (!item->groups) return HUB_UNAVAILABLE;
    cJSON_ArrayForEach(one, list)
    {
        char at[96];
        struct shape shape = {.group = {.max = 1}};
        snprintf(at, sizeof at, "%s.modifier_groups[%zu]", path, item->group_count);
        enum hub_err err = json_decode(one, fields, 5, &shape, NULL, d->arena, d->port, at, d->fault);
        if (!err && shape.group.min > shape.group.max)
            err = fault_set(
                d->fault, HUB_VALIDATION_ERROR, at, "A choice cannot ask for more than it allows (min is above max).");
        if (!err) err = decode_modifiers(d, shape.modifiers, at, &shape.group);
        if (err) return err;
        item->groups[item->group_count++] = shape.group;
    }
    return HUB_OK;
}

static enum hub_err decode_items(struct decoder *d, const cJSON *list, struct menu_replacement *out)
{
    struct shape {
        struct new_item item;
        const cJSON *groups;
    };
    static const struct json_field fields[] = {
        {"id", JSON_INT, offsetof(struct shape, item.item.id), 1, ID_MAX, NULL, false},
        {"category_id", JSON_INT, offsetof(struct shape, item.item.category_id), 1, ID_MAX, NULL, true},
        {"name", JSON_TEXT, offsetof(struct shape, item.item.name), 1, NAME_CHARS, NULL, true},
        {"kitchen_name", JSON_TEXT, offsetof(struct shape, item.item.kitchen_name), 0, NAME_CHARS, NULL, false},
        {"price", JSON_INT, offsetof(struct shape, item.item.price), 0, MONEY_MAX, NULL, true},
        {"tax_rate_id", JSON_INT, offsetof(struct shape, item.item.tax_rate_id), 1, ID_MAX, NULL, false},
        {"station", JSON_TEXT, offsetof(struct shape, item.item.station), 1, NAME_CHARS, NULL, false},
        {"available", JSON_BOOL, offsetof(struct shape, item.item.available), 0, 0, NULL, false},
        {"course", JSON_INT, offsetof(struct shape, item.item.course), 1, COURSE_MAX, NULL, false},
        {"modifier_groups", JSON_ARRAY, offsetof(struct shape, groups), 0, GROUPS_MAX, NULL, false},
    };
    const cJSON *one;
    cJSON_ArrayForEach(one, list)
    {
        char path[32];
        struct shape shape = {.item = {.item = {.available = true, .course = 1}}};
        snprintf(path, sizeof path, "items[%zu]", out->item_count);
        enum hub_err err = json_decode(one, fields, 10, &shape, NULL, d->arena, d->port, path, d->fault);
        shape.item.groups_given = shape.groups != NULL;
        if (!err && shape.groups) err = decode_groups(d, shape.groups, path, &shape.item);
        if (err) return err;
        out->items[out->item_count++] = shape.item;
    }
    return HUB_OK;
}

static enum hub_err decode_categories(struct decoder *d, const cJSON *list, struct menu_replacement *out)
{
    static const struct json_field fields[] = {
        {"id", JSON_INT, offsetof(struct category, id), 1, ID_MAX, NULL, false},
        {"name", JSON_TEXT, offsetof(struct category, name), 1, NAME_CHARS, NULL, true},
        {"position", JSON_INT, offsetof(struct category, position), -ID_MAX, ID_MAX, NULL, false},
        {"station", JSON_TEXT, offsetof(struct category, station), 1, NAME_CHARS, NULL, false},
    };
    const cJSON *one;
    cJSON_ArrayForEach(one, list)
    {
        char path[40];
        struct category *category = &out->categories[out->category_count];
        snprintf(path, sizeof path, "categories[%zu]", out->category_count++);
        category->position = (int64_t)out->category_count;
        enum hub_err err = json_decode(one, fields, 4, category, NULL, d->arena, d->port, path, d->fault);
        if (err) return err;
    }
    return HUB_OK;
}

enum hub_err menu_replacement_decode(
    const cJSON *body, struct text_port *port, struct arena *arena, struct menu_replacement *out, struct fault *fault)
{
    struct top {
        int64_t version;
        const cJSON *categories, *items;
    } top = {0};
    static const struct json_field fields[] = {
        {"version", JSON_INT, offsetof(struct top, version), 0, ID_MAX, NULL, false},
        {"categories", JSON_ARRAY, offsetof(struct top, categories), 0, CATEGORIES_MAX, NULL, true},
        {"items", JSON_ARRAY, offsetof(struct top, items), 0, ITEMS_MAX, NULL, true},
    };
    struct decoder d = {port, arena, fault};
    memset(out, 0, sizeof *out);
    enum hub_err err = json_decode(body, fields, 3, &top, NULL, arena, port, "", fault);
    if (err) return err;
    out->categories = arena_array(arena, (size_t)cJSON_GetArraySize(top.categories) + 1, sizeof *out->categories);
    out->items = arena_array(arena, (size_t)cJSON_GetArraySize(top.items) + 1, sizeof *out->items);
    if (!out->categories || !out->items) return HUB_UNAVAILABLE;
    err = decode_categories(&d, top.categories, out);
    return err ? err : decode_items(&d, top.items, out);
}

/* ---- storing ----------------------------------------------------------------------------------------------------- */

static enum hub_err unknown(struct fault *fault, const char *list, size_t i, const char *member, const char *what)
{
    char field[64];
    snprintf(field, sizeof field, "%s[%zu].%s", list, i, member);
    return fault_set(fault, HUB_VALIDATION_ERROR, field, "There is no such %s.", what);
}

static bool tax_known(const struct menu *menu, int64_t id)
{
    for (size_t i = 0; i < menu->tax_rate_count; i++)
        if (menu->tax_rates[i].id == id) return true;
    return id == 0;
}

static enum hub_err put_categories(struct tx *tx, const struct menu_replacement *r, struct fault *fault)
{
    const struct menu *menu = tx->restaurant->kitchen->menu;
    enum hub_err err = HUB_OK;
    for (size_t i = 0; i < r->category_count && !err; i++) {
        struct category *c = &r->categories[i];
        if (c->station && !menu_station(menu, c->station)) return unknown(fault, "categories", i, "station", "station");
        if (!c->id) err = store_category_put(tx->store, c->name, c->station, &c->id);
        if (!err) err = store_category_set(tx->store, c);
        if (err == HUB_NOT_FOUND) return unknown(fault, "categories", i, "id", "category");
    }
    return err;
}

static bool category_known(const struct menu *menu, const struct menu_replacement *r, int64_t id)
{
    for (size_t i = 0; i < r->category_count; i++)
        if (r->categories[i].id == id) return true;
    for (size_t i = 0; i < menu->category_count; i++)
        if (menu->categories[i].id == id) return true;
    return false;
}

static enum hub_err put_groups(struct tx *tx, const struct new_item *item, int64_t item_id)
{
    enum hub_err err = item->groups_given ? store_item_groups_clear(tx->store, item_id) : HUB_OK;
    for (size_t g = 0; g < item->group_count && !err; g++) {
        const struct new_group *group = &item->groups[g];
        int64_t id;
        err = store_group_put(tx->store, group->name, group->min, group->max, &id);
        if (!err) err = store_modifiers_retire(tx->store, id);
        for (size_t m = 0; m < group->count && !err; m++) {
            err = store_modifier_put(tx->store, id, group->modifiers[m].name, group->modifiers[m].price);
            if (!err)
                err = store_modifier_available(tx->store, id, group->modifiers[m].name, group->modifiers[m].available);
        }
        if (!err) err = store_item_group_put(tx->store, item_id, id);
    }
    return err;
}

static enum hub_err put_item(struct tx *tx, const struct menu_replacement *r, size_t i, struct fault *fault)
{
    const struct menu *menu = tx->restaurant->kitchen->menu;
    struct menu_item item = r->items[i].item;
    if (!category_known(menu, r, item.category_id)) return unknown(fault, "items", i, "category_id", "category");
    if (item.station && !menu_station(menu, item.station)) return unknown(fault, "items", i, "station", "station");
    if (!tax_known(menu, item.tax_rate_id)) return unknown(fault, "items", i, "tax_rate_id", "tax rate");
    enum hub_err err = item.id ? HUB_OK : store_menu_item_put(tx->store, &item, item.station, &item.id);
    if (!err) err = store_menu_item_set(tx->store, &item);
    if (err == HUB_NOT_FOUND) return unknown(fault, "items", i, "id", "item");
    return err ? err : put_groups(tx, &r->items[i], item.id);
}

static enum hub_err check_names(const struct menu_replacement *r, struct fault *fault)
{
    for (size_t i = 0; i < r->item_count; i++)
        for (size_t j = 0; j < i; j++) {
            const struct menu_item *a = &r->items[i].item, *b = &r->items[j].item;
            if (a->category_id != b->category_id || strcmp(a->name, b->name) != 0) continue;
            char field[48];
            snprintf(field, sizeof field, "items[%zu].name", i);
            return fault_set(fault, HUB_VALIDATION_ERROR, field, "Its category has this item twice.");
        }
    return HUB_OK;
}

enum hub_err menu_replace(struct tx *tx, const struct menu_replacement *r, struct fault *fault)
{
    enum hub_err err = check_names(r, fault);
    if (!err) err = put_categories(tx, r, fault);
    if (!err) err = store_menu_retire_all(tx->store);
    for (size_t i = 0; i < r->item_count && !err; i++)
        err = put_item(tx, r, i, fault);
    return err;
}
