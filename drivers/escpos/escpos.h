/* SPDX-License-Identifier: MIT */
/* A ticket's picture as the bytes that an ESC/POS printer burns it from. Pure; any thread. */
#ifndef DRIVERS_ESCPOS_H
#define DRIVERS_ESCPOS_H

#include <stddef.h>
#include <stdint.h>

#include "hub/port/ticket_art.h"

/*
 * Initialise, the picture in slices, feed, partial cut. malloc'ed, freed by the caller; NULL when memory is short. Dots
 * that would spell a real-time command (DLE EOT, DLE ENQ, DLE DC4: some printers obey them even inside a picture, and
 * the last can open the drawer) are moved by one bit: one dot in a hundred tickets.
 */
uint8_t *escpos_ticket(const struct ticket_image *image, size_t *length);

#endif
