/* SPDX-License-Identifier: MIT */
#include "drivers/ticket_pango/ticket_layout.h"

#include <qrencode.h>
#include <stdlib.h>

#include "drivers/ticket_pango/ticket_fonts.h"
#include "drivers/ticket_pango/ticket_logo.h"

/* Sizes in dots. Thermal printers burn 8 a mm: items 5.5 mm high are read at arm's length on a rail. Needles make 3 a
 * mm: letters need 13 of them to be letters. */
struct look {
    int huge, banner, title, item, detail, note, small, pair, total;
    int margin, count_width, padding, line, rule, foot, gap;
    bool black; /* areas may be black */
};
static const struct look thermal = {.huge = 84,
    .banner = 48,
    .title = 44,
    .item = 46,
    .detail = 34,
    .note = 38,
    .small = 26,
    .pair = 28,
    .total = 50,
    .margin = 4,
    .count_width = 92,
    .padding = 8,
    .line = 3,
    .rule = 3,
    .foot = 24,
    .gap = 8,
    .black = true};
static const struct look needles = {.huge = 36,
    .banner = 22,
    .title = 20,
    .item = 21,
    .detail = 17,
    .note = 18,
    .small = 14,
    .pair = 14,
    .total = 22,
    .margin = 1,
    .count_width = 36,
    .padding = 3,
    .line = 1,
    .rule = 1,
    .foot = 10,
    .gap = 3};

/* What is drawn where. */
struct mark {
    enum { MARK_TEXT, MARK_RECTANGLE, MARK_PICTURE } kind;
    double x, y, width, height;
    PangoLayout *text;        /* owned */
    cairo_surface_t *picture; /* owned; its alpha is ink */
    bool white;
};

struct ticket_layout {
    PangoContext *context;
    const struct look *look;
    struct mark *marks;
    size_t count, room;
    double width, y, scale;
    int missing;
    bool failed;
};

struct span {
    double x, width;
    int size;
    bool bold, struck, white;
    PangoAlignment align;
};

/* ---- marks ------------------------------------------------------------------------------------------------------- */

static struct mark *add(struct ticket_layout *l)
{
    if (l->count == l->room) {
        size_t room = l->room ? l->room * 2 : 64;
        struct mark *grown = realloc(l->marks, room * sizeof *grown);
        if (!grown) {
            l->failed = true;
            return NULL;
        }
        l->marks = grown;
        l->room = room;
    }
    struct mark *mark = &l->marks[l->count++];
    *mark = (struct mark){0};
    return mark;
}

static void ink(struct ticket_layout *l, double x, double y, double width, double height)
{
    struct mark *mark = add(l);
    if (mark) *mark = (struct mark){.kind = MARK_RECTANGLE, .x = x, .y = y, .width = width, .height = height};
}

static PangoLayout *shape(struct ticket_layout *l, const struct span *span, const char *text)
{
    PangoLayout *layout = pango_layout_new(l->context);
    PangoFontDescription *font = pango_font_description_new();
    pango_font_description_set_family_static(font, ticket_font_families);
    pango_font_description_set_absolute_size(font, span->size * l->scale * PANGO_SCALE);
    pango_font_description_set_weight(font, span->bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_layout_set_font_description(layout, font);
    pango_font_description_free(font);
    pango_layout_set_width(layout, (int)(span->width * PANGO_SCALE));
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_text(layout, text, -1);
    /* A column on the right stays there: Pango turns sides over for scripts that run from right to left. */
    bool turned = span->align == PANGO_ALIGN_RIGHT && pango_layout_get_direction(layout, 0) == PANGO_DIRECTION_RTL;
    pango_layout_set_alignment(layout, turned ? PANGO_ALIGN_LEFT : span->align);
    if (span->struck) {
        PangoAttrList *marks = pango_attr_list_new();
        pango_attr_list_insert(marks, pango_attr_strikethrough_new(TRUE));
        pango_layout_set_attributes(layout, marks);
        pango_attr_list_unref(marks);
    }
    l->missing += pango_layout_get_unknown_glyphs_count(layout);
    return layout;
}

/* Puts a text at the present height, which stays, and returns how high it is. */
static double text_at(struct ticket_layout *l, const struct span *span, const char *text)
{
    int width, height;
    PangoLayout *layout = shape(l, span, text);
    pango_layout_get_pixel_size(layout, &width, &height);
    struct mark *mark = add(l);
    if (mark)
        *mark = (struct mark){.kind = MARK_TEXT, .x = span->x, .y = l->y, .text = layout, .white = span->white};
    else
        g_object_unref(layout);
    return height;
}

static void frame(struct ticket_layout *l, double x, double top, double width, double height)
{
    int line = l->look->line;
    ink(l, x, top, width, line);
    ink(l, x, top + height - line, width, line);
    ink(l, x, top, line, height);
    ink(l, x + width - line, top, line, height);
}

/* ---- blocks ------------------------------------------------------------------------------------------------------ */

static double indent_of(const struct ticket_layout *l)
{
    return l->look->count_width * l->scale;
}

/* White on black from x on; for needles, which would burn through the ribbon, in a double frame. */
static void inverted(struct ticket_layout *l, double x, int size, PangoAlignment align, const char *text)
{
    const struct look *look = l->look;
    double width = l->width - x, edge = look->black ? look->margin : look->line * 3 + look->padding;
    struct span span = {x + edge, width - 2 * edge, size, true, false, look->black, align};
    size_t under = l->count;
    double top = l->y;
    if (look->black) ink(l, x, top, width, 0);
    if (!look->black) l->y += look->line * 3;
    double height = text_at(l, &span, text);
    if (look->black && under < l->count) l->marks[under].height = height;
    if (!look->black) {
        height += 6 * look->line;
        frame(l, x, top, width, height);
        frame(l, x + 2 * look->line, top + 2 * look->line, width - 4 * look->line, height - 4 * look->line);
    }
    l->y = top + height + look->gap - 2;
}

static void pair(struct ticket_layout *l, int size, bool bold, const char *left, const char *right)
{
    const int margin = l->look->margin;
    double inner = l->width - 2 * margin, split = left && right ? inner * 0.62 : inner, height = 0;
    struct span a = {margin, left && right ? split : inner, size, bold, false, false, PANGO_ALIGN_LEFT};
    struct span b = {
        left ? margin + split : margin, left ? inner - split : inner, size, bold, false, false, PANGO_ALIGN_RIGHT};
    if (left && *left) height = text_at(l, &a, left);
    if (right && *right) {
        double other = text_at(l, &b, right);
        if (other > height) height = other;
    }
    l->y += height;
}

/* What in a column that wraps, how much in one that is as wide as it needs, aligned right. */
static void amount(struct ticket_layout *l, int size, bool bold, const char *left, const char *right)
{
    const int margin = l->look->margin;
    double inner = l->width - 2 * margin;
    struct span b = {margin, inner, size, bold, false, false, PANGO_ALIGN_RIGHT};
    PangoLayout *measure = shape(l, &b, right);
    l->missing -= pango_layout_get_unknown_glyphs_count(measure);
    int width, height;
    pango_layout_get_pixel_size(measure, &width, &height);
    g_object_unref(measure);
    if (width > inner * 0.7) width = (int)(inner * 0.7);
    b.x = l->width - margin - width;
    b.width = width;
    struct span a = {margin, inner - width - 2 * l->look->padding, size, bold, false, false, PANGO_ALIGN_LEFT};
    double first = text_at(l, &a, left), second = text_at(l, &b, right);
    l->y += first > second ? first : second;
}

static void item(struct ticket_layout *l, const struct ticket_block *block, bool struck)
{
    const int margin = l->look->margin;
    double indent = indent_of(l);
    struct span count = {margin, indent, l->look->item, true, false, false, PANGO_ALIGN_LEFT};
    struct span name = {
        margin + indent, l->width - 2 * margin - indent, l->look->item, true, struck, false, PANGO_ALIGN_LEFT};
    l->y += l->look->gap;
    double a = text_at(l, &count, block->left), b = text_at(l, &name, block->right);
    l->y += a > b ? a : b;
}

static void plain(struct ticket_layout *l, double indent, int size, PangoAlignment align, const char *text)
{
    const int margin = l->look->margin;
    struct span span = {margin + indent, l->width - 2 * margin - indent, size, false, false, false, align};
    l->y += text_at(l, &span, text);
}

static void box(struct ticket_layout *l, const struct ticket_block *block)
{
    const struct look *look = l->look;
    double left = look->margin + (block->indent ? indent_of(l) : 0), width = l->width - look->margin - left;
    double edge = look->line + look->padding;
    struct span span = {left + edge, width - 2 * edge, look->note, true, false, false, PANGO_ALIGN_LEFT};
    double top = l->y + look->gap / 2;
    l->y = top + look->line + 2;
    l->y += text_at(l, &span, block->right) + look->line + 2;
    frame(l, left, top, width, l->y - top);
    l->y += look->gap / 2;
}

/* Dots as large as fit into half the width: phones read them from a hand's distance. */
static void qr(struct ticket_layout *l, const char *text)
{
    QRcode *code = QRcode_encodeString(text, 0, QR_ECLEVEL_M, QR_MODE_8, 1);
    if (!code) return; /* longer than any code: what it says stands beside it */
    int dot = (int)(l->width / 2) / code->width;
    if (dot < 2) dot = 2;
    double x = (l->width - dot * code->width) / 2;
    l->y += 2 * dot;
    for (int row = 0; row < code->width; row++)
        for (int column = 0; column < code->width; column++)
            if (code->data[row * code->width + column] & 1) ink(l, x + column * dot, l->y + row * dot, dot, dot);
    l->y += dot * (code->width + 2);
    QRcode_free(code);
}

static void logo(struct ticket_layout *l, const char *path)
{
    cairo_surface_t *picture = ticket_logo_load(path, (int)(l->width * 0.6), (int)(l->width * 0.35));
    struct mark *mark = picture ? add(l) : NULL;
    if (!mark) {
        if (picture) cairo_surface_destroy(picture);
        return;
    }
    int width = cairo_image_surface_get_width(picture);
    *mark = (struct mark){.kind = MARK_PICTURE, .x = (int)((l->width - width) / 2), .y = l->y, .picture = picture};
    l->y += cairo_image_surface_get_height(picture) + l->look->gap;
}

static void one(struct ticket_layout *l, const struct ticket_block *b)
{
    const struct look *k = l->look;
    switch (b->kind) {
    case BLOCK_BANNER: inverted(l, 0, k->banner, PANGO_ALIGN_CENTER, b->right); break;
    case BLOCK_HUGE: inverted(l, 0, k->huge, PANGO_ALIGN_CENTER, b->right); break;
    case BLOCK_PAIR: pair(l, k->pair, false, b->left, b->right); break;
    case BLOCK_TITLE: pair(l, k->title, true, b->left, b->right); break;
    case BLOCK_ITEM: item(l, b, false); break;
    case BLOCK_STRUCK: item(l, b, true); break;
    case BLOCK_DETAIL: plain(l, indent_of(l), k->detail, PANGO_ALIGN_LEFT, b->right); break;
    case BLOCK_SMALL: plain(l, indent_of(l), k->small, PANGO_ALIGN_LEFT, b->right); break;
    case BLOCK_BOX: box(l, b); break;
    case BLOCK_ALARM: inverted(l, b->indent ? indent_of(l) : 0, k->note, PANGO_ALIGN_LEFT, b->right); break;
    case BLOCK_RULE:
        ink(l, 0, l->y + k->rule * 2, l->width, k->rule);
        l->y += k->rule * 5;
        break;
    case BLOCK_TEXT: plain(l, 0, k->detail, PANGO_ALIGN_LEFT, b->right); break;
    case BLOCK_CENTER: plain(l, 0, k->detail, PANGO_ALIGN_CENTER, b->right); break;
    case BLOCK_AMOUNT: amount(l, k->detail, false, b->left, b->right); break;
    case BLOCK_TOTAL: amount(l, k->total, true, b->left, b->right); break;
    case BLOCK_QR: qr(l, b->right); break;
    case BLOCK_LOGO: logo(l, b->right); break;
    }
}

/* ---- the whole --------------------------------------------------------------------------------------------------- */

struct ticket_layout *ticket_layout_make(
    PangoContext *context, const struct ticket_doc *doc, const struct ticket_form *form)
{
    struct ticket_layout *l = calloc(1, sizeof *l);
    if (!l) return NULL;
    l->context = context;
    l->look = form->needles ? &needles : &thermal;
    l->width = form->width_dots;
    l->y = l->look->gap;
    l->scale = (!form->needles && form->width_dots < 500 ? 0.8 : 1.0) * (doc->large ? 1.25 : 1.0);
    for (size_t i = 0; i < doc->count && !l->failed; i++)
        one(l, &doc->blocks[i]);
    l->y += l->look->foot;
    if (!l->failed) return l;
    ticket_layout_free(l);
    return NULL;
}

void ticket_layout_free(struct ticket_layout *l)
{
    for (size_t i = 0; i < l->count; i++) {
        if (l->marks[i].text) g_object_unref(l->marks[i].text);
        if (l->marks[i].picture) cairo_surface_destroy(l->marks[i].picture);
    }
    free(l->marks);
    free(l);
}

int ticket_layout_height(const struct ticket_layout *l)
{
    return (int)l->y;
}

int ticket_layout_missing(const struct ticket_layout *l)
{
    return l->missing;
}

static void draw_text(const struct mark *mark, cairo_t *cr, bool paper)
{
    if (mark->white && paper) cairo_set_source_rgb(cr, 1, 1, 1);
    if (mark->white && !paper) cairo_set_operator(cr, CAIRO_OPERATOR_DEST_OUT);
    cairo_move_to(cr, mark->x, mark->y);
    pango_cairo_show_layout(cr, mark->text);
    cairo_set_operator(cr, CAIRO_OPERATOR_OVER);
    cairo_set_source_rgb(cr, 0, 0, 0);
}

void ticket_layout_draw(const struct ticket_layout *l, cairo_t *cr, bool paper)
{
    cairo_set_source_rgb(cr, 0, 0, 0);
    for (size_t i = 0; i < l->count; i++) {
        const struct mark *mark = &l->marks[i];
        switch (mark->kind) {
        case MARK_TEXT: draw_text(mark, cr, paper); break;
        case MARK_RECTANGLE:
            cairo_rectangle(cr, mark->x, mark->y, mark->width, mark->height);
            cairo_fill(cr);
            break;
        case MARK_PICTURE: cairo_mask_surface(cr, mark->picture, mark->x, mark->y); break;
        }
    }
}
