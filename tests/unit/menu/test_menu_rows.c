/* SPDX-License-Identifier: MIT */
/* Rows of a menu out of hostile and sloppy files: each is taken whole, or named with its row and column. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "drivers/text_utf8proc/text_utf8proc.h"
#include "hub/menu_rows.h"

static enum hub_err take(const char *text, struct arena *arena, struct menu_rows *rows, struct fault *fault)
{
    return menu_rows_from_csv(text, strlen(text), 2, text_utf8proc(), arena, rows, fault);
}

static void columns_may_stand_in_any_order(void **state)
{
    (void)state;
    struct arena arena;
    struct menu_rows rows;
    struct fault fault = {0};
    arena_init(&arena);
    assert_int_equal(
        take("price,course,item,category\n1.50,2, Tea ,Drinks\n3,,Caf\x65\xcc\x81,Drinks\n", &arena, &rows, &fault),
        HUB_OK);
    assert_int_equal(rows.count, 2);
    assert_string_equal(rows.rows[0].item, "Tea");
    assert_int_equal(rows.rows[0].price, 150);
    assert_int_equal(rows.rows[0].course, 2);
    assert_null(rows.rows[0].station);
    assert_string_equal(rows.rows[1].item, "Caf\xc3\xa9"); /* composed */
    assert_int_equal(rows.rows[1].course, 0);
    assert_int_equal(rows.rows[1].number, 3);
    arena_finish(&arena);
}

static void bad_rows_are_named(void **state)
{
    (void)state;
    static const struct {
        const char *text, *field;
    } bad[] = {{"category,item\nA,B\n", "price"}, {"category,item,price,price\n", "price"}, {"a,b\n", ""},
        {"category,item,price\nA,B,1e99\n", "price"}, {"category,item,price\nA,B,-1\n", "price"},
        {"category,item,price\nA,,1\n", "item"}, {"category,item,price\n,B,1\n", "category"},
        {"category,item,price\nA,\"B\nC\",1\n", "item"}, {"category,item,price\nA,\"B,1\n", ""},
        {"category,item,price,course\nA,B,1,0\n", "course"}, {"category,item,price,course\nA,B,1,2nd\n", "course"},
        {"category,item,price\n", ""}, {"", ""}, {"category,item,price\nA,B,1,extra\n", ""}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct arena arena;
        struct menu_rows rows;
        struct fault fault = {0};
        arena_init(&arena);
        if (take(bad[i].text, &arena, &rows, &fault) != HUB_VALIDATION_ERROR) fail_msg("taken: %s", bad[i].text);
        assert_true(fault.detail[0] != '\0');
        if (*bad[i].field) assert_string_equal(fault.field, bad[i].field);
        fault_finish(&fault);
        arena_finish(&arena);
    }
}

static void names_have_a_length_and_files_an_end(void **state)
{
    (void)state;
    struct arena arena;
    struct menu_rows rows;
    struct fault fault = {0};
    char text[700], name[301];
    memset(name, 'n', 300);
    name[300] = '\0';
    arena_init(&arena);
    snprintf(text, sizeof text, "category,item,price\nA,%s,1\n", name);
    assert_int_equal(take(text, &arena, &rows, &fault), HUB_VALIDATION_ERROR);
    assert_string_equal(fault.field, "item");
    fault_finish(&fault);
    size_t many = 100000, used = 0, size = 40 + many * 16;
    char *big = malloc(size);
    assert_non_null(big);
    used += (size_t)snprintf(big, size, "category,item,price\n");
    for (size_t i = 0; i < many; i++)
        used += (size_t)snprintf(big + used, size - used, "A,i%zu,1\n", i);
    assert_int_equal(take(big, &arena, &rows, &fault), HUB_VALIDATION_ERROR);
    fault_finish(&fault);
    free(big);
    arena_finish(&arena);
}

static void what_is_not_utf8_is_refused(void **state)
{
    (void)state;
    struct arena arena;
    struct menu_rows rows;
    struct fault fault = {0};
    arena_init(&arena);
    assert_int_equal(take("category,item,price\nA,Caf\xe9,1\n", &arena, &rows, &fault), HUB_MALFORMED_JSON);
    fault_finish(&fault);
    arena_finish(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(columns_may_stand_in_any_order),
        cmocka_unit_test(bad_rows_are_named), cmocka_unit_test(names_have_a_length_and_files_an_end),
        cmocka_unit_test(what_is_not_utf8_is_refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
