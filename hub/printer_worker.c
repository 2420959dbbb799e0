/* SPDX-License-Identifier: MIT */
#include "hub/printer_worker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hub/alert.h"
#include "hub/follower.h"
#include "hub/hub.h"
#include "hub/log.h"
#include "hub/port/store_devices.h"
#include "hub/port/store_printers.h"
#include "hub/print_ledger.h"
#include "hub/print_slip.h"
#include "hub/printer_worker_internal.h"
#include "hub/restaurant.h"

enum {
    IN_FLIGHT_MAX = 4,     /* given to the transport and not yet done: what is in the ledger can still be redirected */
    IN_FLIGHT_UNWELL = 1,  /* while the printer cannot print: one finds out when it can */
    WATCH_FIRST_MS = 8,    /* open jobs are asked about soon after there was news, then less and less often */
    WATCH_MAX_MS = 150,    /* so that a trouble is told half a second after it began */
    WATCH_UNWELL_MS = 500, /* while it is told already */
    STRIP_REST_MS = 250,
    BACKOFF_FIRST_MS = 1000,
    BACKOFF_MAX_MS = 30000,
    DOUBTFUL_TRIES = 3 /* a ticket that may be on paper is tried no more often: then a person decides */
};

static bool is_strip(const struct printer_worker *w)
{
    return strcmp(w->driver, "strip") == 0;
}

struct clock_port *printer_worker_clock(const struct printer_worker *w)
{
    return w->restaurant->hub->clock;
}

/* ---- the ledger -------------------------------------------------------------------------------------------------- */

/* Durable when it returns true. */
static bool mark(struct printer_worker *w, struct print_job *job, const char *proof, const char *detail)
{
    const struct print_mark one = {job, proof, detail};
    return print_ledger_mark(w->restaurant, &one, 1);
}

/* To be tried again, later and later. */
static void put_off(struct printer_worker *w, struct print_job *job)
{
    int64_t wait = BACKOFF_FIRST_MS;
    for (int64_t i = 1; i < job->attempts && wait < BACKOFF_MAX_MS; i++)
        wait *= 2;
    job->state = PRINT_QUEUED;
    job->next_try_at = clock_wall_ms(printer_worker_clock(w)) + (wait < BACKOFF_MAX_MS ? wait : BACKOFF_MAX_MS);
}

static void later(struct printer_worker *w, struct print_job *job, const char *detail)
{
    put_off(w, job);
    mark(w, job, NULL, detail);
}

void printer_worker_in_doubt(struct printer_worker *w, struct print_job *job, const char *detail)
{
    job->doubtful = true;
    job->external_id[0] = '\0';
    log_restaurant(w->restaurant, LOG_LEVEL_WARNING, "print job %lld of ticket %lld is in doubt: %s",
        (long long)job->id, (long long)job->ticket_id, detail);
    if (job->attempts < DOUBTFUL_TRIES) {
        later(w, job, detail);
        return;
    }
    job->state = PRINT_FAILED;
    if (mark(w, job, NULL, detail))
        alert_raise_later(w->restaurant, "TICKET_NOT_PRINTED", SEVERITY_CRITICAL, w->device_id, job->order_id,
            "A ticket could not be printed, or was printed without proof.",
            "Look whether the ticket is there. If it is not, print it again from the kitchen screen.");
}

static bool open_printer(struct printer_worker *w)
{
    struct fault fault = {0};
    struct printer_maker *maker = w->restaurant->hub->printers;
    if (w->printer) return true;
    enum hub_err err = maker ? maker->ops->open(maker, w->driver, w->address, &w->printer, &fault)
                             : fault_set(&fault, HUB_UNAVAILABLE, NULL, "This box cannot print.");
    if (err) printer_worker_unreachable(w, &fault);
    fault_finish(&fault);
    return !err;
}

/* ---- jobs at the transport --------------------------------------------------------------------------------------- */

/* Takes over what the transport says of a job. True: *done is to be written down as confirmed. */
static bool settle(
    struct printer_worker *w, struct print_job *job, const struct printer_watch *said, struct print_mark *done)
{
    switch (said->state) {
    case PRINTER_JOB_WAITING:
    case PRINTER_JOB_PRINTING: break;
    case PRINTER_JOB_DONE:
        job->state = PRINT_CONFIRMED;
        *done = (struct print_mark){job, said->proof, ""};
        return true;
    case PRINTER_JOB_FAILED:
        if (said->begun)
            printer_worker_in_doubt(w, job, "The print service gave it up.");
        else
            later(w, job, "The print service gave it up before it began.");
        break;
    case PRINTER_JOB_GONE: printer_worker_in_doubt(w, job, "The print service does not know it any more."); break;
    }
    return false;
}

/* Was being sent when the power went, or when the answer did not come: does the transport know it? */
static void look_up(struct printer_worker *w, struct print_job *job)
{
    struct fault fault = {0};
    enum hub_err err = w->printer->ops->find(w->printer, job->uuid, job->external_id, sizeof job->external_id, &fault);
    if (!err) {
        job->state = PRINT_SENT; /* how it fares there is asked next */
        mark(w, job, NULL, NULL);
    } else if (err == HUB_NOT_FOUND) {
        printer_worker_in_doubt(w, job, "Nobody can say whether it was printed before the interruption.");
    } else {
        printer_worker_unreachable(w, &fault);
    }
    fault_finish(&fault);
}

/* What is done is written down in one go. */
static void settle_all(
    struct printer_worker *w, struct printer_round *round, struct printer_watch *watches, const size_t *at, size_t n)
{
    struct print_mark done[PRINTER_ROOM];
    size_t count = 0, news = 0;
    for (size_t i = 0; i < n; i++) {
        round->begun[at[i]] = watches[i].begun;
        count += settle(w, &round->jobs[at[i]], &watches[i], &done[count]);
        news += round->jobs[at[i]].state != PRINT_SENT;
    }
    int most = w->bad_since_ms ? WATCH_UNWELL_MS : WATCH_MAX_MS;
    w->watch_ms = news ? WATCH_FIRST_MS : w->watch_ms * 2 < most ? w->watch_ms * 2 : most;
    if (!print_ledger_mark(w->restaurant, done, count)) return;
    for (size_t i = 0; i < count; i++)
        /* What was late, or printed again by hand, is there now. */
        if (done[i].job->copy || done[i].job->attempts > 1)
            alert_clear_later(w->restaurant, "TICKET_NOT_PRINTED", w->device_id, done[i].job->order_id);
}

static void watch(struct printer_worker *w, struct printer_round *round)
{
    struct printer_watch watches[PRINTER_ROOM];
    size_t at[PRINTER_ROOM], n = 0;
    struct printer_health health = {.answers = round->paper.answers};
    struct fault fault = {0};
    for (size_t i = 0; i < round->count; i++) {
        if (round->jobs[i].state != PRINT_SENT) continue;
        watches[n] = (struct printer_watch){.external_id = round->jobs[i].external_id};
        at[n++] = i;
    }
    int64_t now = clock_monotonic_ms(printer_worker_clock(w));
    if (n == 0 && !w->unwell && !w->again_ms) return;
    if (n == 0 && now < w->health_due_ms) return;
    w->health_due_ms = now + (w->unwell || !w->again_ms ? PRINTER_UNWELL_MS : w->again_ms);
    if (w->printer->ops->watch(w->printer, watches, n, &health, &fault)) {
        printer_worker_unreachable(w, &fault);
        fault_finish(&fault);
        return;
    }
    settle_all(w, round, watches, at, n);
    printer_worker_heard(w, &health, &round->paper);
}

/* ---- sending ----------------------------------------------------------------------------------------------------- */

static void hand_over(struct printer_worker *w, struct print_job *job, const struct printer_settings *settings,
    const struct print_slip_made *made)
{
    char title[64];
    struct fault fault = {0};
    snprintf(title, sizeof title, "Servery ticket %lld", (long long)job->ticket_id);
    struct printer_page page = {.uuid = job->uuid,
        .title = title,
        .format = settings->format,
        .image = &made->image,
        .page = &made->page,
        .buzzer = settings->buzzer && job->slip == SLIP_TICKET,
        .drawer = made->drawer};
    job->state = PRINT_SENDING;
    job->attempts++;
    job->length_mm = made->length_mm;
    if (!mark(w, job, NULL, NULL)) return; /* not written down, so not printed: the next round tries again */
    bool unsure = false;
    enum hub_err err =
        w->printer->ops->send(w->printer, &page, job->external_id, sizeof job->external_id, &unsure, &fault);
    if (!err) {
        job->state = PRINT_SENT;
        w->watch_ms = WATCH_FIRST_MS;
        mark(w, job, NULL, "");
    } else {
        printer_worker_unreachable(w, &fault);
        if (!unsure) later(w, job, fault.detail);
    }
    fault_finish(&fault);
}

static enum hub_err make(struct printer_worker *w, const struct print_job *job, const struct printer_settings *settings,
    struct print_slip_made *made, struct fault *fault)
{
    struct store *store = restaurant_reader(w->restaurant, fault);
    if (!store) return fault->code;
    enum hub_err err = print_slip_make(w->restaurant, store, job, settings, w->width, made, fault);
    restaurant_reader_done(w->restaurant, store);
    return err;
}

static void cannot_be_drawn(struct printer_worker *w, struct print_job *job, enum hub_err err, const char *why)
{
    if (err == HUB_NOT_FOUND && job->slip != SLIP_TICKET) { /* a summary of nothing */
        job->state = PRINT_DISCARDED;
        mark(w, job, NULL, "There was nothing left to say.");
        return;
    }
    log_restaurant(w->restaurant, LOG_LEVEL_ERROR, "ticket %lld cannot be drawn: %s", (long long)job->ticket_id, why);
    job->attempts++;
    later(w, job, why);
    alert_raise_later(w->restaurant, "TICKET_NOT_PRINTED", SEVERITY_CRITICAL, w->device_id, job->order_id, why,
        "Read this order from a screen, and tell the owner.");
}

static void print_one(struct printer_worker *w, struct print_job *job, const struct printer_settings *settings)
{
    struct print_slip_made made;
    struct fault fault = {0};
    enum hub_err err = make(w, job, settings, &made, &fault);
    if (err) cannot_be_drawn(w, job, err, fault.detail);
    fault_finish(&fault);
    if (err) return;
    if (made.missing_glyphs)
        alert_raise_later(w->restaurant, "GLYPH_MISSING", SEVERITY_WARNING, 0, job->order_id,
            "A ticket has characters that no font of the box has: they are printed as their code points.",
            "Read this order from a screen, and tell the owner which dish it is.");
    hand_over(w, job, settings, &made);
    print_slip_finish(&made);
}

static void send_due(struct printer_worker *w, struct printer_round *round)
{
    size_t in_flight = 0, most = w->bad_since_ms ? IN_FLIGHT_UNWELL : IN_FLIGHT_MAX;
    int64_t now = clock_wall_ms(printer_worker_clock(w));
    for (size_t i = 0; i < round->count; i++)
        in_flight += round->jobs[i].state == PRINT_SENT || round->jobs[i].state == PRINT_SENDING;
    for (size_t i = 0; i < round->count && in_flight < most; i++) {
        struct print_job *job = &round->jobs[i];
        if (job->state != PRINT_QUEUED || job->next_try_at > now) continue;
        print_one(w, job, &round->settings);
        if (job->state == PRINT_QUEUED) return; /* refused: the others wait with it, so that tickets stay in order */
        in_flight++;
    }
}

/* ---- the round --------------------------------------------------------------------------------------------------- */

/* The strip: a ticket is out when it is on the page, which draws it by itself. */
static int64_t strip_round(struct printer_worker *w, const struct printer_round *round)
{
    if (round->count == 0) return INT64_MAX;
    bool done = print_ledger_tear_off(w->restaurant, w->device_id, round->jobs[round->count - 1].id);
    return clock_monotonic_ms(printer_worker_clock(w)) + (done ? 0 : PRINTER_UNWELL_MS);
}

static int64_t next_look(const struct printer_worker *w, const struct printer_round *round)
{
    struct clock_port *clock = printer_worker_clock(w);
    int64_t now = clock_monotonic_ms(clock), wall = clock_wall_ms(clock), wait = INT64_MAX;
    if (w->unwell || w->again_ms) wait = w->health_due_ms > now ? w->health_due_ms - now : 1;
    for (size_t i = 0; i < round->count; i++) {
        const struct print_job *job = &round->jobs[i];
        int64_t own = round->count == PRINTER_ROOM ? 0 : INT64_MAX; /* at its end: is there another behind? */
        if (job->state == PRINT_SENT) own = w->watch_ms;
        if (job->state == PRINT_QUEUED) own = job->next_try_at > wall ? job->next_try_at - wall : WATCH_MAX_MS;
        if (job->state == PRINT_SENDING) own = BACKOFF_FIRST_MS;
        if (own < wait) wait = own;
    }
    return wait == INT64_MAX ? INT64_MAX : now + (wait < BACKOFF_MAX_MS ? wait : BACKOFF_MAX_MS);
}

static int64_t device_round(struct printer_worker *w, struct printer_round *round)
{
    if (round->count == 0 && !w->unwell && !w->again_ms) return INT64_MAX;
    if (!open_printer(w)) return clock_monotonic_ms(printer_worker_clock(w)) + PRINTER_UNWELL_MS;
    for (size_t i = 0; i < round->count; i++)
        if (round->jobs[i].state == PRINT_SENDING) look_up(w, &round->jobs[i]);
    watch(w, round);
    printer_worker_rescue(w, round);
    send_due(w, round);
    return next_look(w, round);
}

/* The printer that stands in, if it can: read in the same go as all else. */
static enum hub_err load_backup(struct store *store, struct arena *arena, struct printer_round *round)
{
    struct device backup;
    round->backup = (struct device){0};
    if (!round->settings.backup_id) return HUB_OK;
    enum hub_err err = store_device_load(store, arena, round->settings.backup_id, &backup);
    if (err) return err == HUB_NOT_FOUND ? HUB_OK : err;
    if (backup.state == DEVICE_OK || backup.state == DEVICE_WARNING) round->backup = backup;
    return HUB_OK;
}

static enum hub_err load_round(
    struct printer_worker *w, struct store *store, struct arena *arena, struct printer_round *round)
{
    struct print_job *jobs;
    struct printer_station station;
    round->settings = printer_settings_default(NULL, &station);
    enum hub_err err = store_print_open(store, w->device_id, arena, PRINTER_ROOM, &jobs, &round->count);
    if (!err && round->count) memcpy(round->jobs, jobs, round->count * sizeof *jobs);
    if (err || is_strip(w)) return err;
    err = store_printer_load(store, arena, w->device_id, &round->settings);
    if (!err) err = store_printer_paper(store, w->device_id, &round->paper);
    if (!err) err = load_backup(store, arena, round);
    return err == HUB_NOT_FOUND ? HUB_OK : err;
}

static int64_t one_round(struct printer_worker *w)
{
    struct fault fault = {0};
    struct arena arena;
    struct printer_round round = {0};
    int64_t due = clock_monotonic_ms(printer_worker_clock(w)) + PRINTER_UNWELL_MS;
    struct store *store = restaurant_reader(w->restaurant, &fault);
    if (!store) return due;
    arena_init(&arena);
    enum hub_err err = load_round(w, store, &arena, &round);
    restaurant_reader_done(w->restaurant, store);
    if (!err) due = is_strip(w) ? strip_round(w, &round) : device_round(w, &round);
    arena_finish(&arena);
    return due;
}

static void worker_main(struct follower *thread, void *data)
{
    struct printer_worker *w = data;
    while (follower_wait(thread, NULL, 0, one_round(w)))
        continue;
}

struct printer_worker *printer_worker_create(struct restaurant *restaurant, const struct device *device)
{
    struct printer_worker *w = calloc(1, sizeof *w);
    if (!w) return NULL;
    w->restaurant = restaurant;
    w->device_id = device->id;
    w->width = (int)device->width;
    w->unwell = strcmp(device->driver, "strip") != 0; /* nobody has asked it yet */
    w->told = device->state;
    w->watch_ms = WATCH_FIRST_MS;
    w->low_alerted = device->state == DEVICE_WARNING; /* cleared if it is not so any more */
    w->alerted = device->state == DEVICE_FAILED || device->state == DEVICE_SILENT;
    snprintf(w->told_detail, sizeof w->told_detail, "%s", device->detail);
    snprintf(w->driver, sizeof w->driver, "%s", device->driver);
    snprintf(w->address, sizeof w->address, "%s", device->address);
    /* The strip's page draws by itself: its ledger may follow at leisure. */
    struct follower_plan plan = {"printer", TOPIC_BIT(TOPIC_ORDERS), is_strip(w) ? STRIP_REST_MS : 2, worker_main};
    w->thread = follower_create(restaurant, &plan, w);
    if (w->thread) return w;
    free(w);
    return NULL;
}

void printer_worker_destroy(struct printer_worker *w)
{
    if (!w) return;
    follower_destroy(w->thread);
    if (w->printer) w->printer->ops->destroy(w->printer);
    free(w);
}

bool printer_worker_serves(const struct printer_worker *w, const struct device *device)
{
    return w->device_id == device->id && w->width == device->width && strcmp(w->driver, device->driver) == 0 &&
           strcmp(w->address, device->address) == 0;
}
