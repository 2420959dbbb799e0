/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first */
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hub/lockout.h"

static int setup(void **state)
{
    *state = calloc(1, sizeof(struct lockout));
    return *state ? 0 : -1;
}

static int teardown(void **state)
{
    free(*state);
    return 0;
}

static void fifth_wrong_locks_and_doubles(void **state)
{
    struct lockout *l = *state;
    int64_t now = 1000;
    for (int i = 0; i < LOCKOUT_DEVICE_LIMIT; i++)
        assert_int_equal(lockout_begin(l, "a", false, now), 0);
    static const int seconds[] = {30, 60, 120, 240, 480, 900, 900};
    for (size_t i = 0; i < sizeof seconds / sizeof *seconds; i++) {
        assert_int_equal(lockout_begin(l, "a", false, now), seconds[i]);
        now += (int64_t)seconds[i] * 1000 - 1;
        assert_int_equal(lockout_begin(l, "a", false, now), 1);
        now += 1;
        assert_int_equal(lockout_begin(l, "a", false, now), 0);
    }
    assert_int_equal(lockout_begin(l, "b", false, now), 0);
}

static void right_pin_clears(void **state)
{
    struct lockout *l = *state;
    for (int round = 0; round < 10; round++) {
        for (int i = 0; i < LOCKOUT_DEVICE_LIMIT; i++)
            assert_int_equal(lockout_begin(l, "a", false, 1000), 0);
        lockout_right(l, "a");
    }
}

static void undone_attempts_do_not_count(void **state)
{
    struct lockout *l = *state;
    for (int i = 0; i < 100; i++) {
        assert_int_equal(lockout_begin(l, "a", false, 1000), 0);
        lockout_undo(l, "a");
    }
}

static void strangers_cannot_lock_out_those_known(void **state)
{
    struct lockout *l = *state;
    char key[32];
    assert_int_equal(lockout_begin(l, "staff tablet", false, 1000), 0);
    lockout_right(l, "staff tablet");
    int let_in = 0;
    for (int i = 0; i < 1000; i++) {
        snprintf(key, sizeof key, "phone %d", i);
        if (lockout_begin(l, key, false, 1000) == 0) let_in++;
    }
    assert_int_equal(let_in, LOCKOUT_BOX_LIMIT);
    assert_int_equal(lockout_begin(l, "staff tablet", false, 1000), 0);
    lockout_right(l, "staff tablet");
}

static void a_proof_counts_before_the_first_sign_in(void **state)
{
    struct lockout *l = *state;
    char key[32];
    for (int i = 0; i < LOCKOUT_BOX_LIMIT; i++) {
        snprintf(key, sizeof key, "phone %d", i);
        assert_int_equal(lockout_begin(l, key, false, 1000), 0);
    }
    assert_int_equal(lockout_begin(l, "phone", false, 1000), LOCKOUT_FIRST_S);
    for (int i = 0; i < LOCKOUT_DEVICE_LIMIT; i++)
        assert_int_equal(lockout_begin(l, "tablet", true, 1000), 0);
    assert_int_equal(lockout_begin(l, "tablet", true, 1000), LOCKOUT_FIRST_S);
}

static void old_mistakes_are_forgotten(void **state)
{
    struct lockout *l = *state;
    for (int i = 0; i < LOCKOUT_DEVICE_LIMIT - 1; i++)
        assert_int_equal(lockout_begin(l, "a", false, 1000), 0);
    for (int i = 0; i < LOCKOUT_DEVICE_LIMIT; i++)
        assert_int_equal(lockout_begin(l, "a", false, 1001 + 2 * LOCKOUT_MAX_S * 1000), 0);
    assert_int_equal(lockout_begin(l, "a", false, 1001 + 2 * LOCKOUT_MAX_S * 1000), LOCKOUT_FIRST_S);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(fifth_wrong_locks_and_doubles, setup, teardown),
        cmocka_unit_test_setup_teardown(right_pin_clears, setup, teardown),
        cmocka_unit_test_setup_teardown(undone_attempts_do_not_count, setup, teardown),
        cmocka_unit_test_setup_teardown(strangers_cannot_lock_out_those_known, setup, teardown),
        cmocka_unit_test_setup_teardown(a_proof_counts_before_the_first_sign_in, setup, teardown),
        cmocka_unit_test_setup_teardown(old_mistakes_are_forgotten, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
