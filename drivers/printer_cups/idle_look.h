/* SPDX-License-Identifier: MIT */
/* How a printer fares while no job runs: nobody tells CUPS then, so it is asked directly. */
#ifndef DRIVERS_CUPS_IDLE_LOOK_H
#define DRIVERS_CUPS_IDLE_LOOK_H

#include <stdbool.h>

struct printer_health;

/*
 * One short connection to a printer at escpos:// or ipp://, only while its queue is idle: many printers know one
 * connection at a time, and the next job's must find it free. False: it is no such printer, or one that does not
 * answer; else *health. The time after which to ask again is set either way.
 */
bool idle_look(const char *device_uri, struct printer_health *health);
/* After how many ms a printer at that address should be asked that is busy now; 0: it cannot be. */
int idle_look_later(const char *device_uri);

#endif
