/* SPDX-License-Identifier: MIT */
/* Draws tickets, dot for dot as a printer burns them. Implemented by drivers/ticket_pango. */
#ifndef HUB_PORT_TICKET_ART_H
#define HUB_PORT_TICKET_ART_H

#include <stddef.h>
#include <stdint.h>

#include "hub/err.h"

struct ticket_doc;

enum { TICKET_DOTS_80MM = 576, TICKET_DOTS_58MM = 384 /* at 203 dpi: 72 and 48 mm that can be printed on */ };

/* One bit a dot, 1 = black, the leftmost dot in the highest bit; rows are `stride` bytes apart. */
struct ticket_image {
    int width, height;
    size_t stride;
    uint8_t *bits;      /* malloc'ed */
    int missing_glyphs; /* characters that no font has: drawn as their code points */
};
void ticket_image_finish(struct ticket_image *image);

struct ticket_art;
struct ticket_art_ops {
    /* Any thread; one draws at a time. A warm drawing takes some milliseconds. The caller finishes *out. */
    enum hub_err (*draw)(struct ticket_art *art, const struct ticket_doc *doc, int width_dots, struct ticket_image *out,
        struct fault *fault);
    /* The image as PNG, malloc'ed. Any thread. */
    enum hub_err (*png)(
        struct ticket_art *art, const struct ticket_image *image, uint8_t **out, size_t *length, struct fault *fault);
    void (*destroy)(struct ticket_art *art);
};
struct ticket_art {
    const struct ticket_art_ops *ops;
};

#endif
