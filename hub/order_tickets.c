/* SPDX-License-Identifier: MIT */
/* Tickets, and telling the world: what follows from a changed order, all in its transaction. */
#include <stdlib.h>
#include <string.h>

#include "hub/alert.h"
#include "hub/kitchen.h"
#include "hub/order_desk_internal.h"
#include "hub/order_json.h"
#include "hub/port/store_orders.h"
#include "hub/port/store_print.h"
#include "hub/restaurant.h"
#include "hub/table.h"

static enum hub_err ticket_lines(struct tx *tx, const struct order *order, struct ticket *ticket, const char *station,
    bool (*wants)(const struct item *item))
{
    struct json_writer w;
    json_writer_init(&w);
    json_begin_array(&w);
    for (size_t i = 0; i < order->item_count; i++) {
        struct item *item = &order->items[i];
        if (!wants(item) || strcmp(item->station, station) != 0) continue;
        json_begin_object(&w);
        json_put_int(&w, "item_id", item->id);
        json_put_int(&w, "quantity", item->quantity);
        json_put_string(&w, "change", ticket->kind == TICKET_VOID ? "remove" : "add");
        json_end_object(&w);
    }
    json_end_array(&w);
    if (!w.failed) ticket->lines = arena_strndup(tx->arena, w.text, w.length);
    json_writer_finish(&w);
    return ticket->lines ? HUB_OK : HUB_UNAVAILABLE;
}

static enum hub_err issue(struct tx *tx, struct order *order, enum ticket_kind kind, const char *station,
    bool (*wants)(const struct item *item), const struct order_news *news)
{
    struct kitchen *kitchen = tx->restaurant->kitchen;
    struct ticket *ticket = order_add_ticket(order);
    if (!ticket) return HUB_UNAVAILABLE;
    *ticket = (struct ticket){.id = kitchen->ids.next_ticket++,
        .station = station,
        .day = kitchen->day,
        .kind = kind,
        .status = STATUS_PENDING,
        .created_at = tx->now_ms,
        .prints = news->print};
    ticket->rings = news->notify && ticket_cooks(ticket);
    enum hub_err err = store_ticket_next_kot(tx->store, station, kitchen->day, &ticket->kot_number);
    if (!err) err = ticket_lines(tx, order, ticket, station, wants);
    return err;
}

/* Is this the first wanted item of its station? */
static bool first_of_station(const struct order *order, size_t at, bool (*wants)(const struct item *item))
{
    for (size_t i = 0; i < at; i++)
        if (wants(&order->items[i]) && strcmp(order->items[i].station, order->items[at].station) == 0) return false;
    return true;
}

enum hub_err desk_issue_tickets(struct tx *tx, struct order *order, enum ticket_kind kind,
    bool (*wants)(const struct item *item), const struct order_news *news)
{
    size_t before = order->ticket_count;
    for (size_t i = 0; i < order->item_count; i++) {
        if (!wants(&order->items[i]) || !first_of_station(order, i, wants)) continue;
        enum hub_err err = issue(tx, order, kind, order->items[i].station, wants, news);
        if (err) return err;
        /* The next ticket of this station must count on from this one, which is not stored yet: there is one a station.
         */
    }
    if (kind != TICKET_NEW && kind != TICKET_ADD_ON) return HUB_OK;
    for (size_t t = before; t < order->ticket_count; t++)
        for (size_t i = 0; i < order->item_count; i++)
            if (wants(&order->items[i]) && strcmp(order->items[i].station, order->tickets[t].station) == 0) {
                if (order->items[i].ticket_id == 0) order->items[i].ticket_id = order->tickets[t].id;
                order->items[i].changed = true;
            }
    return HUB_OK;
}

/* ---- events ------------------------------------------------------------------------------------------------------ */

char *desk_order_route(const struct order *order)
{
    struct route_text route;
    route_begin(&route, false);
    route_add(&route, NULL, order->was, order->status);
    for (size_t i = 0; i < order->ticket_count; i++)
        route_add(&route, order->tickets[i].station, order->tickets[i].was, order->tickets[i].status);
    return route_end(&route);
}

/* Station-bound: only that station's tickets (and the order as a whole). */
static char *station_route(const struct order *order, const char *station)
{
    struct route_text route;
    route_begin(&route, true);
    route_add(&route, NULL, order->was, order->status);
    for (size_t i = 0; i < order->ticket_count; i++)
        if (strcmp(order->tickets[i].station, station) == 0)
            route_add(&route, station, order->tickets[i].was, order->tickets[i].status);
    return route_end(&route);
}

static enum hub_err emit(struct tx *tx, const char *type, char *route, struct json_writer *w)
{
    enum hub_err err =
        !route || w->failed ? HUB_UNAVAILABLE : tx_event(tx, TOPIC_ORDERS, type, route, w->text + 1, w->length - 2);
    free(route);
    return err;
}

static void old_and_new(struct json_writer *w, enum status old, enum status now, const struct actor *actor)
{
    json_put_string(w, "old_status", status_names[old]);
    json_put_string(w, "new_status", status_names[now]);
    json_key(w, "updated_by");
    actor_write(actor, w);
    json_end_object(w);
}

static enum hub_err tell_items(struct tx *tx, const struct order *order, struct json_writer *w)
{
    enum hub_err err = HUB_OK;
    for (size_t i = 0; i < order->item_count && !err; i++) {
        const struct item *item = &order->items[i];
        if (item->was == STATUS_NONE || item->was == item->status) continue;
        json_writer_reset(w);
        json_begin_object(w);
        json_put_int(w, "order_id", order->id);
        json_key(w, "item");
        item_write(item, w);
        old_and_new(w, item->was, item->status, &tx->actor);
        err = emit(tx, "item_status_changed", station_route(order, item->station), w);
    }
    return err;
}

static enum hub_err tell_tickets(struct tx *tx, const struct order *order, struct json_writer *w)
{
    enum hub_err err = HUB_OK;
    for (size_t i = 0; i < order->ticket_count && !err; i++) {
        const struct ticket *ticket = &order->tickets[i];
        if (ticket->was == STATUS_NONE || ticket->was == ticket->status) continue;
        json_writer_reset(w);
        json_begin_object(w);
        json_put_int(w, "order_id", order->id);
        json_key(w, "ticket");
        ticket_write(ticket, w);
        old_and_new(w, ticket->was, ticket->status, &tx->actor);
        err = emit(tx, "ticket_status_changed", station_route(order, ticket->station), w);
    }
    return err;
}

static enum hub_err tell_order(
    struct tx *tx, const struct order *order, const struct order_news *news, struct json_writer *w)
{
    bool moved = order->version > 1 && order->was != order->status;
    enum hub_err err = HUB_OK;
    json_writer_reset(w);
    json_begin_object(w);
    json_key(w, "order");
    order_write(tx->restaurant, order, w);
    size_t length = w->length;
    json_end_object(w);
    if (news->created) return emit(tx, "order_created", desk_order_route(order), w);
    if (news->content) err = emit(tx, "order_updated", desk_order_route(order), w);
    if (err || !moved || w->failed) return w->failed ? HUB_UNAVAILABLE : err;
    w->length = length; /* the same order, with more members behind it */
    w->text[length] = '\0';
    w->comma = true;
    old_and_new(w, order->was, order->status, &tx->actor);
    return emit(tx, "order_status_changed", desk_order_route(order), w);
}

/* A ticket that somebody moved on has been seen: its bell is answered. */
static void acknowledge(struct ticket *ticket, int64_t now_ms)
{
    if (ticket->status == STATUS_PENDING) return;
    ticket->rings = false;
    if (!ticket->touched_at) ticket->touched_at = now_ms;
}

/* A row of the print ledger for each printer that a new ticket is due at: the printing follows from it. */
static enum hub_err queue_prints(struct tx *tx, const struct order *order)
{
    enum hub_err err = HUB_OK;
    for (size_t i = 0; i < order->ticket_count && !err; i++) {
        const struct ticket *ticket = &order->tickets[i];
        if (ticket->was == STATUS_NONE && ticket->prints) err = store_print_queue(tx->store, ticket->id, tx->now_ms);
    }
    return err;
}

enum hub_err desk_finish(struct tx *tx, struct order *order, const struct order_news *news)
{
    order_settle(order);
    order_price(order);
    order->updated_at = tx->now_ms;
    if (!order->ready_at && order->status == STATUS_READY) order->ready_at = tx->now_ms;
    for (size_t i = 0; i < order->ticket_count; i++)
        acknowledge(&order->tickets[i], tx->now_ms);
    enum hub_err err = store_order_save(tx->store, order);
    if (!err) err = queue_prints(tx, order);
    /* What could not be printed of it matters to nobody any more. */
    if (!err && order->was != order->status && (order->status == STATUS_SERVED || order->status == STATUS_CANCELLED))
        err = alert_clear(tx, "GLYPH_MISSING", 0, order->id);
    struct json_writer w;
    json_writer_init(&w);
    if (!err) err = tell_items(tx, order, &w);
    if (!err) err = tell_tickets(tx, order, &w);
    if (!err) err = tell_order(tx, order, news, &w);
    json_writer_finish(&w);
    if (!err && news->table && order->table_id) err = table_publish(tx, order->table_id);
    return err;
}
