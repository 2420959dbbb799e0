/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "drivers/store_sqlite/sql.h"
#include "hub/port/store_metrics.h"

/* Tickets that somebody is to cook. The status list is the index tickets_open's own, word for word: else it is not
 * used. */
#define TO_COOK                                                                                                        \
    "ticket_status IN ('pending', 'preparing', 'ready') AND ticket_status <> 'ready' AND kind IN ('new', 'add_on')"
#define LATE_AT "t.created_at + COALESCE(s.red_s, 900) * 1000"

enum hub_err store_newest_day(struct store *store, int64_t *day)
{
    struct sql q = sql_begin(store, "SELECT COALESCE(MAX(day), 0) FROM orders");
    *day = sql_row(&q) ? sql_int(&q, 0) : 0;
    return sql_end(&q);
}

enum hub_err store_figure_quarters(
    struct store *store, struct arena *arena, int64_t day, struct figure_quarter **quarters, size_t *count)
{
    enum { ROOM = FIGURE_HOURS * 4 };
    *count = 0;
    *quarters = arena_array(arena, ROOM, sizeof **quarters);
    if (!*quarters) return HUB_UNAVAILABLE;
    struct sql q =
        sql_begin(store, "SELECT created_at / 900000, COUNT(*), SUM(IIF(order_status <> 'cancelled', total_price, 0)),"
                         " SUM(IIF(payment_status = 'paid', total_price, 0)), SUM(COALESCE(guests, 1))"
                         " FROM orders WHERE day = ?1 GROUP BY 1 ORDER BY 1");
    sql_bind_int(&q, 1, day);
    while (sql_row(&q)) {
        /* A clock that was set back makes a long day: what is beyond the room counts in the last quarter. */
        struct figure_quarter *quarter = &(*quarters)[*count < ROOM ? (*count)++ : ROOM - 1];
        quarter->begins_ms = sql_int(&q, 0) * 900000;
        quarter->orders += sql_int(&q, 1);
        quarter->revenue += sql_int(&q, 2);
        quarter->paid += sql_int(&q, 3);
        quarter->customers += sql_int(&q, 4);
    }
    return sql_end(&q);
}

static enum hub_err kitchen_figures(struct store *store, int64_t now_ms, struct figures *f)
{
    struct sql q =
        sql_begin(store, "SELECT COUNT(*) FROM orders WHERE order_status IN ('held', 'pending', 'preparing', 'ready')");
    if (sql_row(&q)) f->open_orders = sql_int(&q, 0);
    enum hub_err err = sql_end(&q);
    if (err) return err;
    q = sql_begin(store, "SELECT COUNT(DISTINCT IIF(" LATE_AT " <= ?1, t.order_id, NULL)),"
                         " MIN(IIF(" LATE_AT " > ?1, " LATE_AT ", NULL)),"
                         " MIN(IIF(ticket_status = 'pending', t.created_at, NULL))"
                         " FROM tickets t LEFT JOIN stations s ON s.name = t.station WHERE " TO_COOK);
    sql_bind_int(&q, 1, now_ms);
    if (sql_row(&q)) {
        f->late_orders = sql_int(&q, 0);
        f->next_late_at = sql_int(&q, 1);
        f->oldest_pending_at = sql_int(&q, 2);
    }
    err = sql_end(&q);
    if (err) return err;
    q = sql_begin(store, "SELECT COUNT(*) FROM tables WHERE retired = 0 AND status IN ('occupied', 'bill')");
    if (sql_row(&q)) f->tables_occupied = sql_int(&q, 0);
    return sql_end(&q);
}

static enum hub_err prep_steps(struct store *store, int64_t day, struct figures *f)
{
    struct sql q =
        sql_begin(store, "SELECT (ready_at - created_at) / 1000 FROM orders WHERE day = ?1 AND ready_at > 0");
    sql_bind_int(&q, 1, day);
    while (sql_row(&q)) {
        int step = 0;
        while (figure_prep_steps_s[step] && sql_int(&q, 0) >= figure_prep_steps_s[step])
            step++;
        f->prep_steps[step]++;
    }
    return sql_end(&q);
}

static enum hub_err prep_figures(struct store *store, int64_t day, struct figures *f)
{
    struct sql q = sql_begin(store, "SELECT COUNT(*), CAST(AVG(ready_at - created_at) AS INTEGER) FROM orders"
                                    " WHERE day = ?1 AND ready_at > 0");
    sql_bind_int(&q, 1, day);
    if (sql_row(&q)) {
        f->prepared = sql_int(&q, 0);
        f->average_prep_ms = sql_int(&q, 1);
    }
    enum hub_err err = sql_end(&q);
    if (err || !f->prepared) return err;
    q = sql_begin(store, "SELECT ready_at - created_at FROM orders WHERE day = ?1 AND ready_at > 0"
                         " ORDER BY 1 LIMIT 1 OFFSET ?2");
    sql_bind_int(&q, 1, day);
    sql_bind_int(&q, 2, (f->prepared * 9 + 9) / 10 - 1);
    if (sql_row(&q)) f->p90_prep_ms = sql_int(&q, 0);
    err = sql_end(&q);
    return err ? err : prep_steps(store, day, f);
}

static enum hub_err item_figures(struct store *store, struct arena *arena, int64_t day, struct figures *f)
{
    struct sql q = sql_begin(store,
        "SELECT menu_item_id, i.name, SUM(quantity) FROM orders o CROSS JOIN order_items i ON i.order_id = o.id"
        " WHERE o.day = ?1 AND i.item_status <> 'voided' GROUP BY 1, 2 ORDER BY 3 DESC, 2 LIMIT 10");
    sql_bind_int(&q, 1, day);
    while (f->item_count < FIGURE_ITEMS && sql_row(&q)) {
        f->items[f->item_count].menu_item_id = sql_int(&q, 0);
        f->items[f->item_count].name = sql_text(&q, 1, arena);
        f->items[f->item_count++].quantity = sql_int(&q, 2);
    }
    return sql_end(&q);
}

enum hub_err store_figures(
    struct store *store, struct arena *arena, int64_t day, int64_t now_ms, struct figures *figures)
{
    enum hub_err err = kitchen_figures(store, now_ms, figures);
    if (!err) err = prep_figures(store, day, figures);
    if (!err) err = item_figures(store, arena, day, figures);
    return err;
}

static enum hub_err one_count(struct sql q, int64_t *count)
{
    *count = sql_row(&q) ? sql_int(&q, 0) : 0;
    return sql_end(&q);
}

/* States that are few, by an index of their own; what is left of all jobs came out as it should. */
static enum hub_err count_prints(struct store *store, struct store_counts *c)
{
    static const struct {
        const char *name;
        enum print_state state;
    } few[] = {{"failed", PRINT_FAILED}, {"rerouted", PRINT_REROUTED}, {"held", PRINT_HELD},
        {"discarded", PRINT_DISCARDED}, {"queued", PRINT_QUEUED}, {"sending", PRINT_SENDING}, {"sent", PRINT_SENT}};
    struct sql counts[] = {
        sql_begin(store, "SELECT state, COUNT(*) FROM print_jobs"
                         " WHERE state IN ('failed', 'rerouted', 'held', 'discarded') GROUP BY state"),
        sql_begin(store, "SELECT state, COUNT(*) FROM print_jobs"
                         " WHERE state IN ('queued', 'sending', 'sent') GROUP BY state")};
    int64_t all = 0;
    enum hub_err err = one_count(sql_begin(store, "SELECT COUNT(*) FROM print_jobs"), &all);
    for (size_t q = 0; q < 2; q++) {
        while (!err && sql_row(&counts[q])) {
            size_t length;
            const char *name = sql_bytes(&counts[q], 0, &length);
            for (size_t i = 0; i < sizeof few / sizeof *few; i++)
                if (strlen(few[i].name) == length && memcmp(few[i].name, name, length) == 0)
                    c->prints[few[i].state] = sql_int(&counts[q], 1);
        }
        enum hub_err end = sql_end(&counts[q]);
        err = err ? err : end;
    }
    c->prints[PRINT_CONFIRMED] = all;
    for (size_t i = 0; i < sizeof few / sizeof *few; i++)
        c->prints[PRINT_CONFIRMED] -= c->prints[few[i].state];
    return err;
}

/* Each count walks an index: the smallest one of its table, or one that has the rows of that state alone. */
enum hub_err store_counts(struct store *store, struct store_counts *c)
{
    enum hub_err err = one_count(sql_begin(store, "SELECT COUNT(*) FROM orders"), &c->orders);
    if (!err) err = one_count(sql_begin(store, "SELECT COUNT(*) FROM tickets"), &c->tickets);
    if (!err)
        err = one_count(sql_begin(store, "SELECT COUNT(*) FROM print_jobs WHERE doubtful = 1"), &c->prints_doubtful);
    if (!err) err = one_count(sql_begin(store, "SELECT COUNT(*) FROM alerts WHERE cleared_at = 0"), &c->alerts_open);
    return err ? err : count_prints(store, c);
}
