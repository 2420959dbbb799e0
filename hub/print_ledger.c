/* SPDX-License-Identifier: MIT */
#include "hub/print_ledger.h"

#include "hub/log.h"
#include "hub/paper_roll.h"
#include "hub/port/store_printers.h"
#include "hub/print_job.h"
#include "hub/restaurant.h"
#include "hub/writer.h"

struct change {
    struct command command; /* first */
    const struct print_mark *marks;
    struct print_job *jobs;
    size_t count;
    int64_t device_id, other_id;
    bool ended;
};

static bool run(struct restaurant *restaurant, struct change *change, const char *what)
{
    change->command.actor = (struct actor){.kind = ACTOR_SYSTEM};
    enum hub_err err = writer_run(restaurant->writer, &change->command);
    if (err)
        log_restaurant(restaurant, LOG_LEVEL_ERROR, "%s of printer %lld cannot be written down (%s)", what,
            (long long)change->device_id, hub_err_name(err));
    fault_finish(&change->command.fault);
    return !err;
}

static enum hub_err run_marks(struct command *command, struct tx *tx)
{
    const struct change *c = (const struct change *)command;
    enum hub_err err = HUB_OK;
    for (size_t i = 0; i < c->count && !err; i++) {
        err = print_job_set(tx, c->marks[i].job, c->marks[i].proof, c->marks[i].detail);
        if (err == HUB_NOT_FOUND) err = HUB_OK;
    }
    return err;
}

bool print_ledger_mark(struct restaurant *restaurant, const struct print_mark *marks, size_t count)
{
    struct change c = {.command = {.run = run_marks}, .marks = marks, .count = count};
    c.device_id = count ? marks[0].job->device_id : 0;
    return count == 0 || run(restaurant, &c, "a print job");
}

static enum hub_err run_reroute(struct command *command, struct tx *tx)
{
    const struct change *c = (const struct change *)command;
    return print_job_reroute(tx, c->jobs, c->other_id);
}

bool print_ledger_reroute(struct restaurant *restaurant, struct print_job *job, int64_t backup_id)
{
    struct change c = {
        .command = {.run = run_reroute}, .jobs = job, .device_id = job->device_id, .other_id = backup_id};
    return run(restaurant, &c, "a rerouted job");
}

static enum hub_err run_hold(struct command *command, struct tx *tx)
{
    const struct change *c = (const struct change *)command;
    return print_job_hold(tx, c->device_id, c->jobs, c->count);
}

bool print_ledger_hold(struct restaurant *restaurant, int64_t device_id, struct print_job *jobs, size_t count)
{
    struct change c = {.command = {.run = run_hold}, .jobs = jobs, .count = count, .device_id = device_id};
    return run(restaurant, &c, "a held job");
}

static enum hub_err run_expire(struct command *command, struct tx *tx)
{
    return print_job_expire(tx, ((const struct change *)command)->device_id);
}

bool print_ledger_expire(struct restaurant *restaurant, int64_t device_id)
{
    struct change c = {.command = {.run = run_expire}, .device_id = device_id};
    return run(restaurant, &c, "an old job");
}

static enum hub_err run_tear(struct command *command, struct tx *tx)
{
    const struct change *c = (const struct change *)command;
    size_t count;
    return store_print_confirm_all(tx->store, c->device_id, c->other_id, "handed_over", tx->now_ms, &count);
}

bool print_ledger_tear_off(struct restaurant *restaurant, int64_t device_id, int64_t last_id)
{
    struct change c = {.command = {.run = run_tear}, .device_id = device_id, .other_id = last_id};
    return run(restaurant, &c, "the strip");
}

static enum hub_err run_roll(struct command *command, struct tx *tx)
{
    const struct change *c = (const struct change *)command;
    struct printer_paper paper;
    enum hub_err err = store_printer_paper(tx->store, c->device_id, &paper);
    if (err) return err == HUB_NOT_FOUND ? HUB_OK : err;
    if (c->ended)
        paper_roll_ended(&paper);
    else
        paper_roll_new(&paper);
    return store_printer_paper_set(tx->store, c->device_id, &paper);
}

bool print_ledger_roll(struct restaurant *restaurant, int64_t device_id, bool ended)
{
    struct change c = {.command = {.run = run_roll}, .device_id = device_id, .ended = ended};
    return run(restaurant, &c, "the roll");
}
