/* SPDX-License-Identifier: MIT */
/* Tickets as dots: exact width, nothing outside, the same each time, any script; and the bytes for a printer. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "drivers/escpos/escpos.h"
#include "drivers/ticket_pango/ticket_pango.h"
#include "hub/ticket_doc.h"

static const struct escpos_extras no_extras;

static struct ticket_image drawn(struct ticket_art *art, int width, struct ticket_block *blocks, size_t count)
{
    struct ticket_doc doc = {.blocks = blocks, .count = count};
    const struct ticket_form form = {.width_dots = width, .needles = width == TICKET_DOTS_NEEDLES};
    struct ticket_image image;
    struct fault fault = {0};
    assert_int_equal(art->ops->draw(art, &doc, &form, &image, &fault), HUB_OK);
    assert_int_equal(image.width, width);
    assert_true(image.stride * 8 >= (size_t)width);
    return image;
}

static size_t ink_of(const struct ticket_image *image)
{
    size_t ink = 0;
    for (size_t i = 0; i < image->stride * (size_t)image->height; i++)
        for (int bit = 0; bit < 8; bit++)
            ink += (image->bits[i] >> bit) & 1;
    return ink;
}

static int set_up(void **state)
{
    *state = ticket_pango_create();
    return *state ? 0 : -1;
}

static int tear_down(void **state)
{
    struct ticket_art *art = *state;
    art->ops->destroy(art);
    return 0;
}

static void tickets_are_the_same_each_time_and_grow_with_what_they_say(void **state)
{
    static const int widths[] = {TICKET_DOTS_80MM, TICKET_DOTS_58MM};
    for (size_t i = 0; i < 2; i++) {
        struct ticket_block blocks[] = {{.kind = BLOCK_HUGE, .right = "TABLE 5"},
            {.kind = BLOCK_ITEM, .left = "2", .right = "Soup"},
            {.kind = BLOCK_BOX, .indent = true, .right = "no salt"}};
        struct ticket_image a = drawn(*state, widths[i], blocks, 3), b = drawn(*state, widths[i], blocks, 3),
                            c = drawn(*state, widths[i], blocks, 2);
        assert_int_equal(a.height, b.height);
        assert_memory_equal(a.bits, b.bits, a.stride * (size_t)a.height);
        assert_true(c.height < a.height);
        assert_true(ink_of(&a) > 2000);
        assert_int_equal(a.missing_glyphs, 0);
        ticket_image_finish(&a);
        ticket_image_finish(&b);
        ticket_image_finish(&c);
    }
}

static void long_words_wrap_and_nothing_is_cut_off(void **state)
{
    char word[281];
    memset(word, 'W', 280);
    word[280] = '\0';
    struct ticket_block one[] = {{.kind = BLOCK_ITEM, .left = "1", .right = "W"}},
                        many[] = {{.kind = BLOCK_ITEM, .left = "999", .right = word}};
    struct ticket_image a = drawn(*state, TICKET_DOTS_58MM, one, 1), b = drawn(*state, TICKET_DOTS_58MM, many, 1);
    assert_true(b.height > a.height * 5);
    assert_true(ink_of(&b) > 250 * (ink_of(&a) / 3)); /* all 280 letters are there */
    ticket_image_finish(&a);
    ticket_image_finish(&b);
}

static void every_script_is_drawn_without_a_gap(void **state)
{
    static const char *const texts[] = {"Crème brûlée łódź", "Борщ с пампушками", "Χωριάτικη", "पनीर टिक्का मसाला",
        "ডাল মাখানি", "மசாலா தோசை", "ผัดไทยกุ้งสด", "شاورما دجاج ٢", "שקשוקה 3", "宫保鸡丁", "親子丼", "비빔밥",
        "🌶🥜 allergy"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct ticket_block blocks[] = {{.kind = BLOCK_ITEM, .left = "1", .right = texts[i]}};
        struct ticket_image image = drawn(*state, TICKET_DOTS_80MM, blocks, 1);
        if (image.missing_glyphs) fail_msg("%d glyphs missing in %s", image.missing_glyphs, texts[i]);
        assert_true(ink_of(&image) > 300);
        ticket_image_finish(&image);
    }
}

static void what_no_font_has_is_counted(void **state)
{
    struct ticket_block blocks[] = {
        {.kind = BLOCK_ITEM, .left = "1", .right = "\xf4\x80\x80\x80\xf4\x80\x80\x81"}}; /* private use */
    struct ticket_image image = drawn(*state, TICKET_DOTS_80MM, blocks, 1);
    assert_int_equal(image.missing_glyphs, 2);
    ticket_image_finish(&image);
}

static void three_metres_of_paper_are_refused(void **state)
{
    struct ticket_art *art = *state;
    size_t count = 500;
    struct ticket_block *blocks = calloc(count, sizeof *blocks);
    assert_non_null(blocks);
    for (size_t i = 0; i < count; i++)
        blocks[i] = (struct ticket_block){.kind = BLOCK_HUGE, .right = "TABLE"};
    struct ticket_doc doc = {.blocks = blocks, .count = count};
    const struct ticket_form form = {.width_dots = TICKET_DOTS_80MM};
    struct ticket_image image;
    struct fault fault = {0};
    assert_int_equal(art->ops->draw(art, &doc, &form, &image, &fault), HUB_UNAVAILABLE);
    assert_non_null(strstr(fault.detail, "3 metres"));
    free(blocks);
}

static void *draw_many(void *data)
{
    struct ticket_block blocks[] = {{.kind = BLOCK_ITEM, .left = "1", .right = "Soup"}};
    for (int i = 0; i < 20; i++) {
        struct ticket_image image = drawn(data, TICKET_DOTS_80MM, blocks, 1);
        ticket_image_finish(&image);
    }
    return NULL;
}

static void several_threads_may_draw(void **state)
{
    pthread_t threads[3];
    for (int i = 0; i < 3; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, draw_many, *state), 0);
    for (int i = 0; i < 3; i++)
        pthread_join(threads[i], NULL);
}

static void a_picture_is_a_png(void **state)
{
    struct ticket_art *art = *state;
    struct ticket_block blocks[] = {{.kind = BLOCK_ITEM, .left = "1", .right = "Soup"}};
    struct ticket_image image = drawn(art, TICKET_DOTS_80MM, blocks, 1);
    uint8_t *png;
    size_t length;
    struct fault fault = {0};
    assert_int_equal(art->ops->png(art, &image, &png, &length, &fault), HUB_OK);
    assert_memory_equal(png, "\x89PNG\r\n\x1a\n", 8);
    free(png);
    ticket_image_finish(&image);
}

/* What a strict reader makes of the bytes: the picture again. */
static void printers_get_the_picture_in_slices(void **state)
{
    (void)state;
    uint8_t bits[2 * 600];
    for (size_t i = 0; i < sizeof bits; i++)
        bits[i] = (uint8_t)(i * 37 + 1);
    struct ticket_image image = {.width = 16, .height = 600, .stride = 2, .bits = bits};
    size_t length, at = 2, row = 0;
    uint8_t *bytes = escpos_ticket(&image, &no_extras, &length);
    assert_non_null(bytes);
    assert_memory_equal(bytes, "\x1b@", 2);
    while (at + 8 <= length && bytes[at] == 0x1d && bytes[at + 1] == 'v') {
        size_t rows = (size_t)bytes[at + 6] + 256u * bytes[at + 7];
        assert_int_equal(bytes[at + 4], 2);
        assert_true(rows > 0 && rows <= 255);
        for (size_t i = 0; i < rows * 2; i++)
            assert_true((bytes[at + 8 + i] ^ bits[row * 2 + i]) == 0 || (bytes[at + 8 + i] ^ bits[row * 2 + i]) == 8);
        row += rows;
        at += 8 + rows * 2;
    }
    assert_int_equal(row, 600);
    assert_int_equal(at + 4, length);
    assert_memory_equal(bytes + at, "\x1dV\x42", 3);
    free(bytes);
}

static void no_picture_spells_a_command_that_opens_the_drawer(void **state)
{
    (void)state;
    static const uint8_t commands[] = {0x04, 0x05, 0x14};
    for (size_t i = 0; i < 3; i++) {
        uint8_t bits[4] = {0x10, commands[i], 0x10, commands[i]};
        struct ticket_image image = {.width = 16, .height = 2, .stride = 2, .bits = bits};
        size_t length;
        uint8_t *bytes = escpos_ticket(&image, &no_extras, &length);
        assert_non_null(bytes);
        for (size_t k = 0; k + 1 < length; k++)
            assert_false(bytes[k] == 0x10 && bytes[k + 1] == commands[i]);
        free(bytes);
    }
}

static size_t count_of(const uint8_t *bytes, size_t length, const char *what, size_t size)
{
    size_t count = 0;
    for (size_t i = 0; i + size <= length; i++)
        count += memcmp(bytes + i, what, size) == 0;
    return count;
}

static void the_drawer_and_the_buzzer_are_asked_for_by_name(void **state)
{
    (void)state;
    uint8_t bits[2] = {0xff, 0x01};
    struct ticket_image image = {.width = 8, .height = 2, .stride = 1, .bits = bits};
    const struct escpos_extras both = {.buzzer = true, .drawer = true};
    size_t length;
    uint8_t *bytes = escpos_ticket(&image, &both, &length);
    assert_non_null(bytes);
    assert_int_equal(count_of(bytes, length, "\x1b\x70\x00\x19\xfa", 5), 1);
    assert_int_equal(count_of(bytes, length, "\x1b\x42\x02\x02", 4), 1);
    free(bytes);
    bytes = escpos_ticket(&image, &no_extras, &length);
    assert_int_equal(count_of(bytes, length, "\x1b\x70", 2) + count_of(bytes, length, "\x1b\x42", 2), 0);
    free(bytes);
}

/* Columns of eight dots, the upper one highest, and no further than the last dot. */
static void needles_get_lines_of_eight_dots(void **state)
{
    (void)state;
    uint8_t bits[3 * 9] = {0};
    bits[0] = 0x80;         /* dot (0,0) */
    bits[3 * 7 + 1] = 0x40; /* dot (9,7) */
    bits[3 * 8] = 0x20;     /* dot (2,8): the second line */
    struct ticket_image image = {.width = 24, .height = 9, .stride = 3, .bits = bits};
    static const uint8_t wanted[] = {0x1b, '@', 0x1b, '3', 16, 0x1b, '*', 0, 10, 0, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0x01,
        '\n', 0x1b, '*', 0, 3, 0, 0, 0, 0x80, '\n', 0x1b, '2', 0x1d, 'V', 66, 0};
    size_t length;
    uint8_t *bytes = escpos_needles(&image, &no_extras, &length);
    assert_non_null(bytes);
    assert_int_equal(length, sizeof wanted);
    assert_memory_equal(bytes, wanted, sizeof wanted);
    free(bytes);
}

static void star_printers_get_line_by_line_up_to_the_last_dot(void **state)
{
    (void)state;
    uint8_t bits[] = {0xff, 0x00, 0x00, 0x00, 0x01, 0x80};
    struct ticket_image image = {.width = 16, .height = 3, .stride = 2, .bits = bits};
    static const uint8_t lines[] = {'b', 1, 0, 0xff, 'b', 1, 0, 0x00, 'b', 2, 0, 0x01, 0x80, 0x1b, '*', 'r', 'B'};
    size_t length;
    uint8_t *bytes = escpos_star(&image, &length);
    assert_non_null(bytes);
    assert_true(length > sizeof lines);
    assert_memory_equal(bytes + length - sizeof lines, lines, sizeof lines);
    assert_memory_equal(bytes, "\x1b@\x1b*rA", 6);
    free(bytes);
}

static void needles_have_a_layout_of_their_own(void **state)
{
    struct ticket_block blocks[] = {{.kind = BLOCK_HUGE, .right = "TABLE 12"},
        {.kind = BLOCK_ITEM, .left = "2", .right = "Paneer Tikka Masala"},
        {.kind = BLOCK_ALARM, .indent = true, .right = "ALLERGY: nuts"}};
    struct ticket_image image = drawn(*state, TICKET_DOTS_NEEDLES, blocks, 3);
    size_t area = (size_t)image.width * (size_t)image.height;
    assert_true(image.height > 60 && image.height < 400);
    assert_true(ink_of(&image) * 4 < area); /* no black areas: they eat the ribbon */
    ticket_image_finish(&image);
}

static void large_type_is_larger(void **state)
{
    struct ticket_art *art = *state;
    struct ticket_block blocks[] = {{.kind = BLOCK_ITEM, .left = "1", .right = "Soup"}};
    struct ticket_doc doc = {.blocks = blocks, .count = 1, .large = true};
    const struct ticket_form form = {.width_dots = TICKET_DOTS_80MM};
    struct ticket_image plain = drawn(art, TICKET_DOTS_80MM, blocks, 1), large;
    struct fault fault = {0};
    assert_int_equal(art->ops->draw(art, &doc, &form, &large, &fault), HUB_OK);
    assert_true(large.height > plain.height);
    assert_true(ink_of(&large) > ink_of(&plain) * 5 / 4);
    ticket_image_finish(&plain);
    ticket_image_finish(&large);
}

static void a_page_is_as_wide_as_the_roll_and_as_long_as_what_it_says(void **state)
{
    struct ticket_art *art = *state;
    struct ticket_block blocks[] = {{.kind = BLOCK_HUGE, .right = "TABLE 5"}, {.kind = BLOCK_QR, .right = "http://a"},
        {.kind = BLOCK_AMOUNT, .left = "2 × Dal", .right = "25.50"}, {.kind = BLOCK_TOTAL, .left = "T", .right = "9"},
        {.kind = BLOCK_LOGO, .right = "/no/such.png"}, {.kind = BLOCK_CENTER, .right = "Thank you"}};
    struct ticket_doc doc = {.blocks = blocks, .count = 6};
    const struct ticket_form wide = {.width_dots = TICKET_DOTS_80MM}, narrow = {.width_dots = TICKET_DOTS_58MM};
    struct ticket_image image = drawn(art, TICKET_DOTS_80MM, blocks, 6);
    struct ticket_page page;
    struct fault fault = {0};
    assert_int_equal(art->ops->page(art, &doc, &wide, &page, &fault), HUB_OK);
    assert_memory_equal(page.bytes, "%PDF-", 5);
    assert_int_equal(page.width_mm, 80);
    assert_int_equal(page.height_mm, (image.height + 7) / 8);
    ticket_page_finish(&page);
    assert_int_equal(art->ops->page(art, &doc, &narrow, &page, &fault), HUB_OK);
    assert_int_equal(page.width_mm, 58);
    ticket_page_finish(&page);
    ticket_image_finish(&image);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(tickets_are_the_same_each_time_and_grow_with_what_they_say),
        cmocka_unit_test(long_words_wrap_and_nothing_is_cut_off), cmocka_unit_test(every_script_is_drawn_without_a_gap),
        cmocka_unit_test(what_no_font_has_is_counted), cmocka_unit_test(three_metres_of_paper_are_refused),
        cmocka_unit_test(several_threads_may_draw), cmocka_unit_test(a_picture_is_a_png),
        cmocka_unit_test(printers_get_the_picture_in_slices),
        cmocka_unit_test(no_picture_spells_a_command_that_opens_the_drawer),
        cmocka_unit_test(the_drawer_and_the_buzzer_are_asked_for_by_name),
        cmocka_unit_test(needles_get_lines_of_eight_dots),
        cmocka_unit_test(star_printers_get_line_by_line_up_to_the_last_dot),
        cmocka_unit_test(needles_have_a_layout_of_their_own), cmocka_unit_test(large_type_is_larger),
        cmocka_unit_test(a_page_is_as_wide_as_the_roll_and_as_long_as_what_it_says)};
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
