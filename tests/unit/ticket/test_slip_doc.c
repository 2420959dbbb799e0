/* SPDX-License-Identifier: MIT */
/* What slips say that are no tickets, and that every language has every word. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "hub/slip_doc.h"

static int berlin(void *context, int64_t wall_ms)
{
    (void)context;
    (void)wall_ms;
    return 60;
}

static struct doc_setting in(enum ticket_language language)
{
    return (struct doc_setting){.words = ticket_words(language), .utc_offset_min = berlin};
}

/* 2026-11-20 18:42 UTC */
#define EVENING INT64_C(1795200120000)

/* The first block of that kind with that text; NULL when there is none. */
static const struct ticket_block *find(const struct ticket_doc *doc, enum ticket_block_kind kind, const char *text)
{
    for (size_t i = 0; i < doc->count; i++) {
        const struct ticket_block *b = &doc->blocks[i];
        if (b->kind == kind && ((b->left && strstr(b->left, text)) || (b->right && strstr(b->right, text)))) return b;
    }
    return NULL;
}

static struct order order_of(struct item *items, size_t count)
{
    struct order order = {.day = 20261120,
        .number = 7,
        .type = ORDER_DINE_IN,
        .table_name = "5",
        .note = "",
        .currency = "EUR",
        .tax_inclusive = true,
        .subtotal = 2550,
        .tax = 232,
        .total_price = 2550,
        .payment_method = -1,
        .updated_at = EVENING,
        .items = items,
        .item_count = count};
    return order;
}

static void a_bill_has_its_amounts_in_a_column_and_adds_up(void **state)
{
    (void)state;
    struct arena arena;
    struct ticket_doc doc = {0};
    struct item items[] = {
        {.name = "Dal Tadka", .quantity = 2, .unit_price = 1275, .modifiers = "[]", .status = STATUS_SERVED},
        {.name = "Beer", .quantity = 1, .unit_price = 400, .modifiers = "[]", .status = STATUS_VOIDED}};
    struct order order = order_of(items, 2);
    const struct bill_slip slip = {.setting = in(LANGUAGE_EN), .restaurant = "Casa Maria", .order = &order};
    arena_init(&arena);
    assert_int_equal(slip_doc_bill(&arena, &slip, &doc), HUB_OK);
    assert_non_null(find(&doc, BLOCK_CENTER, "Casa Maria"));
    assert_non_null(find(&doc, BLOCK_TITLE, "TABLE 5"));
    assert_string_equal(find(&doc, BLOCK_AMOUNT, "2 × Dal Tadka")->right, "25.50");
    assert_null(find(&doc, BLOCK_AMOUNT, "Beer"));
    assert_string_equal(find(&doc, BLOCK_TOTAL, "TOTAL")->right, "25.50 EUR");
    assert_string_equal(find(&doc, BLOCK_AMOUNT, "of which tax")->right, "2.32");
    assert_null(find(&doc, BLOCK_AMOUNT, "Subtotal"));
    order.discount = 255;
    order.total_price = 2295;
    order.currency = "JPY";
    assert_int_equal(slip_doc_bill(&arena, &slip, &doc), HUB_OK);
    assert_string_equal(find(&doc, BLOCK_AMOUNT, "Discount")->right, "-255");
    assert_string_equal(find(&doc, BLOCK_TOTAL, "TOTAL")->right, "2295 JPY");
    arena_finish(&arena);
}

static void a_summary_names_each_ticket_and_who_decides(void **state)
{
    (void)state;
    struct arena arena;
    struct ticket_doc doc = {0};
    const struct held_ticket tickets[] = {{EVENING - 2400000, 17, "grill", "TABLE 5"}, {EVENING, 18, "bar", "TAKEOUT"}};
    const struct summary_slip slip = {
        .setting = in(LANGUAGE_EN), .printer = "Grill printer", .at = EVENING, .tickets = tickets, .count = 2};
    arena_init(&arena);
    assert_int_equal(slip_doc_summary(&arena, &slip, &doc), HUB_OK);
    assert_non_null(find(&doc, BLOCK_BANNER, "NOT PRINTED"));
    assert_string_equal(find(&doc, BLOCK_AMOUNT, "KOT 17  TABLE 5")->right, "19:02");
    assert_non_null(find(&doc, BLOCK_SMALL, "bar"));
    assert_non_null(find(&doc, BLOCK_BOX, "kitchen screen"));
    arena_finish(&arena);
}

static void a_test_and_a_claim_say_what_they_are_for(void **state)
{
    (void)state;
    struct arena arena;
    struct ticket_doc doc = {0};
    const struct test_slip test = {
        .setting = in(LANGUAGE_ES), .printer = "Cocina", .by = "Maria", .at = EVENING, .used_mm = 12345};
    const struct claim_slip claim = {
        .setting = in(LANGUAGE_EN), .address = "http://servery.local/setup", .code = "482 193"};
    arena_init(&arena);
    assert_int_equal(slip_doc_test(&arena, &test, &doc), HUB_OK);
    assert_non_null(find(&doc, BLOCK_BANNER, "PRUEBA"));
    assert_non_null(find(&doc, BLOCK_PAIR, "12.3 m"));
    assert_non_null(find(&doc, BLOCK_TEXT, "宫保鸡丁"));
    assert_int_equal(slip_doc_claim(&arena, &claim, &doc), HUB_OK);
    assert_non_null(find(&doc, BLOCK_QR, "servery.local"));
    assert_non_null(find(&doc, BLOCK_HUGE, "482 193"));
    arena_finish(&arena);
}

static void every_language_has_every_word(void **state)
{
    (void)state;
    for (int language = 0; language < LANGUAGES; language++) {
        /* The table is of nothing but texts. */
        const char *const *words = (const char *const *)(const void *)ticket_words((enum ticket_language)language);
        for (size_t i = 0; i < sizeof(struct ticket_words) / sizeof *words; i++)
            if (!words[i]) fail_msg("%s lacks its word %zu", ticket_language_names[language], i);
        assert_non_null(ticket_language_names[language]);
    }
    assert_null(ticket_language_names[LANGUAGES]);
}

static void allergies_are_seen_in_every_language(void **state)
{
    (void)state;
    static const char *const yes[] = {
        "ALLERGY nuts", "Allergic to fish", "alergia al marisco", "मूँगफली से एलर्जी", "花生过敏", "حساسية من المكسرات"};
    static const char *const no[] = {"no onions", "extra hot", "", "big glass"};
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
        assert_true(ticket_words_allergy(yes[i]));
    for (size_t i = 0; i < sizeof no / sizeof *no; i++)
        assert_false(ticket_words_allergy(no[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_bill_has_its_amounts_in_a_column_and_adds_up),
        cmocka_unit_test(a_summary_names_each_ticket_and_who_decides),
        cmocka_unit_test(a_test_and_a_claim_say_what_they_are_for), cmocka_unit_test(every_language_has_every_word),
        cmocka_unit_test(allergies_are_seen_in_every_language)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
