/* SPDX-License-Identifier: MIT */
/* What printers say, right, wrong and cut in the middle. */
#include "drivers/escpos/escpos_status.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static struct escpos_status asked(int kind, uint8_t byte)
{
    struct escpos_status status = {0};
    assert_true(escpos_status_answer(&status, kind, byte));
    return status;
}

static void real_time_answers_say_what_is_wrong(void **state)
{
    (void)state;
    struct escpos_status well = asked(1, 0x16);
    assert_true(escpos_status_ready(&well));
    assert_true(asked(1, 0x1e).offline);
    assert_true(asked(2, 0x16).cover_open);
    assert_true(asked(2, 0x32).paper_out);
    assert_true(asked(2, 0x52).error);
    assert_true(asked(3, 0x1a).cutter_error);
    assert_true(asked(3, 0x32).error);
    assert_true(asked(4, 0x1e).paper_near_end);
    assert_false(asked(4, 0x1e).paper_out);
    assert_true(asked(4, 0x7e).paper_out);
    struct escpos_status open = asked(2, 0x16);
    assert_false(escpos_status_ready(&open));
}

static void bytes_with_the_wrong_fixed_bits_are_no_answer(void **state)
{
    (void)state;
    for (int byte = 0; byte < 256; byte++)
        for (int kind = 0; kind <= 5; kind++) {
            struct escpos_status status = {0}, before = status;
            bool right = (byte & 0x93) == 0x12 && kind >= 1 && kind <= 4;
            assert_int_equal(escpos_status_answer(&status, kind, (uint8_t)byte), right);
            if (!right) assert_memory_equal(&status, &before, sizeof status);
        }
}

static struct escpos_word last_of(struct escpos_reader *r, const uint8_t *bytes, size_t count)
{
    struct escpos_word word = {.kind = ESCPOS_WORD_NONE};
    for (size_t i = 0; i < count; i++)
        word = escpos_reader_take(r, bytes[i]);
    return word;
}

static void words_are_told_apart(void **state)
{
    (void)state;
    struct escpos_reader r = {0};
    static const uint8_t realtime[] = {0x12}, paper[] = {0x00}, near_end[] = {0x03};
    static const uint8_t process[] = {0x37, 0x22, 'a', 'b', '1', '2', 0};
    static const uint8_t automatic[] = {0x30, 0x00, 0x0c, 0x00};
    assert_int_equal(last_of(&r, realtime, 1).kind, ESCPOS_WORD_REALTIME);
    assert_int_equal(last_of(&r, paper, 1).kind, ESCPOS_WORD_PAPER);
    assert_int_equal(last_of(&r, near_end, 1).kind, ESCPOS_WORD_PAPER);
    struct escpos_word word = last_of(&r, process, sizeof process);
    assert_int_equal(word.kind, ESCPOS_WORD_PROCESS);
    assert_string_equal(word.id, "ab12");
    word = last_of(&r, automatic, sizeof automatic);
    assert_int_equal(word.kind, ESCPOS_WORD_AUTO);
    assert_true(word.status.cover_open && word.status.paper_out);
}

static void a_word_that_is_cut_costs_nothing_that_follows(void **state)
{
    (void)state;
    struct escpos_reader r = {0};
    static const uint8_t cut_process[] = {0x37, 0x22, 'a', 'b', 0x16};
    assert_int_equal(last_of(&r, cut_process, sizeof cut_process).kind, ESCPOS_WORD_REALTIME);
    static const uint8_t cut_automatic[] = {0x10, 0x00, 0x12};
    assert_int_equal(last_of(&r, cut_automatic, sizeof cut_automatic).kind, ESCPOS_WORD_REALTIME);
    static const uint8_t noise[] = {0xff};
    assert_int_equal(last_of(&r, noise, 1).kind, ESCPOS_WORD_UNKNOWN);
    static const uint8_t after[] = {0x12};
    assert_int_equal(last_of(&r, after, 1).kind, ESCPOS_WORD_REALTIME);
}

static void no_bytes_break_the_reader(void **state)
{
    (void)state;
    struct escpos_reader r = {0};
    uint32_t seed = 1;
    for (int i = 0; i < 200000; i++) {
        seed = seed * 1664525u + 1013904223u;
        escpos_reader_take(&r, (uint8_t)(seed >> 24));
        assert_true(r.count < ESCPOS_WORD_MAX);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(real_time_answers_say_what_is_wrong),
        cmocka_unit_test(bytes_with_the_wrong_fixed_bits_are_no_answer),
        cmocka_unit_test(words_are_told_apart),
        cmocka_unit_test(a_word_that_is_cut_costs_nothing_that_follows),
        cmocka_unit_test(no_bytes_break_the_reader),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
