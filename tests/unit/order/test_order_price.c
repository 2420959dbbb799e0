/* SPDX-License-Identifier: MIT */
/* Money: lines, tax a rate, rounded half up, inclusive and on top. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "hub/money.h"
#include "hub/order.h"

struct line {
    int64_t quantity, price, modifiers, rate;
    bool voided;
};

static struct order priced(struct arena *arena, bool inclusive, const struct line *lines, size_t count)
{
    struct order order = {.arena = arena, .tax_inclusive = inclusive};
    for (size_t i = 0; i < count; i++) {
        struct item *item = order_add_item(&order);
        assert_non_null(item);
        item->quantity = lines[i].quantity;
        item->unit_price = lines[i].price;
        item->modifiers_price = lines[i].modifiers;
        item->tax_basis_points = lines[i].rate;
        item->status = lines[i].voided ? STATUS_VOIDED : STATUS_PENDING;
    }
    order_price(&order);
    return order;
}

static void contained_tax_leaves_the_total_alone(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena);
    struct line lines[] = {{2, 1275, 0, 1000, false}};
    struct order order = priced(&arena, true, lines, 1);
    assert_int_equal(order.subtotal, 2550);
    assert_int_equal(order.total_price, 2550);
    assert_int_equal(order.tax, 232); /* 2550 * 10 / 110 = 231.8 */
    arena_finish(&arena);
}

static void tax_on_top_is_added_once_a_rate(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena);
    /* Three lines of 5 at 10 %: 0.5 each would round to 1 three times; together 1.5 is 2. */
    struct line lines[] = {
        {1, 5, 0, 1000, false}, {1, 5, 0, 1000, false}, {1, 5, 0, 1000, false}, {1, 100, 0, 2000, false}};
    struct order order = priced(&arena, false, lines, 4);
    assert_int_equal(order.subtotal, 115);
    assert_int_equal(order.tax, 2 + 20);
    assert_int_equal(order.total_price, 115 + 22);
    arena_finish(&arena);
}

static void half_a_unit_is_rounded_up(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena);
    struct line half[] = {{1, 5, 0, 1000, false}}, less[] = {{1, 4, 0, 1000, false}};
    assert_int_equal(priced(&arena, false, half, 1).tax, 1); /* 0.5 */
    assert_int_equal(priced(&arena, false, less, 1).tax, 0); /* 0.4 */
    arena_finish(&arena);
}

static void modifiers_count_with_each_piece_and_voided_lines_not_at_all(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena);
    struct line lines[] = {{3, 1000, 120, 0, false}, {9, 9999, 0, 1000, true}, {2, 500, -50, 0, false}};
    struct order order = priced(&arena, true, lines, 3);
    assert_int_equal(order.subtotal, 3 * 1120 + 2 * 450);
    assert_int_equal(order.tax, 0);
    arena_finish(&arena);
}

static void nothing_costs_nothing(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena);
    struct order order = priced(&arena, false, NULL, 0);
    assert_int_equal(order.total_price, 0);
    arena_finish(&arena);
}

static void decimals_are_read_exactly(void **state)
{
    (void)state;
    int64_t minor;
    static const struct {
        const char *text;
        int decimals;
        int64_t minor;
    } good[] = {{"12.95", 2, 1295}, {"12.9", 2, 1290}, {"12", 2, 1200}, {"0.01", 2, 1}, {"1275", 0, 1275},
        {"1.234", 3, 1234}, {"0", 2, 0}};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_true(money_parse(good[i].text, good[i].decimals, &minor));
        assert_int_equal(minor, good[i].minor);
    }
    static const char *const bad[] = {"", ".", ".5", "5.", "-1", "+1", "1,5", "1.234", "1e3", " 1", "1 ", "1.2.3",
        "nan", "99999999999999999999", "0x10", "٣"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(money_parse(bad[i], 2, &minor));
    assert_false(money_parse("1.5", 0, &minor));
    assert_int_equal(money_decimals("EUR"), 2);
    assert_int_equal(money_decimals("JPY"), 0);
    assert_int_equal(money_decimals("KWD"), 3);
    assert_int_equal(money_decimals("JPY KRW"), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(contained_tax_leaves_the_total_alone),
        cmocka_unit_test(tax_on_top_is_added_once_a_rate), cmocka_unit_test(half_a_unit_is_rounded_up),
        cmocka_unit_test(modifiers_count_with_each_piece_and_voided_lines_not_at_all),
        cmocka_unit_test(nothing_costs_nothing), cmocka_unit_test(decimals_are_read_exactly)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
