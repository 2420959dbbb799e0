/* SPDX-License-Identifier: MIT */
/* The transition table: every status to every status, by every role; and what an order's status follows from. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "hub/order.h"

static struct order with_item(struct arena *arena, enum status status)
{
    struct order order = {.arena = arena, .id = 1};
    struct ticket *ticket = order_add_ticket(&order);
    *ticket = (struct ticket){.id = 7, .station = "grill", .kind = TICKET_NEW, .status = STATUS_PENDING};
    struct item *item = order_add_item(&order);
    *item = (struct item){.id = 5, .name = "Soup", .quantity = 3, .status = status, .was = status, .ticket_id = 7};
    order_settle(&order);
    return order;
}

/* One letter a target: k kitchen and above may, w waiter and above, m manager and above, - nobody. */
static const struct {
    enum status from;
    const char *held, *pending, *preparing, *ready, *served, *voided;
} table[] = {
    {STATUS_PENDING, "-", "k", "k", "k", "-", "w"},
    {STATUS_PREPARING, "-", "k", "k", "k", "-", "w"},
    {STATUS_READY, "-", "-", "k", "k", "w", "m"},
    {STATUS_SERVED, "-", "-", "-", "k", "w", "-"},
};

static bool allowed(char who, enum role role)
{
    if (who == 'k') return role_in(role, ROLES_STAFF);
    if (who == 'w') return role_in(role, ROLES_WAITER);
    return who == 'm' && role_in(role, ROLES_MANAGER);
}

static void try_all(enum role role, enum status from, enum status target, char who)
{
    struct arena arena;
    arena_init(&arena);
    struct order order = with_item(&arena, from);
    struct status_change change;
    struct fault fault = {0};
    enum hub_err err = order_set_status(&order, (struct scope){SCOPE_ITEM, 5}, target, role, &change, &fault);
    bool expected = allowed(who, role) || from == target;
    if (expected != (err == HUB_OK))
        fail_msg("%s to %s as %s: %s", status_names[from], status_names[target], role_name(role), hub_err_name(err));
    assert_int_equal(order.items[0].status, expected ? target : from);
    if (err) assert_true(err == HUB_INVALID_TRANSITION || err == HUB_FORBIDDEN);
    if (err == HUB_INVALID_TRANSITION) assert_non_null(strstr(fault.detail, "may follow"));
    fault_finish(&fault);
    arena_finish(&arena);
}

static void the_whole_table_holds_for_every_role(void **state)
{
    (void)state;
    static const enum role roles[] = {ROLE_KITCHEN, ROLE_WAITER, ROLE_MANAGER, ROLE_OWNER};
    for (size_t r = 0; r < 4; r++)
        for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
            try_all(roles[r], table[i].from, STATUS_HELD, *table[i].held);
            try_all(roles[r], table[i].from, STATUS_PENDING, *table[i].pending);
            try_all(roles[r], table[i].from, STATUS_PREPARING, *table[i].preparing);
            try_all(roles[r], table[i].from, STATUS_READY, *table[i].ready);
            try_all(roles[r], table[i].from, STATUS_SERVED, *table[i].served);
            try_all(roles[r], table[i].from, STATUS_VOIDED, *table[i].voided);
        }
}

static void a_ticket_follows_its_least_advanced_item_and_the_order_its_tickets(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena);
    struct order order = with_item(&arena, STATUS_READY);
    struct item *second = order_add_item(&order);
    *second = (struct item){.id = 6, .name = "Bread", .quantity = 1, .status = STATUS_PREPARING, .ticket_id = 7};
    order_settle(&order);
    assert_int_equal(order.tickets[0].status, STATUS_PREPARING);
    assert_int_equal(order.status, STATUS_PREPARING);
    order_item(&order, 6)->status = STATUS_VOIDED;
    order_settle(&order);
    assert_int_equal(order.status, STATUS_READY);
    order_item(&order, 5)->status = STATUS_VOIDED;
    order_settle(&order);
    assert_int_equal(order.tickets[0].status, STATUS_CANCELLED);
    assert_int_equal(order.status, STATUS_CANCELLED);
    arena_finish(&arena);
}

static void a_served_order_with_a_course_to_come_is_held(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena);
    struct order order = with_item(&arena, STATUS_SERVED);
    struct item *dessert = order_add_item(&order);
    *dessert = (struct item){.id = 6, .name = "Cake", .quantity = 1, .course = 2, .status = STATUS_HELD};
    order_settle(&order);
    assert_int_equal(order.status, STATUS_HELD);
    arena_finish(&arena);
}

static void a_step_back_takes_only_those_at_that_step(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena);
    struct order order = with_item(&arena, STATUS_READY);
    struct item *second = order_add_item(&order);
    *second = (struct item){.id = 6, .name = "Bread", .quantity = 1, .status = STATUS_SERVED, .ticket_id = 7};
    order_settle(&order);
    struct status_change change;
    struct fault fault = {0};
    assert_int_equal(
        order_set_status(&order, (struct scope){SCOPE_TICKET, 7}, STATUS_PREPARING, ROLE_KITCHEN, &change, &fault),
        HUB_OK);
    assert_int_equal(order_item(&order, 5)->status, STATUS_PREPARING);
    assert_int_equal(order_item(&order, 6)->status, STATUS_SERVED);
    assert_false(change.recalled);
    arena_finish(&arena);
}

static void voiding_a_part_splits_the_item(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena);
    struct order order = with_item(&arena, STATUS_PENDING);
    struct id_source ids = {.next_item = 100};
    struct item *out = NULL;
    struct fault fault = {0};
    assert_int_equal(order_void_item(&order, 5, 2, "spilled", ROLE_WAITER, &ids, "items[0]", &out, &fault), HUB_OK);
    assert_int_equal(out->id, 100);
    assert_int_equal(out->quantity, 2);
    assert_int_equal(out->status, STATUS_VOIDED);
    assert_int_equal(order_item(&order, 5)->quantity, 1);
    assert_int_equal(
        order_void_item(&order, 5, 2, "again", ROLE_WAITER, &ids, "items[0]", &out, &fault), HUB_VALIDATION_ERROR);
    assert_string_equal(fault.field, "items[0].quantity");
    fault_finish(&fault);
    assert_int_equal(
        order_void_item(&order, 100, 0, "twice", ROLE_WAITER, &ids, "items[0]", &out, &fault), HUB_INVALID_TRANSITION);
    fault_finish(&fault);
    assert_int_equal(order_void_item(&order, 5, 0, "no", ROLE_KITCHEN, &ids, "items[0]", &out, &fault), HUB_FORBIDDEN);
    fault_finish(&fault);
    arena_finish(&arena);
}

static void slips_that_are_only_seen_do_not_move_the_order(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena);
    struct order order = with_item(&arena, STATUS_READY);
    struct ticket *slip = order_add_ticket(&order);
    *slip = (struct ticket){.id = 8, .station = "grill", .kind = TICKET_VOID, .status = STATUS_PENDING};
    order_settle(&order);
    assert_int_equal(order.status, STATUS_READY);
    struct status_change change;
    struct fault fault = {0};
    assert_int_equal(
        order_set_status(&order, (struct scope){SCOPE_TICKET, 8}, STATUS_READY, ROLE_KITCHEN, &change, &fault),
        HUB_INVALID_TRANSITION);
    fault_finish(&fault);
    assert_int_equal(
        order_set_status(&order, (struct scope){SCOPE_TICKET, 8}, STATUS_SERVED, ROLE_KITCHEN, &change, &fault),
        HUB_OK);
    order_settle(&order);
    assert_int_equal(order.status, STATUS_READY);
    arena_finish(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_whole_table_holds_for_every_role),
        cmocka_unit_test(a_ticket_follows_its_least_advanced_item_and_the_order_its_tickets),
        cmocka_unit_test(a_served_order_with_a_course_to_come_is_held),
        cmocka_unit_test(a_step_back_takes_only_those_at_that_step), cmocka_unit_test(voiding_a_part_splits_the_item),
        cmocka_unit_test(slips_that_are_only_seen_do_not_move_the_order)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
