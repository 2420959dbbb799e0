/* SPDX-License-Identifier: MIT */
#include "hub/port/store_orders.h"

#include <string.h>

#include "drivers/store_sqlite/sql.h"

static enum hub_err one_int(struct sql *q, int64_t *value)
{
    *value = sql_row(q) ? sql_int(q, 0) : 0;
    return sql_end(q);
}

enum hub_err store_ids(struct store *store, struct id_source *ids)
{
    struct sql q = sql_begin(store,
        "SELECT COALESCE((SELECT MAX(id) FROM orders), 0) + 1, COALESCE((SELECT MAX(id) FROM order_items), 0) + 1,"
        " COALESCE((SELECT MAX(id) FROM tickets), 0) + 1, COALESCE((SELECT MAX(id) FROM table_sessions), 0) + 1");
    if (sql_row(&q)) *ids = (struct id_source){sql_int(&q, 0), sql_int(&q, 1), sql_int(&q, 2), sql_int(&q, 3)};
    return sql_end(&q);
}

enum hub_err store_last_day(struct store *store, int64_t *day, int64_t *last_ms)
{
    struct sql q = sql_begin(store, "SELECT COALESCE((SELECT MAX(day) FROM orders), 0),"
                                    " COALESCE((SELECT at FROM events ORDER BY seq DESC LIMIT 1), 0)");
    if (sql_row(&q)) {
        *day = sql_int(&q, 0);
        *last_ms = sql_int(&q, 1);
    }
    return sql_end(&q);
}

enum hub_err store_order_next_number(struct store *store, int64_t day, int64_t *number)
{
    struct sql q = sql_begin(store, "SELECT COALESCE(MAX(number), 0) + 1 FROM orders WHERE day = ?1");
    sql_bind_int(&q, 1, day);
    return one_int(&q, number);
}

enum hub_err store_ticket_next_kot(struct store *store, const char *station, int64_t day, int64_t *kot)
{
    struct sql q =
        sql_begin(store, "SELECT COALESCE(MAX(kot_number), 0) + 1 FROM tickets WHERE station = ?1 AND day = ?2");
    sql_bind_text(&q, 1, station);
    sql_bind_int(&q, 2, day);
    return one_int(&q, kot);
}

enum hub_err store_station_queue(struct store *store, const char *station, int64_t *count)
{
    struct sql q = sql_begin(store, "SELECT COUNT(*) FROM (SELECT 1 FROM tickets WHERE station = ?1"
                                    " AND ticket_status IN ('pending', 'preparing', 'ready') LIMIT 40)");
    sql_bind_text(&q, 1, station);
    return one_int(&q, count);
}

static void read_order(struct sql *q, struct order *o, struct arena *a)
{
    o->id = sql_int(q, 0);
    o->day = sql_int(q, 1);
    o->number = sql_int(q, 2);
    o->type = (enum order_type)sql_name_index(order_type_names, sql_text(q, 3, a), -1);
    o->table_id = sql_int(q, 4);
    o->table_name = sql_text(q, 5, a);
    o->session_id = sql_int(q, 6);
    o->guests = sql_int(q, 7);
    o->customer_name = sql_text(q, 8, a);
    o->customer_phone = sql_text(q, 9, a);
    o->status = o->was = status_from_name(sql_text(q, 10, a));
    o->payment_status = sql_name_index(payment_status_names, sql_text(q, 11, a), -1);
    o->payment_method = sql_name_index(payment_method_names, sql_text(q, 12, a), -1);
    o->priority = (enum priority)sql_name_index(priority_names, sql_text(q, 13, a), -1);
    o->source = (enum source)sql_name_index(source_names, sql_text(q, 14, a), -1);
    o->note = sql_text(q, 15, a);
    o->currency = sql_text(q, 16, a);
    o->tax_inclusive = sql_int(q, 17) != 0;
    o->subtotal = sql_int(q, 18);
    o->discount = sql_int(q, 19);
    o->service_charge = sql_int(q, 20);
    o->tax = sql_int(q, 21);
    o->total_price = sql_int(q, 22);
    o->estimated_time = sql_int(q, 23);
    o->created_at = sql_int(q, 24);
    o->client_created_at = sql_int(q, 25);
    o->updated_at = sql_int(q, 26);
    o->ready_at = sql_int(q, 27);
    o->created_by.kind = actor_kind_from_name(sql_text(q, 28, a));
    o->created_by.id = sql_int(q, 29);
    const char *name = sql_text(q, 30, a);
    if (name) strncpy(o->created_by.name, name, sizeof o->created_by.name - 1);
    o->version = sql_int(q, 31);
}

static enum hub_err load_items(struct store *store, struct order *o)
{
    struct sql q = sql_begin(store,
        "SELECT id, menu_item_id, name, kitchen_name, quantity, unit_price, modifiers, modifiers_price, note, seat, "
        "course,"
        " station, item_status, ticket_id, tax_basis_points, open_item, reason, split_of FROM order_items"
        " WHERE order_id = ?1 ORDER BY id");
    sql_bind_int(&q, 1, o->id);
    struct arena *a = o->arena;
    while (sql_row(&q)) {
        struct item *i = order_add_item(o);
        if (!i) break;
        *i = (struct item){.id = sql_int(&q, 0),
            .menu_item_id = sql_int(&q, 1),
            .name = sql_text(&q, 2, a),
            .kitchen_name = sql_text(&q, 3, a),
            .quantity = sql_int(&q, 4),
            .unit_price = sql_int(&q, 5),
            .modifiers = sql_text(&q, 6, a),
            .modifiers_price = sql_int(&q, 7),
            .note = sql_text(&q, 8, a),
            .seat = sql_int(&q, 9),
            .course = sql_int(&q, 10),
            .station = sql_text(&q, 11, a),
            .ticket_id = sql_int(&q, 13),
            .tax_basis_points = sql_int(&q, 14),
            .open_item = sql_int(&q, 15) != 0,
            .reason = sql_text(&q, 16, a),
            .split_of = sql_int(&q, 17)};
        i->status = i->was = status_from_name(sql_text(&q, 12, a));
    }
    return sql_end(&q);
}

static enum hub_err load_tickets(struct store *store, struct order *o)
{
    struct sql q = sql_begin(store,
        "SELECT id, station, day, kot_number, kind, ticket_status, lines, created_at, rings, prints, touched_at,"
        " moved_from FROM tickets WHERE order_id = ?1 ORDER BY id");
    sql_bind_int(&q, 1, o->id);
    struct arena *a = o->arena;
    while (sql_row(&q)) {
        struct ticket *t = order_add_ticket(o);
        if (!t) break;
        *t = (struct ticket){.id = sql_int(&q, 0),
            .station = sql_text(&q, 1, a),
            .day = sql_int(&q, 2),
            .kot_number = sql_int(&q, 3),
            .lines = sql_text(&q, 6, a),
            .created_at = sql_int(&q, 7),
            .rings = sql_int(&q, 8) != 0,
            .prints = sql_int(&q, 9) != 0,
            .touched_at = sql_int(&q, 10),
            .was_touched_at = sql_int(&q, 10),
            .moved_from = sql_text(&q, 11, a)};
        t->kind = (enum ticket_kind)sql_name_index(ticket_kind_names, sql_text(&q, 4, a), -1);
        t->status = t->was = status_from_name(sql_text(&q, 5, a));
    }
    return sql_end(&q);
}

enum hub_err store_order_load(struct store *store, struct arena *arena, int64_t id, struct order *order)
{
    memset(order, 0, sizeof *order);
    order->arena = arena;
    struct sql q = sql_begin(store,
        "SELECT id, day, number, order_type, table_id, table_name, session_id, guests, customer_name, customer_phone,"
        " order_status, payment_status, payment_method, priority, source, note, currency, tax_inclusive, subtotal,"
        " discount, service_charge, tax, total_price, estimated_time, created_at, client_created_at, updated_at,"
        " ready_at, actor_kind, actor_id, actor_name, version FROM orders WHERE id = ?1");
    sql_bind_int(&q, 1, id);
    bool found = sql_row(&q);
    if (found) read_order(&q, order, arena);
    enum hub_err err = sql_end(&q);
    if (err || !found) return err ? err : HUB_NOT_FOUND;
    err = load_items(store, order);
    if (!err) err = load_tickets(store, order);
    return !err && arena->failed ? HUB_UNAVAILABLE : err;
}

/* 0 means not found in what these ask. */
static enum hub_err found_id(struct sql *q, int64_t *id)
{
    enum hub_err err = one_int(q, id);
    return err ? err : *id ? HUB_OK : HUB_NOT_FOUND;
}

enum hub_err store_order_of_ticket(struct store *store, int64_t ticket_id, int64_t *order_id)
{
    struct sql q = sql_begin(store, "SELECT order_id FROM tickets WHERE id = ?1");
    sql_bind_int(&q, 1, ticket_id);
    return found_id(&q, order_id);
}

enum hub_err store_order_of_item(struct store *store, int64_t item_id, int64_t *order_id)
{
    struct sql q = sql_begin(store, "SELECT order_id FROM order_items WHERE id = ?1");
    sql_bind_int(&q, 1, item_id);
    return found_id(&q, order_id);
}

static enum hub_err insert_order(struct store *store, const struct order *o)
{
    struct sql q = sql_begin(store,
        "INSERT INTO orders (id, day, number, order_type, table_id, table_name, session_id, guests, customer_name,"
        " customer_phone, order_status, payment_method, priority, source, note, currency, tax_inclusive, subtotal, tax,"
        " total_price, estimated_time, created_at, client_created_at, updated_at, actor_kind, actor_id, actor_name, "
        "version)"
        " VALUES "
        "(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18,?19,?20,?21,?22,?23,?24,?25,?26,?27,1)");
    sql_bind_int(&q, 1, o->id);
    sql_bind_int(&q, 2, o->day);
    sql_bind_int(&q, 3, o->number);
    sql_bind_text(&q, 4, order_type_names[o->type]);
    sql_bind_int_or_null(&q, 5, o->table_id);
    sql_bind_text(&q, 6, o->table_name);
    sql_bind_int_or_null(&q, 7, o->session_id);
    sql_bind_int_or_null(&q, 8, o->guests);
    sql_bind_text(&q, 9, o->customer_name);
    sql_bind_text(&q, 10, o->customer_phone);
    sql_bind_text(&q, 11, status_names[o->status]);
    sql_bind_text(&q, 12, o->payment_method < 0 ? NULL : payment_method_names[o->payment_method]);
    sql_bind_text(&q, 13, priority_names[o->priority]);
    sql_bind_text(&q, 14, source_names[o->source]);
    sql_bind_text(&q, 15, o->note);
    sql_bind_text(&q, 16, o->currency);
    sql_bind_int(&q, 17, o->tax_inclusive);
    sql_bind_int(&q, 18, o->subtotal);
    sql_bind_int(&q, 19, o->tax);
    sql_bind_int(&q, 20, o->total_price);
    sql_bind_int(&q, 21, o->estimated_time);
    sql_bind_int(&q, 22, o->created_at);
    sql_bind_int(&q, 23, o->client_created_at);
    sql_bind_int(&q, 24, o->updated_at);
    sql_bind_text(&q, 25, actor_kind_name(o->created_by.kind));
    sql_bind_int_or_null(&q, 26, o->created_by.id);
    sql_bind_text(&q, 27, o->created_by.name);
    return sql_run(&q);
}

static enum hub_err update_order(struct store *store, const struct order *o)
{
    struct sql q =
        sql_begin(store, "UPDATE orders SET table_id = ?2, table_name = ?3, session_id = ?4, guests = ?5, "
                         "customer_name = ?6, customer_phone = ?7,"
                         " order_status = ?8, payment_method = ?9, priority = ?10, note = ?11, subtotal = ?12, tax = "
                         "?13, total_price = ?14,"
                         " estimated_time = ?15, updated_at = ?16, ready_at = ?17, version = ?18 WHERE id = ?1");
    sql_bind_int(&q, 1, o->id);
    sql_bind_int_or_null(&q, 2, o->table_id);
    sql_bind_text(&q, 3, o->table_name);
    sql_bind_int_or_null(&q, 4, o->session_id);
    sql_bind_int_or_null(&q, 5, o->guests);
    sql_bind_text(&q, 6, o->customer_name);
    sql_bind_text(&q, 7, o->customer_phone);
    sql_bind_text(&q, 8, status_names[o->status]);
    sql_bind_text(&q, 9, o->payment_method < 0 ? NULL : payment_method_names[o->payment_method]);
    sql_bind_text(&q, 10, priority_names[o->priority]);
    sql_bind_text(&q, 11, o->note);
    sql_bind_int(&q, 12, o->subtotal);
    sql_bind_int(&q, 13, o->tax);
    sql_bind_int(&q, 14, o->total_price);
    sql_bind_int(&q, 15, o->estimated_time);
    sql_bind_int(&q, 16, o->updated_at);
    sql_bind_int(&q, 17, o->ready_at);
    sql_bind_int(&q, 18, o->version);
    return sql_run(&q);
}

static enum hub_err insert_item(struct store *store, const struct order *o, const struct item *i)
{
    struct sql q = sql_begin(store,
        "INSERT INTO order_items (id, order_id, menu_item_id, name, kitchen_name, quantity, unit_price, modifiers,"
        " modifiers_price, note, seat, course, station, item_status, ticket_id, tax_basis_points, open_item, reason, "
        "split_of)"
        " VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18,?19)");
    sql_bind_int(&q, 1, i->id);
    sql_bind_int(&q, 2, o->id);
    sql_bind_int_or_null(&q, 3, i->menu_item_id);
    sql_bind_text(&q, 4, i->name);
    sql_bind_text(&q, 5, i->kitchen_name);
    sql_bind_int(&q, 6, i->quantity);
    sql_bind_int(&q, 7, i->unit_price);
    sql_bind_text(&q, 8, i->modifiers);
    sql_bind_int(&q, 9, i->modifiers_price);
    sql_bind_text(&q, 10, i->note);
    sql_bind_int_or_null(&q, 11, i->seat);
    sql_bind_int(&q, 12, i->course);
    sql_bind_text(&q, 13, i->station);
    sql_bind_text(&q, 14, status_names[i->status]);
    sql_bind_int_or_null(&q, 15, i->ticket_id);
    sql_bind_int(&q, 16, i->tax_basis_points);
    sql_bind_int(&q, 17, i->open_item);
    sql_bind_text(&q, 18, i->reason);
    sql_bind_int_or_null(&q, 19, i->split_of);
    return sql_run(&q);
}

static enum hub_err update_item(struct store *store, const struct item *i)
{
    struct sql q = sql_begin(
        store, "UPDATE order_items SET quantity = ?2, item_status = ?3, ticket_id = ?4, reason = ?5 WHERE id = ?1");
    sql_bind_int(&q, 1, i->id);
    sql_bind_int(&q, 2, i->quantity);
    sql_bind_text(&q, 3, status_names[i->status]);
    sql_bind_int_or_null(&q, 4, i->ticket_id);
    sql_bind_text(&q, 5, i->reason);
    return sql_run(&q);
}

static enum hub_err insert_ticket(struct store *store, const struct order *o, const struct ticket *t)
{
    struct sql q = sql_begin(store, "INSERT INTO tickets (id, order_id, station, day, kot_number, kind, ticket_status, "
                                    "lines, created_at, rings, prints, moved_from)"
                                    " VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12)");
    sql_bind_int(&q, 1, t->id);
    sql_bind_int(&q, 2, o->id);
    sql_bind_text(&q, 3, t->station);
    sql_bind_int(&q, 4, t->day);
    sql_bind_int(&q, 5, t->kot_number);
    sql_bind_text(&q, 6, ticket_kind_names[t->kind]);
    sql_bind_text(&q, 7, status_names[t->status]);
    sql_bind_text(&q, 8, t->lines);
    sql_bind_int(&q, 9, t->created_at);
    sql_bind_int(&q, 10, t->rings);
    sql_bind_int(&q, 11, t->prints);
    sql_bind_text(&q, 12, t->moved_from);
    return sql_run(&q);
}

static enum hub_err update_ticket(struct store *store, const struct ticket *t)
{
    struct sql q = sql_begin(store, "UPDATE tickets SET ticket_status = ?2, rings = ?3, touched_at = ?4 WHERE id = ?1");
    sql_bind_int(&q, 1, t->id);
    sql_bind_text(&q, 2, status_names[t->status]);
    sql_bind_int(&q, 3, t->rings);
    sql_bind_int(&q, 4, t->touched_at);
    return sql_run(&q);
}

enum hub_err store_order_save(struct store *store, struct order *o)
{
    o->version++;
    enum hub_err err = o->version == 1 ? insert_order(store, o) : update_order(store, o);
    for (size_t i = 0; i < o->ticket_count && !err; i++) {
        struct ticket *t = &o->tickets[i];
        if (t->was == STATUS_NONE)
            err = insert_ticket(store, o, t);
        else if (t->was != t->status || t->was_touched_at != t->touched_at)
            err = update_ticket(store, t);
    }
    for (size_t i = 0; i < o->item_count && !err; i++) {
        struct item *item = &o->items[i];
        if (item->was == STATUS_NONE)
            err = insert_item(store, o, item);
        else if (item->changed || item->was != item->status)
            err = update_item(store, item);
    }
    return err;
}

/* A set of statuses as the text ",pending,ready,", which the query searches with instr(). */
static const char *status_list(unsigned statuses, struct arena *arena)
{
    const char *list = ",";
    for (int s = STATUS_HELD; s < STATUS_COUNT && list; s++)
        if (statuses & (1u << s)) list = arena_printf(arena, "%s%s,", list, status_names[s]);
    return statuses ? list : NULL;
}

static enum hub_err collect_ids(struct sql *q, struct arena *arena, size_t room, int64_t **ids, size_t *count)
{
    *count = 0;
    *ids = arena_array(arena, room, sizeof **ids);
    while (*ids && *count < room && sql_row(q))
        (*ids)[(*count)++] = sql_int(q, 0);
    enum hub_err err = sql_end(q);
    return !err && !*ids ? HUB_UNAVAILABLE : err;
}

enum hub_err store_order_ids(
    struct store *store, const struct order_query *query, struct arena *arena, int64_t **ids, size_t *count)
{
    /* The partial index of open orders answers the hot question; the rest walks back from the newest. */
    struct sql q =
        query->active && !query->station
            ? sql_begin(store,
                  "SELECT id FROM orders WHERE order_status IN ('held', 'pending', 'preparing', 'ready') AND id < ?1"
                  " UNION SELECT o.id FROM tables t JOIN orders o ON o.session_id = t.session_id WHERE o.order_status "
                  "= 'served'"
                  " AND o.payment_status IN ('pending', 'partial') AND o.id < ?1 ORDER BY id DESC LIMIT ?2")
            : sql_begin(store,
                  "SELECT o.id FROM orders o WHERE o.id < ?1 AND (?3 IS NULL OR (?4 IS NOT NULL OR instr(?3, ',' || "
                  "o.order_status || ',')))"
                  " AND (?4 IS NULL OR EXISTS (SELECT 1 FROM tickets t WHERE t.order_id = o.id AND t.station = ?4"
                  " AND (?3 IS NULL OR instr(?3, ',' || t.ticket_status || ','))))"
                  " AND (?5 IS NULL OR o.table_id = ?5) AND (?6 IS NULL OR o.session_id = ?6) AND (?7 IS NULL OR o.day "
                  "= ?7)"
                  " AND (?8 IS NULL OR instr(lower(printf('ord-%d-%03d', o.day, o.number) || ' ' || "
                  "COALESCE(o.table_name, '') || ' ' ||"
                  " COALESCE(o.customer_name, '')), lower(?8)))"
                  " AND (NOT ?9 OR o.order_status IN ('held', 'pending', 'preparing', 'ready')) ORDER BY o.id DESC "
                  "LIMIT ?2");
    sql_bind_int(&q, 1, query->before_id ? query->before_id : INT64_MAX);
    sql_bind_int(&q, 2, query->limit);
    if (!query->active || query->station) {
        sql_bind_text(&q, 3, status_list(query->statuses, arena));
        sql_bind_text(&q, 4, query->station);
        sql_bind_int_or_null(&q, 5, query->table_id);
        sql_bind_int_or_null(&q, 6, query->session_id);
        sql_bind_int_or_null(&q, 7, query->day);
        sql_bind_text(&q, 8, query->text);
        sql_bind_int(&q, 9, query->active);
    }
    return collect_ids(&q, arena, (size_t)query->limit, ids, count);
}

enum hub_err store_session_orders(struct store *store, int64_t session_id, struct arena *arena, int64_t **ids,
    size_t *count, int64_t *total, bool *unsettled)
{
    size_t room = 16;
    *count = 0;
    *total = 0;
    *unsettled = false;
    *ids = arena_array(arena, room, sizeof **ids);
    struct sql q = sql_begin(store, "SELECT id, total_price, order_status, payment_status FROM orders WHERE session_id "
                                    "= ?1 AND order_status <> 'cancelled' ORDER BY id");
    sql_bind_int(&q, 1, session_id);
    while (*ids && sql_row(&q)) {
        if (*count == room) {
            int64_t *larger = arena_array(arena, room * 2, sizeof **ids);
            if (larger) memcpy(larger, *ids, room * sizeof **ids);
            room *= 2;
            *ids = larger;
            if (!larger) break;
        }
        (*ids)[(*count)++] = sql_int(&q, 0);
        *total += sql_int(&q, 1);
        const char *paid = sql_text(&q, 3, arena);
        if (!paid || strcmp(paid, "pending") == 0 || strcmp(paid, "partial") == 0) *unsettled = true;
    }
    enum hub_err err = sql_end(&q);
    return err || *ids ? err : HUB_UNAVAILABLE;
}

enum hub_err store_ticket_touch(struct store *store, int64_t ticket_id, int64_t now_ms)
{
    struct sql q = sql_begin(store, "UPDATE tickets SET touched_at = ?2, rings = 0 WHERE id = ?1 AND touched_at = 0");
    sql_bind_int(&q, 1, ticket_id);
    sql_bind_int(&q, 2, now_ms);
    return sql_run(&q);
}
