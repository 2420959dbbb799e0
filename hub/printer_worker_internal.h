/* SPDX-License-Identifier: MIT */
/* A printer's worker in its parts: the round (printer_worker.c), how the printer fares (printer_worker_health.c), and
 * what becomes of tickets that it does not print in time (printer_worker_rescue.c). All on the worker's thread. */
#ifndef HUB_PRINTER_WORKER_INTERNAL_H
#define HUB_PRINTER_WORKER_INTERNAL_H

#include "hub/device.h"
#include "hub/err.h"
#include "hub/port/clock.h"
#include "hub/port/printer.h"
#include "hub/port/store_print.h"
#include "hub/printer_settings.h"

enum {
    PRINTER_ROOM = 32,       /* jobs looked at in one round */
    PRINTER_UNWELL_MS = 5000 /* between two looks at a printer that is not well */
};

struct printer_worker {
    struct restaurant *restaurant;
    struct follower *thread;
    int64_t device_id;
    char name[324], driver[16], address[256];
    int width;
    struct printer *printer; /* NULL: not opened yet, or the paper strip */
    bool unwell;             /* the printer did not say that it is well */
    int64_t bad_since_ms;    /* monotonic: since when it cannot print; 0: it can */
    bool cover_open, paper_out;
    bool alerted, low_alerted;
    int again_ms;          /* how often it is asked while it is well and prints nothing; 0: it cannot be */
    int watch_ms;          /* how long until open jobs are asked about again */
    int64_t health_due_ms; /* when the printer is asked again */
    int64_t expire_due_ms; /* when old held jobs are looked for again */
    enum device_state told;
    char told_detail[256];
};

/* What one round has to do with: the ledger's rows, and how the printer is set up. */
struct printer_round {
    struct printer_settings settings;
    struct printer_paper paper;
    struct device backup; /* id 0: there is none, or it cannot print either */
    struct print_job jobs[PRINTER_ROOM];
    bool begun[PRINTER_ROOM]; /* of the job at that place: some of it may be on paper */
    size_t count;
};

struct clock_port *printer_worker_clock(const struct printer_worker *worker);

/* Tells people how the printer fares, when that is new: as its state, and as an alert when it cannot print. */
void printer_worker_tell(struct printer_worker *worker, enum device_state state, const char *detail, const char *fix);
void printer_worker_unreachable(struct printer_worker *worker, const struct fault *fault);
/* Takes over what the printer says of itself, and what its paper says. */
void printer_worker_heard(
    struct printer_worker *worker, struct printer_health *health, const struct printer_paper *paper);

/* Holds what has become too old, and sends to the backup printer what has waited too long. */
void printer_worker_rescue(struct printer_worker *worker, struct printer_round *round);

/* It may be on paper: again, and marked so, but not for ever. */
void printer_worker_in_doubt(struct printer_worker *worker, struct print_job *job, const char *detail);

#endif
