/* SPDX-License-Identifier: MIT */
/* Draws tickets, dot for dot as a printer burns them, or as a page. Implemented by drivers/ticket_pango. */
#ifndef HUB_PORT_TICKET_ART_H
#define HUB_PORT_TICKET_ART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hub/err.h"

struct ticket_doc;

enum {
    TICKET_DOTS_80MM = 576, /* at 203 dpi, 8 dots a mm: 72 and 48 mm that can be printed on */
    TICKET_DOTS_58MM = 384,
    TICKET_DOTS_NEEDLES = 200, /* of an impact printer on 76 mm paper: 80 dots an inch across, 72 down */
    TICKET_DOTS_PER_MM = 8,
    TICKET_FEED_MM = 12 /* after each ticket, to the cutter */
};

/* For which paper a document is drawn. */
struct ticket_form {
    int width_dots;
    bool needles; /* a layout for an impact printer: no black areas, nothing thinner than a needle */
};

/* One bit a dot, 1 = black, the leftmost dot in the highest bit; rows are `stride` bytes apart. */
struct ticket_image {
    int width, height;
    size_t stride;
    uint8_t *bits;      /* malloc'ed */
    int missing_glyphs; /* characters that no font has: drawn as their code points */
};
void ticket_image_finish(struct ticket_image *image);

/* A PDF of one page of exactly that size: the roll's width, and as long as what is on it. */
struct ticket_page {
    int width_mm, height_mm;
    uint8_t *bytes; /* malloc'ed */
    size_t length;
    int missing_glyphs;
};
void ticket_page_finish(struct ticket_page *page);

struct ticket_art;
struct ticket_art_ops {
    /* Any thread; one draws at a time. A warm drawing takes some milliseconds. The caller finishes *out. */
    enum hub_err (*draw)(struct ticket_art *art, const struct ticket_doc *doc, const struct ticket_form *form,
        struct ticket_image *out, struct fault *fault);
    /* The same document on a roll of that many printable dots, as a page. */
    enum hub_err (*page)(struct ticket_art *art, const struct ticket_doc *doc, const struct ticket_form *form,
        struct ticket_page *out, struct fault *fault);
    /* The image as PNG, malloc'ed. Any thread. */
    enum hub_err (*png)(
        struct ticket_art *art, const struct ticket_image *image, uint8_t **out, size_t *length, struct fault *fault);
    void (*destroy)(struct ticket_art *art);
};
struct ticket_art {
    const struct ticket_art_ops *ops;
};

#endif
