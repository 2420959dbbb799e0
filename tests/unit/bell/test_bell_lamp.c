/* SPDX-License-Identifier: MIT */
#include "drivers/bell_lamp/bell_lamp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

struct page {
    char shown[200]; /* "grill=0 grill=1 " */
};

static void show(void *context, const char *name, bool on)
{
    struct page *page = context;
    size_t length = strlen(page->shown);
    snprintf(page->shown + length, sizeof page->shown - length, "%s=%d ", name, on);
}

static void a_lamp_reports_its_changes(void **state)
{
    (void)state;
    struct page page = {""};
    struct bell_port *port = bell_lamp_create(show, &page);
    struct bell *grill = NULL, *bar = NULL;
    assert_int_equal(bell_open(port, &(struct bell_config){.line = "grill"}, &grill, NULL), HUB_OK);
    assert_int_equal(bell_open(port, &(struct bell_config){.line = "bar"}, &bar, NULL), HUB_OK);
    assert_string_equal(page.shown, "grill=0 bar=0 ");
    page.shown[0] = '\0';

    assert_int_equal(bell_play(grill, NULL, 0, NULL), HUB_OK);
    assert_int_equal(bell_play(grill, NULL, 5, NULL), HUB_OK);
    assert_int_equal(bell_play(bar, &bell_pattern_flash, 0, NULL), HUB_OK);
    assert_int_equal(bell_tick(bar, 500, NULL), HUB_OK);
    assert_int_equal(bell_stop(bar, NULL), HUB_OK);
    assert_string_equal(page.shown, "grill=1 bar=1 bar=0 ");
    bell_close(grill);
    bell_close(bar);
    assert_string_equal(page.shown, "grill=1 bar=1 bar=0 grill=0 ");
    bell_port_destroy(port);
}

static void a_lamp_has_no_button(void **state)
{
    (void)state;
    struct bell_port *port = bell_lamp_create(NULL, NULL);
    struct bell *lamp = NULL;
    assert_int_equal(bell_open(port, &(struct bell_config){.line = "grill", .button = "GPIO27"}, &lamp, NULL), HUB_OK);
    assert_int_equal(bell_fd(lamp), -1);
    assert_int_equal(bell_presses(lamp, 0, NULL), 0);
    assert_true(bell_due_ms(lamp) == INT64_MAX);
    bell_close(lamp);
    bell_port_destroy(port);
}

static void a_lamp_needs_a_name(void **state)
{
    (void)state;
    struct bell_port *port = bell_lamp_create(NULL, NULL);
    struct bell *lamp = NULL;
    struct bell_fault fault = {0};
    assert_int_equal(bell_open(port, &(struct bell_config){.line = ""}, &lamp, &fault), HUB_VALIDATION_ERROR);
    assert_int_equal(bell_open(port, &(struct bell_config){.line = NULL}, &lamp, NULL), HUB_VALIDATION_ERROR);
    assert_null(lamp);
    assert_string_equal(fault.detail, "The lamp has no name.");
    bell_port_destroy(port);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_lamp_reports_its_changes),
        cmocka_unit_test(a_lamp_has_no_button),
        cmocka_unit_test(a_lamp_needs_a_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
