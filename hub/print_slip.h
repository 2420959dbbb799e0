/* SPDX-License-Identifier: MIT */
/* A row of the print ledger as what goes to its printer. */
#ifndef HUB_PRINT_SLIP_H
#define HUB_PRINT_SLIP_H

#include "hub/port/store_print.h"
#include "hub/port/ticket_art.h"
#include "hub/printer_settings.h"

struct restaurant;

struct print_slip_made {
    struct ticket_image image; /* or */
    struct ticket_page page;   /* of PRINTER_PDF */
    int missing_glyphs;
    int64_t length_mm;
    bool drawer; /* a bill that is paid in cash */
};

/*
 * Any thread, with a store of its own. NOT_FOUND: there is nothing (more) to say, as on a summary when nothing is held.
 * UNAVAILABLE: it cannot be drawn; the fault says why.
 */
enum hub_err print_slip_make(struct restaurant *restaurant, struct store *store, const struct print_job *job,
    const struct printer_settings *settings, int width_dots, struct print_slip_made *out, struct fault *fault);
void print_slip_finish(struct print_slip_made *made);

#endif
