/* SPDX-License-Identifier: MIT */
/* Tickets drawn by Pango and Cairo with a fixed list of font families, so that a ticket looks the same on every box. */
#ifndef DRIVERS_TICKET_PANGO_H
#define DRIVERS_TICKET_PANGO_H

#include "hub/port/ticket_art.h"

/*
 * Costs next to nothing until the first drawing, which loads the fonts. Ended by its destroy(). NULL when memory is
 * short.
 */
struct ticket_art *ticket_pango_create(void);

#endif
