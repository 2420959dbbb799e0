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

#include "hub/view.h"

static void expect(enum view view, const char *json, const char *wanted)
{
    size_t length = 0;
    char *text = view_redact(json, strlen(json), view, &length);
    assert_non_null(text);
    assert_string_equal(text, wanted);
    assert_int_equal(length, strlen(wanted));
    free(text);
}

#define ORDER                                                                                                          \
    "{\"type\":\"tax\",\"order\":{\"subtotal\":0,\"customer_name\":\"A\\\"b\",\"customer_phone\":\"1\",\"note\":"      \
    "\"tax\","                                                                                                         \
    "\"created_by\":{\"kind\":\"staff\",\"name\":\"Bo\"},\"items\":[{\"name\":\"Soup\"}],\"updated_by\":null}}"

static void full_is_a_copy(void **state)
{
    (void)state;
    expect(VIEW_FULL, ORDER, ORDER);
}

static void kitchen_sees_names_but_no_money(void **state)
{
    (void)state;
    expect(VIEW_KITCHEN, ORDER,
        "{\"type\":\"tax\",\"order\":{\"subtotal\":null,\"customer_name\":\"A\\\"b\",\"customer_phone\":null,\"note\":"
        "\"tax\","
        "\"created_by\":{\"kind\":\"staff\",\"name\":\"Bo\"},\"items\":[{\"name\":\"Soup\"}],\"updated_by\":null}}");
}

static void display_and_guest_see_no_people(void **state)
{
    (void)state;
    for (int view = VIEW_DISPLAY; view <= VIEW_GUEST; view++)
        expect((enum view)view, ORDER,
            "{\"type\":\"tax\",\"order\":{\"subtotal\":null,\"customer_name\":null,\"customer_phone\":null,\"note\":"
            "\"tax\","
            "\"created_by\":{\"kind\":\"staff\",\"name\":null},\"items\":[{\"name\":\"Soup\"}],\"updated_by\":null}}");
}

static void whole_objects_go(void **state)
{
    (void)state;
    expect(VIEW_KITCHEN, "{\"metrics\":{\"a\":[1,\"}\",{\"b\":\"]\\\\\"}]},\"x\":1}", "{\"metrics\":null,\"x\":1}");
}

static void many_small_values_grow_within_bounds(void **state)
{
    (void)state;
    char json[1024], wanted[2048];
    size_t read = 0, made = 0;
    for (int i = 0; i < 100; i++) {
        read += (size_t)snprintf(json + read, sizeof json - read, "{\"tax\":0}");
        made += (size_t)snprintf(wanted + made, sizeof wanted - made, "{\"tax\":null}");
    }
    expect(VIEW_KITCHEN, json, wanted);
}

static void roles_have_views(void **state)
{
    (void)state;
    assert_int_equal(view_of_role(ROLE_OWNER), VIEW_FULL);
    assert_int_equal(view_of_role(ROLE_MANAGER), VIEW_FULL);
    assert_int_equal(view_of_role(ROLE_WAITER), VIEW_FULL);
    assert_int_equal(view_of_role(ROLE_KITCHEN), VIEW_KITCHEN);
    assert_int_equal(view_of_role(ROLE_DISPLAY), VIEW_DISPLAY);
    assert_int_equal(view_of_role(ROLE_GUEST), VIEW_GUEST);
    assert_int_equal(view_of_role(ROLE_NONE), VIEW_GUEST);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(full_is_a_copy),
        cmocka_unit_test(kitchen_sees_names_but_no_money),
        cmocka_unit_test(display_and_guest_see_no_people),
        cmocka_unit_test(whole_objects_go),
        cmocka_unit_test(many_small_values_grow_within_bounds),
        cmocka_unit_test(roles_have_views),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
