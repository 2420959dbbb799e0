/* SPDX-License-Identifier: MIT */
#include "drivers/bell_gpiod/debounce.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void a_press_counts_when_it_has_held(void **state)
{
    (void)state;
    struct debounce button;
    debounce_init(&button, 25, false, 0);
    assert_true(debounce_due_ms(&button) == INT64_MAX);
    debounce_level(&button, true, 100);
    assert_int_equal(debounce_due_ms(&button), 125);
    assert_int_equal(debounce_take(&button, 124), 0);
    assert_int_equal(debounce_take(&button, 125), 1);
    assert_int_equal(debounce_take(&button, 9000), 0);
    assert_true(debounce_due_ms(&button) == INT64_MAX);
    debounce_level(&button, false, 9000);
    assert_int_equal(debounce_take(&button, 9999), 0);
}

static void chatter_counts_once_or_never(void **state)
{
    (void)state;
    struct debounce button;
    debounce_init(&button, 25, false, 0);
    for (int64_t at = 100; at < 300; at += 10)
        debounce_level(&button, at % 20 == 0, at);
    assert_int_equal(debounce_take(&button, 400), 0);
    for (int64_t at = 500; at <= 540; at += 10)
        debounce_level(&button, at % 20 == 0, at);
    assert_int_equal(debounce_take(&button, 564), 0);
    assert_int_equal(debounce_take(&button, 565), 1);
    debounce_level(&button, false, 600);
    debounce_level(&button, true, 605);
    debounce_level(&button, false, 610);
    assert_int_equal(debounce_take(&button, 700), 0);
}

/* A follower that was busy elsewhere finds all edges at once. */
static void late_reading_loses_nothing(void **state)
{
    (void)state;
    struct debounce button;
    debounce_init(&button, 25, false, 0);
    for (int64_t press = 100; press < 400; press += 100) {
        debounce_level(&button, true, press);
        debounce_level(&button, false, press + 50);
    }
    debounce_level(&button, true, 450);
    debounce_level(&button, false, 460);
    assert_int_equal(debounce_take(&button, 5000), 3);
}

static void a_button_that_is_stuck_is_not_pressed(void **state)
{
    (void)state;
    struct debounce button;
    debounce_init(&button, 25, true, 0);
    assert_int_equal(debounce_take(&button, 1000), 0);
    debounce_level(&button, true, 1000);
    assert_int_equal(debounce_take(&button, 2000), 0);
    debounce_level(&button, false, 2000);
    debounce_level(&button, true, 2010); /* a bounce is no new press */
    assert_int_equal(debounce_take(&button, 3000), 0);
    debounce_level(&button, false, 3000);
    debounce_level(&button, true, 3100);
    assert_int_equal(debounce_take(&button, 3200), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_press_counts_when_it_has_held),
        cmocka_unit_test(chatter_counts_once_or_never),
        cmocka_unit_test(late_reading_loses_nothing),
        cmocka_unit_test(a_button_that_is_stuck_is_not_pressed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
