/* SPDX-License-Identifier: MIT */
/* An order's passport: where each of its tickets has got to, and what proves it. So far: on paper. */
#ifndef HUB_PASSPORT_H
#define HUB_PASSPORT_H

#include "hub/json.h"
#include "hub/order.h"
#include "hub/port/store_print.h"
#include "hub/tx.h"

/* A print job as the contract's destination. */
void passport_write_destination(const struct print_job *job, struct json_writer *w);
/* The contract's passport. Complete: nothing of it is still on its way, and nothing has failed. */
void passport_write(const struct order *order, const struct print_job *jobs, size_t count, struct json_writer *w);
/* Writer thread: logs passport_updated for a ticket's print job, as it is stored now. */
enum hub_err passport_publish(struct tx *tx, int64_t job_id);

#endif
