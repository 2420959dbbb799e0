/* SPDX-License-Identifier: MIT */
/* What the port does for every driver, seen through the fake one. */
#include "hub/port/bell.h"

#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "drivers/bell_fake/bell_fake.h"

struct scene {
    struct bell_port *port;
    struct bell *bell;
    struct bell_fault fault;
};

static int set_up(void **state)
{
    static struct scene scene; /* one test at a time */
    memset(&scene, 0, sizeof scene);
    scene.port = bell_fake_create();
    assert_non_null(scene.port);
    const struct bell_config config = {.line = "GPIO17", .button = "GPIO27"};
    assert_int_equal(bell_open(scene.port, &config, &scene.bell, &scene.fault), HUB_OK);
    *state = &scene;
    return 0;
}

static int tear_down(void **state)
{
    struct scene *scene = *state;
    bell_close(scene->bell);
    assert_int_equal(bell_fake_open_count(scene->port), 0);
    bell_port_destroy(scene->port);
    return 0;
}

/* Compares what was done, as letters: o(pen) 1 0 c(lose). */
static void assert_calls(struct scene *scene, const char *letters)
{
    struct bell_fake_call calls[64];
    char seen[65] = "";
    size_t count = bell_fake_calls(scene->port, calls, 64);
    assert_true(count <= 64);
    for (size_t i = 0; i < count; i++)
        seen[i] = "o10c"[calls[i].what];
    assert_string_equal(seen, letters);
}

static void a_bell_rings_until_it_is_stopped(void **state)
{
    struct scene *scene = *state;
    assert_false(bell_is_on(scene->bell));
    assert_true(bell_due_ms(scene->bell) == INT64_MAX);
    assert_int_equal(bell_play(scene->bell, NULL, 1000, &scene->fault), HUB_OK);
    assert_true(bell_is_on(scene->bell));
    assert_true(bell_fake_is_on(scene->port, "GPIO17"));
    assert_true(bell_due_ms(scene->bell) == INT64_MAX);
    assert_int_equal(bell_play(scene->bell, NULL, 2000, &scene->fault), HUB_OK);
    assert_int_equal(bell_tick(scene->bell, 99999999, &scene->fault), HUB_OK);
    assert_int_equal(bell_stop(scene->bell, &scene->fault), HUB_OK);
    assert_false(bell_is_on(scene->bell));
    assert_int_equal(bell_tick(scene->bell, 99999999, &scene->fault), HUB_OK);
    assert_calls(scene, "o10");
}

static void a_flash_goes_on_when_it_is_asked_for_again(void **state)
{
    struct scene *scene = *state;
    assert_int_equal(bell_play(scene->bell, &bell_pattern_flash, 10000, NULL), HUB_OK);
    assert_int_equal(bell_due_ms(scene->bell), 10500);
    assert_int_equal(bell_tick(scene->bell, 10500, NULL), HUB_OK);
    assert_false(bell_is_on(scene->bell));
    assert_int_equal(bell_play(scene->bell, &bell_pattern_flash, 10700, NULL), HUB_OK);
    assert_false(bell_is_on(scene->bell));
    assert_int_equal(bell_due_ms(scene->bell), 11000);
    assert_int_equal(bell_play(scene->bell, &bell_pattern_steady, 10800, NULL), HUB_OK);
    assert_true(bell_is_on(scene->bell));
    assert_true(bell_due_ms(scene->bell) == INT64_MAX);
    assert_calls(scene, "o101");
}

static void a_late_tick_catches_up(void **state)
{
    struct scene *scene = *state;
    assert_int_equal(bell_play(scene->bell, &bell_pattern_flash, 0, NULL), HUB_OK);
    assert_int_equal(bell_tick(scene->bell, 7200, NULL), HUB_OK);
    assert_true(bell_is_on(scene->bell));
    assert_int_equal(bell_due_ms(scene->bell), 7500);
    assert_int_equal(bell_tick(scene->bell, 9999, NULL), HUB_OK);
    assert_false(bell_is_on(scene->bell));
    assert_calls(scene, "o10");
}

static void a_pattern_with_an_end_begins_anew(void **state)
{
    struct scene *scene = *state;
    const struct bell_pattern twice = {.beats = {{100, 100}}, .count = 1, .repeats = 2};
    for (int64_t start = 0; start < 1000; start += 600) {
        assert_int_equal(bell_play(scene->bell, &twice, start, NULL), HUB_OK);
        while (bell_due_ms(scene->bell) != INT64_MAX)
            assert_int_equal(bell_tick(scene->bell, bell_due_ms(scene->bell), NULL), HUB_OK);
    }
    assert_calls(scene, "o10101010");
}

static void closing_switches_off(void **state)
{
    struct scene *scene = *state;
    assert_int_equal(bell_play(scene->bell, NULL, 0, NULL), HUB_OK);
    bell_close(scene->bell);
    scene->bell = NULL;
    assert_calls(scene, "o10c");
    bell_close(NULL);
    bell_port_destroy(NULL);
}

static void stop_is_told_to_the_device_even_when_all_is_quiet(void **state)
{
    struct scene *scene = *state;
    assert_int_equal(bell_stop(scene->bell, NULL), HUB_OK);
    assert_int_equal(bell_stop(scene->bell, NULL), HUB_OK);
    assert_calls(scene, "o00");
}

static void a_device_that_refuses_is_asked_again(void **state)
{
    struct scene *scene = *state;
    bell_fake_fail_set(scene->port, 2);
    assert_int_equal(bell_play(scene->bell, NULL, 0, &scene->fault), HUB_UNAVAILABLE);
    assert_int_equal(scene->fault.code, HUB_UNAVAILABLE);
    assert_non_null(strstr(scene->fault.detail, "GPIO17"));
    assert_true(strlen(scene->fault.fix) > 0);
    assert_false(bell_is_on(scene->bell));
    assert_int_equal(bell_play(scene->bell, NULL, 1, NULL), HUB_UNAVAILABLE);
    assert_int_equal(bell_tick(scene->bell, 2, &scene->fault), HUB_OK);
    assert_true(bell_is_on(scene->bell));
    bell_fake_fail_set(scene->port, 1);
    assert_int_equal(bell_stop(scene->bell, &scene->fault), HUB_UNAVAILABLE);
    assert_true(bell_is_on(scene->bell)); /* it still rings: nothing else may be said */
    assert_int_equal(bell_stop(scene->bell, &scene->fault), HUB_OK);
    assert_calls(scene, "o10");
}

static void an_open_that_fails_leaves_nothing(void **state)
{
    struct scene *scene = *state;
    const struct bell_config config = {.line = "GPIO22", .button = "GPIO23"};
    struct bell *bell = scene->bell;
    bell_fake_fail_open(scene->port, 1);
    assert_int_equal(bell_open(scene->port, &config, &bell, &scene->fault), HUB_UNAVAILABLE);
    assert_null(bell);
    assert_non_null(strstr(scene->fault.detail, "GPIO22"));
    assert_int_equal(bell_fake_open_count(scene->port), 1);
    assert_int_equal(bell_open(scene->port, &config, &bell, &scene->fault), HUB_OK);
    bell_close(bell);
}

static void presses_come_through_the_descriptor(void **state)
{
    struct scene *scene = *state;
    struct pollfd button = {.fd = bell_fd(scene->bell), .events = POLLIN};
    assert_true(button.fd >= 0);
    assert_int_equal(poll(&button, 1, 0), 0);
    assert_int_equal(bell_presses(scene->bell, 0, NULL), 0);
    assert_true(bell_fake_press(scene->port, "GPIO17"));
    assert_true(bell_fake_press(scene->port, "GPIO17"));
    assert_int_equal(poll(&button, 1, 0), 1);
    assert_int_equal(bell_presses(scene->bell, 0, NULL), 2);
    assert_int_equal(poll(&button, 1, 0), 0);
    assert_false(bell_fake_press(scene->port, "GPIO99"));
}

static void the_fake_keeps_bells_apart(void **state)
{
    struct scene *scene = *state;
    const struct bell_config config = {.line = "GPIO22"};
    struct bell *other = NULL;
    assert_int_equal(bell_open(scene->port, &config, &other, NULL), HUB_OK);
    assert_int_equal(bell_fd(other), -1);
    assert_int_equal(bell_presses(other, 0, NULL), 0);
    assert_int_equal(bell_play(other, NULL, 0, NULL), HUB_OK);
    assert_true(bell_fake_is_on(scene->port, "GPIO22"));
    assert_false(bell_fake_is_on(scene->port, "GPIO17"));
    bell_fake_forget(scene->port);
    bell_close(other);
    assert_calls(scene, "0c");
}

int main(void)
{
#define SCENE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        SCENE(a_bell_rings_until_it_is_stopped),
        SCENE(a_flash_goes_on_when_it_is_asked_for_again),
        SCENE(a_late_tick_catches_up),
        SCENE(a_pattern_with_an_end_begins_anew),
        SCENE(closing_switches_off),
        SCENE(stop_is_told_to_the_device_even_when_all_is_quiet),
        SCENE(a_device_that_refuses_is_asked_again),
        SCENE(an_open_that_fails_leaves_nothing),
        SCENE(presses_come_through_the_descriptor),
        SCENE(the_fake_keeps_bells_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
