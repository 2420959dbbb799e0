/* SPDX-License-Identifier: MIT */
/* sync_state: what a client starts from. */
#include <stdlib.h>
#include <string.h>

#include "hub/device_list.h"
#include "hub/hub.h"
#include "hub/live_hub.h"
#include "hub/metrics.h"
#include "hub/order_json.h"
#include "hub/port/clock.h"
#include "hub/port/store_events.h"
#include "hub/port/store_orders.h"
#include "hub/port/store_tables.h"
#include "hub/restaurant.h"

enum { ACTIVE_MAX = 2000, RECENT = 10 };

/* Would an order event of this order pass the filter now? */
static bool within(const struct event_filter *filter, const struct order *order)
{
    if (!filter->station_count) return !filter->statuses || event_filter_status(filter, order->status);
    for (size_t i = 0; i < order->ticket_count; i++)
        if (event_filter_station(filter, order->tickets[i].station) &&
            (!filter->statuses || event_filter_status(filter, order->tickets[i].status)))
            return true;
    return false;
}

static enum hub_err write_orders(struct live_conn *conn, struct store *store, const struct order_query *query,
    struct arena *arena, struct json_writer *w)
{
    int64_t *ids;
    size_t count;
    enum hub_err err = store_order_ids(store, query, arena, &ids, &count);
    json_begin_array(w);
    /* The active ones oldest first, as the kitchen cooks them; the recent ones newest first. */
    for (size_t i = 0; i < count && !err; i++) {
        struct order order;
        err = store_order_load(store, arena, ids[query->active ? count - 1 - i : i], &order);
        if (!err && within(&conn->sub.filter, &order)) order_write(conn->restaurant, &order, w);
    }
    json_end_array(w);
    return err;
}

static enum hub_err write_tables(
    struct live_conn *conn, struct store *store, struct arena *arena, struct json_writer *w)
{
    struct table *tables = NULL;
    size_t count = 0;
    enum hub_err err = HUB_OK;
    if (conn->sub.filter.topics & TOPIC_BIT(TOPIC_TABLES)) err = store_tables_load(store, arena, &tables, &count);
    json_begin_array(w);
    for (size_t i = 0; i < count && !err; i++)
        table_write(&tables[i], clock_wall_ms(conn->restaurant->hub->clock), w);
    json_end_array(w);
    return err;
}

static enum hub_err write_state(struct live_conn *conn, struct store *store, struct arena *arena, struct json_writer *w)
{
    bool orders = conn->sub.filter.topics & TOPIC_BIT(TOPIC_ORDERS);
    struct order_query active = {.active = true, .limit = orders ? ACTIVE_MAX : 0},
                       recent = {.limit = orders ? RECENT : 0};
    json_key(w, "active_orders");
    enum hub_err err = write_orders(conn, store, &active, arena, w);
    json_key(w, "recent_orders");
    if (!err) err = write_orders(conn, store, &recent, arena, w);
    json_key(w, "tables");
    if (!err) err = write_tables(conn, store, arena, w);
    bool devices = conn->sub.filter.topics & TOPIC_BIT(TOPIC_DEVICES);
    json_key(w, "devices");
    if (!err && devices)
        err = device_list_write(conn->restaurant, store, arena, w);
    else
        json_raw(w, "[]", 2);
    json_key(w, "alerts");
    if (!err && devices)
        err = alert_list_write(conn->restaurant, store, arena, w);
    else
        json_raw(w, "[]", 2);
    char version[24] = "1";
    if (!err) err = store_meta_get(store, "menu_version", version, sizeof version);
    if (err == HUB_NOT_FOUND) err = HUB_OK;
    if (conn->sub.filter.topics & TOPIC_BIT(TOPIC_MENU))
        json_put_int(w, "menu_version", strtoll(version, NULL, 10));
    else
        json_put_null(w, "menu_version");
    return err;
}

/* Null for those who may not see them. On the writer's thread (a `requested` one) nobody may wait long for them. */
static enum hub_err write_metrics(struct live_conn *conn, struct store *store, uint64_t seq, struct json_writer *w)
{
    uint64_t mark = 0;
    enum hub_err err = HUB_OK;
    json_key(w, "metrics");
    if (conn->sub.filter.topics & TOPIC_BIT(TOPIC_METRICS))
        err = metrics_write(conn->restaurant->metrics, store, seq, store == conn->restaurant->store, w, &mark);
    else
        json_null(w);
    atomic_store(&conn->figures_mark, mark);
    return err;
}

enum hub_err live_snapshot(struct live_conn *conn, struct store *store, const char *reason, const char *request_id,
    uint64_t *seq, struct json_writer *w)
{
    struct arena arena;
    arena_init(&arena);
    enum hub_err err = store_event_last(store, seq);
    json_begin_object(w);
    json_put_string(w, "type", "sync_state");
    if (request_id) json_put_string(w, "request_id", request_id);
    json_put_int(w, "seq", (int64_t)*seq);
    json_put_string(w, "reason", reason);
    if (!err) err = write_state(conn, store, &arena, w);
    if (!err) err = write_metrics(conn, store, *seq, w);
    json_end_object(w);
    arena_finish(&arena);
    if (err || w->failed) return err ? err : HUB_UNAVAILABLE;
    if (conn->sub.view == VIEW_FULL) return HUB_OK;
    size_t length;
    char *redacted = view_redact(w->text, w->length, conn->sub.view, &length);
    if (!redacted) return HUB_UNAVAILABLE;
    json_writer_finish(w);
    *w = (struct json_writer){.text = redacted, .length = length, .capacity = length + 1};
    return HUB_OK;
}
