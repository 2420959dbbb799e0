/* SPDX-License-Identifier: MIT */
/* The GPIO driver's own sense: which line, which words, which presses. */
#include "drivers/bell_gpiod/bell_gpiod.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/unit/bell/memory_lines.h"

struct box {
    char dir[64];
    struct bell_port *port;
    struct bell_fault fault;
};

/* A device folder with `gpiochip0` .. `gpiochip11` in it; what they are, each test says. */
static int set_up(void **state)
{
    struct box *box = calloc(1, sizeof *box);
    assert_non_null(box);
    snprintf(box->dir, sizeof box->dir, "/tmp/servery-bell-XXXXXX");
    assert_non_null(mkdtemp(box->dir));
    for (int i = 0; i < MEMORY_CHIPS; i++) {
        char path[96];
        snprintf(path, sizeof path, "%s/gpiochip%d", box->dir, i);
        int fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
        assert_true(fd >= 0);
        close(fd);
    }
    memory_reset();
    box->port = bell_gpiod_create(box->dir);
    assert_non_null(box->port);
    *state = box;
    return 0;
}

static int tear_down(void **state)
{
    struct box *box = *state;
    assert_int_equal(memory_open_count(), 0);
    bell_port_destroy(box->port);
    for (int i = 0; i < MEMORY_CHIPS; i++) {
        char path[96];
        snprintf(path, sizeof path, "%s/gpiochip%d", box->dir, i);
        unlink(path);
    }
    rmdir(box->dir);
    free(box);
    return 0;
}

static struct bell *open_ok(struct box *box, struct bell_config config)
{
    struct bell *bell = NULL;
    enum hub_err err = bell_open(box->port, &config, &bell, &box->fault);
    if (err) print_error("%s\n", box->fault.detail);
    assert_int_equal(err, HUB_OK);
    assert_non_null(bell);
    return bell;
}

static void assert_refused(struct box *box, const char *line, enum hub_err code, const char *detail, const char *fix)
{
    struct bell *bell = NULL;
    memset(&box->fault, 0, sizeof box->fault);
    assert_int_equal(bell_open(box->port, &(struct bell_config){.line = line}, &bell, &box->fault), code);
    assert_null(bell);
    assert_int_equal(box->fault.code, code);
    if (!strstr(box->fault.detail, detail)) fail_msg("\"%s\" does not say \"%s\"", box->fault.detail, detail);
    if (!strstr(box->fault.fix, fix)) fail_msg("\"%s\" does not say \"%s\"", box->fault.fix, fix);
    assert_int_equal(bell_open(box->port, &(struct bell_config){.line = line}, &bell, NULL), code);
}

static void a_name_counts_before_an_offset(void **state)
{
    struct box *box = *state;
    memory_chips[0].label = "pinctrl-bcm2711";
    memory_chips[1].label = "relay-board";
    memory_chips[1].lines[2].name = "GPIO17";
    struct bell *bell = open_ok(box, (struct bell_config){.line = "GPIO17"});
    assert_int_equal(bell_play(bell, NULL, 0, NULL), HUB_OK);
    assert_true(memory_chips[1].lines[2].level);
    assert_false(memory_chips[0].lines[17].level);
    bell_close(bell);
    assert_false(memory_chips[1].lines[2].level);
}

static void header_chips_are_known_by_their_label(void **state)
{
    struct box *box = *state;
    static const char *const labels[] = {"pinctrl-bcm2835", "pinctrl-bcm2711", "pinctrl-rp1"};
    memory_chips[0].label = "some-expander";
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
        memory_chips[4].label = labels[i];
        struct bell *bell = open_ok(box, (struct bell_config){.line = "GPIO2"});
        assert_int_equal(bell_play(bell, NULL, 0, NULL), HUB_OK);
        assert_true(memory_chips[4].lines[2].level);
        bell_close(bell);
    }
    memory_chips[4].label = "pinctrl-rp1x";
    assert_refused(box, "GPIO2", HUB_NOT_FOUND, "GPIO2", "gpioinfo");
}

static void only_header_pins_have_offsets(void **state)
{
    struct box *box = *state;
    memory_chips[0].label = "pinctrl-bcm2835";
    static const char *const names[] = {"GPIO28", "GPIO99", "GPIO100", "GPIO02", "GPIO", "GPIO-1", "GPIO+1", "GPIO1x",
        "gpio17", "GPIO4294967296", "17", "GPIO 7"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_refused(box, names[i], HUB_NOT_FOUND, names[i], "gpioinfo");
    struct bell *bell = open_ok(box, (struct bell_config){.line = "GPIO27"});
    bell_close(bell);
}

static void of_two_names_the_lower_chip_wins(void **state)
{
    struct box *box = *state;
    memory_chips[2].label = memory_chips[10].label = "expander";
    memory_chips[2].lines[5].name = memory_chips[10].lines[6].name = "GRILL";
    struct bell *bell = open_ok(box, (struct bell_config){.line = "GRILL"});
    assert_string_equal(memory_chips[2].lines[5].consumer, "servery");
    assert_null(memory_chips[10].lines[6].consumer);
    bell_close(bell);
}

static void a_broken_chip_does_not_hide_the_others(void **state)
{
    struct box *box = *state;
    memory_chips[0].open_errno = EIO;
    memory_chips[1].label = "broken";
    memory_chips[1].find_errno = EINVAL;
    memory_chips[2].label = "expander";
    memory_chips[2].lines[5].name = "GRILL";
    bell_close(open_ok(box, (struct bell_config){.line = "GRILL"}));
}

static void faults_say_what_and_how_to_mend(void **state)
{
    struct box *box = *state;
    assert_refused(box, "GPIO17", HUB_NOT_FOUND, "No GPIO chip found", "lamp on the page");
    memory_chips[0].open_errno = EACCES;
    assert_refused(box, "GPIO17", HUB_UNAVAILABLE, "permission denied", "group gpio");
    memory_chips[0].open_errno = EIO;
    assert_refused(box, "GPIO17", HUB_UNAVAILABLE, strerror(EIO), "Restart");
    memory_chips[0].open_errno = 0;
    memory_chips[0].label = "expander";
    assert_refused(box, "GPIO17", HUB_NOT_FOUND, "no line called GPIO17", "GPIO2 to GPIO27");
    memory_chips[0].find_errno = EINVAL;
    assert_refused(box, "GPIO17", HUB_UNAVAILABLE, "does not understand libgpiod in memory", "another kernel");
    memory_chips[0].find_errno = EREMOTEIO;
    assert_refused(box, "GPIO17", HUB_UNAVAILABLE, strerror(EREMOTEIO), "another pin");
    memory_chips[0].find_errno = 0;
    memory_chips[0].lines[3].name = "GPIO17";
    memory_chips[0].lines[3].consumer = "spi0 CS1";
    assert_refused(box, "GPIO17", HUB_UNAVAILABLE, "GPIO17 is in use by spi0 CS1", "config.txt");
    memory_chips[0].lines[3].consumer = NULL;
    memory_chips[0].claim_errno = EBUSY;
    assert_refused(box, "GPIO17", HUB_UNAVAILABLE, "in use by the system", "config.txt");
    memory_chips[0].claim_errno = EPERM;
    assert_refused(box, "GPIO17", HUB_UNAVAILABLE, "permission denied", "group gpio");
    memory_chips[0].claim_errno = ENOTSUP;
    assert_refused(box, "GPIO17", HUB_UNAVAILABLE, strerror(ENOTSUP), "another pin");
}

static void impossible_names_are_refused(void **state)
{
    struct box *box = *state;
    assert_refused(box, NULL, HUB_VALIDATION_ERROR, "No pin", "GPIO17");
    assert_refused(box, "", HUB_VALIDATION_ERROR, "No pin", "GPIO17");
    assert_refused(box, "GPIO17GPIO17GPIO17GPIO17GPIO17GP", HUB_VALIDATION_ERROR, "too long", "GPIO17");
}

static void without_a_device_folder_there_is_no_chip(void **state)
{
    struct box *box = *state;
    struct bell_port *real = box->port;
    box->port = bell_gpiod_create("/nonexistent/dev");
    assert_refused(box, "GPIO17", HUB_NOT_FOUND, "No GPIO chip found", "lamp on the page");
    bell_port_destroy(box->port);
    box->port = real;
}

static struct memory_line *plug_button(struct box *box, struct bell **bell)
{
    memory_chips[0].label = "pinctrl-bcm2835";
    memory_chips[0].lines[27].level = true; /* the pull-up */
    *bell = open_ok(box, (struct bell_config){.line = "GPIO17", .button = "GPIO27"});
    assert_int_equal(bell_fd(*bell), 77);
    return &memory_chips[0].lines[27];
}

static void a_press_counts_in_the_callers_time(void **state)
{
    struct box *box = *state;
    struct bell *bell;
    struct memory_line *button = plug_button(box, &bell);
    memory_move(button, false, 0);
    assert_int_equal(bell_presses(bell, 5000000, NULL), 0);
    int64_t due = bell_due_ms(bell);
    assert_true(due <= 5000000 + BELL_DEBOUNCE_MS && due > 5000000 - 60000);
    assert_int_equal(bell_presses(bell, 5000000 + BELL_DEBOUNCE_MS, NULL), 1);
    assert_true(bell_due_ms(bell) == INT64_MAX);
    memory_move(button, true, 0);
    assert_int_equal(bell_presses(bell, 5001000, NULL), 0);
    assert_int_equal(bell_presses(bell, 5009000, NULL), 0);
    bell_close(bell);
}

static void a_press_that_was_not_read_in_time_counts(void **state)
{
    struct box *box = *state;
    struct bell *bell;
    struct memory_line *button = plug_button(box, &bell);
    memory_move(button, false, 900);
    memory_move(button, true, 400);
    memory_move(button, false, 300);
    memory_move(button, true, 290);
    assert_int_equal(bell_presses(bell, 100000, NULL), 1);
    bell_close(bell);
}

static void lost_edges_are_made_up_for_by_the_level(void **state)
{
    struct box *box = *state;
    struct bell *bell;
    struct memory_line *button = plug_button(box, &bell);
    button->level = false; /* pressed, and the edge was dropped */
    assert_int_equal(bell_presses(bell, 1000, NULL), 0);
    assert_int_equal(bell_due_ms(bell), 1000 + BELL_DEBOUNCE_MS);
    assert_int_equal(bell_presses(bell, 1000 + BELL_DEBOUNCE_MS, NULL), 1);
    bell_close(bell);
}

/* A broken wire must not hold the follower: it reads a part and comes back. */
static void endless_chatter_is_read_in_parts(void **state)
{
    struct box *box = *state;
    struct bell *bell;
    struct memory_line *button = plug_button(box, &bell);
    for (int i = 0; i < MEMORY_EDGES; i++)
        memory_move(button, i % 2 == 1, 300 - i);
    assert_int_equal(bell_presses(bell, 1000, NULL), 0);
    assert_true(button->edge_count > 0 && button->edge_count < MEMORY_EDGES);
    assert_int_equal(bell_presses(bell, 1001, NULL), 0);
    assert_int_equal(button->edge_count, 0);
    bell_close(bell);
}

static void the_earlier_of_pattern_and_button_is_due(void **state)
{
    struct box *box = *state;
    struct bell *bell;
    struct memory_line *button = plug_button(box, &bell);
    assert_int_equal(bell_play(bell, &bell_pattern_flash, 1000, NULL), HUB_OK);
    assert_int_equal(bell_due_ms(bell), 1500);
    button->level = false;
    assert_int_equal(bell_presses(bell, 1100, NULL), 0);
    assert_int_equal(bell_due_ms(bell), 1100 + BELL_DEBOUNCE_MS);
    assert_int_equal(bell_presses(bell, 1100 + BELL_DEBOUNCE_MS, NULL), 1);
    assert_int_equal(bell_due_ms(bell), 1500);
    bell_close(bell);
}

static void a_lost_device_is_said_and_let_go(void **state)
{
    struct box *box = *state;
    struct bell *bell;
    plug_button(box, &bell);
    memory_chips[0].use_errno = ENODEV;
    assert_int_equal(bell_play(bell, NULL, 0, &box->fault), HUB_UNAVAILABLE);
    assert_non_null(strstr(box->fault.detail, "GPIO17 does not let itself be switched on"));
    assert_non_null(strstr(box->fault.fix, "tries again"));
    memset(&box->fault, 0, sizeof box->fault);
    assert_int_equal(bell_presses(bell, 0, &box->fault), -1);
    assert_non_null(strstr(box->fault.detail, "button"));
    assert_int_equal(bell_presses(bell, 0, NULL), -1);
    bell_close(bell);
}

static void a_bell_without_its_button_does_not_open(void **state)
{
    struct box *box = *state;
    struct bell *bell = NULL;
    memory_chips[0].label = "pinctrl-bcm2835";
    memory_chips[0].lines[27].consumer = "i2c";
    const struct bell_config config = {.line = "GPIO17", .button = "GPIO27"};
    assert_int_equal(bell_open(box->port, &config, &bell, &box->fault), HUB_UNAVAILABLE);
    assert_null(bell);
    assert_non_null(strstr(box->fault.detail, "GPIO27 is in use by i2c"));
    assert_null(memory_chips[0].lines[17].consumer);
}

int main(void)
{
#define BOX(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        BOX(a_name_counts_before_an_offset),
        BOX(header_chips_are_known_by_their_label),
        BOX(only_header_pins_have_offsets),
        BOX(of_two_names_the_lower_chip_wins),
        BOX(a_broken_chip_does_not_hide_the_others),
        BOX(faults_say_what_and_how_to_mend),
        BOX(impossible_names_are_refused),
        BOX(without_a_device_folder_there_is_no_chip),
        BOX(a_press_counts_in_the_callers_time),
        BOX(a_press_that_was_not_read_in_time_counts),
        BOX(lost_edges_are_made_up_for_by_the_level),
        BOX(endless_chatter_is_read_in_parts),
        BOX(the_earlier_of_pattern_and_button_is_due),
        BOX(a_lost_device_is_said_and_let_go),
        BOX(a_bell_without_its_button_does_not_open),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
