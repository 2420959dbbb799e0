/* SPDX-License-Identifier: MIT */
/* What ails a printer, by the word that IPP has for it, in words for people. Pure. */
#ifndef DRIVERS_CUPS_PRINTER_REASON_H
#define DRIVERS_CUPS_PRINTER_REASON_H

#include "hub/port/printer.h"

/* Takes over a trouble where it is worse than what is known. */
void printer_reason_say(struct printer_health *health, enum device_state state, const char *detail, const char *fix);
/*
 * Takes over a printer-state-reason (RFC 8011 section 5.4.12, PWG 5100.9), with or without -error, -warning, -report.
 * One that means nothing to a kitchen is left out.
 */
void printer_reason_read(const char *reason, struct printer_health *health);

#endif
