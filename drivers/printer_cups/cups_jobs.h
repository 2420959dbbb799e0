/* SPDX-License-Identifier: MIT */
/* What a CUPS queue says of our jobs. One thread at a time, as their cups_wire. */
#ifndef DRIVERS_CUPS_JOBS_H
#define DRIVERS_CUPS_JOBS_H

#include "drivers/printer_cups/cups_wire.h"
#include "hub/port/printer.h"

/* Whose word a queue's "completed" is. */
enum cups_word {
    CUPS_WORD_NOBODYS, /* a stock backend's, which is rid of the bytes: handed_over */
    CUPS_WORD_IPP,     /* an IPP printer's, of its own job: processed */
    /* Our backend's or filter's: a page is counted when the printer has answered (confirmed_by_printer), and the media
     * progress rises when the first byte goes out. */
    CUPS_WORD_OURS
};

/* By one request. UNAVAILABLE. */
enum hub_err cups_jobs_watch(
    struct cups_wire *wire, enum cups_word word, struct printer_watch *jobs, size_t count, struct fault *fault);
/* The id of the job whose name is that UUID. NOT_FOUND: there is none. UNAVAILABLE. */
enum hub_err cups_jobs_find(
    struct cups_wire *wire, const char *uuid, char *external_id, size_t size, struct fault *fault);
/* Cancels it and waits for its end, two seconds at most. UNAVAILABLE: it may go on. */
enum hub_err cups_jobs_cancel(
    struct cups_wire *wire, enum cups_word word, struct printer_watch *job, struct fault *fault);

#endif
