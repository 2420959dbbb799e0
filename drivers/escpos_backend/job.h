/* SPDX-License-Identifier: MIT */
/*
 * One job's way to a printer, as its backend or as a filter before somebody else's backend: wait until it is ready,
 * write down that it is begun, send, have it acknowledged, write down that it is done. A connection that breaks on the
 * way leaves it open what is on paper: then it is sent again under a head that says so.
 */
#ifndef DRIVERS_ESCPOS_JOB_H
#define DRIVERS_ESCPOS_JOB_H

#include <signal.h>
#include <stdint.h>

#include "drivers/escpos/escpos_target.h"
#include "drivers/escpos_backend/ledger.h"

enum job_end {
    JOB_CONFIRMED,   /* the printer has worked it off */
    JOB_HANDED_OVER, /* a printer that never answers took it all */
    JOB_ALREADY,     /* it was worked off before */
    JOB_STOPPED,     /* somebody wants us to end */
    JOB_GIVEN_UP     /* the connection broke too often in the middle */
};

struct job {
    const struct escpos_target *target; /* NULL: a filter, over the descriptors below */
    int in, out;
    struct ledger *ledger;
    const char *uuid; /* "" when CUPS names none */
    const uint8_t *bytes;
    size_t length;
    sigset_t stop_on; /* blocked signals: when one of them is pending, it is time to end */
    bool stopped;
    char reason[64]; /* the printer-state-reason told last */
};

/* Tells CUPS on standard error how it fares. */
enum job_end job_run(struct job *job);

#endif
