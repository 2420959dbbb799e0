/* SPDX-License-Identifier: MIT */
#include "hub/port/store_tables.h"

#include <string.h>

#include "drivers/store_sqlite/sql.h"
#include "hub/port/store_orders.h"

#define TABLE_COLUMNS                                                                                                  \
    "id, name, area, seats, x, y, shape, status, session_id, opened_at, last_activity_at, guests, last_session_id, "   \
    "version"

static void read_table(struct sql *q, struct table *t, struct arena *a)
{
    memset(t, 0, sizeof *t);
    t->id = sql_int(q, 0);
    t->name = sql_text(q, 1, a);
    t->area = sql_text(q, 2, a);
    t->seats = sql_int(q, 3);
    t->x = sql_int(q, 4);
    t->y = sql_int(q, 5);
    t->shape = sql_text(q, 6, a);
    const char *status = sql_text(q, 7, a);
    for (int i = 0; status && table_status_names[i]; i++)
        if (strcmp(status, table_status_names[i]) == 0) t->status = (enum table_status)i;
    t->session_id = sql_int(q, 8);
    t->opened_at = sql_int(q, 9);
    t->last_activity_at = sql_int(q, 10);
    t->guests = sql_int(q, 11);
    t->last_session_id = sql_int(q, 12);
    t->version = sql_int(q, 13);
}

static enum hub_err load_orders(struct store *store, struct arena *arena, struct table *t)
{
    if (!t->session_id) return HUB_OK;
    return store_session_orders(
        store, t->session_id, arena, &t->order_ids, &t->order_count, &t->total_price, &t->unsettled);
}

enum hub_err store_table_load(struct store *store, struct arena *arena, int64_t id, struct table *table)
{
    struct sql q = sql_begin(store, "SELECT " TABLE_COLUMNS " FROM tables WHERE id = ?1 AND retired = 0");
    sql_bind_int(&q, 1, id);
    bool found = sql_row(&q);
    if (found) read_table(&q, table, arena);
    enum hub_err err = sql_end(&q);
    if (err || !found) return err ? err : HUB_NOT_FOUND;
    return load_orders(store, arena, table);
}

enum hub_err store_tables_load(struct store *store, struct arena *arena, struct table **tables, size_t *count)
{
    enum { ROOM = 1000 };
    *count = 0;
    *tables = arena_array(arena, ROOM, sizeof **tables);
    if (!*tables) return HUB_UNAVAILABLE;
    struct sql q = sql_begin(store, "SELECT " TABLE_COLUMNS " FROM tables WHERE retired = 0 ORDER BY id LIMIT 1000");
    while (*count < ROOM && sql_row(&q))
        read_table(&q, &(*tables)[(*count)++], arena);
    enum hub_err err = sql_end(&q);
    for (size_t i = 0; i < *count && !err; i++)
        err = load_orders(store, arena, &(*tables)[i]);
    return err;
}

enum hub_err store_table_save(struct store *store, struct table *t)
{
    t->version++;
    struct sql q = sql_begin(store,
        "UPDATE tables SET status = ?2, session_id = ?3, opened_at = ?4, last_activity_at = ?5, guests = ?6,"
        " last_session_id = ?7, version = ?8 WHERE id = ?1");
    sql_bind_int(&q, 1, t->id);
    sql_bind_text(&q, 2, table_status_names[t->status]);
    sql_bind_int_or_null(&q, 3, t->session_id);
    sql_bind_int(&q, 4, t->opened_at);
    sql_bind_int(&q, 5, t->last_activity_at);
    sql_bind_int(&q, 6, t->guests);
    sql_bind_int_or_null(&q, 7, t->last_session_id);
    sql_bind_int(&q, 8, t->version);
    return sql_run(&q);
}

enum hub_err store_table_add(struct store *store, const struct table *t)
{
    struct sql q =
        sql_begin(store, "INSERT INTO tables (name, area, seats, x, y, shape) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
    sql_bind_text(&q, 1, t->name);
    sql_bind_text(&q, 2, t->area);
    sql_bind_int(&q, 3, t->seats);
    sql_bind_int(&q, 4, t->x);
    sql_bind_int(&q, 5, t->y);
    sql_bind_text(&q, 6, t->shape);
    return sql_run(&q);
}

enum hub_err store_session_add(struct store *store, int64_t id, int64_t table_id, int64_t guests, int64_t now_ms)
{
    struct sql q =
        sql_begin(store, "INSERT INTO table_sessions (id, table_id, guests, opened_at) VALUES (?1, ?2, ?3, ?4)");
    sql_bind_int(&q, 1, id);
    sql_bind_int(&q, 2, table_id);
    sql_bind_int(&q, 3, guests);
    sql_bind_int(&q, 4, now_ms);
    return sql_run(&q);
}

enum hub_err store_session_close(struct store *store, int64_t id, int64_t now_ms)
{
    struct sql q = sql_begin(store, "UPDATE table_sessions SET closed_at = ?2 WHERE id = ?1");
    sql_bind_int(&q, 1, id);
    sql_bind_int_or_null(&q, 2, now_ms);
    return sql_run(&q);
}

enum hub_err store_session_move(
    struct store *store, int64_t from_session, int64_t to_session, int64_t to_table, const char *to_name)
{
    struct sql q =
        sql_begin(store, "UPDATE orders SET session_id = ?2, table_id = ?3, table_name = ?4, version = version + 1"
                         " WHERE session_id = ?1 AND order_status <> 'cancelled'");
    sql_bind_int(&q, 1, from_session);
    sql_bind_int(&q, 2, to_session);
    sql_bind_int(&q, 3, to_table);
    sql_bind_text(&q, 4, to_name);
    return sql_run(&q);
}

enum hub_err store_session_load(struct store *store, int64_t id, int64_t *opened_at, int64_t *guests)
{
    struct sql q = sql_begin(store, "SELECT opened_at, guests FROM table_sessions WHERE id = ?1");
    sql_bind_int(&q, 1, id);
    bool found = sql_row(&q);
    if (found) {
        *opened_at = sql_int(&q, 0);
        *guests = sql_int(&q, 1);
    }
    enum hub_err err = sql_end(&q);
    return err ? err : found ? HUB_OK : HUB_NOT_FOUND;
}
