/* SPDX-License-Identifier: MIT */
#include "drivers/escpos/escpos.h"

#include <stdlib.h>
#include <string.h>

/*
 * Epson's command reference for TM printers: ESC @, GS v 0 (raster, m = 0 normal), GS V 66 n (feed n dots, partial
 * cut), ESC p 0 t1 t2 (drawer pin 2, 2 ms units), ESC * 0 (8 dots, single density: the TM-U220's only one in which dots
 * may touch), ESC 3 n (line spacing; the TM-U220 counts 1/144 inch, so 16 is eight dots). ESC B n t (beeps) is of the
 * many makers who follow Epson.
 */
enum { SLICE_ROWS = 255, SLICE_HEAD = 8, FEED_DOTS = TICKET_FEED_MM * TICKET_DOTS_PER_MM, BAND = 8 };
static const uint8_t begin[] = {0x1b, '@'}, end[] = {0x1d, 'V', 66, FEED_DOTS};
static const uint8_t beep[] = {0x1b, 'B', 2, 2}, kick[] = {0x1b, 'p', 0, 25, 250};
static const uint8_t tight[] = {0x1b, '3', 16}, end_needles[] = {0x1b, '2', 0x1d, 'V', 66, 0};

/* Grows as it is written to; after a failure it takes nothing more. */
struct bytes {
    uint8_t *at;
    size_t length, room;
    bool failed;
};

static bool room_for(struct bytes *b, size_t more)
{
    if (b->failed || b->length + more <= b->room) return !b->failed;
    size_t room = (b->length + more) * 2;
    uint8_t *grown = realloc(b->at, room);
    b->failed = !grown;
    if (b->failed) return false;
    b->at = grown;
    b->room = room;
    return true;
}

static void put(struct bytes *b, const void *from, size_t length)
{
    if (!room_for(b, length)) return;
    memcpy(b->at + b->length, from, length);
    b->length += length;
}

static uint8_t *finish(struct bytes *b, size_t *length)
{
    *length = b->length;
    if (!b->failed) return b->at;
    free(b->at);
    return NULL;
}

static void defuse(uint8_t *bytes, size_t length)
{
    enum { DLE = 0x10, EOT = 0x04, ENQ = 0x05, DC4 = 0x14 };
    for (size_t i = 0; i + 1 < length; i++)
        if (bytes[i] == DLE && (bytes[i + 1] == EOT || bytes[i + 1] == ENQ || bytes[i + 1] == DC4))
            bytes[i + 1] ^= 0x08;
}

static void put_extras(struct bytes *b, const struct escpos_extras *extras)
{
    if (extras->drawer) put(b, kick, sizeof kick);
    if (extras->buzzer) put(b, beep, sizeof beep);
}

uint8_t *escpos_ticket(const struct ticket_image *image, const struct escpos_extras *extras, size_t *length)
{
    size_t width = ((size_t)image->width + 7) / 8, rows = (size_t)image->height;
    struct bytes b = {0};
    (void)room_for(&b, rows * width + 64);
    put(&b, begin, sizeof begin);
    put_extras(&b, extras);
    for (size_t y = 0; y < rows; y += SLICE_ROWS) {
        size_t count = rows - y < SLICE_ROWS ? rows - y : SLICE_ROWS;
        const uint8_t head[SLICE_HEAD] = {0x1d, 'v', '0', 0, (uint8_t)(width & 0xff), (uint8_t)(width >> 8),
            (uint8_t)(count & 0xff), (uint8_t)(count >> 8)};
        put(&b, head, SLICE_HEAD);
        for (size_t row = 0; row < count; row++)
            put(&b, image->bits + (y + row) * image->stride, width);
        if (!b.failed) defuse(b.at + b.length - count * width, count * width);
    }
    put(&b, end, sizeof end);
    return finish(&b, length);
}

/* ---- needles ----------------------------------------------------------------------------------------------------- */

static bool dot(const struct ticket_image *image, size_t x, size_t y)
{
    return y < (size_t)image->height && image->bits[y * image->stride + x / 8] & (0x80 >> (x & 7));
}

/* The eight dots below each other at that column, the upper one highest. */
static uint8_t column(const struct ticket_image *image, size_t x, size_t top)
{
    unsigned bits = 0;
    for (size_t row = 0; row < BAND; row++)
        bits = bits << 1 | dot(image, x, top + row);
    return (uint8_t)bits;
}

static void put_band(struct bytes *b, const struct ticket_image *image, size_t top)
{
    size_t width = (size_t)image->width;
    while (width > 0 && !column(image, width - 1, top))
        width--;
    if (width > 0) {
        const uint8_t head[] = {0x1b, '*', 0, (uint8_t)(width & 0xff), (uint8_t)(width >> 8)};
        put(b, head, sizeof head);
        size_t from = b->length;
        for (size_t x = 0; x < width; x++) {
            uint8_t bits = column(image, x, top);
            put(b, &bits, 1);
        }
        if (!b->failed) defuse(b->at + from, width);
    }
    put(b, "\n", 1);
}

uint8_t *escpos_needles(const struct ticket_image *image, const struct escpos_extras *extras, size_t *length)
{
    struct bytes b = {0};
    put(&b, begin, sizeof begin);
    put_extras(&b, extras);
    put(&b, tight, sizeof tight);
    for (size_t y = 0; y < (size_t)image->height; y += BAND)
        put_band(&b, image, y);
    put(&b, end_needles, sizeof end_needles);
    return finish(&b, length);
}

/* ---- Star -------------------------------------------------------------------------------------------------------- */

/*
 * Star's "Raster mode" commands: ESC * r A (enter), ESC * r P 0 NUL (a page as long as it is), ESC * r E 13 NUL (at the
 * end feed to the cutter and cut partially), b n1 n2 (a line of that many bytes), ESC * r B (leave: the end).
 */
static const uint8_t star_begin[] = {0x1b, '@', 0x1b, '*', 'r', 'A', 0x1b, '*', 'r', 'P', '0', 0, 0x1b, '*', 'r', 'E',
    '1', '3', 0},
                     star_end[] = {0x1b, '*', 'r', 'B'};

uint8_t *escpos_star(const struct ticket_image *image, size_t *length)
{
    struct bytes b = {0};
    put(&b, star_begin, sizeof star_begin);
    for (size_t y = 0; y < (size_t)image->height; y++) {
        const uint8_t *row = image->bits + y * image->stride;
        size_t count = ((size_t)image->width + 7) / 8;
        while (count > 1 && !row[count - 1])
            count--;
        const uint8_t head[] = {'b', (uint8_t)(count & 0xff), (uint8_t)(count >> 8)};
        put(&b, head, sizeof head);
        put(&b, row, count);
        if (!b.failed) defuse(b.at + b.length - count, count);
    }
    put(&b, star_end, sizeof star_end);
    return finish(&b, length);
}
