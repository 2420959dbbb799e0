/* SPDX-License-Identifier: MIT */
#include "hub/bell_pattern.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void steady_is_on_for_ever(void **state)
{
    (void)state;
    int64_t next = 0;
    assert_true(bell_pattern_at(&bell_pattern_steady, 0, &next));
    assert_true(next == INT64_MAX);
    assert_true(bell_pattern_at(&bell_pattern_steady, INT64_MAX, &next));
    assert_true(next == INT64_MAX);
}

static void flash_changes_each_half_second(void **state)
{
    (void)state;
    int64_t next = 0;
    assert_true(bell_pattern_at(&bell_pattern_flash, 0, &next));
    assert_int_equal(next, 500);
    assert_true(bell_pattern_at(&bell_pattern_flash, 499, &next));
    assert_int_equal(next, 500);
    assert_false(bell_pattern_at(&bell_pattern_flash, 500, &next));
    assert_int_equal(next, 1000);
    assert_true(bell_pattern_at(&bell_pattern_flash, 86400000, &next));
    assert_int_equal(next, 86400500);
    assert_true(bell_pattern_at(&bell_pattern_flash, -7, &next)); /* a clock that lags is the beginning */
    assert_int_equal(next, 500);
}

static void beats_follow_each_other_and_end(void **state)
{
    (void)state;
    const struct bell_pattern pattern = {.beats = {{100, 50}, {300, 200}}, .count = 2, .repeats = 2};
    static const struct {
        int64_t at, next;
        bool on;
    } expected[] = {
        {0, 100, true},
        {99, 100, true},
        {100, 150, false},
        {150, 450, true},
        {449, 450, true},
        {450, 650, false},
        {650, 750, true},
        {750, 800, false},
        {800, 1100, true},
        {1100, INT64_MAX, false},
        {1299, INT64_MAX, false},
        {1300, INT64_MAX, false},
        {INT64_MAX, INT64_MAX, false},
    };
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        int64_t next = 0;
        assert_int_equal(bell_pattern_at(&pattern, expected[i].at, &next), expected[i].on);
        assert_true(next == expected[i].next);
    }
}

/* Whoever wakes only when told to sees each change, and sleeps in between. */
static void following_next_sees_every_change(void **state)
{
    (void)state;
    const struct bell_pattern pattern = {.beats = {{70, 20}, {20, 333}, {1000, 41}}, .count = 3, .repeats = 5};
    int64_t next = 0, at = 0;
    bool on = bell_pattern_at(&pattern, 0, &next);
    int wakes = 0;
    for (int64_t t = 0; t < 8000; t++) {
        int64_t ignored;
        if (t == next) {
            at = t;
            bool now = bell_pattern_at(&pattern, at, &next);
            assert_true(now != on);
            on = now;
            wakes++;
        }
        assert_int_equal(bell_pattern_at(&pattern, t, &ignored), on);
    }
    assert_int_equal(wakes, 3 * 2 * 5 - 1); /* it begins on, and the last off stays */
    assert_false(on);
    assert_true(next == INT64_MAX);
}

static void impossible_patterns_ring_steady(void **state)
{
    (void)state;
    const struct bell_pattern bad[] = {
        {.beats = {{0, 0}}, .count = 1},
        {.beats = {{500, BELL_SPAN_MIN_MS - 1}}, .count = 1},
        {.beats = {{BELL_SPAN_MAX_MS + 1, 500}}, .count = 1},
        {.beats = {{500, 500}}, .count = BELL_BEATS_MAX + 1},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        int64_t next = 0;
        assert_false(bell_pattern_valid(&bad[i]));
        assert_true(bell_pattern_at(&bad[i], 700, &next));
        assert_true(next == INT64_MAX);
    }
    assert_true(bell_pattern_valid(&bell_pattern_steady));
    assert_true(bell_pattern_valid(&bell_pattern_flash));
}

static void patterns_have_names(void **state)
{
    (void)state;
    assert_ptr_equal(bell_pattern_by_name("steady"), &bell_pattern_steady);
    assert_ptr_equal(bell_pattern_by_name("flash"), &bell_pattern_flash);
    assert_null(bell_pattern_by_name("Flash"));
    assert_null(bell_pattern_by_name(""));
    assert_null(bell_pattern_by_name(NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steady_is_on_for_ever),
        cmocka_unit_test(flash_changes_each_half_second),
        cmocka_unit_test(beats_follow_each_other_and_end),
        cmocka_unit_test(following_next_sees_every_change),
        cmocka_unit_test(impossible_patterns_ring_steady),
        cmocka_unit_test(patterns_have_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
