/* SPDX-License-Identifier: MIT */
/* The print ledger on a real store: which papers a ticket is due on, and what becomes of those that are held. */
#include <string.h>

#include "hub/device.h"
#include "hub/port/store_print.h"
#include "hub/port/store_printers.h"
#include "hub/print_job.h"
#include "world.h"

/* An order of two lines at the grill, one at the bar. */
static const char house[] =
    "INSERT INTO stations (id, name, position) VALUES (91, 'grill', 1), (92, 'bar', 2);"
    "INSERT INTO orders (id, day, number, order_type, order_status, priority, source, note, currency, tax_inclusive,"
    " subtotal, tax, total_price, estimated_time, created_at, updated_at, actor_kind, version) VALUES (1, 20261120, 1,"
    " 'takeout', 'pending', 'normal', 'pos', '', 'EUR', 1, 0, 0, 0, 10, 1795170600000, 1795170600000, 'system', 1);"
    "INSERT INTO tickets (id, order_id, station, day, kot_number, kind, ticket_status, lines, created_at, rings, "
    "prints)"
    " VALUES (1, 1, 'grill', 20261120, 1, 'new', 'pending', '[{\"item_id\":1},{\"item_id\":2}]', 1795170600000, 0, 1),"
    " (2, 1, 'grill', 20261120, 2, 'void', 'pending', '[{\"item_id\":1}]', 1795170600000, 0, 1),"
    " (3, 1, 'bar', 20261120, 1, 'new', 'pending', '[{\"item_id\":3}]', 1795170600000, 0, 1);";

struct printer {
    const char *name;
    struct printer_settings settings;
    int64_t id;
};

static enum hub_err put(struct tx *tx, void *data)
{
    struct printer *p = data;
    struct device device = {.kind = DEVICE_PRINTER,
        .name = p->name,
        .detail = "",
        .fix = "",
        .driver = "cups",
        .address = "q",
        .width = 576};
    return printer_settings_put(tx, &device, &p->settings, &p->id);
}

static enum hub_err queue(struct tx *tx, void *data)
{
    enum hub_err err = HUB_OK;
    (void)data;
    for (int64_t ticket = 1; ticket <= 3 && !err; ticket++)
        err = store_print_queue(tx->store, ticket, tx->now_ms);
    return err;
}

static void each_printer_gets_what_it_is_for(void **state)
{
    struct world *w = *state;
    struct printer_station all = {"", PRINTER_KINDS_ALL}, grill[] = {{"grill", 1u << TICKET_VOID}, {"", 1u}},
                           bar = {"bar", PRINTER_KINDS_ALL};
    struct printer everything = {.name = "all", .settings = {.copies = 2, .stations = &all, .station_count = 1}};
    struct printer expo = {.name = "expo", .settings = {.copies = 1, .stations = grill, .station_count = 2}};
    struct printer lines = {
        .name = "lines", .settings = {.copies = 2, .per_item = true, .stations = &all, .station_count = 1}};
    struct printer drinks = {.name = "drinks", .settings = {.copies = 1, .stations = &bar, .station_count = 1}};
    struct printer till = {.name = "till", .settings = {.copies = 1, .bills = true}};
    struct printer *const printers[] = {&everything, &expo, &lines, &drinks, &till};
    world_sql(w, house);
    for (size_t i = 0; i < 5; i++)
        world_run(w, NULL, put, printers[i]);
    world_run(w, NULL, queue, NULL);
    static const struct {
        const char *sql;
        int64_t count;
    } wanted[] = {{"SELECT COUNT(*) FROM print_jobs j JOIN devices d ON d.id = j.device_id WHERE d.name = 'all'", 6},
        /* the grill's voids only; of all other stations what is new */
        {"SELECT COUNT(*) FROM print_jobs j JOIN devices d ON d.id = j.device_id WHERE d.name = 'expo'", 2},
        {"SELECT SUM(ticket_id) FROM print_jobs j JOIN devices d ON d.id = j.device_id WHERE d.name = 'expo'", 5},
        /* two copies of two lines, of one, of one */
        {"SELECT COUNT(*) FROM print_jobs j JOIN devices d ON d.id = j.device_id WHERE d.name = 'lines'", 8},
        {"SELECT MAX(line) FROM print_jobs", 1},
        {"SELECT SUM(ticket_id) FROM print_jobs j JOIN devices d ON d.id = j.device_id WHERE d.name = 'drinks'", 3},
        {"SELECT COUNT(*) FROM print_jobs j JOIN devices d ON d.id = j.device_id WHERE d.name = 'till'", 0},
        {"SELECT COUNT(DISTINCT uuid) - COUNT(*) FROM print_jobs", 0}};
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        if (world_sql_int(w, wanted[i].sql) != wanted[i].count) fail_msg("%s", wanted[i].sql);
}

/* ---- held -------------------------------------------------------------------------------------------------------- */

struct held {
    int64_t device_id, ticket_id;
    bool print;
    size_t count;
};

static enum hub_err hold_all(struct tx *tx, void *data)
{
    struct held *h = data;
    struct print_job *jobs;
    enum hub_err err = store_print_open(tx->store, h->device_id, tx->arena, 32, &jobs, &h->count);
    return err ? err : print_job_hold(tx, h->device_id, jobs, h->count);
}

static enum hub_err decide(struct tx *tx, void *data)
{
    struct held *h = data;
    return print_job_decide(tx, h->device_id, &h->ticket_id, h->ticket_id ? 1 : 0, h->print, &h->count);
}

static enum hub_err expire(struct tx *tx, void *data)
{
    return print_job_expire(tx, ((const struct held *)data)->device_id);
}

static int64_t open_alerts(struct world *w)
{
    return world_sql_int(w, "SELECT COUNT(*) FROM alerts WHERE code = 'TICKETS_HELD' AND cleared_at = 0");
}

static int64_t in_state(struct world *w, const char *sql)
{
    return world_sql_int(w, sql);
}

static void set_held(struct world *w, struct held *h)
{
    struct printer_station all = {"", PRINTER_KINDS_ALL};
    struct printer printer = {.name = "grill", .settings = {.copies = 1, .stations = &all, .station_count = 1}};
    world_sql(w, house);
    world_run(w, NULL, put, &printer);
    world_run(w, NULL, queue, NULL);
    h->device_id = printer.id;
    world_run(w, NULL, hold_all, h);
    assert_int_equal(h->count, 3);
}

static void people_are_asked_once_and_decide_ticket_by_ticket(void **state)
{
    struct world *w = *state;
    struct held h = {0};
    char text[2000];
    set_held(w, &h);
    assert_int_equal(open_alerts(w), 1);
    assert_int_equal(in_state(w, "SELECT COUNT(*) FROM print_jobs WHERE slip = 'summary' AND state = 'queued'"), 1);
    uint64_t seq = world_seq(w);
    h.ticket_id = 2;
    h.print = true;
    world_run(w, NULL, decide, &h);
    assert_int_equal(h.count, 1);
    assert_int_equal(in_state(w, "SELECT COUNT(*) FROM print_jobs WHERE released = 1 AND state = 'queued'"), 1);
    assert_true(world_events(w, seq, text, sizeof text) >= 2); /* its passport, and the alert's new count */
    assert_int_equal(open_alerts(w), 1);
    h.ticket_id = 0;
    h.print = false;
    world_run(w, NULL, decide, &h);
    assert_int_equal(h.count, 2);
    assert_int_equal(in_state(w, "SELECT COUNT(*) FROM print_jobs WHERE state = 'discarded'"), 2);
    assert_int_equal(open_alerts(w), 0);
    world_run(w, NULL, decide, &h);
    assert_int_equal(h.count, 0);
}

static void what_nobody_asks_for_within_a_day_is_let_go(void **state)
{
    struct world *w = *state;
    struct held h = {0};
    set_held(w, &h);
    world_run(w, NULL, expire, &h);
    assert_int_equal(in_state(w, "SELECT COUNT(*) FROM print_jobs WHERE state = 'held'"), 3);
    w->now_ms += 25LL * 60 * 60 * 1000;
    world_run(w, NULL, expire, &h);
    assert_int_equal(in_state(w, "SELECT COUNT(*) FROM print_jobs WHERE state = 'discarded'"), 3);
    assert_int_equal(open_alerts(w), 0);
}

static void somebody_else_may_change_the_file_meanwhile(void **state)
{
    struct world *w = *state;
    struct held h = {0};
    char text[4000];
    uint64_t seq = world_seq(w);
    /* As the command line does: an event of its own, with the number that the hub would have given out next. */
    world_sql(w,
        "INSERT INTO events (seq, at, type, topic, route, frame) SELECT COALESCE(MAX(seq), 0) + 1, 1795170600000,"
        " 'device_update', 'devices', '', '{\"type\":\"device_update\",\"seq\":1}' FROM events");
    set_held(w, &h);
    assert_true(world_events(w, seq, text, sizeof text) > 1);
    assert_int_equal(world_sql_int(w, "SELECT MAX(seq) - COUNT(*) FROM events"), 0);
    assert_int_equal(world_seq(w), (uint64_t)world_sql_int(w, "SELECT MAX(seq) FROM events"));
}

int main(void)
{
#define WORLD(test) cmocka_unit_test_setup_teardown(test, world_setup, world_teardown)
    const struct CMUnitTest tests[] = {WORLD(each_printer_gets_what_it_is_for),
        WORLD(people_are_asked_once_and_decide_ticket_by_ticket), WORLD(what_nobody_asks_for_within_a_day_is_let_go),
        WORLD(somebody_else_may_change_the_file_meanwhile)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
