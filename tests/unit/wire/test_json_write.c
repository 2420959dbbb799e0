/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first */
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "hub/json.h"

static void writes(struct json_writer *w, const char *wanted)
{
    assert_false(w->failed);
    assert_string_equal(w->text, wanted);
    assert_int_equal(w->length, strlen(wanted));
    json_writer_reset(w);
}

static void commas_fall_in_place(void **state)
{
    (void)state;
    struct json_writer w;
    json_writer_init(&w);
    json_begin_object(&w);
    json_end_object(&w);
    writes(&w, "{}");
    json_begin_object(&w);
    json_put_int(&w, "id", 1);
    json_put_string(&w, "name", "Soup");
    json_put_string(&w, "note", NULL);
    json_put_id_or_null(&w, "table_id", 0);
    json_put_id_or_null(&w, "ticket_id", 9);
    json_put_bool(&w, "yes", true);
    json_put_bool(&w, "no", false);
    json_put_null(&w, "nothing");
    json_put_time_or_null(&w, "never", 0);
    json_put_time_or_null(&w, "at", 1763634645123);
    json_key(&w, "items");
    json_begin_array(&w);
    json_begin_array(&w);
    json_end_array(&w);
    json_begin_object(&w);
    json_end_object(&w);
    json_null(&w);
    json_string(&w, NULL);
    json_raw(&w, NULL, 0);
    json_raw(&w, "[1,2]tail", 5);
    json_end_array(&w);
    json_raw_members(&w, "\"a\":1,\"b\":2", 11);
    json_raw_members(&w, "", 0);
    json_put_int(&w, "end", -1);
    json_end_object(&w);
    writes(&w,
        "{\"id\":1,\"name\":\"Soup\",\"note\":null,\"table_id\":null,\"ticket_id\":9,\"yes\":true,\"no\":false,"
        "\"nothing\":null,\"never\":null,\"at\":\"2025-11-20T10:30:45.123Z\",\"items\":[[],{},null,null,null,[1,2]],"
        "\"a\":1,\"b\":2,\"end\":-1}");
    json_begin_object(&w);
    json_raw_members(&w, "\"a\":1", 5);
    json_end_object(&w);
    writes(&w, "{\"a\":1}");
    json_writer_finish(&w);
}

static void numbers_are_exact(void **state)
{
    (void)state;
    static const struct {
        int64_t value;
        const char *text;
    } cases[] = {{0, "0"}, {-1, "-1"}, {10, "10"}, {9007199254740991, "9007199254740991"},
        {INT64_MAX, "9223372036854775807"}, {INT64_MIN, "-9223372036854775808"}};
    struct json_writer w;
    json_writer_init(&w);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        json_int(&w, cases[i].value);
        writes(&w, cases[i].text);
    }
    static const double doubles[] = {0.1, 1.0 / 3, 1e-300, 1.7976931348623157e308, -2.5, 123456.789};
    for (size_t i = 0; i < sizeof doubles / sizeof *doubles; i++) {
        json_double(&w, doubles[i]);
        assert_true(strtod(w.text, NULL) == doubles[i]);
        json_writer_reset(&w);
    }
    json_double(&w, 0.1);
    writes(&w, "0.1");
    json_double(&w, NAN);
    writes(&w, "null");
    json_double(&w, -INFINITY);
    writes(&w, "null");
    json_writer_finish(&w);
}

static void texts_are_escaped(void **state)
{
    (void)state;
    struct json_writer w;
    json_writer_init(&w);
    json_string(&w, "a\"b\\c/d\n\r\t\b\x1f\x7f \xe0\xa4\xa6\xf0\x9f\x8d\x8b");
    writes(&w, "\"a\\\"b\\\\c/d\\n\\r\\t\\u0008\\u001f\x7f \xe0\xa4\xa6\xf0\x9f\x8d\x8b\"");
    char all[32], *again;
    for (int c = 1; c < 32; c++) /* as if a text with every control character had been stored long ago */
        all[c - 1] = (char)c;
    all[31] = '\0';
    json_string(&w, all);
    cJSON *tree = cJSON_Parse(w.text);
    assert_non_null(tree);
    assert_string_equal(tree->valuestring, all);
    again = cJSON_PrintUnformatted(tree);
    assert_non_null(again);
    cJSON_free(again);
    cJSON_Delete(tree);
    json_writer_finish(&w);
}

static void times_agree_with_the_library(void **state)
{
    (void)state;
    struct json_writer w;
    json_writer_init(&w);
    int64_t ms = INT64_C(-62167219200000); /* year 0 */
    for (; ms < INT64_C(253402300799999); ms += INT64_C(8640123457) * 7) {
        char wanted[80];
        time_t seconds = (time_t)(ms >= 0 ? ms / 1000 : (ms - 999) / 1000);
        struct tm tm;
        assert_non_null(gmtime_r(&seconds, &tm));
        snprintf(wanted, sizeof wanted, "\"%04d-%02d-%02dT%02d:%02d:%02d.%03dZ\"", tm.tm_year + 1900, tm.tm_mon + 1,
            tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec, (int)(ms - (int64_t)seconds * 1000));
        json_time(&w, ms);
        writes(&w, wanted);
    }
    json_time(&w, INT64_C(1709251199999));
    writes(&w, "\"2024-02-29T23:59:59.999Z\"");
    json_time(&w, INT64_C(253402300799999));
    writes(&w, "\"9999-12-31T23:59:59.999Z\"");
    json_time_or_null(&w, 0);
    writes(&w, "null");
    json_writer_finish(&w);
}

static void trees_come_out_as_they_went_in(void **state)
{
    (void)state;
    static const char text[] =
        "{\"a\":[1,-2,1.5,true,false,null,\"\xc3\xa9\\n\\\"\"],\"b \\\"q\\\"\":{\"c\":{}},\"d\":[]}";
    cJSON *tree = json_parse(text, sizeof text - 1, NULL);
    assert_non_null(tree);
    struct json_writer w;
    json_writer_init(&w);
    json_tree(&w, tree);
    writes(&w, text);
    json_begin_array(&w);
    json_tree(&w, tree);
    json_tree(&w, tree);
    json_end_array(&w);
    assert_int_equal(w.length, 2 * (sizeof text - 1) + 3);
    cJSON_Delete(tree);
    json_writer_finish(&w);
}

/* Lengths around every size of the buffer; the sanitizers watch the edges. */
static void long_texts_fit(void **state)
{
    (void)state;
    enum { MOST = 5000 };
    char *text = malloc(MOST + 1);
    assert_non_null(text);
    for (size_t length = 0; length < MOST; length += length < 1100 ? 1 : 37) {
        memset(text, length % 2 ? 'x' : '\x01', length);
        text[length] = '\0';
        struct json_writer w;
        json_writer_init(&w);
        json_begin_array(&w);
        json_string(&w, text);
        json_raw(&w, "1", 1);
        json_end_array(&w);
        size_t size = 0;
        char *out = json_writer_take(&w, &size);
        assert_non_null(out);
        assert_int_equal(size, strlen(out));
        assert_int_equal(size, (length % 2 ? length : 6 * length) + 6);
        assert_null(w.text);
        free(out);
    }
    free(text);
}

static void failure_sticks(void **state)
{
    (void)state;
    struct json_writer w;
    size_t length = 7;
    json_writer_init(&w);
    json_begin_object(&w);
    w.failed = true; /* as after a failed allocation */
    json_put_int(&w, "a", 1);
    json_put_string(&w, "b", "c");
    json_time(&w, 0);
    json_end_object(&w);
    assert_int_equal(w.length, 1);
    assert_null(json_writer_take(&w, &length));
    assert_int_equal(length, 0);
    assert_null(w.text);
    assert_false(w.failed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(commas_fall_in_place),
        cmocka_unit_test(numbers_are_exact),
        cmocka_unit_test(texts_are_escaped),
        cmocka_unit_test(times_agree_with_the_library),
        cmocka_unit_test(trees_come_out_as_they_went_in),
        cmocka_unit_test(long_texts_fit),
        cmocka_unit_test(failure_sticks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
