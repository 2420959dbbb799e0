/* SPDX-License-Identifier: MIT */
/* A ticket's picture as the bytes that a printer burns it from, for each kind of printer. Pure; any thread. */
#ifndef DRIVERS_ESCPOS_H
#define DRIVERS_ESCPOS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hub/port/ticket_art.h"

/* What a printer does besides printing. */
struct escpos_extras {
    bool buzzer; /* two beeps, before the paper comes */
    bool drawer; /* the cash drawer opens */
};

/*
 * All answer malloc'ed bytes, freed by the caller; NULL when memory is short. Dots that would spell a real-time command
 * (DLE EOT, DLE ENQ, DLE DC4: some printers obey them even inside a picture, and the last can open the drawer) are
 * moved by one bit: one dot in a hundred tickets.
 */

/* Thermal printers: initialise, the picture in slices (GS v 0), feed, partial cut. */
uint8_t *escpos_ticket(const struct ticket_image *image, const struct escpos_extras *extras, size_t *length);
/* Needles: lines of eight dots (ESC * 0), drawn up to the last one. */
uint8_t *escpos_needles(const struct ticket_image *image, const struct escpos_extras *extras, size_t *length);
/* Star printers in raster mode: line by line, up to the last dot; cut at the end. They know no extras there. */
uint8_t *escpos_star(const struct ticket_image *image, size_t *length);

#endif
