/* SPDX-License-Identifier: MIT */
/* What tickets say, kind by kind. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "hub/ticket_doc.h"

static int berlin(void *context, int64_t wall_ms)
{
    (void)context;
    (void)wall_ms;
    return 60;
}

/* 2026-11-20 18:42 UTC */
#define EVENING INT64_C(1795200120000)

struct scene {
    struct arena arena;
    struct order order;
    struct item items[3];
    struct ticket tickets[2];
    struct ticket_facts facts;
    struct ticket_doc doc;
};

static void set_scene(struct scene *s, enum ticket_kind kind)
{
    memset(s, 0, sizeof *s);
    arena_init(&s->arena);
    s->items[0] = (struct item){.id = 41,
        .name = "Dal Tadka",
        .kitchen_name = "दाल तड़का",
        .quantity = 2,
        .note = "no coriander",
        .modifiers = "[{\"id\":7,\"name\":\"Extra hot\",\"price\":0}]",
        .course = 1,
        .station = "grill"};
    s->items[1] = (struct item){.id = 42,
        .name = "Special",
        .quantity = 1,
        .note = "",
        .modifiers = "[]",
        .course = 2,
        .seat = 3,
        .station = "grill",
        .open_item = true,
        .reason = "changed their mind"};
    s->items[2] = (struct item){
        .id = 43, .name = "Beer", .quantity = 1, .note = "", .modifiers = "[]", .course = 1, .station = "bar"};
    s->tickets[0] = (struct ticket){.id = 31,
        .station = "grill",
        .kot_number = 18,
        .kind = kind,
        .created_at = EVENING,
        .lines = kind == TICKET_VOID ? "[{\"item_id\":42,\"quantity\":1,\"change\":\"remove\"}]"
                                     : "[{\"item_id\":41,\"quantity\":2,\"change\":\"add\"},{\"item_id\":42,"
                                       "\"quantity\":1,\"change\":\"add\"}]"};
    s->tickets[1] = (struct ticket){
        .id = 32, .station = "bar", .kot_number = 4, .kind = kind, .created_at = EVENING, .lines = "[]"};
    s->order = (struct order){.day = 20261120,
        .number = 7,
        .type = ORDER_DINE_IN,
        .table_id = 5,
        .table_name = "5",
        .guests = 2,
        .note = "",
        .created_at = EVENING,
        .items = s->items,
        .item_count = 3,
        .tickets = s->tickets,
        .ticket_count = 2};
    snprintf(s->order.created_by.name, sizeof s->order.created_by.name, "Maria");
    s->facts = (struct ticket_facts){.setting = {.words = ticket_words(LANGUAGE_EN), .utc_offset_min = berlin},
        .order = &s->order,
        .ticket = &s->tickets[0],
        .previous_at = EVENING - 300000};
}

static void build(struct scene *s)
{
    assert_int_equal(ticket_doc_build(&s->arena, &s->facts, &s->doc), HUB_OK);
}

/* The first block of that kind that has the text in it; NULL when there is none. */
static const struct ticket_block *find(const struct scene *s, enum ticket_block_kind kind, const char *text)
{
    for (size_t i = 0; i < s->doc.count; i++) {
        const struct ticket_block *b = &s->doc.blocks[i];
        if (b->kind != kind) continue;
        if ((b->left && strstr(b->left, text)) || (b->right && strstr(b->right, text))) return b;
    }
    return NULL;
}

static void a_new_ticket_says_where_what_and_how(void **state)
{
    (void)state;
    struct scene s;
    set_scene(&s, TICKET_NEW);
    build(&s);
    assert_non_null(find(&s, BLOCK_TITLE, "grill"));
    assert_non_null(find(&s, BLOCK_TITLE, "KOT 18"));
    assert_non_null(find(&s, BLOCK_PAIR, "#18 after #17 19:37"));
    assert_non_null(find(&s, BLOCK_HUGE, "TABLE 5"));
    assert_non_null(find(&s, BLOCK_PAIR, "Maria, 2 guests"));
    assert_non_null(find(&s, BLOCK_PAIR, "19:42"));
    assert_non_null(find(&s, BLOCK_PAIR, "ORD-20261120-007"));
    assert_string_equal(find(&s, BLOCK_ITEM, "दाल")->left, "2");
    assert_non_null(find(&s, BLOCK_SMALL, "Dal Tadka"));
    assert_non_null(find(&s, BLOCK_DETAIL, "+ Extra hot"));
    assert_true(find(&s, BLOCK_BOX, "no coriander")->indent);
    assert_non_null(find(&s, BLOCK_PAIR, "COURSE 2"));
    assert_non_null(find(&s, BLOCK_DETAIL, "seat 3"));
    assert_non_null(find(&s, BLOCK_SMALL, "not on the menu"));
    assert_non_null(find(&s, BLOCK_PAIR, "ALSO AT: bar"));
    assert_null(find(&s, BLOCK_ITEM, "Beer"));
    assert_null(find(&s, BLOCK_BANNER, ""));
    arena_finish(&s.arena);
}

static void a_void_strikes_out_and_says_why(void **state)
{
    (void)state;
    struct scene s;
    set_scene(&s, TICKET_VOID);
    build(&s);
    assert_non_null(find(&s, BLOCK_BANNER, "VOID"));
    assert_string_equal(find(&s, BLOCK_STRUCK, "Special")->left, "-1");
    assert_non_null(find(&s, BLOCK_BOX, "changed their mind"));
    assert_null(find(&s, BLOCK_ITEM, "Special"));
    arena_finish(&s.arena);
}

static void marks_and_banners_stand_first(void **state)
{
    (void)state;
    struct scene s;
    set_scene(&s, TICKET_ADD_ON);
    s.order.priority = PRIORITY_RUSH;
    s.facts.marks = (struct ticket_marks){.copy = true, .copy_by = "Arjun", .copy_at = EVENING, .doubtful = true};
    build(&s);
    static const char *const banners[] = {"COPY  Arjun 19:42", "POSSIBLE DUPLICATE OF KOT 18", "ADD-ON", "RUSH"};
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(s.doc.blocks[i].kind, BLOCK_BANNER);
        assert_string_equal(s.doc.blocks[i].right, banners[i]);
    }
    arena_finish(&s.arena);
}

static void offline_takeout_says_when_it_was_taken_and_for_whom(void **state)
{
    (void)state;
    struct scene s;
    set_scene(&s, TICKET_NEW);
    s.order.type = ORDER_TAKEOUT;
    s.order.table_name = NULL;
    s.order.customer_name = "Ada";
    s.order.note = "call first";
    s.order.client_created_at = EVENING - 11 * 60000;
    build(&s);
    assert_non_null(find(&s, BLOCK_HUGE, "TAKEOUT"));
    assert_non_null(find(&s, BLOCK_TITLE, "Ada"));
    assert_non_null(find(&s, BLOCK_BOX, "taken 19:31, sent 19:42"));
    assert_non_null(find(&s, BLOCK_BOX, "call first"));
    s.order.client_created_at = EVENING - 9 * 60000;
    build(&s);
    assert_null(find(&s, BLOCK_BOX, "taken"));
    arena_finish(&s.arena);
}

static void lines_that_cannot_be_read_are_no_ticket(void **state)
{
    (void)state;
    struct scene s;
    set_scene(&s, TICKET_NEW);
    s.tickets[0].lines = "[{\"item_id\":";
    assert_int_equal(ticket_doc_build(&s.arena, &s.facts, &s.doc), HUB_UNAVAILABLE);
    s.tickets[0].lines = "[{\"item_id\":999,\"quantity\":1,\"change\":\"add\"}]";
    build(&s); /* an item of another order is left out */
    assert_null(find(&s, BLOCK_ITEM, ""));
    arena_finish(&s.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_new_ticket_says_where_what_and_how),
        cmocka_unit_test(a_void_strikes_out_and_says_why), cmocka_unit_test(marks_and_banners_stand_first),
        cmocka_unit_test(offline_takeout_says_when_it_was_taken_and_for_whom),
        cmocka_unit_test(lines_that_cannot_be_read_are_no_ticket)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
