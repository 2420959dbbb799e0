/* SPDX-License-Identifier: MIT */
#include "hub/log.h"
#include "hub/print_ledger.h"
#include "hub/printer_worker_internal.h"
#include "hub/restaurant.h"

enum { EXPIRE_MS = 60 * 60 * 1000 };

/* Takes a job back from the transport. False: it stays there (or is printed after all, which the next look shows). */
static bool take_back(struct printer_worker *w, struct print_job *job)
{
    struct printer_watch said = {.external_id = job->external_id};
    struct fault fault = {0};
    enum hub_err err = w->printer->ops->cancel(w->printer, &said, &fault);
    fault_finish(&fault);
    if (err || said.state == PRINTER_JOB_DONE) return false;
    job->doubtful = job->doubtful || said.begun;
    job->external_id[0] = '\0';
    return true;
}

/* Can it be had from the transport, or was it never there? */
static bool free_to_move(struct printer_worker *w, struct print_job *job)
{
    if (job->state == PRINT_QUEUED) return true;
    return job->state == PRINT_SENT && take_back(w, job);
}

/* ---- too old ----------------------------------------------------------------------------------------------------- */

static bool stale(const struct printer_round *round, const struct print_job *job, int64_t now)
{
    int64_t limit = round->settings.stale_after_s * 1000;
    return limit > 0 && job->slip == SLIP_TICKET && !job->copy && !job->released && now - job->issued_at > limit;
}

/* What has begun is left to the printer: half of it is on paper already. */
static void hold_stale(struct printer_worker *w, struct printer_round *round)
{
    struct print_job held[PRINTER_ROOM];
    size_t at[PRINTER_ROOM], count = 0;
    int64_t now = clock_wall_ms(printer_worker_clock(w));
    for (size_t i = 0; i < round->count; i++) {
        struct print_job *job = &round->jobs[i];
        if (!stale(round, job, now) || (job->state == PRINT_SENT && (!w->bad_since_ms || round->begun[i]))) continue;
        if (!free_to_move(w, job)) continue;
        at[count] = i;
        held[count++] = *job;
    }
    if (count == 0) return;
    log_restaurant(w->restaurant, LOG_LEVEL_WARNING, "%zu tickets waited too long for printer %lld: people are asked",
        count, (long long)w->device_id);
    if (!print_ledger_hold(w->restaurant, w->device_id, held, count)) return;
    for (size_t i = 0; i < count; i++)
        round->jobs[at[i]].state = PRINT_HELD;
}

/* ---- backup ------------------------------------------------------------------------------------------------------ */

static void reroute(struct printer_worker *w, struct printer_round *round)
{
    size_t moved = 0;
    for (size_t i = 0; i < round->count; i++) {
        struct print_job *job = &round->jobs[i];
        /* One that stands in already stays where it is: two printers must not pass it to and fro. */
        if (job->from_device_id || (job->slip != SLIP_TICKET && job->slip != SLIP_BILL)) continue;
        if (!free_to_move(w, job)) continue;
        moved += print_ledger_reroute(w->restaurant, job, round->backup.id);
    }
    if (moved)
        log_restaurant(w->restaurant, LOG_LEVEL_WARNING, "%zu tickets of printer %lld go to printer %lld instead",
            moved, (long long)w->device_id, (long long)round->backup.id);
}

/* Once an hour, by a worker that is awake anyway. */
static void expire(struct printer_worker *w)
{
    int64_t now = clock_monotonic_ms(printer_worker_clock(w));
    if (now < w->expire_due_ms) return;
    w->expire_due_ms = now + EXPIRE_MS;
    print_ledger_expire(w->restaurant, w->device_id);
}

void printer_worker_rescue(struct printer_worker *w, struct printer_round *round)
{
    expire(w);
    hold_stale(w, round);
    if (!round->backup.id || !w->bad_since_ms) return;
    int64_t bad_ms = clock_monotonic_ms(printer_worker_clock(w)) - w->bad_since_ms;
    if (bad_ms >= round->settings.backup_after_s * 1000) reroute(w, round);
}
