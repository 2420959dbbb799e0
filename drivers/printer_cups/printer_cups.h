/* SPDX-License-Identifier: MIT */
/*
 * A printer behind a CUPS queue. CUPS is transport, never truth: a job that it calls completed was handed over, no
 * more. The queue gets ready-made ESC/POS bytes (application/vnd.cups-raw).
 */
#ifndef DRIVERS_PRINTER_CUPS_H
#define DRIVERS_PRINTER_CUPS_H

#include "hub/port/printer.h"

/*
 * `address` is QUEUE, QUEUE@HOST:PORT or QUEUE@/path/of/socket; without a server the box's own (CUPS_SERVER, else
 * localhost:631). Connects with the first call. VALIDATION_ERROR when it is none of these.
 */
enum hub_err printer_cups_create(const char *address, struct printer **out, struct fault *fault);

#endif
