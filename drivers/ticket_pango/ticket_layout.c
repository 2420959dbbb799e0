/* SPDX-License-Identifier: MIT */
#include "drivers/ticket_pango/ticket_layout.h"

#include "drivers/ticket_pango/ticket_fonts.h"

/* Sizes in dots of 1/8 mm, read at arm's length on a rail: items 5.5 mm high, the table twice that. */
enum {
    MARGIN = 4,
    COUNT_WIDTH = 92,
    SIZE_HUGE = 84,
    SIZE_BANNER = 48,
    SIZE_TITLE = 44,
    SIZE_ITEM = 46,
    SIZE_DETAIL = 34,
    SIZE_NOTE = 38,
    SIZE_SMALL = 26,
    SIZE_PAIR = 28,
    BOX_PADDING = 8,
    BOX_LINE = 3,
    RULE = 3,
    FOOT = 24
};

struct walk {
    PangoContext *context;
    cairo_t *cr; /* NULL: measuring */
    double width, y, scale;
    int missing;
};

struct span {
    double x, width;
    int size;
    bool bold, struck, white;
    PangoAlignment align;
};

/* Draws a text at (x, y) and returns its height. */
static double text_at(struct walk *w, const struct span *span, const char *text)
{
    PangoLayout *layout = pango_layout_new(w->context);
    PangoFontDescription *font = pango_font_description_new();
    int width, height;
    pango_font_description_set_family_static(font, ticket_font_families);
    pango_font_description_set_absolute_size(font, span->size * w->scale * PANGO_SCALE);
    pango_font_description_set_weight(font, span->bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_layout_set_font_description(layout, font);
    pango_font_description_free(font);
    pango_layout_set_width(layout, (int)(span->width * PANGO_SCALE));
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_alignment(layout, span->align);
    pango_layout_set_text(layout, text, -1);
    if (span->struck) {
        PangoAttrList *marks = pango_attr_list_new();
        pango_attr_list_insert(marks, pango_attr_strikethrough_new(TRUE));
        pango_layout_set_attributes(layout, marks);
        pango_attr_list_unref(marks);
    }
    w->missing += pango_layout_get_unknown_glyphs_count(layout);
    pango_layout_get_pixel_size(layout, &width, &height);
    if (w->cr) {
        cairo_set_operator(w->cr, span->white ? CAIRO_OPERATOR_DEST_OUT : CAIRO_OPERATOR_OVER);
        cairo_move_to(w->cr, span->x, w->y);
        pango_cairo_show_layout(w->cr, layout);
        cairo_set_operator(w->cr, CAIRO_OPERATOR_OVER);
    }
    g_object_unref(layout);
    return height;
}

static void ink(struct walk *w, double x, double y, double width, double height)
{
    if (!w->cr) return;
    cairo_rectangle(w->cr, x, y, width, height);
    cairo_fill(w->cr);
}

/* White on black, across. */
static void inverted(struct walk *w, int size, const char *text)
{
    struct span span = {MARGIN, w->width - 2 * MARGIN, size, true, false, true, PANGO_ALIGN_CENTER};
    cairo_t *cr = w->cr;
    w->cr = NULL;
    int missing = w->missing;
    double height = text_at(w, &span, text);
    w->cr = cr;
    w->missing = missing;
    ink(w, 0, w->y, w->width, height);
    text_at(w, &span, text);
    w->y += height + 6;
}

static void pair(struct walk *w, int size, bool bold, const char *left, const char *right)
{
    double inner = w->width - 2 * MARGIN, split = left && right ? inner * 0.62 : inner, height = 0;
    struct span a = {MARGIN, left && right ? split : inner, size, bold, false, false, PANGO_ALIGN_LEFT};
    struct span b = {
        left ? MARGIN + split : MARGIN, left ? inner - split : inner, size, bold, false, false, PANGO_ALIGN_RIGHT};
    if (left && *left) height = text_at(w, &a, left);
    if (right && *right) {
        double other = text_at(w, &b, right);
        if (other > height) height = other;
    }
    w->y += height;
}

static void item(struct walk *w, const struct ticket_block *block, bool struck)
{
    double indent = COUNT_WIDTH * w->scale;
    struct span count = {MARGIN, indent, SIZE_ITEM, true, false, false, PANGO_ALIGN_LEFT};
    struct span name = {
        MARGIN + indent, w->width - 2 * MARGIN - indent, SIZE_ITEM, true, struck, false, PANGO_ALIGN_LEFT};
    w->y += 8;
    double a = text_at(w, &count, block->left), b = text_at(w, &name, block->right);
    w->y += a > b ? a : b;
}

static void detail(struct walk *w, int size, const char *text)
{
    double indent = COUNT_WIDTH * w->scale;
    struct span span = {MARGIN + indent, w->width - 2 * MARGIN - indent, size, false, false, false, PANGO_ALIGN_LEFT};
    w->y += text_at(w, &span, text);
}

static void box(struct walk *w, const struct ticket_block *block)
{
    double left = MARGIN + (block->indent ? COUNT_WIDTH * w->scale : 0), width = w->width - MARGIN - left;
    struct span span = {left + BOX_LINE + BOX_PADDING, width - 2 * (BOX_LINE + BOX_PADDING), SIZE_NOTE, true, false,
        false, PANGO_ALIGN_LEFT};
    double top = w->y + 4;
    w->y = top + BOX_LINE + 2;
    w->y += text_at(w, &span, block->right) + BOX_LINE + 2;
    double height = w->y - top;
    ink(w, left, top, width, BOX_LINE);
    ink(w, left, w->y - BOX_LINE, width, BOX_LINE);
    ink(w, left, top, BOX_LINE, height);
    ink(w, left + width - BOX_LINE, top, BOX_LINE, height);
    w->y += 4;
}

static void one(struct walk *w, const struct ticket_block *block)
{
    switch (block->kind) {
    case BLOCK_BANNER: inverted(w, SIZE_BANNER, block->right); break;
    case BLOCK_HUGE: inverted(w, SIZE_HUGE, block->right); break;
    case BLOCK_PAIR: pair(w, SIZE_PAIR, false, block->left, block->right); break;
    case BLOCK_TITLE: pair(w, SIZE_TITLE, true, block->left, block->right); break;
    case BLOCK_ITEM: item(w, block, false); break;
    case BLOCK_STRUCK: item(w, block, true); break;
    case BLOCK_DETAIL: detail(w, SIZE_DETAIL, block->right); break;
    case BLOCK_SMALL: detail(w, SIZE_SMALL, block->right); break;
    case BLOCK_BOX: box(w, block); break;
    case BLOCK_RULE:
        ink(w, 0, w->y + 6, w->width, RULE);
        w->y += RULE + 12;
        break;
    }
}

int ticket_layout(PangoContext *context, const struct ticket_doc *doc, int width, cairo_t *cr, int *missing)
{
    struct walk w = {.context = context, .cr = cr, .width = width, .y = 6, .scale = width < 500 ? 0.8 : 1.0};
    for (size_t i = 0; i < doc->count; i++)
        one(&w, &doc->blocks[i]);
    if (missing) *missing = w.missing;
    return (int)(w.y + FOOT);
}
