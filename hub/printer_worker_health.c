/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "hub/alert.h"
#include "hub/log.h"
#include "hub/paper_roll.h"
#include "hub/print_ledger.h"
#include "hub/printer_worker_internal.h"
#include "hub/restaurant.h"

void printer_worker_tell(struct printer_worker *w, enum device_state state, const char *detail, const char *fix)
{
    if (state == w->told && strcmp(detail, w->told_detail) == 0) return;
    w->told = state;
    snprintf(w->told_detail, sizeof w->told_detail, "%s", detail);
    log_restaurant(w->restaurant, LOG_LEVEL_NOTICE, "printer %lld is %s: %s", (long long)w->device_id,
        device_state_names[state], *detail ? detail : "well");
    device_report_later(w->restaurant, w->device_id, state, detail, fix, false);
    bool bad = state == DEVICE_FAILED || state == DEVICE_SILENT;
    if (bad)
        alert_raise_later(w->restaurant, "PRINTER_NOT_READY", SEVERITY_CRITICAL, w->device_id, 0, detail, fix);
    else if (w->alerted)
        alert_clear_later(w->restaurant, "PRINTER_NOT_READY", w->device_id, 0);
    w->alerted = bad;
}

/* When it began to be unable to print. */
static void note_trouble(struct printer_worker *w, enum device_state state)
{
    bool bad = state == DEVICE_FAILED || state == DEVICE_SILENT;
    if (!bad) w->bad_since_ms = 0;
    if (bad && !w->bad_since_ms) w->bad_since_ms = clock_monotonic_ms(printer_worker_clock(w));
}

void printer_worker_unreachable(struct printer_worker *w, const struct fault *fault)
{
    w->unwell = true;
    note_trouble(w, DEVICE_SILENT);
    printer_worker_tell(w, DEVICE_SILENT, fault->detail[0] ? fault->detail : "The printer cannot be reached.",
        "Look whether the printer is on and connected, and whether the box's print service runs.");
}

/* A roll that ends teaches how long rolls are; an opened cover means a new one. */
static void follow_paper(struct printer_worker *w, const struct printer_health *health, struct printer_paper *paper)
{
    bool ended = health->paper_out && !w->paper_out, opened = health->cover_open && !w->cover_open;
    if (ended) print_ledger_roll(w->restaurant, w->device_id, true);
    if (opened) print_ledger_roll(w->restaurant, w->device_id, false);
    if (ended) paper_roll_ended(paper);
    if (opened) paper_roll_new(paper);
    if (health->state != DEVICE_SILENT) {
        w->paper_out = health->paper_out;
        w->cover_open = health->cover_open;
    }
}

/* Says that the roll will end, before the printer knows. */
static void foresee(struct printer_worker *w, struct printer_health *health, const struct printer_paper *paper)
{
    int64_t tickets;
    bool low = paper_roll_low(paper, &tickets);
    if (low) {
        snprintf(health->detail, sizeof health->detail, "About %lld m of paper are left, for some %lld tickets.",
            (long long)(paper_roll_left(paper) + 500) / 1000, (long long)tickets);
        snprintf(health->fix, sizeof health->fix, "Have a new roll ready.");
        if (health->state == DEVICE_OK) health->state = DEVICE_WARNING;
    }
    if (low && !w->low_alerted)
        alert_raise_later(w->restaurant, "PAPER_LOW", SEVERITY_WARNING, w->device_id, 0, health->detail, health->fix);
    if (!low && w->low_alerted) alert_clear_later(w->restaurant, "PAPER_LOW", w->device_id, 0);
    w->low_alerted = low;
}

/* A queue that was stopped (by CUPS itself, after a backend failed) goes on by our hand. */
static void let_go_on(struct printer_worker *w)
{
    struct fault fault = {0};
    enum hub_err err = w->printer->ops->resume(w->printer, &fault);
    log_restaurant(w->restaurant, LOG_LEVEL_NOTICE, "the queue of printer %lld was stopped: %s",
        (long long)w->device_id, err ? fault.detail : "let go on");
    fault_finish(&fault);
}

void printer_worker_heard(struct printer_worker *w, struct printer_health *health, const struct printer_paper *paper)
{
    struct printer_paper now = *paper;
    w->unwell = health->state != DEVICE_OK;
    w->again_ms = health->again_ms;
    follow_paper(w, health, &now);
    if (health->state == DEVICE_OK || health->state == DEVICE_WARNING) foresee(w, health, &now);
    if (health->paused) let_go_on(w);
    note_trouble(w, health->state);
    printer_worker_tell(w, health->state, health->detail, health->fix);
}
