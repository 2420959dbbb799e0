/* SPDX-License-Identifier: MIT */
/* How far a roll is, and what one that ends teaches. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "hub/paper_roll.h"

static void nobody_knows_how_long_the_first_roll_is(void **state)
{
    (void)state;
    struct printer_paper paper = {.used_mm = 12000, .used_tickets = 100};
    int64_t tickets;
    assert_int_equal(paper_roll_left(&paper), -1);
    assert_false(paper_roll_low(&paper, &tickets));
}

static void the_first_roll_that_ends_teaches_how_long_rolls_are(void **state)
{
    (void)state;
    struct printer_paper paper = {.used_mm = 80000, .used_tickets = 500};
    int64_t tickets;
    paper_roll_ended(&paper);
    assert_int_equal(paper.roll_mm, 80000);
    assert_int_equal(paper_roll_left(&paper), 80000); /* the next one is new */
    paper.used_mm = 71000;
    paper.used_tickets = 473;
    assert_false(paper_roll_low(&paper, &tickets));
    paper.used_mm = 73000;
    assert_true(paper_roll_low(&paper, &tickets));
    assert_int_equal(tickets, 7000 / (73000 / 473));
}

static void half_a_roll_teaches_nothing(void **state)
{
    (void)state;
    struct printer_paper paper = {.roll_mm = 80000, .used_mm = 30000, .used_tickets = 200};
    paper_roll_ended(&paper);
    assert_int_equal(paper.roll_mm, 80000);
    paper.used_mm = 60000;
    paper_roll_ended(&paper);
    assert_int_equal(paper.roll_mm, 75000); /* a little shorter than was thought */
    paper = (struct printer_paper){.used_mm = 9000};
    paper_roll_ended(&paper);
    assert_int_equal(paper.roll_mm, 0);
}

static void a_roll_that_gives_more_than_it_has_was_changed_unseen(void **state)
{
    (void)state;
    struct printer_paper paper = {.roll_mm = 80000, .used_mm = 81000, .used_tickets = 500};
    int64_t tickets;
    assert_int_equal(paper_roll_left(&paper), 0);
    assert_true(paper_roll_low(&paper, &tickets));
    paper.used_mm = 97000;
    assert_int_equal(paper_roll_left(&paper), -1);
    assert_false(paper_roll_low(&paper, &tickets));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(nobody_knows_how_long_the_first_roll_is),
        cmocka_unit_test(the_first_roll_that_ends_teaches_how_long_rolls_are),
        cmocka_unit_test(half_a_roll_teaches_nothing),
        cmocka_unit_test(a_roll_that_gives_more_than_it_has_was_changed_unseen)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
