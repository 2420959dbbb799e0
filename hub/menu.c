/* SPDX-License-Identifier: MIT */
#include "hub/menu.h"

#include <stdlib.h>
#include <string.h>

#include "hub/json.h"

void menu_destroy(struct menu *menu)
{
    if (!menu) return;
    arena_finish(&menu->arena);
    free(menu);
}

const struct menu_item *menu_item(const struct menu *menu, int64_t id)
{
    size_t low = 0, high = menu->item_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (menu->items[middle].id == id) return &menu->items[middle];
        if (menu->items[middle].id < id)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

const struct station *menu_station(const struct menu *menu, const char *name)
{
    for (size_t i = 0; i < menu->station_count; i++)
        if (strcmp(menu->stations[i].name, name) == 0) return &menu->stations[i];
    return NULL;
}

const struct modifier *menu_item_modifier(const struct menu_item *item, int64_t id, const struct modifier_group **group)
{
    for (size_t g = 0; g < item->group_count; g++) {
        *group = item->groups[g];
        for (size_t m = 0; m < (*group)->count; m++)
            if ((*group)->modifiers[m].id == id) return &(*group)->modifiers[m];
    }
    return NULL;
}

static void group_write(const struct modifier_group *group, struct json_writer *w)
{
    json_begin_object(w);
    json_put_int(w, "id", group->id);
    json_put_string(w, "name", group->name);
    json_put_int(w, "min", group->min);
    json_put_int(w, "max", group->max);
    json_key(w, "modifiers");
    json_begin_array(w);
    for (size_t m = 0; m < group->count; m++) {
        json_begin_object(w);
        json_put_int(w, "id", group->modifiers[m].id);
        json_put_string(w, "name", group->modifiers[m].name);
        json_put_int(w, "price", group->modifiers[m].price);
        json_put_bool(w, "available", group->modifiers[m].available);
        json_end_object(w);
    }
    json_end_array(w);
    json_end_object(w);
}

void menu_item_write(const struct menu_item *item, struct json_writer *w)
{
    json_begin_object(w);
    json_put_int(w, "id", item->id);
    json_put_int(w, "category_id", item->category_id);
    json_put_string(w, "name", item->name);
    json_put_string(w, "kitchen_name", item->kitchen_name);
    json_put_int(w, "price", item->price);
    json_put_id_or_null(w, "tax_rate_id", item->tax_rate_id);
    json_put_string(w, "station", item->station);
    json_put_bool(w, "available", item->available);
    json_put_int(w, "course", item->course);
    json_key(w, "modifier_groups");
    json_begin_array(w);
    for (size_t g = 0; g < item->group_count; g++)
        group_write(item->groups[g], w);
    json_end_array(w);
    json_end_object(w);
}

void menu_write(const struct menu *menu, struct json_writer *w)
{
    json_begin_object(w);
    json_put_int(w, "version", menu->version);
    json_key(w, "categories");
    json_begin_array(w);
    for (size_t i = 0; i < menu->category_count; i++) {
        json_begin_object(w);
        json_put_int(w, "id", menu->categories[i].id);
        json_put_string(w, "name", menu->categories[i].name);
        json_put_int(w, "position", menu->categories[i].position);
        json_put_string(w, "station", menu->categories[i].station);
        json_end_object(w);
    }
    json_end_array(w);
    json_key(w, "items");
    json_begin_array(w);
    for (size_t i = 0; i < menu->item_count; i++)
        menu_item_write(&menu->items[i], w);
    json_end_array(w);
    json_end_object(w);
}
