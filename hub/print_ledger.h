/* SPDX-License-Identifier: MIT */
/* hub/print_job.h for a printer's worker: each call runs on the writer thread and is durable when it returns true. */
#ifndef HUB_PRINT_LEDGER_H
#define HUB_PRINT_LEDGER_H

#include "hub/port/store_print.h"
#include "hub/printer_settings.h"

struct restaurant;

/* How a job stands, with its proof and detail (NULL: kept). */
struct print_mark {
    struct print_job *job;
    const char *proof, *detail;
};
/* All in one transaction. False: nothing was written; those given up meanwhile are left out. */
bool print_ledger_mark(struct restaurant *restaurant, const struct print_mark *marks, size_t count);
bool print_ledger_reroute(struct restaurant *restaurant, struct print_job *job, int64_t backup_id);
bool print_ledger_hold(struct restaurant *restaurant, int64_t device_id, struct print_job *jobs, size_t count);
/* Discards what was held for a day (print_job_expire()). */
bool print_ledger_expire(struct restaurant *restaurant, int64_t device_id);
/* All queued jobs of a printer up to and with that id came out on its page. */
bool print_ledger_tear_off(struct restaurant *restaurant, int64_t device_id, int64_t last_id);
/* The roll has ended, or a new one was put in (hub/paper_roll.h): reckoned from what is stored by then. */
bool print_ledger_roll(struct restaurant *restaurant, int64_t device_id, bool ended);

#endif
