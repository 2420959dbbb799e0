/* SPDX-License-Identifier: MIT */
#include "hub/watch.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>

#include "hub/device.h"
#include "hub/follower.h"
#include "hub/hub.h"
#include "hub/live_hub.h"
#include "hub/log.h"
#include "hub/port/clock.h"
#include "hub/port/store_devices.h"
#include "hub/restaurant.h"

enum { LOOK_MS = 30000, PROBE_MS = 1000, LOW_BYTES = 50000000, LOW_PERCENT = 5 };

static const char full_code[] = "DISK_FULL", low_code[] = "DISK_NEARLY_FULL";
static const char full_detail[] = "The box's card is full: orders are not accepted.";
static const char make_room[] = "Make room on the box's card: old backups and logs first. It goes on by itself.";

struct watch {
    struct restaurant *restaurant;
    struct follower *thread;
    atomic_llong device_id, spare_id; /* the box; the row that DISK_FULL will have */
    atomic_llong full_since_ms;       /* of a DISK_FULL that is not written yet; 0 = none */
    atomic_bool poked;
    /* The thread's own: */
    int64_t looked_ms;
    uint64_t full_commits; /* the writer's count, as of the last look */
    bool low, room;        /* less free than the margin; at least half of it */
    bool behind;           /* the store does not say yet what is known here */
};

/* ---- what is written --------------------------------------------------------------------------------------------- */

struct settling {
    struct command command; /* first */
    struct watch *watch;
    int64_t full_since_ms, device_id, spare_id;
    bool low, room, probe;
};

static enum hub_err settle_alerts(struct settling *s, struct tx *tx, const char *low_detail, bool *full)
{
    struct alert alert = {.id = s->spare_id,
        .code = full_code,
        .severity = SEVERITY_CRITICAL,
        .device_id = s->device_id,
        .detail = full_detail,
        .fix = make_room,
        .since = s->full_since_ms};
    enum hub_err err = s->low ? alert_raise(tx, low_code, SEVERITY_WARNING, s->device_id, 0, low_detail, make_room)
                              : alert_clear(tx, low_code, s->device_id, 0);
    struct alert open;
    enum hub_err found = store_alert_find(tx->store, tx->arena, full_code, s->device_id, 0, &open);
    *full = found == HUB_OK;
    if (!err && found == HUB_NOT_FOUND && s->full_since_ms) {
        err = alert_raise_as(tx, &alert);
        *full = true;
    }
    if (!err && *full && s->room) {
        err = alert_clear(tx, full_code, s->device_id, 0);
        *full = false;
    }
    return err ? err : store_alert_spare(tx->store, full_code, &s->spare_id);
}

/* Brings the store to what is known: the box as a device, and its alerts. Changes nothing that is so already. */
static enum hub_err settle(struct command *command, struct tx *tx)
{
    struct settling *s = (struct settling *)command;
    struct device box = {.kind = DEVICE_BOX,
        .name = "Servery",
        .state = DEVICE_OK,
        .detail = "",
        .fix = "",
        .driver = "",
        .address = ""};
    char detail[120], now[24];
    bool full = false;
    snprintf(detail, sizeof detail, "The box's card is nearly full.");
    enum hub_err err = device_put(tx, &box, &s->device_id);
    if (!err) err = store_alert_spare(tx->store, full_code, &s->spare_id);
    if (!err && s->probe) { /* a commit with something to write proves that there is room */
        snprintf(now, sizeof now, "%lld", (long long)tx->now_ms);
        err = store_meta_set(tx->store, "stored_again_at", now);
    }
    if (!err) err = settle_alerts(s, tx, detail, &full);
    if (err) return err;
    enum device_state state = full ? DEVICE_FAILED : s->low ? DEVICE_WARNING : DEVICE_OK;
    return device_report(tx, s->device_id, state,
        full     ? full_detail
        : s->low ? detail
                 : "",
        state == DEVICE_OK ? "" : make_room, false);
}

static enum hub_err write_down(struct watch *w, bool probe)
{
    struct settling s = {.command = {.run = settle, .actor = {.kind = ACTOR_SYSTEM}},
        .watch = w,
        .low = w->low,
        .room = w->room,
        .probe = probe,
        .full_since_ms = atomic_load(&w->full_since_ms),
        .spare_id = atomic_load(&w->spare_id)};
    enum hub_err err = writer_run(w->restaurant->writer, &s.command);
    fault_finish(&s.command.fault);
    w->behind = err != HUB_OK;
    /* At a start with a full card: rows that are there already, or will be with these ids as nobody else makes any. */
    if (!err || !atomic_load(&w->spare_id)) {
        atomic_store(&w->device_id, s.device_id);
        atomic_store(&w->spare_id, s.spare_id);
    }
    if (!err) atomic_store(&w->full_since_ms, 0);
    return err;
}

/* ---- looking ----------------------------------------------------------------------------------------------------- */

static void measure(struct watch *w, int64_t *free_bytes)
{
    const struct hub_config *config = &w->restaurant->hub->config;
    struct statvfs disk;
    *free_bytes = -1;
    if (statvfs(config->data_dir, &disk) != 0) return; /* as it was: the writer will tell */
    int64_t total = (int64_t)(disk.f_blocks * disk.f_frsize);
    int64_t share = total / 100 * (config->disk_low_percent ? config->disk_low_percent : LOW_PERCENT);
    int64_t margin = config->disk_low_bytes ? config->disk_low_bytes : LOW_BYTES;
    if (share < margin) margin = share;
    *free_bytes = (int64_t)(disk.f_bavail * disk.f_frsize);
    w->low = *free_bytes < margin;
    w->room = *free_bytes >= margin / 2;
}

/* Writer's thread, after its commit: what cannot be logged is shown to everybody who is there. */
static void show_everybody(struct command *command)
{
    live_hub_refresh(((struct settling *)command)->watch->restaurant->live);
    fault_finish(&command->fault);
    free(command);
}

static enum hub_err nothing(struct command *command, struct tx *tx)
{
    (void)command;
    (void)tx;
    return HUB_OK;
}

static void became_full(struct watch *w, int64_t since_ms)
{
    log_restaurant(w->restaurant, LOG_LEVEL_ERROR, "the card is full: orders are refused until there is room");
    atomic_store(&w->full_since_ms, since_ms);
    struct settling *telling = calloc(1, sizeof *telling);
    if (!telling) return; /* then they learn it with their next snapshot */
    telling->command = (struct command){.run = nothing, .done = show_everybody, .actor = {.kind = ACTOR_SYSTEM}};
    telling->watch = w;
    writer_submit(w->restaurant->writer, &telling->command);
}

static void look(struct watch *w, const struct writer_stats *stats)
{
    bool was_low = w->low, had_room = w->room, was_full = atomic_load(&w->full_since_ms) != 0;
    int64_t free_bytes;
    measure(w, &free_bytes);
    w->looked_ms = clock_monotonic_ms(w->restaurant->hub->clock);
    if (stats->full_commits != w->full_commits && !was_full) became_full(w, stats->full_since_ms);
    w->full_commits = stats->full_commits;
    if (w->low != was_low)
        log_restaurant(w->restaurant, w->low ? LOG_LEVEL_WARNING : LOG_LEVEL_NOTICE, "%s: %lld MB are free",
            w->low ? "the card is nearly full" : "there is room on the card again", (long long)(free_bytes / 1000000));
    bool unwritten = atomic_load(&w->full_since_ms) != 0;
    /* While the card is full to the last block a try is in vain, and would be logged as another failure. */
    if (stats->storage_full && free_bytes >= 0 && free_bytes < 65536) return;
    if (w->low == was_low && w->room == had_room && !unwritten && !stats->failing && !w->behind) return;
    bool recovered = write_down(w, stats->failing) == HUB_OK && (unwritten || stats->failing);
    if (recovered) log_restaurant(w->restaurant, LOG_LEVEL_NOTICE, "orders are stored again");
    /* The try counted as a failure itself. */
    struct writer_stats after;
    writer_stats_get(w->restaurant->writer, &after);
    if (!recovered) w->full_commits = after.full_commits;
}

static bool due(struct watch *w, const struct writer_stats *stats)
{
    int64_t since = clock_monotonic_ms(w->restaurant->hub->clock) - w->looked_ms;
    if (!w->looked_ms || since >= LOOK_MS) return true;
    bool unwritten = atomic_load(&w->full_since_ms) != 0;
    if (stats->full_commits != w->full_commits && !unwritten) return true; /* it has just become full */
    if (unwritten && !stats->storage_full) return true;                    /* somebody's commit went through */
    return since >= PROBE_MS && atomic_exchange(&w->poked, false);
}

static void watch_main(struct follower *thread, void *data)
{
    struct watch *w = data;
    int64_t next = INT64_MAX;
    do {
        struct writer_stats stats;
        writer_stats_get(w->restaurant->writer, &stats);
        if (due(w, &stats)) look(w, &stats);
        writer_stats_get(w->restaurant->writer, &stats);
        bool wrong = w->low || w->behind || stats.failing || atomic_load(&w->full_since_ms) != 0 || !w->room;
        next = wrong ? w->looked_ms + LOOK_MS : INT64_MAX;
    } while (follower_wait(thread, NULL, 0, next));
}

/* ---- from outside ------------------------------------------------------------------------------------------------ */

void watch_poke(struct watch *w)
{
    if (!w) return;
    atomic_store(&w->poked, true);
    follower_wake(w->thread);
}

bool watch_unwritten(struct watch *w, struct alert *alert)
{
    if (!w) return false;
    struct writer_stats stats;
    writer_stats_get(w->restaurant->writer, &stats);
    /* The writer knows first; the watch keeps it until it is written. */
    int64_t since = stats.storage_full ? stats.full_since_ms : atomic_load(&w->full_since_ms);
    *alert = (struct alert){.id = atomic_load(&w->spare_id),
        .code = full_code,
        .severity = SEVERITY_CRITICAL,
        .device_id = atomic_load(&w->device_id),
        .detail = full_detail,
        .fix = make_room,
        .since = since};
    return since != 0;
}

struct watch *watch_create(struct restaurant *restaurant)
{
    static const struct follower_plan plan = {"watch", TOPICS_ALL, 250, watch_main};
    struct watch *w = calloc(1, sizeof *w);
    if (!w) return NULL;
    int64_t free_bytes;
    w->restaurant = restaurant;
    w->room = true;
    measure(w, &free_bytes);
    enum hub_err err = write_down(w, w->low); /* with so little left, better try at once than with an order */
    /* A box whose card is full starts all the same: what is in it can be read. */
    if (!err || (err == HUB_STORAGE_FULL && atomic_load(&w->spare_id)))
        w->thread = follower_create(restaurant, &plan, w);
    if (w->thread) return w;
    free(w);
    return NULL;
}

void watch_destroy(struct watch *w)
{
    if (!w) return;
    follower_destroy(w->thread);
    free(w);
}
