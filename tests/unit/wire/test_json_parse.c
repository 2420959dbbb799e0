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

#include "hub/json.h"

struct bytes {
    const char *text;
    size_t length;
};
#define B(literal)                                                                                                     \
    {                                                                                                                  \
        literal, sizeof(literal) - 1                                                                                   \
    }

static bool parses_n(const char *text, size_t length)
{
    struct fault fault = {0};
    cJSON *tree = json_parse(text, length, &fault);
    assert_int_equal(fault.code, tree ? HUB_OK : HUB_MALFORMED_JSON);
    assert_true(tree || fault.detail[0]);
    cJSON_Delete(tree);
    return tree != NULL;
}

static bool parses(const char *text)
{
    return parses_n(text, strlen(text));
}

static void good_json_is_read(void **state)
{
    (void)state;
    static const struct bytes good[] = {B("{}"), B("[]"), B(" \t\r\n{ } \n"), B("null"), B("true"), B("false"),
        B("\"\""), B("0"), B("-0"), B("-0.5e-10"), B("1E+2"), B("10.25"), B("[1,2,[3,{\"a\":[]}]]"),
        B("{\"a\":{\"a\":1}}"), B("\"\\\"\\\\\\/\\n\\r\\t\""), B("\"\\u00e9\\ud83c\\udf4b\""),
        B("\"\xc3\xa9\xf0\x9f\x8d\x8b\xe0\xa4\xa6\""), B("\"\\u00a0\xc2\xa0\""),
        B("\"\xed\x9f\xbf\xee\x80\x80\xf4\x8f\xbf\xbf\""), B("{\"\":1}"), B("1e400"), B("{\"a\":1,\"A\":2}"),
        B("\"\xe2\x80\xa8\""), B("123456789012345678901234567890123456789012345678901234567890")};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        if (!parses_n(good[i].text, good[i].length)) fail_msg("refused: %s", good[i].text);
}

static void bad_json_is_refused(void **state)
{
    (void)state;
    static const struct bytes bad[] = {B(""), B(" "), B("\0"), B("{}\0"), B("{"), B("}"), B("["), B("]"), B("{]"),
        B("[}"), B("[1,]"), B("[,1]"), B("{,}"), B("{\"a\"}"), B("{\"a\":}"), B("{\"a\":1,}"), B("{a:1}"), B("{'a':1}"),
        B("{1:1}"), B("{\"a\" 1}"), B("[1 2]"), B("1 2"), B("{}{}"), B("nul"), B("nulll"), B("True"), B("NaN"),
        B("Infinity"), B("-"), B("+1"), B("01"), B("-01"), B(".5"), B("1."), B("1.e5"), B("1e"), B("1e+"), B("0x10"),
        B("1_000"), B("--1"), B("\""), B("\"a"), B("\"\\\""), B("\"\\"), B("\"\\x41\""), B("\"\\u12\""),
        B("\"\\u12g4\""), B("\"\\u\""), B("\"\n\""), B("\"\t\""), B("\"\x1f\""), B("\"\x7f\""), B("\"a\0b\""),
        B("\"\\u0000\""), B("\"\\u0001\""), B("\"\\b\""), B("\"\\f\""), B("\"\\u000b\""), B("\"\\u001b[31m\""),
        B("\"\\u007f\""), B("\"\\u0085\""), B("\"\xc2\x85\""), B("\"\\ud800\""), B("\"\\udc00\""), B("\"\\ud83cx\""),
        B("\"\\ud83c\\n\""), B("\"\\ud83c\\u0041\""), B("\"\\udf4b\\ud83c\""), B("\"\\ud83c\\ud83c\""), B("\"\\ud83c"),
        B("\"\\ud83c\\u"), B("{\"\\ud800\":1}"), B("{\"a\\u0000\":1}"), B("\xef\xbb\xbf{}"), B("\xff"), B("\"\xff\""),
        B("\"\xc3\""), B("\"\xc3"), B("\"\xc0\xaf\""), B("\"\xc1\xbf\""), B("\"\xe0\x9f\xbf\""), B("\"\xe2\x82\""),
        B("\"\xe2\x28\xa1\""), B("\"\xed\xa0\x80\""), B("\"\xed\xbf\xbf\""), B("\"\xf0\x8f\xbf\xbf\""),
        B("\"\xf4\x90\x80\x80\""), B("\"\xf5\x80\x80\x80\""), B("\"\xf8\x88\x80\x80\x80\""), B("\"\x80\""),
        B("/* */{}"), B("// \n{}"), B("{}//"), B("{\"a\":1,\"a\":1}"), B("{\"a\":1,\"b\":2,\"a\":null}"),
        B("{\"note\":1,\"n\\u006fte\":2}"), B("{\"\":1,\"\":2}"), B("[{\"x\":{\"b\":1,\"b\":2}}]"),
        B("[[[{\"b\":1,\"c\":2,\"b\":2}]]]"), B("{\"a\":[1],\"a\":[1]}"),
        B("1234567890123456789012345678901234567890123456789012345678901")};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (parses_n(bad[i].text, bad[i].length)) fail_msg("accepted: %s", bad[i].text);
    assert_false(parses_n(NULL, 0));
}

/* Every cut of a good text is bad, and reads nothing past its end (the sanitizers watch a copy of just that size). */
static void cut_json_is_refused(void **state)
{
    (void)state;
    static const char text[] = "{\"a\":[1.5e3,true,null,\"\\u00e9\\ud83c\\udf4b\xf0\x9f\x8d\x8b\"],\"b\":{\"c\":-0}}";
    assert_true(parses(text));
    for (size_t length = 0; length < sizeof text - 1; length++) {
        char *copy = malloc(length ? length : 1);
        assert_non_null(copy);
        memcpy(copy, text, length);
        assert_false(parses_n(copy, length));
        free(copy);
    }
}

static void depth_ends_at_32(void **state)
{
    (void)state;
    enum { MUCH = 100000 };
    char *text = malloc(MUCH * 2 + 1);
    assert_non_null(text);
    static const size_t depths[] = {1, 31, 32, 33, 1000, MUCH};
    for (size_t i = 0; i < sizeof depths / sizeof *depths; i++) {
        memset(text, '[', depths[i]);
        memset(text + depths[i], ']', depths[i]);
        assert_int_equal(parses_n(text, depths[i] * 2), depths[i] <= JSON_MAX_DEPTH);
        assert_false(parses_n(text, depths[i]));
    }
    free(text);
    assert_true(
        parses("[[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[]]"));
}

/* As many keys as fit in the largest body; were they compared in pairs, this would take minutes. */
static void twins_among_many_keys_are_found(void **state)
{
    (void)state;
    enum { KEYS = 24000 };
    char *text = malloc(JSON_MAX_BYTES);
    assert_non_null(text);
    size_t length = 0;
    text[length++] = '{';
    for (int i = 0; i < KEYS; i++)
        length += (size_t)snprintf(text + length, JSON_MAX_BYTES - length, "%s\"%d\":1", i ? "," : "", i);
    text[length] = '}';
    assert_true(length < JSON_MAX_BYTES - 16);
    assert_true(parses_n(text, length + 1));
    length += (size_t)snprintf(text + length, JSON_MAX_BYTES - length, ",\"%d\":2}", KEYS / 2);
    assert_false(parses_n(text, length));
    free(text);
}

static void faults_say_where(void **state)
{
    (void)state;
    struct fault fault = {0};
    assert_null(json_parse("{\"a\":1,\n  \"b\" 2}", 16, &fault));
    assert_string_equal(fault.detail, "This is not valid JSON: there is a missing colon at line 2, column 7.");
    assert_null(json_parse("{\"a\":1,\"a\":2}", 13, &fault));
    assert_string_equal(fault.detail, "The field \"a\" is there twice. Send it once.");
    assert_null(json_parse("[1,]", 4, NULL));
}

static void integers_are_exact_or_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool whole;
        int64_t value;
    } cases[] = {{"2", true, 2}, {"2.0", true, 2}, {"0.2e1", true, 2}, {"20E-1", true, 2}, {"-0", true, 0},
        {"-7", true, -7}, {"9007199254740991", true, INT64_C(9007199254740991)},
        {"-9007199254740991", true, INT64_C(-9007199254740991)}, {"9007199254740992", false, 0},
        {"9007199254740993", false, 0}, {"1e300", false, 0}, {"1e400", false, 0}, {"-1e400", false, 0},
        {"1.5", false, 0}, {"\"2\"", false, 0}, {"true", false, 0}, {"null", false, 0}, {"[]", false, 0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        cJSON *tree = json_parse(cases[i].text, strlen(cases[i].text), NULL);
        int64_t value = 0;
        assert_non_null(tree);
        assert_int_equal(json_integer(tree, &value), cases[i].whole);
        assert_int_equal(value, cases[i].value);
        cJSON_Delete(tree);
    }
    assert_false(json_integer(NULL, &(int64_t){0}));
}

static bool same(const char *a, const char *b)
{
    static const char *const skip[] = {"request_id", "type", NULL};
    cJSON *first = json_parse(a, strlen(a), NULL), *second = json_parse(b, strlen(b), NULL);
    assert_non_null(first);
    assert_non_null(second);
    char *one = json_canonical(first, skip), *two = json_canonical(second, skip);
    assert_non_null(one);
    assert_non_null(two);
    bool equal = strcmp(one, two) == 0;
    free(one);
    free(two);
    cJSON_Delete(first);
    cJSON_Delete(second);
    return equal;
}

static void canonical_compares_values(void **state)
{
    (void)state;
    static const char *const equal[][2] = {{"{\"a\":1,\"b\":2}", " {\"b\": 2.0, \"a\":1e0}"},
        {"\"\\u00e9\"", "\"\xc3\xa9\""},
        {"{\"a\":{\"c\":[1,{\"x\":1,\"y\":2}],\"b\":true}}", "{\"a\":{\"b\":true,\"c\":[1,{\"y\":2,\"x\":1}]}}"},
        {"-0", "0"}, {"{\"a\":1,\"note\":null}", "{\"a\":1}"}, {"0.1", "1e-1"}, {"\"/\"", "\"\\/\""},
        {"{\"type\":\"x\",\"a\":1}", "{\"a\":1,\"request_id\":7}"}};
    static const char *const different[][2] = {{"{\"a\":1}", "{\"a\":2}"}, {"{\"a\":1}", "{\"b\":1}"},
        {"[1,2]", "[2,1]"}, {"{\"a\":1}", "[\"a\",1]"}, {"{\"a\":\"1\"}", "{\"a\":1}"}, {"[1]", "1"}, {"[]", "{}"},
        {"\"a\"", "\"A\""}, {"[null]", "[]"}, {"{\"a\":true}", "{\"a\":\"true\"}"}, {"0.1", "0.10000000000000002"},
        {"[\"a,b\"]", "[\"a\",\"b\"]"}, {"{\"a\":\"b\",\"c\":\"d\"}", "{\"a\":{\"b\":\"c\"}}"},
        {"{\"a\":{\"type\":1}}", "{\"a\":{}}"}, {"1e300", "1e301"}};
    for (size_t i = 0; i < sizeof equal / sizeof *equal; i++)
        if (!same(equal[i][0], equal[i][1])) fail_msg("differ: %s and %s", equal[i][0], equal[i][1]);
    for (size_t i = 0; i < sizeof different / sizeof *different; i++)
        if (same(different[i][0], different[i][1])) fail_msg("equal: %s and %s", different[i][0], different[i][1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_json_is_read),
        cmocka_unit_test(bad_json_is_refused),
        cmocka_unit_test(cut_json_is_refused),
        cmocka_unit_test(depth_ends_at_32),
        cmocka_unit_test(twins_among_many_keys_are_found),
        cmocka_unit_test(faults_say_where),
        cmocka_unit_test(integers_are_exact_or_refused),
        cmocka_unit_test(canonical_compares_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
