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

#include "drivers/text_utf8proc/text_utf8proc.h"
#include "hub/json.h"

struct line {
    int64_t quantity, big;
    bool rush;
    const char *note;
    int kind;
    struct json_ids ids;
    const cJSON *object, *list, *any;
};

static const char *const kinds[] = {"dine_in", "takeout", NULL};
#define AT(member) offsetof(struct line, member)
static const struct json_field fields[] = {
    {"quantity", JSON_INT, AT(quantity), 1, 999, NULL, true},
    {"big", JSON_INT, AT(big), 0, INT64_MAX, NULL, false},
    {"rush", JSON_BOOL, AT(rush), 0, 0, NULL, false},
    {"note", JSON_TEXT, AT(note), 1, 5, NULL, false},
    {"kind", JSON_NAME_OF, AT(kind), 0, 0, kinds, false},
    {"ids", JSON_IDS, AT(ids), 0, 3, NULL, false},
    {"object", JSON_OBJECT, AT(object), 0, 0, NULL, false},
    {"list", JSON_ARRAY, AT(list), 1, 2, NULL, false},
    {"any", JSON_ANY, AT(any), 0, 0, NULL, false},
};

struct decoded {
    struct line line;
    uint64_t present;
    struct arena arena;
    struct fault fault;
    cJSON *tree;
};

static enum hub_err decode_at(struct decoded *d, const char *text, const char *path)
{
    *d = (struct decoded){.line = {.kind = -1, .note = "preset"}};
    arena_init(&d->arena);
    d->tree = json_parse(text, strlen(text), &d->fault);
    assert_non_null(d->tree);
    enum hub_err err = json_decode(d->tree, fields, sizeof fields / sizeof *fields, &d->line, &d->present, &d->arena,
        text_utf8proc(), path, &d->fault);
    assert_int_equal(err, d->fault.code);
    return err;
}

static void finish(struct decoded *d)
{
    fault_finish(&d->fault);
    arena_finish(&d->arena);
    cJSON_Delete(d->tree);
}

static void all_kinds_are_read(void **state)
{
    (void)state;
    struct decoded d;
    assert_int_equal(
        decode_at(&d,
            "{\"quantity\":2.0,\"big\":9007199254740991,\"rush\":true,\"note\":\"e\\u0301\\nb\",\"kind\":\"takeout\","
            "\"ids\":[7,8.0],\"object\":{\"a\":1},\"list\":[1,2],\"any\":\"x\"}",
            ""),
        HUB_OK);
    assert_int_equal(d.line.quantity, 2);
    assert_int_equal(d.line.big, INT64_C(9007199254740991));
    assert_true(d.line.rush);
    assert_string_equal(d.line.note, "\xc3\xa9\nb"); /* composed */
    assert_int_equal(d.line.kind, 1);
    assert_int_equal(d.line.ids.count, 2);
    assert_int_equal(d.line.ids.ids[0], 7);
    assert_int_equal(d.line.ids.ids[1], 8);
    assert_true(cJSON_IsObject(d.line.object));
    assert_int_equal(cJSON_GetArraySize(d.line.list), 2);
    assert_string_equal(d.line.any->valuestring, "x");
    assert_int_equal(d.present, 0x1ff);
    finish(&d);
}

static void null_is_as_good_as_absent(void **state)
{
    (void)state;
    struct decoded d;
    assert_int_equal(
        decode_at(&d, "{\"quantity\":999,\"note\":null,\"kind\":null,\"ids\":null,\"any\":null}", ""), HUB_OK);
    assert_string_equal(d.line.note, "preset");
    assert_int_equal(d.line.kind, -1);
    assert_int_equal(d.line.ids.count, 0);
    assert_null(d.line.any);
    assert_int_equal(d.present, 1);
    finish(&d);
}

static void what_is_wrong_is_said(void **state)
{
    (void)state;
    static const struct {
        const char *json, *field, *detail;
    } cases[] = {
        {"{\"quantity\":\"2\"}", "quantity",
            "\"quantity\" must be a whole number from 1 to 999; you sent \"2\" (text)."},
        {"{\"quantity\":1.5}", "quantity", "\"quantity\" must be a whole number from 1 to 999; you sent 1.5."},
        {"{\"quantity\":true}", "quantity", "\"quantity\" must be a whole number from 1 to 999; you sent true."},
        {"{\"quantity\":0}", "quantity", "\"quantity\" must be a whole number from 1 to 999; you sent 0."},
        {"{\"quantity\":1000}", "quantity", "\"quantity\" must be a whole number from 1 to 999; you sent 1000."},
        {"{\"quantity\":-1}", "quantity", "\"quantity\" must be a whole number from 1 to 999; you sent -1."},
        {"{\"quantity\":1e400}", "quantity",
            "\"quantity\" must be a whole number from 1 to 999; you sent too large a number."},
        {"{\"quantity\":[]}", "quantity", "\"quantity\" must be a whole number from 1 to 999; you sent a list of 0."},
        {"{\"quantity\":null}", "quantity", "\"quantity\" is missing."},
        {"{}", "quantity", "\"quantity\" is missing."},
        {"{\"quantity\":1,\"big\":-1}", "big", "\"big\" must be a whole number from 0; you sent -1."},
        {"{\"quantity\":1,\"big\":9007199254740993}", "big",
            "\"big\" must be a whole number from 0; you sent 9.00719925474099e+15."},
        {"{\"quantity\":1,\"rush\":0}", "rush", "\"rush\" must be true or false; you sent 0."},
        {"{\"quantity\":1,\"rush\":\"no\"}", "rush", "\"rush\" must be true or false; you sent \"no\" (text)."},
        {"{\"quantity\":1,\"note\":7}", "note", "\"note\" must be text of 1 to 5 characters; you sent 7."},
        {"{\"quantity\":1,\"note\":\"\"}", "note", "\"note\" must be text of 1 to 5 characters; it has 0."},
        {"{\"quantity\":1,\"note\":\"\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\"}", "note",
            "\"note\" must be text of 1 to 5 characters; it has 6."},
        {"{\"quantity\":1,\"kind\":\"Takeout\"}", "kind",
            "\"kind\" must be one of dine_in, takeout; you sent \"Takeout\" (text)."},
        {"{\"quantity\":1,\"kind\":{}}", "kind", "\"kind\" must be one of dine_in, takeout; you sent an object."},
        {"{\"quantity\":1,\"ids\":7}", "ids", "\"ids\" must be a list of ids; you sent 7."},
        {"{\"quantity\":1,\"ids\":[1,2,3,4]}", "ids", "\"ids\" must be a list of ids; you sent a list of 4."},
        {"{\"quantity\":1,\"ids\":[1,\"2\"]}", "ids[1]",
            "\"ids[1]\" must be an id (a positive whole number); you sent \"2\" (text)."},
        {"{\"quantity\":1,\"ids\":[0]}", "ids[0]", "\"ids[0]\" must be an id (a positive whole number); you sent 0."},
        {"{\"quantity\":1,\"object\":[]}", "object", "\"object\" must be an object; you sent a list of 0."},
        {"{\"quantity\":1,\"list\":[]}", "list", "\"list\" must be a list of 1 to 2; you sent a list of 0."},
        {"{\"quantity\":1,\"list\":[1,2,3]}", "list", "\"list\" must be a list of 1 to 2; you sent a list of 3."},
        {"{\"quantity\":1,\"Note\":\"no nuts\"}", "Note",
            "There is no field \"Note\" here. Known are: quantity, big, rush, note, kind, ids, object, list, any."},
        {"{\"qty\":null,\"quantity\":1}", "qty",
            "There is no field \"qty\" here. Known are: quantity, big, rush, note, kind, ids, object, list, any."},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct decoded d;
        assert_int_equal(decode_at(&d, cases[i].json, ""), HUB_VALIDATION_ERROR);
        assert_string_equal(d.fault.field, cases[i].field);
        assert_string_equal(d.fault.detail, cases[i].detail);
        finish(&d);
    }
}

static void paths_lead_to_the_field(void **state)
{
    (void)state;
    struct decoded d;
    assert_int_equal(decode_at(&d, "{\"quantity\":0}", "items[3]"), HUB_VALIDATION_ERROR);
    assert_string_equal(d.fault.field, "items[3].quantity");
    finish(&d);
    assert_int_equal(decode_at(&d, "{}", "items[3]"), HUB_VALIDATION_ERROR);
    assert_string_equal(d.fault.field, "items[3].quantity");
    finish(&d);
    assert_int_equal(decode_at(&d, "7", "items[3]"), HUB_VALIDATION_ERROR);
    assert_string_equal(d.fault.field, "items[3]");
    finish(&d);
    assert_int_equal(decode_at(&d, "[]", ""), HUB_VALIDATION_ERROR);
    assert_string_equal(d.fault.detail, "This must be an object; you sent a list of 0.");
    finish(&d);
}

/* A fault goes out as JSON itself: what it quotes of the client must stay UTF-8 wherever it is cut. */
static void quoted_names_stay_whole(void **state)
{
    (void)state;
    char json[600], text[400];
    for (size_t ascii = 0; ascii < 4; ascii++) {
        memset(text, 'k', ascii);
        for (size_t i = 0; i < 60; i++)
            memcpy(text + ascii + 4 * i, "\xf0\x9f\x8d\x8b", 5);
        struct decoded d;
        snprintf(json, sizeof json, "{\"%s\":1}", text);
        assert_int_equal(decode_at(&d, json, "items[199]"), HUB_VALIDATION_ERROR);
        for (int part = 0; part < 2; part++) {
            struct json_writer w;
            json_writer_init(&w);
            json_string(&w, part ? d.fault.field : d.fault.detail);
            cJSON *again = json_parse(w.text, w.length, NULL);
            assert_non_null(again);
            cJSON_Delete(again);
            json_writer_finish(&w);
        }
        finish(&d);
        snprintf(json, sizeof json, "{\"quantity\":\"%s\"}", text);
        assert_int_equal(decode_at(&d, json, ""), HUB_VALIDATION_ERROR);
        assert_non_null(strstr(d.fault.detail, "\xf0\x9f\x8d\x8b...\" (text)."));
        finish(&d);
    }
    struct fault fault = {0};
    for (size_t ascii = 0; ascii < 4; ascii++) {
        memset(text, 'k', ascii);
        for (size_t i = 0; i < 95; i++)
            memcpy(text + ascii + 4 * i, "\xf0\x9f\x8d\x8b", 5);
        fault_set(&fault, HUB_VALIDATION_ERROR, text, "%s", text);
        size_t detail = strlen(fault.detail), field = strlen(fault.field);
        assert_true(detail >= sizeof fault.detail - 4 && (detail - ascii) % 4 == 0);
        assert_true(field >= sizeof fault.field - 4 && (field - ascii) % 4 == 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_kinds_are_read),
        cmocka_unit_test(null_is_as_good_as_absent),
        cmocka_unit_test(what_is_wrong_is_said),
        cmocka_unit_test(paths_lead_to_the_field),
        cmocka_unit_test(quoted_names_stay_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
