/* SPDX-License-Identifier: MIT */
#include "hub/print_job.h"

#include "hub/port/store_orders.h"
#include "hub/tx.h"

const char *const print_state_names[] = {"queued", "sending", "sent", "confirmed", "failed", NULL};

enum hub_err print_job_copy(struct tx *tx, int64_t ticket_id, struct order *order, struct fault *fault)
{
    int64_t order_id;
    enum hub_err err = store_order_of_ticket(tx->store, ticket_id, &order_id);
    if (!err) err = store_order_load(tx->store, tx->arena, order_id, order);
    const struct ticket *ticket = err ? NULL : order_ticket(order, ticket_id);
    if (err == HUB_NOT_FOUND || (!err && !ticket))
        return fault_set(fault, HUB_NOT_FOUND, NULL, "There is no ticket with the id %lld.", (long long)ticket_id);
    if (err) return err;
    size_t printers = 0;
    err = store_print_copy(tx->store, ticket_id, ticket->station, tx->actor.name, tx->now_ms, &printers);
    tx_note(tx, TOPIC_ORDERS);
    if (!err && !printers)
        return fault_set(fault, HUB_UNAVAILABLE, NULL,
            "No printer is set up for the station %s. Add one with: servery printer add", ticket->station);
    return err;
}
