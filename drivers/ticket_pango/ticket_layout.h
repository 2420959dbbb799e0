/* SPDX-License-Identifier: MIT */
/* Lays a ticket out: the same walk measures and draws. */
#ifndef DRIVERS_TICKET_LAYOUT_H
#define DRIVERS_TICKET_LAYOUT_H

#include <pango/pangocairo.h>

#include "hub/ticket_doc.h"

/*
 * Walks the document at that width and returns its height in dots. With `cr` it draws: ink is opaque, paper clear.
 * *missing counts the characters that no font has; it may be NULL.
 */
int ticket_layout(PangoContext *context, const struct ticket_doc *doc, int width, cairo_t *cr, int *missing);

#endif
