/* SPDX-License-Identifier: MIT */
#include "drivers/ticket_pango/ticket_pango.h"

#include <cairo-pdf.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "drivers/ticket_pango/ticket_fonts.h"
#include "drivers/ticket_pango/ticket_layout.h"

enum {
    INK = 106,         /* coverage of 255 from which a dot is burned: clean edges without dithering */
    INK_NEEDLES = 90,  /* a stem thinner than a needle is one all the same */
    HEIGHT_MAX = 24000 /* 3 m of paper: Cairo's limit is 32767 */
};

struct pango_art {
    struct ticket_art base; /* first */
    pthread_mutex_t lock;   /* Pango's contexts are for one thread at a time */
    PangoFontMap *fonts;    /* loaded by the first drawing */
    PangoContext *context;
};

static enum hub_err no_memory(struct fault *fault)
{
    return fault_set(fault, HUB_UNAVAILABLE, NULL, "There is no memory to draw the ticket.");
}

static bool ready(struct pango_art *art)
{
    if (art->context) return true;
    art->fonts = ticket_fonts_create();
    art->context = art->fonts ? pango_font_map_create_context(art->fonts) : NULL;
    if (!art->context) return false;
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_FULL);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_ON);
    pango_cairo_context_set_font_options(art->context, options);
    cairo_font_options_destroy(options);
    return true;
}

static bool to_bits(cairo_surface_t *surface, int ink, struct ticket_image *out)
{
    cairo_surface_flush(surface);
    const unsigned char *from = cairo_image_surface_get_data(surface);
    int stride = cairo_image_surface_get_stride(surface);
    out->stride = ((size_t)out->width + 7) / 8;
    out->bits = calloc(out->stride, (size_t)out->height);
    if (!out->bits) return false;
    for (int y = 0; y < out->height; y++) {
        const unsigned char *row = from + (ptrdiff_t)y * stride;
        uint8_t *to = out->bits + (size_t)y * out->stride;
        for (int x = 0; x < out->width; x++)
            if (row[x] >= ink) to[x / 8] |= (uint8_t)(0x80 >> (x & 7));
    }
    return true;
}

/* A document laid out, or NULL with the fault. */
static struct ticket_layout *lay_out(
    struct pango_art *art, const struct ticket_doc *doc, const struct ticket_form *form, struct fault *fault)
{
    if (!ready(art)) {
        fault_set(fault, HUB_UNAVAILABLE, NULL, "The fonts of tickets cannot be loaded.");
        return NULL;
    }
    struct ticket_layout *layout = ticket_layout_make(art->context, doc, form);
    if (!layout) no_memory(fault);
    if (!layout || ticket_layout_height(layout) <= HEIGHT_MAX) return layout;
    ticket_layout_free(layout);
    fault_set(fault, HUB_UNAVAILABLE, NULL, "The ticket would be longer than 3 metres.");
    return NULL;
}

static enum hub_err draw_locked(struct pango_art *art, const struct ticket_doc *doc, const struct ticket_form *form,
    struct ticket_image *out, struct fault *fault)
{
    struct ticket_layout *layout = lay_out(art, doc, form, fault);
    if (!layout) return fault->code;
    out->width = form->width_dots;
    out->height = ticket_layout_height(layout);
    out->missing_glyphs = ticket_layout_missing(layout);
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_A8, out->width, out->height);
    cairo_t *cr = cairo_create(surface);
    ticket_layout_draw(layout, cr, false);
    bool done = cairo_status(cr) == CAIRO_STATUS_SUCCESS;
    cairo_destroy(cr);
    done = done && cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS &&
           to_bits(surface, form->needles ? INK_NEEDLES : INK, out);
    cairo_surface_destroy(surface);
    ticket_layout_free(layout);
    return done ? HUB_OK : no_memory(fault);
}

static enum hub_err draw(struct ticket_art *base, const struct ticket_doc *doc, const struct ticket_form *form,
    struct ticket_image *out, struct fault *fault)
{
    struct pango_art *art = (struct pango_art *)base;
    memset(out, 0, sizeof *out);
    pthread_mutex_lock(&art->lock);
    enum hub_err err = draw_locked(art, doc, form, out, fault);
    pthread_mutex_unlock(&art->lock);
    return err;
}

/* ---- pages and PNG ----------------------------------------------------------------------------------------------- */

struct sink {
    uint8_t *bytes;
    size_t length, room;
};

static cairo_status_t take(void *closure, const unsigned char *data, unsigned int length)
{
    struct sink *sink = closure;
    if (sink->length + length > sink->room) {
        size_t room = (sink->room ? sink->room * 2 : 16384) + length;
        uint8_t *grown = realloc(sink->bytes, room);
        if (!grown) return CAIRO_STATUS_NO_MEMORY;
        sink->bytes = grown;
        sink->room = room;
    }
    memcpy(sink->bytes + sink->length, data, length);
    sink->length += length;
    return CAIRO_STATUS_SUCCESS;
}

/* The roll is wider than what can be printed on: 80 mm for 72, 58 mm for 48. */
static int roll_mm(int width_dots)
{
    return width_dots > (TICKET_DOTS_80MM + TICKET_DOTS_58MM) / 2 ? 80 : 58;
}

static enum hub_err page_locked(struct pango_art *art, const struct ticket_doc *doc, const struct ticket_form *form,
    struct ticket_page *out, struct fault *fault)
{
    struct sink sink = {0};
    struct ticket_layout *layout = lay_out(art, doc, form, fault);
    if (!layout) return fault->code;
    const double points_a_mm = 72 / 25.4, points_a_dot = points_a_mm / TICKET_DOTS_PER_MM;
    out->width_mm = roll_mm(form->width_dots);
    out->height_mm = (ticket_layout_height(layout) + TICKET_DOTS_PER_MM - 1) / TICKET_DOTS_PER_MM;
    out->missing_glyphs = ticket_layout_missing(layout);
    double width = out->width_mm * points_a_mm;
    cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(take, &sink, width, out->height_mm * points_a_mm);
    cairo_t *cr = cairo_create(surface);
    cairo_translate(cr, (width - form->width_dots * points_a_dot) / 2, 0);
    cairo_scale(cr, points_a_dot, points_a_dot);
    ticket_layout_draw(layout, cr, true);
    cairo_show_page(cr);
    bool done = cairo_status(cr) == CAIRO_STATUS_SUCCESS;
    cairo_destroy(cr);
    cairo_surface_finish(surface);
    done = done && cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS && sink.bytes;
    cairo_surface_destroy(surface);
    ticket_layout_free(layout);
    out->bytes = sink.bytes;
    out->length = sink.length;
    return done ? HUB_OK : no_memory(fault);
}

static enum hub_err page(struct ticket_art *base, const struct ticket_doc *doc, const struct ticket_form *form,
    struct ticket_page *out, struct fault *fault)
{
    struct pango_art *art = (struct pango_art *)base;
    memset(out, 0, sizeof *out);
    pthread_mutex_lock(&art->lock);
    enum hub_err err = page_locked(art, doc, form, out, fault);
    pthread_mutex_unlock(&art->lock);
    if (err) ticket_page_finish(out);
    return err;
}

/* PNG has ink dark on white: Cairo's A8 would be written as white on clear, so it is turned over into grey. */
static enum hub_err png(
    struct ticket_art *base, const struct ticket_image *image, uint8_t **out, size_t *length, struct fault *fault)
{
    (void)base;
    struct sink sink = {0};
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, image->width, image->height);
    unsigned char *data = cairo_image_surface_get_data(surface);
    cairo_status_t status = cairo_surface_status(surface);
    if (data && status == CAIRO_STATUS_SUCCESS) {
        int stride = cairo_image_surface_get_stride(surface);
        for (int y = 0; y < image->height; y++) {
            const uint8_t *bits = image->bits + (size_t)y * image->stride;
            uint32_t *row = (uint32_t *)(void *)(data + (ptrdiff_t)y * stride);
            for (int x = 0; x < image->width; x++)
                row[x] = bits[x / 8] & (0x80 >> (x & 7)) ? 0 : 0xffffff;
        }
        cairo_surface_mark_dirty(surface);
        status = cairo_surface_write_to_png_stream(surface, take, &sink);
    }
    cairo_surface_destroy(surface);
    if (status == CAIRO_STATUS_SUCCESS && sink.bytes) {
        *out = sink.bytes;
        *length = sink.length;
        return HUB_OK;
    }
    free(sink.bytes);
    return no_memory(fault);
}

static void destroy(struct ticket_art *base)
{
    struct pango_art *art = (struct pango_art *)base;
    if (art->context) g_object_unref(art->context);
    if (art->fonts) g_object_unref(art->fonts);
    pthread_mutex_destroy(&art->lock);
    free(art);
}

struct ticket_art *ticket_pango_create(void)
{
    static const struct ticket_art_ops ops = {draw, page, png, destroy};
    struct pango_art *art = calloc(1, sizeof *art);
    if (!art) return NULL;
    art->base.ops = &ops;
    if (pthread_mutex_init(&art->lock, NULL) == 0) return &art->base;
    free(art);
    return NULL;
}
