/* SPDX-License-Identifier: MIT */
#include "hub/printer_worker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hub/alert.h"
#include "hub/device.h"
#include "hub/follower.h"
#include "hub/hub.h"
#include "hub/log.h"
#include "hub/port/clock.h"
#include "hub/port/printer.h"
#include "hub/port/store_print.h"
#include "hub/restaurant.h"
#include "hub/ticket_picture.h"
#include "hub/writer.h"

enum {
    ROOM = 32,         /* jobs looked at in one round */
    IN_FLIGHT_MAX = 3, /* given to the transport and not yet done: what is in the ledger can still be redirected */
    WATCH_MS = 300,    /* while jobs are with the transport */
    STRIP_REST_MS = 250,
    UNWELL_MS = 5000, /* while the printer is not well */
    BACKOFF_FIRST_MS = 1000,
    BACKOFF_MAX_MS = 30000,
    DOUBTFUL_TRIES = 3 /* a ticket that may be on paper is tried no more often: then a person decides */
};

struct printer_worker {
    struct restaurant *restaurant;
    struct follower *thread;
    int64_t device_id;
    char name[324], driver[16], address[256];
    int width;
    struct printer *printer; /* NULL: not opened yet, or the paper strip */
    bool unwell;             /* the printer did not say that it is well */
    bool alerted;
    int again_ms;          /* how often it is asked while it is well and prints nothing; 0: it cannot be */
    int64_t health_due_ms; /* when it is asked again */
    enum device_state told;
    char told_detail[256];
};

static bool is_strip(const struct printer_worker *w)
{
    return strcmp(w->driver, "strip") == 0;
}

static struct clock_port *clock_of(const struct printer_worker *w)
{
    return w->restaurant->hub->clock;
}

/* ---- the ledger -------------------------------------------------------------------------------------------------- */

struct marking {
    struct command command;
    const struct print_job *job;
    const char *proof, *detail;
};

static enum hub_err mark_run(struct command *command, struct tx *tx)
{
    const struct marking *m = (const struct marking *)command;
    return store_print_mark(tx->store, m->job, m->proof, m->detail, tx->now_ms);
}

/* Durable when it returns true. */
static bool mark(struct printer_worker *w, const struct print_job *job, const char *proof, const char *detail)
{
    struct marking m = {
        .command = {.run = mark_run, .actor = {.kind = ACTOR_SYSTEM}}, .job = job, .proof = proof, .detail = detail};
    enum hub_err err = writer_run(w->restaurant->writer, &m.command);
    if (err && err != HUB_NOT_FOUND)
        log_restaurant(w->restaurant, LOG_LEVEL_ERROR, "print job %lld cannot be written down as %s (%s)",
            (long long)job->id, print_state_names[job->state], hub_err_name(err));
    fault_finish(&m.command.fault);
    return !err;
}

static void later(struct printer_worker *w, struct print_job *job, const char *detail)
{
    int64_t wait = BACKOFF_FIRST_MS;
    for (int64_t i = 1; i < job->attempts && wait < BACKOFF_MAX_MS; i++)
        wait *= 2;
    job->state = PRINT_QUEUED;
    job->next_try_at = clock_wall_ms(clock_of(w)) + (wait < BACKOFF_MAX_MS ? wait : BACKOFF_MAX_MS);
    mark(w, job, NULL, detail);
}

/* It may be on paper: again, and marked so, but not for ever. */
static void in_doubt(struct printer_worker *w, struct print_job *job, const char *detail)
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

/* ---- how the printer fares --------------------------------------------------------------------------------------- */

static void tell(struct printer_worker *w, enum device_state state, const char *detail, const char *fix)
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

static void unreachable(struct printer_worker *w, const struct fault *fault)
{
    w->unwell = true;
    tell(w, DEVICE_SILENT, fault->detail[0] ? fault->detail : "The printer cannot be reached.",
        "Look whether the printer is on and connected, and whether the box's print service runs.");
}

static bool open_printer(struct printer_worker *w)
{
    struct fault fault = {0};
    struct printer_maker *maker = w->restaurant->hub->printers;
    if (w->printer) return true;
    enum hub_err err = maker ? maker->ops->open(maker, w->driver, w->address, &w->printer, &fault)
                             : fault_set(&fault, HUB_UNAVAILABLE, NULL, "This box cannot print.");
    if (err) unreachable(w, &fault);
    fault_finish(&fault);
    return !err;
}

/* ---- jobs at the transport --------------------------------------------------------------------------------------- */

/* Takes over what the transport says of a job. */
static void settle(struct printer_worker *w, struct print_job *job, const struct printer_watch *said)
{
    switch (said->state) {
    case PRINTER_JOB_WAITING:
    case PRINTER_JOB_PRINTING:
        if (job->state == PRINT_SENT) return;
        job->state = PRINT_SENT;
        mark(w, job, NULL, NULL);
        return;
    case PRINTER_JOB_DONE:
        job->state = PRINT_CONFIRMED;
        if (!mark(w, job, said->proof, "")) return;
        /* What was late, or printed again by hand, is there now. */
        if (job->copy || job->attempts > 1)
            alert_clear_later(w->restaurant, "TICKET_NOT_PRINTED", w->device_id, job->order_id);
        return;
    case PRINTER_JOB_FAILED: in_doubt(w, job, "The print service gave it up."); return;
    case PRINTER_JOB_GONE: in_doubt(w, job, "The print service does not know it any more."); return;
    }
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
        in_doubt(w, job, "Nobody can say whether it was printed before the interruption.");
    } else {
        unreachable(w, &fault);
    }
    fault_finish(&fault);
}

static void watch(struct printer_worker *w, struct print_job *jobs, size_t count)
{
    struct printer_watch watches[ROOM];
    struct print_job *watched[ROOM];
    struct printer_health health = {0};
    struct fault fault = {0};
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        if (jobs[i].state != PRINT_SENT) continue;
        watches[n] = (struct printer_watch){.external_id = jobs[i].external_id};
        watched[n++] = &jobs[i];
    }
    if (n == 0 && !w->unwell && !w->again_ms) return;
    if (n == 0 && clock_monotonic_ms(clock_of(w)) < w->health_due_ms) return;
    w->health_due_ms = clock_monotonic_ms(clock_of(w)) + (w->unwell || !w->again_ms ? UNWELL_MS : w->again_ms);
    if (w->printer->ops->watch(w->printer, watches, n, &health, &fault)) {
        unreachable(w, &fault);
        fault_finish(&fault);
        return;
    }
    for (size_t i = 0; i < n; i++)
        settle(w, watched[i], &watches[i]);
    w->unwell = health.state != DEVICE_OK;
    w->again_ms = health.again_ms;
    tell(w, health.state, health.detail, health.fix);
}

/* ---- sending ----------------------------------------------------------------------------------------------------- */

static enum hub_err draw(
    struct printer_worker *w, const struct print_job *job, struct ticket_image *image, struct fault *fault)
{
    struct ticket_marks marks = {
        .copy = job->copy, .copy_by = job->copy_by, .copy_at = job->created_at, .doubtful = job->doubtful};
    struct store *store = restaurant_reader(w->restaurant, fault);
    if (!store) return fault->code;
    enum hub_err err = ticket_picture(w->restaurant, store, job->ticket_id, w->width, &marks, image, fault);
    restaurant_reader_done(w->restaurant, store);
    return err;
}

static void hand_over(struct printer_worker *w, struct print_job *job, const struct ticket_image *image)
{
    char title[64];
    struct fault fault = {0};
    snprintf(title, sizeof title, "Servery ticket %lld", (long long)job->ticket_id);
    struct printer_page page = {.uuid = job->uuid, .title = title, .image = image};
    job->state = PRINT_SENDING;
    job->attempts++;
    if (!mark(w, job, NULL, NULL)) return; /* not written down, so not printed: the next round tries again */
    bool unsure = false;
    enum hub_err err =
        w->printer->ops->send(w->printer, &page, job->external_id, sizeof job->external_id, &unsure, &fault);
    if (!err) {
        job->state = PRINT_SENT;
        mark(w, job, NULL, "");
    } else {
        unreachable(w, &fault);
        if (!unsure) later(w, job, fault.detail);
    }
    fault_finish(&fault);
}

static void print_one(struct printer_worker *w, struct print_job *job)
{
    struct ticket_image image;
    struct fault fault = {0};
    if (!draw(w, job, &image, &fault)) {
        hand_over(w, job, &image);
        ticket_image_finish(&image);
        return;
    }
    log_restaurant(
        w->restaurant, LOG_LEVEL_ERROR, "ticket %lld cannot be drawn: %s", (long long)job->ticket_id, fault.detail);
    job->attempts++;
    later(w, job, fault.detail);
    alert_raise_later(w->restaurant, "TICKET_NOT_PRINTED", SEVERITY_CRITICAL, w->device_id, job->order_id, fault.detail,
        "Read this order from a screen, and tell the owner.");
    fault_finish(&fault);
}

static void send_due(struct printer_worker *w, struct print_job *jobs, size_t count)
{
    size_t in_flight = 0;
    int64_t now = clock_wall_ms(clock_of(w));
    for (size_t i = 0; i < count; i++)
        in_flight += jobs[i].state == PRINT_SENT || jobs[i].state == PRINT_SENDING;
    for (size_t i = 0; i < count && in_flight < IN_FLIGHT_MAX; i++) {
        if (jobs[i].state != PRINT_QUEUED || jobs[i].next_try_at > now) continue;
        print_one(w, &jobs[i]);
        if (jobs[i].state == PRINT_QUEUED) return; /* refused: the others wait with it, so that tickets stay in order */
        in_flight++;
    }
}

/* ---- the round --------------------------------------------------------------------------------------------------- */

struct tearing {
    struct command command;
    int64_t device_id, last_id;
};

static enum hub_err tear_off(struct command *command, struct tx *tx)
{
    const struct tearing *t = (const struct tearing *)command;
    size_t count;
    return store_print_confirm_all(tx->store, t->device_id, t->last_id, "handed_over", tx->now_ms, &count);
}

/* The strip: a ticket is out when it is on the page, which draws it by itself. */
static int64_t strip_round(struct printer_worker *w, const struct print_job *jobs, size_t count)
{
    if (count == 0) return INT64_MAX;
    struct tearing t = {.command = {.run = tear_off, .actor = {.kind = ACTOR_SYSTEM}},
        .device_id = w->device_id,
        .last_id = jobs[count - 1].id};
    enum hub_err err = writer_run(w->restaurant->writer, &t.command);
    fault_finish(&t.command.fault);
    return clock_monotonic_ms(clock_of(w)) + (err ? UNWELL_MS : 0);
}

static int64_t next_look(const struct printer_worker *w, const struct print_job *jobs, size_t count)
{
    int64_t now = clock_monotonic_ms(clock_of(w)), wall = clock_wall_ms(clock_of(w)), wait = INT64_MAX;
    if (w->unwell || w->again_ms) wait = w->health_due_ms > now ? w->health_due_ms - now : 1;
    for (size_t i = 0; i < count; i++) {
        int64_t own = WATCH_MS;
        if (jobs[i].state == PRINT_QUEUED) own = jobs[i].next_try_at > wall ? jobs[i].next_try_at - wall : WATCH_MS;
        if (jobs[i].state == PRINT_SENDING) own = BACKOFF_FIRST_MS;
        if (jobs[i].state == PRINT_CONFIRMED || jobs[i].state == PRINT_FAILED) own = count == ROOM ? 0 : INT64_MAX;
        if (own < wait) wait = own;
    }
    return wait == INT64_MAX ? INT64_MAX : now + (wait < BACKOFF_MAX_MS ? wait : BACKOFF_MAX_MS);
}

static int64_t device_round(struct printer_worker *w, struct print_job *jobs, size_t count)
{
    if (count == 0 && !w->unwell && !w->again_ms) return INT64_MAX;
    if (!open_printer(w)) return clock_monotonic_ms(clock_of(w)) + UNWELL_MS;
    for (size_t i = 0; i < count; i++)
        if (jobs[i].state == PRINT_SENDING) look_up(w, &jobs[i]);
    watch(w, jobs, count);
    send_due(w, jobs, count);
    return next_look(w, jobs, count);
}

static int64_t one_round(struct printer_worker *w)
{
    struct fault fault = {0};
    struct arena arena;
    struct print_job *jobs;
    size_t count;
    int64_t due = clock_monotonic_ms(clock_of(w)) + UNWELL_MS;
    struct store *store = restaurant_reader(w->restaurant, &fault);
    if (!store) return due;
    arena_init(&arena);
    enum hub_err err = store_print_open(store, w->device_id, &arena, ROOM, &jobs, &count);
    restaurant_reader_done(w->restaurant, store);
    if (!err) due = is_strip(w) ? strip_round(w, jobs, count) : device_round(w, jobs, count);
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
