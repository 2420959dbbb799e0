/* SPDX-License-Identifier: MIT */
/* The fonts of tickets: a private fontconfig that knows our families alone. */
#ifndef DRIVERS_TICKET_FONTS_H
#define DRIVERS_TICKET_FONTS_H

#include <pango/pangocairo.h>

/* In the order in which a character is looked for. */
extern const char ticket_font_families[];

/* A font map of its own, freed with g_object_unref(); NULL when memory is short or fontconfig fails. */
PangoFontMap *ticket_fonts_create(void);

#endif
