/* SPDX-License-Identifier: MIT */
/* A ticket's way to paper: its rows in the print ledger (hub/port/store_print.h), and reprints. */
#ifndef HUB_PRINT_JOB_H
#define HUB_PRINT_JOB_H

#include "hub/order.h"
#include "hub/port/store_print.h"
#include "hub/tx.h"

/*
 * Writer thread: queues a copy of a ticket, headed COPY with the actor's name and the time, at each printer of its
 * station; *order is the order it belongs to. NOT_FOUND: no such ticket. UNAVAILABLE: no printer is set up there.
 */
enum hub_err print_job_copy(struct tx *tx, int64_t ticket_id, struct order *order, struct fault *fault);

#endif
