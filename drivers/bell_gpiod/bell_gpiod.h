/* SPDX-License-Identifier: MIT */
/* Bells and buttons on the pins of the box, by libgpiod (2 or 1.6, whichever the build found). */
#ifndef DRIVERS_BELL_GPIOD_H
#define DRIVERS_BELL_GPIOD_H

#include "hub/port/bell.h"

/*
 * A port that opens lines of the GPIO chips in `device_dir` (NULL = /dev; copied). It holds nothing open itself, so it
 * never fails for want of a chip: bell_open() does, each time it is asked. End it with bell_port_destroy() after its
 * bells. NULL when memory is short.
 */
struct bell_port *bell_gpiod_create(const char *device_dir);

/* "libgpiod 2.2.1": for the log and the device list. */
const char *bell_gpiod_version(void);

#endif
