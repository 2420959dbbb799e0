/* SPDX-License-Identifier: MIT */
/* Finds a line by the name people give it. */
#ifndef DRIVERS_BELL_GPIOD_GPIO_FIND_H
#define DRIVERS_BELL_GPIOD_GPIO_FIND_H

#include "drivers/bell_gpiod/gpio_lines.h"
#include "hub/port/bell.h"

/*
 * Opens the chip that has the line and tells its offset: the first line of that name on any chip of `device_dir`;
 * failing that, for "GPIO<n>", offset n of the chip that drives a Raspberry Pi's header, because some device trees name
 * header pins by their function. Chip numbers mean nothing: they change between kernels. NULL with the fault when there
 * is none; the caller closes.
 */
struct gpio_chip *gpio_find(const char *device_dir, const char *name, unsigned *offset, struct bell_fault *fault);

#endif
