/* SPDX-License-Identifier: MIT */
#include "hub/order_json.h"

#include <stdio.h>
#include <string.h>

#include "hub/restaurant.h"

void actor_write(const struct actor *actor, struct json_writer *w)
{
    json_begin_object(w);
    json_put_string(w, "kind", actor_kind_name(actor->kind));
    json_put_id_or_null(w, "id", actor->id);
    json_put_string(w, "name", actor->name[0] ? actor->name : NULL);
    json_end_object(w);
}

static void put_raw(struct json_writer *w, const char *key, const char *json)
{
    json_key(w, key);
    json_raw(w, json, json ? strlen(json) : 0);
}

void item_write(const struct item *item, struct json_writer *w)
{
    json_begin_object(w);
    json_put_int(w, "id", item->id);
    json_put_id_or_null(w, "menu_item_id", item->menu_item_id);
    json_put_string(w, "name", item->name);
    json_put_string(w, "kitchen_name", item->kitchen_name);
    json_put_int(w, "quantity", item->quantity);
    json_put_int(w, "unit_price", item->unit_price);
    put_raw(w, "modifiers", item->modifiers);
    json_put_string(w, "note", item->note);
    json_put_id_or_null(w, "seat", item->seat);
    json_put_int(w, "course", item->course);
    json_put_string(w, "station", item->station);
    json_put_string(w, "item_status", status_names[item->status]);
    json_put_id_or_null(w, "ticket_id", item->ticket_id);
    json_end_object(w);
}

void ticket_write(const struct ticket *ticket, struct json_writer *w)
{
    json_begin_object(w);
    json_put_int(w, "id", ticket->id);
    json_put_string(w, "station", ticket->station);
    json_put_int(w, "kot_number", ticket->kot_number);
    json_put_id_or_null(
        w, "previous_kot_number", ticket->kot_number - 1); /* without gaps, so the one before is one less */
    json_put_string(w, "kind", ticket_kind_names[ticket->kind]);
    json_put_string(w, "ticket_status", status_names[ticket->status]);
    put_raw(w, "lines", ticket->lines);
    json_put_time_or_null(w, "created_at", ticket->created_at);
    json_end_object(w);
}

static void order_head(const struct restaurant *restaurant, const struct order *o, struct json_writer *w)
{
    char number[40];
    snprintf(number, sizeof number, "ORD-%lld-%03lld", (long long)o->day, (long long)o->number);
    json_put_int(w, "id", o->id);
    json_put_string(w, "order_number", number);
    json_put_string(w, "restaurant_id", restaurant->slug);
    json_put_string(w, "order_type", order_type_names[o->type]);
    json_put_id_or_null(w, "table_id", o->table_id);
    json_put_string(w, "table_name", o->table_name);
    json_put_id_or_null(w, "guests", o->guests);
    json_put_string(w, "customer_name", o->customer_name);
    json_put_string(w, "customer_phone", o->customer_phone);
    json_put_string(w, "order_status", status_names[o->status]);
    json_put_string(w, "payment_status", payment_status_names[o->payment_status]);
    json_put_string(w, "payment_method", o->payment_method < 0 ? NULL : payment_method_names[o->payment_method]);
    json_put_string(w, "priority", priority_names[o->priority]);
    json_put_string(w, "source", source_names[o->source]);
    json_put_string(w, "note", o->note);
}

static void order_money(const struct order *o, struct json_writer *w)
{
    json_put_string(w, "currency", o->currency);
    json_put_int(w, "subtotal", o->subtotal);
    json_put_int(w, "discount", o->discount);
    json_put_int(w, "service_charge", o->service_charge);
    json_put_int(w, "tax", o->tax);
    json_put_int(w, "total_price", o->total_price);
    json_put_int(w, "estimated_time", o->estimated_time);
}

void order_write(const struct restaurant *restaurant, const struct order *o, struct json_writer *w)
{
    json_begin_object(w);
    order_head(restaurant, o, w);
    order_money(o, w);
    json_put_time_or_null(w, "created_at", o->created_at);
    json_put_time_or_null(w, "client_created_at", o->client_created_at);
    json_put_time_or_null(w, "updated_at", o->updated_at);
    json_key(w, "created_by");
    actor_write(&o->created_by, w);
    json_put_int(w, "version", o->version);
    json_key(w, "items");
    json_begin_array(w);
    for (size_t i = 0; i < o->item_count; i++)
        item_write(&o->items[i], w);
    json_end_array(w);
    json_key(w, "tickets");
    json_begin_array(w);
    for (size_t i = 0; i < o->ticket_count; i++)
        ticket_write(&o->tickets[i], w);
    json_end_array(w);
    json_end_object(w);
}
