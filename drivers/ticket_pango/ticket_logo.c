/* SPDX-License-Identifier: MIT */
#include "drivers/ticket_pango/ticket_logo.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

enum { SIDE_MAX = 4000 /* of the file: larger ones are no logos */ };

/* Darkness of each dot, 0 to 255, of the picture at that size on white paper. malloc'ed. */
static int *darkness(cairo_surface_t *file, int width, int height)
{
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);
    cairo_t *cr = cairo_create(surface);
    cairo_set_source_rgb(cr, 1, 1, 1);
    cairo_paint(cr);
    cairo_scale(
        cr, (double)width / cairo_image_surface_get_width(file), (double)height / cairo_image_surface_get_height(file));
    cairo_set_source_surface(cr, file, 0, 0);
    cairo_paint(cr);
    int *out = cairo_status(cr) == CAIRO_STATUS_SUCCESS ? malloc(sizeof *out * (size_t)width * (size_t)height) : NULL;
    cairo_destroy(cr);
    cairo_surface_flush(surface);
    const unsigned char *data = cairo_image_surface_get_data(surface);
    int stride = cairo_image_surface_get_stride(surface);
    for (int y = 0; out && y < height; y++) {
        const uint32_t *row = (const uint32_t *)(const void *)(data + (ptrdiff_t)y * stride);
        for (int x = 0; x < width; x++) {
            int red = (int)(row[x] >> 16 & 255), green = (int)(row[x] >> 8 & 255), blue = (int)(row[x] & 255);
            out[y * width + x] = 255 - (red * 30 + green * 59 + blue * 11) / 100;
        }
    }
    cairo_surface_destroy(surface);
    return out;
}

/* Floyd and Steinberg's: what a dot has too much or too little its neighbours make up for. */
static void spread(int *dark, int width, int height, int x, int y)
{
    int wanted = dark[y * width + x], got = wanted >= 128 ? 255 : 0, left = wanted - got;
    dark[y * width + x] = got;
    if (x + 1 < width) dark[y * width + x + 1] += left * 7 / 16;
    if (y + 1 == height) return;
    if (x > 0) dark[(y + 1) * width + x - 1] += left * 3 / 16;
    dark[(y + 1) * width + x] += left * 5 / 16;
    if (x + 1 < width) dark[(y + 1) * width + x + 1] += left / 16;
}

static cairo_surface_t *to_dots(cairo_surface_t *file, int width, int height)
{
    int *dark = darkness(file, width, height);
    cairo_surface_t *out = dark ? cairo_image_surface_create(CAIRO_FORMAT_A8, width, height) : NULL;
    unsigned char *data = out ? cairo_image_surface_get_data(out) : NULL;
    for (int y = 0; data && y < height; y++)
        for (int x = 0; x < width; x++) {
            spread(dark, width, height, x, y);
            data[(ptrdiff_t)y * cairo_image_surface_get_stride(out) + x] = (unsigned char)dark[y * width + x];
        }
    free(dark);
    if (out) cairo_surface_mark_dirty(out);
    return out;
}

cairo_surface_t *ticket_logo_load(const char *path, int width_max, int height_max)
{
    cairo_surface_t *file = cairo_image_surface_create_from_png(path), *out = NULL;
    int width = cairo_image_surface_get_width(file), height = cairo_image_surface_get_height(file);
    if (cairo_surface_status(file) == CAIRO_STATUS_SUCCESS && width > 0 && height > 0 && width <= SIDE_MAX &&
        height <= SIDE_MAX) {
        double scale = (double)width_max / width;
        if (scale * height > height_max) scale = (double)height_max / height;
        if (scale > 1) scale = 1;
        int w = (int)(width * scale), h = (int)(height * scale);
        out = to_dots(file, w > 0 ? w : 1, h > 0 ? h : 1);
    }
    cairo_surface_destroy(file);
    return out;
}
