/* SPDX-License-Identifier: MIT */
/* The lamp on a page: a bell that exists in memory alone and tells whoever shows it. */
#ifndef DRIVERS_BELL_LAMP_H
#define DRIVERS_BELL_LAMP_H

#include "hub/port/bell.h"

/* Called at open (off) and at each change, on the thread that rings the bell; must not wait. `name` is the line of the
 * bell. */
typedef void bell_lamp_changed(void *context, const char *name, bool on);

/* A port of lamps, ended with bell_port_destroy() after its bells. `changed` may be NULL. NULL when memory is short. */
struct bell_port *bell_lamp_create(bell_lamp_changed *changed, void *context);

#endif
