/* SPDX-License-Identifier: MIT */
#include "world.h"

#include <stdio.h>
#include <string.h>

#include "hub/device.h"
#include "hub/watch.h"

/* Everything is too little. */
static void make_small(struct world *w)
{
    w->hub.config.disk_low_bytes = INT64_MAX;
    w->hub.config.disk_low_percent = 101;
}

static int64_t open_count(struct world *w, const char *code)
{
    char sql[160];
    snprintf(sql, sizeof sql, "SELECT COUNT(*) FROM alerts WHERE cleared_at = 0 AND code = '%s'", code);
    return world_sql_int(w, sql);
}

static int64_t box_is(struct world *w, const char *state)
{
    char sql[160];
    snprintf(sql, sizeof sql, "SELECT COUNT(*) FROM devices WHERE kind = 'box' AND state = '%s'", state);
    return world_sql_int(w, sql);
}

static void a_box_that_is_well_is_a_device_and_no_alert(void **state)
{
    struct world *w = *state;
    struct alert alert;
    w->hub.config.disk_low_bytes = 1;
    struct watch *watch = watch_create(w->restaurant);
    assert_non_null(watch);
    assert_int_equal(box_is(w, "ok"), 1);
    assert_int_equal(world_sql_int(w, "SELECT COUNT(*) FROM alerts WHERE cleared_at = 0"), 0);
    assert_false(watch_unwritten(watch, &alert));
    assert_true(alert.id > 0);
    watch_destroy(watch);
    uint64_t before = world_seq(w);
    watch = watch_create(w->restaurant); /* the next start tells nothing new */
    assert_non_null(watch);
    watch_destroy(watch);
    assert_int_equal(world_events(w, before, NULL, 0), 0);
    watch_destroy(NULL);
    watch_poke(NULL);
    assert_false(watch_unwritten(NULL, &alert));
}

static void little_room_is_told_once_and_taken_back(void **state)
{
    struct world *w = *state;
    make_small(w);
    struct watch *watch = watch_create(w->restaurant);
    assert_non_null(watch);
    assert_int_equal(open_count(w, "DISK_NEARLY_FULL"), 1);
    assert_int_equal(box_is(w, "warning"), 1);
    watch_destroy(watch);
    uint64_t before = world_seq(w);
    watch = watch_create(w->restaurant);
    assert_non_null(watch);
    watch_destroy(watch);
    assert_int_equal(world_events(w, before, NULL, 0), 0);
    w->hub.config.disk_low_bytes = 1;
    w->hub.config.disk_low_percent = 5;
    watch = watch_create(w->restaurant);
    assert_non_null(watch);
    assert_int_equal(open_count(w, "DISK_NEARLY_FULL"), 0);
    assert_int_equal(box_is(w, "ok"), 1);
    watch_destroy(watch);
}

static void the_margin_is_the_smaller_of_both(void **state)
{
    struct world *w = *state;
    make_small(w);
    w->hub.config.disk_low_bytes = 1; /* a hundredth more than all, but one byte is enough */
    struct watch *watch = watch_create(w->restaurant);
    assert_non_null(watch);
    assert_int_equal(open_count(w, "DISK_NEARLY_FULL"), 0);
    watch_destroy(watch);
}

static void an_alert_of_a_full_card_left_open_is_cleared_at_the_next_start(void **state)
{
    struct world *w = *state;
    w->hub.config.disk_low_bytes = 1;
    struct watch *watch = watch_create(w->restaurant);
    assert_non_null(watch);
    watch_destroy(watch);
    world_sql(w, "INSERT INTO alerts (code, severity, device_id, detail, fix, since)"
                 " SELECT 'DISK_FULL', 'critical', id, '', '', 1 FROM devices WHERE kind = 'box'");
    uint64_t before = world_seq(w);
    watch = watch_create(w->restaurant);
    assert_non_null(watch);
    watch_destroy(watch);
    char text[300];
    assert_int_equal(open_count(w, "DISK_FULL"), 0);
    assert_int_equal(world_events(w, before, text, sizeof text), 1);
    assert_contains(text, "alert_cleared");
}

int main(void)
{
#define WORLD(test) cmocka_unit_test_setup_teardown(test, world_setup, world_teardown)
    const struct CMUnitTest tests[] = {WORLD(a_box_that_is_well_is_a_device_and_no_alert),
        WORLD(little_room_is_told_once_and_taken_back), WORLD(the_margin_is_the_smaller_of_both),
        WORLD(an_alert_of_a_full_card_left_open_is_cleared_at_the_next_start)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
