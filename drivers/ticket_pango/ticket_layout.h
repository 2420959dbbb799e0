/* SPDX-License-Identifier: MIT */
/* Lays a ticket out once: what comes where, and how long it all is; then draws it, in dots or on a page. */
#ifndef DRIVERS_TICKET_LAYOUT_H
#define DRIVERS_TICKET_LAYOUT_H

#include <pango/pangocairo.h>

#include "hub/port/ticket_art.h"
#include "hub/ticket_doc.h"

struct ticket_layout;

/* NULL when memory is short. Freed by ticket_layout_free(). The context must live as long. */
struct ticket_layout *ticket_layout_make(
    PangoContext *context, const struct ticket_doc *doc, const struct ticket_form *form);
void ticket_layout_free(struct ticket_layout *layout);

int ticket_layout_height(const struct ticket_layout *layout); /* dots */
/* Characters that no font has; they are drawn as boxes with their code points. */
int ticket_layout_missing(const struct ticket_layout *layout);
/* Ink is opaque, paper clear; with `paper` (a page) white text on black is drawn white instead of left out. */
void ticket_layout_draw(const struct ticket_layout *layout, cairo_t *cr, bool paper);

#endif
