/* SPDX-License-Identifier: MIT */
#include "drivers/escpos/escpos.h"

#include <stdlib.h>
#include <string.h>

/* Epson's command reference for TM printers: ESC @, GS v 0 (raster, m = 0 normal), GS V 66 n (feed n dots, partial
 * cut). */
enum { SLICE_ROWS = 255, SLICE_HEAD = 8, FEED_DOTS = 96 };
static const uint8_t begin[] = {0x1b, '@'}, end[] = {0x1d, 'V', 66, FEED_DOTS};

static void defuse(uint8_t *bytes, size_t length)
{
    enum { DLE = 0x10, EOT = 0x04, ENQ = 0x05, DC4 = 0x14 };
    for (size_t i = 0; i + 1 < length; i++)
        if (bytes[i] == DLE && (bytes[i + 1] == EOT || bytes[i + 1] == ENQ || bytes[i + 1] == DC4))
            bytes[i + 1] ^= 0x08;
}

uint8_t *escpos_ticket(const struct ticket_image *image, size_t *length)
{
    size_t width = ((size_t)image->width + 7) / 8, rows = (size_t)image->height;
    size_t slices = (rows + SLICE_ROWS - 1) / SLICE_ROWS;
    uint8_t *out = malloc(sizeof begin + sizeof end + slices * SLICE_HEAD + rows * width), *at = out;
    if (!out) return NULL;
    memcpy(at, begin, sizeof begin);
    at += sizeof begin;
    for (size_t y = 0; y < rows; y += SLICE_ROWS) {
        size_t count = rows - y < SLICE_ROWS ? rows - y : SLICE_ROWS;
        const uint8_t head[SLICE_HEAD] = {0x1d, 'v', '0', 0, (uint8_t)(width & 0xff), (uint8_t)(width >> 8),
            (uint8_t)(count & 0xff), (uint8_t)(count >> 8)};
        memcpy(at, head, SLICE_HEAD);
        at += SLICE_HEAD;
        for (size_t row = 0; row < count; row++)
            memcpy(at + row * width, image->bits + (y + row) * image->stride, width);
        defuse(at, count * width);
        at += count * width;
    }
    memcpy(at, end, sizeof end);
    *length = (size_t)(at - out) + sizeof end;
    return out;
}
