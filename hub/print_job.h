/* SPDX-License-Identifier: MIT */
/*
 * A piece of paper's life in the print ledger (hub/port/store_print.h): what people ask for, and what becomes of it.
 * All calls are the writer thread's, inside its transaction; what concerns a ticket is logged as passport_updated.
 */
#ifndef HUB_PRINT_JOB_H
#define HUB_PRINT_JOB_H

#include "hub/order.h"
#include "hub/port/store_print.h"
#include "hub/tx.h"

/*
 * Queues a copy of a ticket, headed COPY with the actor's name and the time, at each printer of its station; *order is
 * the order it belongs to. NOT_FOUND: no such ticket. UNAVAILABLE: no printer is set up there.
 */
enum hub_err print_job_copy(struct tx *tx, int64_t ticket_id, struct order *order, struct fault *fault);
/* Queues a test slip. NOT_FOUND: no such printer. */
enum hub_err print_job_test(struct tx *tx, int64_t device_id, struct fault *fault);
/* Queues a bill at each printer that prints bills. UNAVAILABLE: there is none. */
enum hub_err print_job_bill(struct tx *tx, int64_t order_id, struct order *order, struct fault *fault);

/*
 * Writes down how a job stands now (its state and what goes with it); `proof` and `detail` may be NULL (kept). What is
 * confirmed counts as paper used. NOT_FOUND: it was given up meanwhile.
 */
enum hub_err print_job_set(struct tx *tx, const struct print_job *job, const char *proof, const char *detail);
/* Moves a job to the printer that stands in: it is rerouted here, and queued there. */
enum hub_err print_job_reroute(struct tx *tx, struct print_job *job, int64_t backup_id);
/*
 * Holds jobs that are too old to be printed unasked: raises TICKETS_HELD for their printer, and queues one summary slip
 * there unless one is waiting.
 */
enum hub_err print_job_hold(struct tx *tx, int64_t device_id, struct print_job *jobs, size_t count);
/*
 * People's answer to that: the held jobs of these tickets (none named: all) are queued, or discarded. Clears the alert
 * with the last one. *count: how many were meant.
 */
enum hub_err print_job_decide(
    struct tx *tx, int64_t device_id, const int64_t *ticket_ids, size_t named, bool print, size_t *count);
/* Held for a day, and nobody has asked for it: discarded. Clears the alert with the last one. */
enum hub_err print_job_expire(struct tx *tx, int64_t device_id);

#endif
