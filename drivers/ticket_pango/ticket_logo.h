/* SPDX-License-Identifier: MIT */
/* A restaurant's logo as dots: any PNG, made smaller where it must be, its greys spread over black dots. */
#ifndef DRIVERS_TICKET_LOGO_H
#define DRIVERS_TICKET_LOGO_H

#include <cairo.h>

/* An A8 picture of 0 and 255 that fits, freed with cairo_surface_destroy(). NULL: there is no such PNG, or no memory.
 */
cairo_surface_t *ticket_logo_load(const char *path, int width_max, int height_max);

#endif
