/* SPDX-License-Identifier: MIT */
#include "hub/table.h"

#include "hub/kitchen.h"
#include "hub/order_desk.h"
#include "hub/port/store_orders.h"
#include "hub/port/store_tables.h"
#include "hub/restaurant.h"

const char *const table_status_names[] = {"free", "occupied", "bill", "disabled", NULL};

void table_write(const struct table *t, int64_t now_ms, struct json_writer *w)
{
    json_begin_object(w);
    json_put_int(w, "id", t->id);
    json_put_string(w, "name", t->name);
    json_put_string(w, "area", t->area);
    json_put_int(w, "seats", t->seats);
    json_put_int(w, "x", t->x);
    json_put_int(w, "y", t->y);
    json_put_string(w, "shape", t->shape);
    json_put_string(w, "status", table_status_names[t->status]);
    json_put_id_or_null(w, "session_id", t->session_id);
    json_put_time_or_null(w, "opened_at", t->opened_at);
    json_put_time_or_null(w, "last_activity_at", t->last_activity_at);
    if (t->last_activity_at && t->session_id)
        json_put_int(w, "idle_s", now_ms > t->last_activity_at ? (now_ms - t->last_activity_at) / 1000 : 0);
    else
        json_put_null(w, "idle_s");
    json_put_id_or_null(w, "guests", t->guests);
    json_key(w, "order_ids");
    json_begin_array(w);
    for (size_t i = 0; i < t->order_count; i++)
        json_int(w, t->order_ids[i]);
    json_end_array(w);
    json_put_int(w, "total_price", t->total_price);
    json_put_int(w, "version", t->version);
    json_end_object(w);
}

enum hub_err table_publish(struct tx *tx, int64_t table_id)
{
    struct table table;
    enum hub_err err = store_table_load(tx->store, tx->arena, table_id, &table);
    if (err) return err;
    struct json_writer w;
    json_writer_init(&w);
    json_begin_object(&w);
    json_key(&w, "table");
    table_write(&table, tx->now_ms, &w);
    json_end_object(&w);
    err = w.failed ? HUB_UNAVAILABLE : tx_event(tx, TOPIC_TABLES, "table_update", NULL, w.text + 1, w.length - 2);
    json_writer_finish(&w);
    return err;
}

static enum hub_err load(struct tx *tx, int64_t id, const char *field, struct table *table, struct fault *fault)
{
    enum hub_err err = store_table_load(tx->store, tx->arena, id, table);
    if (err != HUB_NOT_FOUND) return err;
    return fault_set(fault, field ? HUB_VALIDATION_ERROR : HUB_NOT_FOUND, field, "There is no table with the id %lld.",
        (long long)id);
}

static enum hub_err seat(struct tx *tx, struct table *t, int64_t guests)
{
    t->session_id = tx->restaurant->kitchen->ids.next_session++;
    t->opened_at = tx->now_ms;
    t->guests = guests;
    t->status = TABLE_OCCUPIED;
    return store_session_add(tx->store, t->session_id, t->id, guests, tx->now_ms);
}

enum hub_err table_occupy(struct tx *tx, int64_t table_id, int64_t guests, struct table *table, struct fault *fault)
{
    enum hub_err err = load(tx, table_id, "table_id", table, fault);
    if (err) return err;
    if (table->status == TABLE_IS_DISABLED)
        return fault_set(
            fault, HUB_TABLE_DISABLED, "table_id", "Table %.80s is disabled. A manager can enable it.", table->name);
    if (table->status == TABLE_FREE) err = seat(tx, table, guests);
    if (guests) table->guests = guests;
    table->status = TABLE_OCCUPIED;
    table->last_activity_at = tx->now_ms;
    return err ? err : store_table_save(tx->store, table);
}

static enum hub_err busy(const struct table *t, struct fault *fault, const char *why)
{
    return fault_set(fault, HUB_TABLE_BUSY, NULL, "Table %.80s %s", t->name, why);
}

static void leave(struct table *t, int64_t now_ms)
{
    t->last_session_id = t->session_id;
    t->session_id = t->opened_at = t->guests = 0;
    t->last_activity_at = now_ms;
    t->status = TABLE_FREE;
}

static enum hub_err act_open(struct tx *tx, const struct table_action *a, struct table *t, struct fault *fault)
{
    if (t->status == TABLE_IS_DISABLED)
        return fault_set(fault, HUB_TABLE_DISABLED, NULL, "Table %.80s is disabled. A manager can enable it.", t->name);
    if (t->status != TABLE_FREE) return busy(t, fault, "is open already.");
    t->last_activity_at = tx->now_ms;
    return seat(tx, t, a->guests);
}

static enum hub_err act_close(struct tx *tx, const struct table_action *a, struct table *t, struct fault *fault)
{
    if (!t->session_id) return busy(t, fault, "is not open.");
    bool forced = a->force && role_in(tx->actor.role, ROLES_MANAGER);
    if (t->unsettled && a->force && !forced)
        return fault_set(fault, HUB_FORBIDDEN, "force", "Only a manager can close a table with unpaid orders.");
    if (t->unsettled && !forced)
        return busy(t, fault, "has orders that are not paid. Take the payment first, or ask a manager to force it.");
    enum hub_err err = store_session_close(tx->store, t->session_id, tx->now_ms);
    leave(t, tx->now_ms);
    return err;
}

static enum hub_err act_restore(struct tx *tx, struct table *t, struct fault *fault)
{
    if (t->session_id) return busy(t, fault, "is open: there is nothing to bring back.");
    if (!t->last_session_id) return busy(t, fault, "has no earlier guests to bring back.");
    t->session_id = t->last_session_id;
    t->last_session_id = 0;
    t->status = TABLE_OCCUPIED;
    t->last_activity_at = tx->now_ms;
    enum hub_err err = store_session_load(tx->store, t->session_id, &t->opened_at, &t->guests);
    return err ? err : store_session_close(tx->store, t->session_id, 0);
}

/* The orders of a session as they are after a move, told to everybody, and to each kitchen concerned on a ticket. */
static enum hub_err publish_moved(struct tx *tx, const struct table *from)
{
    enum hub_err err = HUB_OK;
    for (size_t i = 0; i < from->order_count && !err; i++)
        err = desk_moved(tx, from->order_ids[i], from->name);
    return err;
}

static enum hub_err act_move(struct tx *tx, const struct table_action *a, struct table *t, int64_t changed[2],
    size_t *count, struct fault *fault)
{
    struct table to;
    bool merge = a->verb == TABLE_MERGE;
    const char *field = merge ? "into_table_id" : "to_table_id";
    enum hub_err err = load(tx, a->other_id, field, &to, fault);
    if (err) return err;
    if (!t->session_id) return busy(t, fault, "is not open: there is nothing to move.");
    if (to.id == t->id) return fault_set(fault, HUB_VALIDATION_ERROR, field, "That is the same table.");
    if (to.status == TABLE_IS_DISABLED)
        return fault_set(fault, HUB_TABLE_DISABLED, field, "Table %.80s is disabled.", to.name);
    if (to.session_id && !merge) return busy(&to, fault, "is occupied. Merge the tables instead.");
    if (!to.session_id) {
        if (merge) return busy(&to, fault, "is free. Move the guests there instead.");
        err = seat(tx, &to, t->guests);
        to.opened_at = t->opened_at;
    } else {
        to.guests += t->guests;
    }
    to.last_activity_at = tx->now_ms;
    if (!err) err = store_session_move(tx->store, t->session_id, to.session_id, to.id, to.name);
    if (!err) err = store_session_close(tx->store, t->session_id, tx->now_ms);
    struct table before = *t;
    leave(t, tx->now_ms);
    t->last_session_id = 0;
    if (!err) err = store_table_save(tx->store, &to);
    if (!err) err = publish_moved(tx, &before);
    changed[(*count)++] = to.id;
    return err;
}

static enum hub_err act_enable(const struct table_action *a, struct table *t, struct fault *fault)
{
    bool disable = a->verb == TABLE_DISABLE;
    if (disable && t->session_id) return busy(t, fault, "has guests. Close or move it first.");
    t->status = disable ? TABLE_IS_DISABLED : t->status == TABLE_IS_DISABLED ? TABLE_FREE : t->status;
    return HUB_OK;
}

enum hub_err table_act(
    struct tx *tx, const struct table_action *a, int64_t changed[2], size_t *count, struct fault *fault)
{
    struct table t;
    *count = 0;
    enum hub_err err = load(tx, a->table_id, NULL, &t, fault);
    if (err) return err;
    changed[(*count)++] = t.id;
    switch (a->verb) {
    case TABLE_OPEN: err = act_open(tx, a, &t, fault); break;
    case TABLE_ASK_BILL:
        err = t.session_id ? HUB_OK : busy(&t, fault, "is not open.");
        t.status = TABLE_BILL;
        break;
    case TABLE_CLOSE: err = act_close(tx, a, &t, fault); break;
    case TABLE_RESTORE: err = act_restore(tx, &t, fault); break;
    case TABLE_MOVE:
    case TABLE_MERGE: err = act_move(tx, a, &t, changed, count, fault); break;
    case TABLE_DISABLE:
    case TABLE_ENABLE: err = act_enable(a, &t, fault); break;
    }
    if (!err) err = store_table_save(tx->store, &t);
    for (size_t i = 0; i < *count && !err; i++)
        err = table_publish(tx, changed[i]);
    return err;
}
