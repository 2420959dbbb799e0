/* SPDX-License-Identifier: MIT */
/*
 * Printers as a port. A printer belongs to one thread at a time (its worker). Calls wait for the transport, but never
 * longer than PRINTER_PATIENCE_S for each answer they need. Drivers: drivers/printer_cups.
 */
#ifndef HUB_PORT_PRINTER_H
#define HUB_PORT_PRINTER_H

#include <stdbool.h>
#include <stddef.h>

#include "hub/device.h"
#include "hub/err.h"
#include "hub/printer_settings.h"

enum { PRINTER_PATIENCE_S = 4 };

struct ticket_image;
struct ticket_page;

/* One piece of paper for one printer. Borrowed while send() runs. */
struct printer_page {
    const char *uuid;  /* of the ledger's row: by it the job is found again */
    const char *title; /* for people who look into the transport's queue */
    enum printer_format format;
    const struct ticket_image *image; /* of all formats but PRINTER_PDF */
    const struct ticket_page *page;   /* of PRINTER_PDF */
    bool buzzer, drawer;              /* it beeps; the cash drawer opens. Where the format knows how */
};

/* What the transport says of a job. */
enum printer_job_state {
    PRINTER_JOB_WAITING,
    PRINTER_JOB_PRINTING,
    PRINTER_JOB_DONE,   /* as far as proof() goes */
    PRINTER_JOB_FAILED, /* given up */
    PRINTER_JOB_GONE    /* unknown there */
};

struct printer_watch {
    const char *external_id;
    enum printer_job_state state; /* out */
    bool begun;                   /* out: some of it may be on paper */
    /* Out, with DONE: what was proved, in the contract's words: "handed_over", "processed", "confirmed_by_printer". */
    const char *proof;
};

/* How the printer fares: DEVICE_OK, DEVICE_WARNING (prints still), DEVICE_FAILED (needs hands), DEVICE_SILENT. */
struct printer_health {
    enum device_state state;
    char detail[256], fix[256];
    int again_ms; /* it can be asked while it prints nothing, and should be after so long; 0: it cannot */
    bool answers; /* in: this printer is known to answer, so that its silence is a trouble */
    bool cover_open, paper_out;
    bool paused; /* the transport's queue is stopped: resume() */
};

struct printer;
struct printer_ops {
    /*
     * Is a job of that UUID there? NOT_FOUND: surely not. UNAVAILABLE: nobody could be asked. A job that is there gets
     * its id; watch() tells how it fares.
     */
    enum hub_err (*find)(
        struct printer *printer, const char *uuid, char *external_id, size_t size, struct fault *fault);
    /*
     * Hands a page over; external_id is the transport's name for the job. On failure *unsure says whether it may have
     * been accepted all the same: then find() must be asked before it is sent again.
     */
    enum hub_err (*send)(struct printer *printer, const struct printer_page *page, char *external_id, size_t size,
        bool *unsure, struct fault *fault);
    /* State of these jobs, and of the printer. UNAVAILABLE: nobody could be asked, nothing is filled in. */
    enum hub_err (*watch)(struct printer *printer, struct printer_watch *jobs, size_t count,
        struct printer_health *health, struct fault *fault);
    /* Takes a job back, and says how it ended: DONE, or FAILED and whether it had begun. UNAVAILABLE: it may go on. */
    enum hub_err (*cancel)(struct printer *printer, struct printer_watch *job, struct fault *fault);
    /* Lets the transport's queue go on. UNAVAILABLE: it may not, or nobody could be asked. */
    enum hub_err (*resume)(struct printer *printer, struct fault *fault);
    void (*destroy)(struct printer *printer);
};
struct printer {
    const struct printer_ops *ops;
};

/* Opens printers by the driver's name and an address in that driver's form; it connects when it is first used. */
struct printer_maker;
struct printer_maker_ops {
    /* VALIDATION_ERROR: no such driver, or not its form of address. The caller ends *out with its destroy(). */
    enum hub_err (*open)(struct printer_maker *maker, const char *driver, const char *address, struct printer **out,
        struct fault *fault);
};
struct printer_maker {
    const struct printer_maker_ops *ops;
};

#endif
