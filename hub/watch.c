/* SPDX-License-Identifier: MIT */
#include "hub/watch.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/statvfs.h>

#include "hub/alert.h"
#include "hub/device.h"
#include "hub/follower.h"
#include "hub/hub.h"
#include "hub/log.h"
#include "hub/port/clock.h"
#include "hub/restaurant.h"

enum {
    LOOK_MS = 30000,
    LOW_MB = 64 /* warns when less is free: some 20,000 orders before orders are refused */
};

struct watch {
    struct restaurant *restaurant;
    struct follower *thread;
    int64_t device_id, looked_ms;
    bool low;
};

struct settling {
    struct command command;
    struct watch *watch;
};

static enum hub_err settle_in(struct command *command, struct tx *tx)
{
    struct watch *w = ((struct settling *)command)->watch;
    struct device box = {.kind = DEVICE_BOX,
        .name = "Servery",
        .state = DEVICE_OK,
        .detail = "",
        .fix = "",
        .driver = "",
        .address = ""};
    return device_put(tx, &box, &w->device_id);
}

static int64_t free_mb(const struct watch *w)
{
    struct statvfs disk;
    if (statvfs(w->restaurant->hub->config.data_dir, &disk) != 0) return -1;
    return (int64_t)(disk.f_bavail * (disk.f_frsize / 512) / 2048);
}

static void look(struct watch *w)
{
    static const char fix[] = "Make room on the box's card: old backups and logs first.";
    char detail[120];
    int64_t mb = free_mb(w);
    bool low = mb >= 0 && mb < LOW_MB;
    w->looked_ms = clock_monotonic_ms(w->restaurant->hub->clock);
    if (low == w->low) return;
    w->low = low;
    snprintf(detail, sizeof detail, "Only %lld MB are free on the box's card.", (long long)mb);
    log_restaurant(w->restaurant, LOG_LEVEL_WARNING,
        low ? "%lld MB are free on the card" : "there is room on the card again: %lld MB", (long long)mb);
    device_report_later(
        w->restaurant, w->device_id, low ? DEVICE_WARNING : DEVICE_OK, low ? detail : "", low ? fix : "", false);
    if (low)
        alert_raise_later(w->restaurant, "DISK_NEARLY_FULL", SEVERITY_WARNING, w->device_id, 0, detail, fix);
    else
        alert_clear_later(w->restaurant, "DISK_NEARLY_FULL", w->device_id, 0);
}

static void watch_main(struct follower *thread, void *data)
{
    struct watch *w = data;
    do {
        if (!w->looked_ms || clock_monotonic_ms(w->restaurant->hub->clock) - w->looked_ms >= LOOK_MS) look(w);
    } while (follower_wait(thread, NULL, 0, w->low ? w->looked_ms + LOOK_MS : INT64_MAX));
}

struct watch *watch_create(struct restaurant *restaurant)
{
    struct watch *w = calloc(1, sizeof *w);
    if (!w) return NULL;
    w->restaurant = restaurant;
    struct settling settling = {.command = {.run = settle_in, .actor = {.kind = ACTOR_SYSTEM}}, .watch = w};
    enum hub_err err = writer_run(restaurant->writer, &settling.command);
    fault_finish(&settling.command.fault);
    if (!err) w->thread = follower_create(restaurant, "watch", watch_main, w);
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
