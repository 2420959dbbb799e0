/* SPDX-License-Identifier: MIT */
/* A sample restaurant for trying Servery out. */
#ifndef HUB_DEMO_H
#define HUB_DEMO_H

#include <stdio.h>

#include "hub/err.h"

struct restaurant;

/*
 * Fills an empty restaurant once: stations, menu, tables and one person a role, whose PINs (fresh random ones) are
 * printed on `out`. A restaurant that has a menu is left as it is; if it is the sample, the PINs are printed again.
 * Call before workers start.
 */
enum hub_err demo_fill(struct restaurant *restaurant, FILE *out);

#endif
