/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "hub/csv.h"
#include "hub/utf8.h"

enum { ROOM = 4 };

static void rows_are_read_as_they_were_meant(void **state)
{
    (void)state;
    static const char text[] = "\xef\xbb\xbf"
                               "a,b\r\n\r\n\"x, y\",\"say \"\"hi\"\"\"\n\"two\nlines\",\nlast";
    struct arena arena;
    struct csv csv;
    const char *f[ROOM];
    size_t count;
    arena_init(&arena);
    csv_init(&csv, text, sizeof text - 1);
    assert_true(csv_row(&csv, &arena, f, ROOM, &count));
    assert_int_equal(count, 2);
    assert_string_equal(f[0], "a");
    assert_string_equal(f[1], "b");
    assert_true(csv_row(&csv, &arena, f, ROOM, &count));
    assert_int_equal(csv.row, 3); /* the empty one is counted: a spreadsheet shows it */
    assert_string_equal(f[0], "x, y");
    assert_string_equal(f[1], "say \"hi\"");
    assert_true(csv_row(&csv, &arena, f, ROOM, &count));
    assert_string_equal(f[0], "two\nlines");
    assert_string_equal(f[1], "");
    assert_true(csv_row(&csv, &arena, f, ROOM, &count));
    assert_int_equal(count, 1);
    assert_string_equal(f[0], "last");
    assert_false(csv_row(&csv, &arena, f, ROOM, &count));
    assert_null(csv.broken);
    arena_finish(&arena);
}

static void what_makes_no_sense_is_named(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t length;
    } broken[] = {{"\"open", 5}, {"\"a\"b", 4}, {"a,b,c,d,e", 9}, {"a\0b", 3}, {"\"a\0b\"", 5}};
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        struct arena arena;
        struct csv csv;
        const char *f[ROOM];
        size_t count;
        arena_init(&arena);
        csv_init(&csv, broken[i].text, broken[i].length);
        assert_false(csv_row(&csv, &arena, f, ROOM, &count));
        assert_non_null(csv.broken);
        assert_false(csv_row(&csv, &arena, f, ROOM, &count));
        arena_finish(&arena);
    }
}

static void nothing_is_read_past_the_end(void **state)
{
    (void)state;
    static const char *const texts[] = {"", "\r", "\n\n\n", "a,", "\"\"", "\"", "a\r", ","};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        size_t length = strlen(texts[i]), count;
        char *exact = malloc(length ? length : 1); /* so that AddressSanitizer sees the end */
        assert_non_null(exact);
        memcpy(exact, texts[i], length);
        struct arena arena;
        struct csv csv;
        const char *f[ROOM];
        arena_init(&arena);
        csv_init(&csv, exact, length);
        while (csv_row(&csv, &arena, f, ROOM, &count))
            assert_true(count >= 1 && count <= 2);
        arena_finish(&arena);
        free(exact);
    }
}

static void utf8_is_told_from_what_is_not(void **state)
{
    (void)state;
    static const char *const good[] = {"", "plain", "Crème", "Борщ", "दाल", "宫保鸡丁", "🌶", "\xf4\x8f\xbf\xbf"};
    static const char *const bad[] = {
        "\xff", "Caf\xe9", "\xc0\x80", "\xe0\x80\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xc3", "\xe2\x82"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_true(utf8_valid(good[i], strlen(good[i])));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(utf8_valid(bad[i], strlen(bad[i])));
    assert_int_equal(utf8_count("दाल"), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(rows_are_read_as_they_were_meant),
        cmocka_unit_test(what_makes_no_sense_is_named), cmocka_unit_test(nothing_is_read_past_the_end),
        cmocka_unit_test(utf8_is_told_from_what_is_not)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
