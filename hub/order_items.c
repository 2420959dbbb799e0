/* SPDX-License-Identifier: MIT */
/* From what was asked for to priced items: the only place where prices are read. */
#include <stdio.h>
#include <string.h>

#include "hub/kitchen.h"
#include "hub/order_desk_internal.h"
#include "hub/restaurant.h"

static void field_of(char *out, size_t size, size_t index, const char *name)
{
    snprintf(out, size, "items[%zu].%s", index, name);
}

static enum hub_err check_groups(
    const struct menu_item *menu_item, const struct json_ids *ids, const char *field, struct fault *fault)
{
    for (size_t g = 0; g < menu_item->group_count; g++) {
        const struct modifier_group *group = menu_item->groups[g], *of = NULL;
        int64_t chosen = 0;
        for (size_t i = 0; i < ids->count; i++)
            if (menu_item_modifier(menu_item, ids->ids[i], &of) && of == group) chosen++;
        if (chosen < group->min)
            return fault_set(fault, HUB_VALIDATION_ERROR, field, "%.60s needs %lld of \"%.60s\"; %lld chosen.",
                menu_item->name, (long long)group->min, group->name, (long long)chosen);
        if (chosen > group->max)
            return fault_set(fault, HUB_VALIDATION_ERROR, field, "%.60s takes at most %lld of \"%.60s\"; %lld chosen.",
                menu_item->name, (long long)group->max, group->name, (long long)chosen);
    }
    return HUB_OK;
}

static enum hub_err choose_modifiers(struct tx *tx, const struct menu_item *menu_item, const struct json_ids *ids,
    size_t index, struct item *item, struct fault *fault)
{
    char field[64];
    field_of(field, sizeof field, index, "modifiers");
    struct json_writer w;
    json_writer_init(&w);
    json_begin_array(&w);
    enum hub_err err = HUB_OK;
    for (size_t i = 0; i < ids->count && !err; i++) {
        const struct modifier_group *group;
        const struct modifier *m = menu_item_modifier(menu_item, ids->ids[i], &group);
        char one[80];
        snprintf(one, sizeof one, "items[%zu].modifiers[%zu]", index, i);
        for (size_t j = 0; j < i; j++)
            if (ids->ids[j] == ids->ids[i])
                err = fault_set(
                    fault, HUB_VALIDATION_ERROR, one, "The modifier %lld is there twice.", (long long)ids->ids[i]);
        if (!m)
            err = fault_set(fault, HUB_VALIDATION_ERROR, one, "%.80s has no modifier %lld.", menu_item->name,
                (long long)ids->ids[i]);
        else if (!err && !m->available)
            err = fault_set(fault, HUB_ITEM_UNAVAILABLE, one, "%.80s is not available now.", m->name);
        if (err) break;
        item->modifiers_price += m->price;
        json_begin_object(&w);
        json_put_int(&w, "id", m->id);
        json_put_string(&w, "name", m->name);
        json_put_int(&w, "price", m->price);
        json_end_object(&w);
    }
    json_end_array(&w);
    if (!err) err = check_groups(menu_item, ids, field, fault);
    if (!err && !w.failed) item->modifiers = arena_strndup(tx->arena, w.text, w.length);
    json_writer_finish(&w);
    return err ? err : item->modifiers ? HUB_OK : HUB_UNAVAILABLE;
}

static enum hub_err from_menu(
    struct tx *tx, const struct item_request *request, size_t index, struct item *item, struct fault *fault)
{
    char field[64];
    field_of(field, sizeof field, index, "menu_item_id");
    const struct menu_item *m = menu_item(tx->restaurant->kitchen->menu, request->menu_item_id);
    if (!m)
        return fault_set(fault, HUB_VALIDATION_ERROR, field, "There is no menu item %lld. Load the menu again.",
            (long long)request->menu_item_id);
    if (!m->available)
        return fault_set(fault, HUB_ITEM_UNAVAILABLE, field,
            "%.80s is not available now. Take it off the order and send again.", m->name);
    item->menu_item_id = m->id;
    /* The menu may be replaced while the order's answer is written. */
    item->name = arena_strdup(tx->arena, m->name);
    item->kitchen_name = arena_strdup(tx->arena, m->kitchen_name);
    item->station = arena_strdup(tx->arena, m->station);
    item->unit_price = m->price;
    item->tax_basis_points = m->tax_basis_points;
    item->course = request->course ? request->course : m->course;
    return choose_modifiers(tx, m, &request->modifiers, index, item, fault);
}

static enum hub_err open_item(
    struct tx *tx, const struct item_request *request, size_t index, struct item *item, struct fault *fault)
{
    const struct menu *menu = tx->restaurant->kitchen->menu;
    char field[64];
    field_of(field, sizeof field, index, request->station ? "station" : "menu_item_id");
    if (!request->open_name || request->open_price < 0 || !request->station)
        return fault_set(fault, HUB_VALIDATION_ERROR, field,
            "An item needs menu_item_id, or open_name, open_price and station together.");
    if (!menu_station(menu, request->station))
        return fault_set(fault, HUB_VALIDATION_ERROR, field, "There is no station \"%.60s\".", request->station);
    if (request->modifiers.count)
        return fault_set(
            fault, HUB_VALIDATION_ERROR, field, "An open item has no modifiers; write them into the note.");
    item->open_item = true;
    item->name = request->open_name;
    item->station = request->station;
    item->unit_price = request->open_price;
    item->tax_basis_points = menu->tax_rate_count ? menu->tax_rates[0].basis_points : 0;
    item->course = request->course ? request->course : 1;
    item->modifiers = "[]";
    return HUB_OK;
}

enum hub_err desk_price_items(
    struct tx *tx, struct order *order, const struct order_request *request, int64_t fired, struct fault *fault)
{
    size_t first = order->item_count;
    int64_t lowest = INT64_MAX;
    for (size_t i = 0; i < request->item_count; i++) {
        const struct item_request *asked = &request->items[i];
        struct item *item = order_add_item(order);
        if (!item) return HUB_UNAVAILABLE;
        item->id = tx->restaurant->kitchen->ids.next_item++;
        item->quantity = asked->quantity;
        item->note = asked->note ? asked->note : "";
        item->seat = asked->seat;
        enum hub_err err =
            asked->menu_item_id ? from_menu(tx, asked, i, item, fault) : open_item(tx, asked, i, item, fault);
        if (err) return err;
        if (item->course < lowest) lowest = item->course;
    }
    if (fired < lowest && first == 0) fired = lowest; /* the first send fires its first course */
    for (size_t i = first; i < order->item_count; i++)
        order->items[i].status = order->items[i].course > fired ? STATUS_HELD : STATUS_PENDING;
    return HUB_OK;
}
