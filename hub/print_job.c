/* SPDX-License-Identifier: MIT */
#include "hub/print_job.h"

#include <stdio.h>
#include <string.h>

#include "hub/alert.h"
#include "hub/device.h"
#include "hub/passport.h"
#include "hub/port/store_devices.h"
#include "hub/port/store_orders.h"
#include "hub/port/store_printers.h"
#include "hub/tx.h"

const char *const print_state_names[] = {
    "queued", "sending", "sent", "confirmed", "failed", "rerouted", "held", "discarded", NULL};
const char *const print_slip_names[] = {"ticket", "test", "claim", "summary", "bill", NULL};

enum { HELD_ROOM = 1000, HELD_MS = 24 * 60 * 60 * 1000 };

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
    err = store_print_copy(tx->store, ticket_id, tx->actor.name, tx->now_ms, &printers);
    tx_note(tx, TOPIC_ORDERS);
    if (!err && !printers)
        return fault_set(fault, HUB_UNAVAILABLE, NULL,
            "No printer is set up for the station %s. Add one with: servery printer add", ticket->station);
    return err;
}

enum hub_err print_job_test(struct tx *tx, int64_t device_id, struct fault *fault)
{
    struct device device;
    enum hub_err err = store_device_load(tx->store, tx->arena, device_id, &device);
    if (err == HUB_NOT_FOUND || (!err && device.kind != DEVICE_PRINTER))
        return fault_set(fault, HUB_NOT_FOUND, NULL, "There is no printer with the id %lld.", (long long)device_id);
    if (!err)
        err = store_print_slip(
            tx->store, device_id, SLIP_TEST, NULL, tx->actor.name[0] ? tx->actor.name : NULL, tx->now_ms);
    tx_note(tx, TOPIC_ORDERS);
    return err;
}

enum hub_err print_job_bill(struct tx *tx, int64_t order_id, struct order *order, struct fault *fault)
{
    size_t printers = 0;
    enum hub_err err = store_order_load(tx->store, tx->arena, order_id, order);
    if (err == HUB_NOT_FOUND)
        return fault_set(fault, err, NULL, "There is no order with the id %lld.", (long long)order_id);
    if (!err) err = store_print_bill(tx->store, order_id, tx->actor.name, tx->now_ms, &printers);
    tx_note(tx, TOPIC_ORDERS);
    if (!err && !printers)
        return fault_set(fault, HUB_UNAVAILABLE, NULL,
            "No printer is set up for bills. Name one with: servery printer add --name NAME --bills");
    return err;
}

/* ---- the way of one --------------------------------------------------------------------------------------------- */

static enum hub_err count_paper(struct tx *tx, const struct print_job *job, const char *proof)
{
    struct printer_paper paper;
    enum hub_err err = store_printer_paper(tx->store, job->device_id, &paper);
    if (err) return err == HUB_NOT_FOUND ? HUB_OK : err;
    paper.used_mm += job->length_mm;
    paper.used_tickets++;
    if (proof && strcmp(proof, "confirmed_by_printer") == 0) paper.answers = true;
    return store_printer_paper_set(tx->store, job->device_id, &paper);
}

enum hub_err print_job_set(struct tx *tx, const struct print_job *job, const char *proof, const char *detail)
{
    enum hub_err err = store_print_mark(tx->store, job, proof, detail, tx->now_ms);
    if (!err && job->state == PRINT_CONFIRMED && job->length_mm) err = count_paper(tx, job, proof);
    /* "About to be sent" is for the box alone. */
    return err || job->state == PRINT_SENDING ? err : passport_publish(tx, job->id);
}

enum hub_err print_job_reroute(struct tx *tx, struct print_job *job, int64_t backup_id)
{
    enum hub_err err = store_print_stand_in(tx->store, job, backup_id, tx->now_ms);
    job->state = PRINT_REROUTED;
    if (!err) err = print_job_set(tx, job, NULL, "The backup printer has taken over.");
    tx_note(tx, TOPIC_ORDERS);
    return err;
}

/* ---- held -------------------------------------------------------------------------------------------------------- */

static enum hub_err raise_held(struct tx *tx, int64_t device_id, size_t count)
{
    struct device device;
    char detail[400];
    enum hub_err err = store_device_load(tx->store, tx->arena, device_id, &device);
    if (err) return err == HUB_NOT_FOUND ? HUB_OK : err;
    snprintf(detail, sizeof detail, "%zu %s waited too long for the printer %s and %s not printed.", count,
        count == 1 ? "ticket" : "tickets", device.name, count == 1 ? "was" : "were");
    return alert_raise(
        tx, "TICKETS_HELD", SEVERITY_CRITICAL, device_id, 0, detail, "Say on a kitchen screen which of them to print.");
}

static bool summary_waits(const struct print_job *jobs, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (jobs[i].slip == SLIP_SUMMARY) return true;
    return false;
}

enum hub_err print_job_hold(struct tx *tx, int64_t device_id, struct print_job *jobs, size_t count)
{
    struct print_job *open, *held;
    size_t open_count = 0, held_count = 0;
    enum hub_err err = HUB_OK;
    for (size_t i = 0; i < count && !err; i++) {
        jobs[i].state = PRINT_HELD;
        jobs[i].external_id[0] = '\0';
        err = print_job_set(tx, &jobs[i], NULL, "It waited too long: people are asked whether to print it.");
        if (err == HUB_NOT_FOUND) err = HUB_OK;
    }
    if (!err) err = store_print_open(tx->store, device_id, tx->arena, HELD_ROOM, &open, &open_count);
    if (!err && !summary_waits(open, open_count))
        err = store_print_slip(tx->store, device_id, SLIP_SUMMARY, NULL, NULL, tx->now_ms);
    if (!err) err = store_print_held(tx->store, device_id, tx->arena, HELD_ROOM, &held, &held_count);
    return err ? err : raise_held(tx, device_id, held_count);
}

/* What is left is told again; with the last one the alert goes. */
static enum hub_err tell_held(struct tx *tx, int64_t device_id, size_t left)
{
    tx_note(tx, TOPIC_ORDERS);
    return left ? raise_held(tx, device_id, left) : alert_clear(tx, "TICKETS_HELD", device_id, 0);
}

enum hub_err print_job_expire(struct tx *tx, int64_t device_id)
{
    struct print_job *held;
    size_t all, count = 0;
    enum hub_err err = store_print_held(tx->store, device_id, tx->arena, HELD_ROOM, &held, &all);
    for (size_t i = 0; i < all && !err; i++) {
        if (tx->now_ms - held[i].updated_at < HELD_MS) continue;
        held[i].state = PRINT_DISCARDED;
        err = print_job_set(tx, &held[i], NULL, "Nobody asked for it within a day.");
        count++;
    }
    return err || count == 0 ? err : tell_held(tx, device_id, all - count);
}

static bool is_named(int64_t ticket_id, const int64_t *ticket_ids, size_t named)
{
    for (size_t i = 0; i < named; i++)
        if (ticket_ids[i] == ticket_id) return true;
    return named == 0;
}

enum hub_err print_job_decide(
    struct tx *tx, int64_t device_id, const int64_t *ticket_ids, size_t named, bool print, size_t *count)
{
    struct print_job *held;
    size_t all;
    enum hub_err err = store_print_held(tx->store, device_id, tx->arena, HELD_ROOM, &held, &all);
    *count = 0;
    for (size_t i = 0; i < all && !err; i++) {
        if (!is_named(held[i].ticket_id, ticket_ids, named)) continue;
        held[i].state = print ? PRINT_QUEUED : PRINT_DISCARDED;
        held[i].released = true;
        held[i].next_try_at = 0;
        err = print_job_set(tx, &held[i], NULL, print ? "" : "People decided not to print it.");
        (*count)++;
    }
    return err || *count == 0 ? err : tell_held(tx, device_id, all - *count);
}
