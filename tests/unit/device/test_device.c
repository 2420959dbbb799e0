/* SPDX-License-Identifier: MIT */
#include "world.h"

#include <stdio.h>
#include <string.h>

#include "hub/device.h"
#include "hub/port/store_devices.h"

struct report {
    int64_t id;
    enum device_state state;
    const char *detail, *fix;
    bool lit;
};

static enum hub_err report(struct tx *tx, void *data)
{
    const struct report *r = data;
    return device_report(tx, r->id, r->state, r->detail, r->fix, r->lit);
}

static enum hub_err put(struct tx *tx, void *data)
{
    struct device *device = data;
    return device_put(tx, device, &device->id);
}

static struct device bell(void)
{
    return (struct device){.kind = DEVICE_BELL,
        .name = "Bell grill",
        .station = "grill",
        .state = DEVICE_OK,
        .detail = "",
        .fix = "",
        .driver = "gpiod",
        .address = "GPIO17"};
}

static void a_device_is_told_once(void **state)
{
    struct world *w = *state;
    char text[600];
    struct device device = bell();
    uint64_t before = world_seq(w);
    world_run(w, NULL, put, &device);
    assert_int_equal(world_events(w, before, text, sizeof text), 1);
    assert_contains(text, "\"type\":\"device_update\"");
    assert_contains(text, "\"kind\":\"bell\",\"name\":\"Bell grill\",\"station\":\"grill\",\"state\":\"ok\"");
    int64_t id = device.id;
    device = bell();
    before = world_seq(w);
    world_run(w, NULL, put, &device);
    assert_int_equal(device.id, id);
    assert_int_equal(world_events(w, before, NULL, 0), 0);
}

static void another_setup_keeps_how_it_fares(void **state)
{
    struct world *w = *state;
    char text[600];
    struct device device = bell();
    world_run(w, NULL, put, &device);
    struct report failed = {device.id, DEVICE_FAILED, "The pin is in use.", "Free it.", true};
    world_run(w, NULL, report, &failed);
    struct device moved = bell();
    moved.address = "GPIO18";
    uint64_t before = world_seq(w);
    world_run(w, NULL, put, &moved);
    assert_int_equal(moved.id, device.id);
    assert_int_equal(world_events(w, before, text, sizeof text), 1);
    assert_contains(text, "\"state\":\"failed\",\"detail\":\"The pin is in use.\",\"fix\":\"Free it.\"");
    assert_contains(text, "\"lit\":true");
}

static void only_news_are_events_and_since_is_the_states(void **state)
{
    struct world *w = *state;
    char text[600];
    struct device device = bell();
    world_run(w, NULL, put, &device);
    uint64_t before = world_seq(w);
    struct report r = {device.id, DEVICE_OK, "", "", false};
    atomic_fetch_add(&w->now_ms, 1000);
    world_run(w, NULL, report, &r);
    assert_int_equal(world_events(w, before, NULL, 0), 0);
    r.lit = true;
    world_run(w, NULL, report, &r);
    assert_int_equal(world_events(w, before, text, sizeof text), 1);
    assert_contains(text, "\"since\":\"2026-11-20T10:30:00.000Z\",\"lit\":true");
    r.state = DEVICE_FAILED;
    r.detail = "It does not answer.";
    world_run(w, NULL, report, &r);
    assert_int_equal(world_events(w, before, text, sizeof text), 2);
    assert_contains(text, "\"since\":\"2026-11-20T10:30:01.000Z\"");
    atomic_fetch_add(&w->now_ms, 1000);
    r.detail = "It still does not answer.";
    world_run(w, NULL, report, &r);
    assert_int_equal(world_events(w, before, text, sizeof text), 3);
    assert_contains(text, "\"since\":\"2026-11-20T10:30:01.000Z\"");
    world_run(w, NULL, report, &r);
    assert_int_equal(world_events(w, before, NULL, 0), 3);
}

static void a_device_that_is_gone_is_no_error(void **state)
{
    struct world *w = *state;
    uint64_t before = world_seq(w);
    struct report r = {4711, DEVICE_FAILED, "It is gone.", "", false};
    world_run(w, NULL, report, &r);
    assert_int_equal(world_events(w, before, NULL, 0), 0);
}

static void lit_is_for_bells(void **state)
{
    struct world *w = *state;
    char text[600];
    struct device printer = {
        .kind = DEVICE_PRINTER, .name = "Pass", .detail = "", .fix = "", .driver = "strip", .lit = true};
    uint64_t before = world_seq(w);
    world_run(w, NULL, put, &printer);
    assert_int_equal(world_events(w, before, text, sizeof text), 1);
    assert_null(strstr(text, "lit"));
    assert_contains(text, "\"detail\":null,\"fix\":null");
}

static enum hub_err nothing(struct tx *tx, void *data)
{
    (void)tx;
    (void)data;
    return HUB_OK;
}

static void a_late_report_has_texts_of_its_own(void **state)
{
    struct world *w = *state;
    char text[600], detail[] = "The lid is open.", fix[] = "Close it.";
    struct device device = bell();
    world_run(w, NULL, put, &device);
    uint64_t before = world_seq(w);
    device_report_later(w->restaurant, device.id, DEVICE_WARNING, detail, fix, false);
    memset(detail, 'x', sizeof detail - 1);
    memset(fix, 'x', sizeof fix - 1);
    world_run(w, NULL, nothing, NULL); /* behind it in the queue */
    assert_int_equal(world_events(w, before, text, sizeof text), 1);
    assert_contains(text, "\"state\":\"warning\",\"detail\":\"The lid is open.\",\"fix\":\"Close it.\"");
}

static void is_there_after_a_restart(void **state)
{
    struct world *w = *state;
    struct device device = bell(), again;
    world_run(w, NULL, put, &device);
    struct report r = {device.id, DEVICE_WARNING, "It is hot.", "Let it cool.", true};
    world_run(w, NULL, report, &r);
    world_reopen(w);
    struct arena arena;
    arena_init(&arena);
    struct store *store = restaurant_reader(w->restaurant, NULL);
    assert_non_null(store);
    assert_int_equal(store_device_load(store, &arena, device.id, &again), HUB_OK);
    restaurant_reader_done(w->restaurant, store);
    assert_int_equal(again.state, DEVICE_WARNING);
    assert_string_equal(again.detail, "It is hot.");
    assert_string_equal(again.address, "GPIO17");
    assert_true(again.lit);
    arena_finish(&arena);
}

int main(void)
{
#define WORLD(test) cmocka_unit_test_setup_teardown(test, world_setup, world_teardown)
    const struct CMUnitTest tests[] = {WORLD(a_device_is_told_once), WORLD(another_setup_keeps_how_it_fares),
        WORLD(only_news_are_events_and_since_is_the_states), WORLD(a_device_that_is_gone_is_no_error),
        WORLD(lit_is_for_bells), WORLD(a_late_report_has_texts_of_its_own), WORLD(is_there_after_a_restart)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
