/* SPDX-License-Identifier: MIT */
#include "hub/bell_follower.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hub/alert.h"
#include "hub/device.h"
#include "hub/follower.h"
#include "hub/hub.h"
#include "hub/log.h"
#include "hub/port/bell.h"
#include "hub/port/clock.h"
#include "hub/port/store_devices.h"
#include "hub/port/store_print.h"
#include "hub/restaurant.h"
#include "hub/tx.h"

enum { BELLS_MAX = FOLLOWER_FDS_MAX, RETRY_MS = 10 * 1000, NAME_SIZE = 324 };

struct station_light {
    int64_t device_id;
    char station[NAME_SIZE], line[64];
    struct bell *bell; /* NULL while it cannot be opened */
    int64_t retry_ms;  /* when to try to open it again */
    bool reported_lit, failed;
};

struct bell_follower {
    struct follower *thread;
    struct restaurant *restaurant;
    struct station_light lights[BELLS_MAX];
    size_t count;
};

/* ---- what bells there are ---------------------------------------------------------------------------------------- */

struct hanging {
    struct command command;
    struct bell_follower *follower;
};

static bool hangs(const struct bell_follower *f, int64_t device_id)
{
    for (size_t i = 0; i < f->count; i++)
        if (f->lights[i].device_id == device_id) return true;
    return false;
}

/* Bells of stations that are gone, or hang on a pin now, or no longer. */
static enum hub_err take_down_others(const struct bell_follower *f, struct tx *tx)
{
    struct device *devices;
    size_t count;
    enum hub_err err = store_devices_load(tx->store, tx->arena, &devices, &count);
    for (size_t i = 0; i < count && !err; i++) {
        if (devices[i].kind != DEVICE_BELL || hangs(f, devices[i].id)) continue;
        err = store_device_retire(tx->store, devices[i].id);
        if (!err) err = alert_clear(tx, "BELL_FAILED", devices[i].id, 0);
    }
    return err;
}

/* Writer thread: a device for each station, as its bell is set. */
static enum hub_err hang_bells(struct command *command, struct tx *tx)
{
    struct bell_follower *f = ((struct hanging *)command)->follower;
    struct station_bell *bells;
    size_t count;
    enum hub_err err = store_station_bells(tx->store, tx->arena, &bells, &count);
    f->count = 0;
    for (size_t i = 0; i < count && i < BELLS_MAX && !err; i++) {
        struct station_light *light = &f->lights[f->count++];
        const char *line = bells[i].line ? bells[i].line : "";
        memset(light, 0, sizeof *light);
        snprintf(light->station, sizeof light->station, "%s", bells[i].station);
        snprintf(light->line, sizeof light->line, "%s", line);
        struct device device = {.kind = DEVICE_BELL,
            .station = light->station,
            .state = DEVICE_OK,
            .detail = "",
            .fix = "",
            .driver = *line ? "gpiod" : "lamp",
            .address = line};
        device.name = arena_printf(tx->arena, *line ? "Bell %s" : "Lamp %s", light->station);
        err = device.name ? device_put(tx, &device, &light->device_id) : HUB_UNAVAILABLE;
        if (!err) err = device_report(tx, light->device_id, DEVICE_OK, "", "", false);
        if (!err)
            err = alert_clear(tx, "BELL_FAILED", light->device_id, 0); /* raised anew if it still cannot be opened */
    }
    return err ? err : take_down_others(f, tx);
}

static bool hang_up(struct bell_follower *f)
{
    struct hanging command = {.command = {.run = hang_bells, .actor = {.kind = ACTOR_SYSTEM}}, .follower = f};
    enum hub_err err = writer_run(f->restaurant->writer, &command.command);
    if (err)
        log_restaurant(f->restaurant, LOG_LEVEL_ERROR, "the bells cannot be set up: %s", command.command.fault.detail);
    fault_finish(&command.command.fault);
    if (err == HUB_STORAGE_FULL) return true; /* their rows could be read: they ring for what is there already */
    if (err) f->count = 0;
    return !err;
}

/* A station came or went, or its pin changed. */
static bool stations_changed(struct bell_follower *f, struct store *store)
{
    struct arena arena;
    struct station_bell *bells;
    size_t count;
    arena_init(&arena);
    bool changed = false;
    if (!store_station_bells(store, &arena, &bells, &count)) {
        if (count > BELLS_MAX) count = BELLS_MAX;
        changed = count != f->count;
        for (size_t i = 0; i < count && !changed; i++)
            changed = strcmp(bells[i].station, f->lights[i].station) != 0 ||
                      strcmp(bells[i].line ? bells[i].line : "", f->lights[i].line) != 0;
    }
    arena_finish(&arena);
    return changed;
}

/* ---- one bell ---------------------------------------------------------------------------------------------------- */

static void report_failed(struct bell_follower *f, struct station_light *light, const struct bell_fault *fault)
{
    if (!light->failed)
        log_restaurant(f->restaurant, LOG_LEVEL_WARNING, "bell %lld (%s): %s", (long long)light->device_id, light->line,
            fault->detail);
    light->failed = true;
    light->reported_lit = false;
    device_report_later(f->restaurant, light->device_id, DEVICE_FAILED, fault->detail, fault->fix, false);
    alert_raise_later(f->restaurant, "BELL_FAILED", SEVERITY_WARNING, light->device_id, 0, fault->detail, fault->fix);
}

static void report_well(struct bell_follower *f, struct station_light *light, bool lit)
{
    if (light->failed) alert_clear_later(f->restaurant, "BELL_FAILED", light->device_id, 0);
    if (light->failed || lit != light->reported_lit)
        device_report_later(f->restaurant, light->device_id, DEVICE_OK, "", "", lit);
    light->failed = false;
    light->reported_lit = lit;
}

static void give_up(struct bell_follower *f, struct station_light *light, const struct bell_fault *fault, int64_t now)
{
    bell_close(light->bell);
    light->bell = NULL;
    light->retry_ms = now + RETRY_MS;
    report_failed(f, light, fault);
}

static bool open_bell(struct bell_follower *f, struct station_light *light, int64_t now)
{
    struct hub *hub = f->restaurant->hub;
    struct bell_port *port = light->line[0] ? hub->bell_lines : hub->bell_lamps;
    struct bell_config config = {.line = light->line[0] ? light->line : light->station};
    struct bell_fault fault = {0};
    if (light->bell) return true;
    if (!port || now < light->retry_ms) return false;
    if (!bell_open(port, &config, &light->bell, &fault)) return true;
    give_up(f, light, &fault, now);
    return false;
}

static void ring(struct bell_follower *f, struct station_light *light, bool rings, int64_t now)
{
    struct bell_fault fault = {0};
    if (!open_bell(f, light, now)) return;
    enum hub_err err = HUB_OK;
    if (rings)
        err = bell_play(light->bell, &bell_pattern_steady, now, &fault);
    else if (bell_is_on(light->bell))
        err = bell_stop(light->bell, &fault);
    if (!err) err = bell_tick(light->bell, now, &fault);
    if (err)
        give_up(f, light, &fault, now);
    else
        report_well(f, light, rings);
}

/* ---- the button beside it ---------------------------------------------------------------------------------------- */

struct hush {
    struct command command;
    char station[NAME_SIZE];
};

static enum hub_err hush_run(struct command *command, struct tx *tx)
{
    tx_note(tx, TOPIC_ORDERS);
    return store_station_hush(tx->store, ((struct hush *)command)->station, tx->now_ms);
}

static void hush(struct bell_follower *f, const char *station)
{
    struct hush command = {.command = {.run = hush_run, .actor = {.kind = ACTOR_SYSTEM}}};
    snprintf(command.station, sizeof command.station, "%s", station);
    if (writer_run(f->restaurant->writer, &command.command))
        log_restaurant(f->restaurant, LOG_LEVEL_WARNING, "a bell's button was pressed, but that could not be stored");
    fault_finish(&command.command.fault);
}

static void look_at_buttons(struct bell_follower *f, int64_t now)
{
    for (size_t i = 0; i < f->count; i++) {
        struct bell_fault fault = {0};
        if (!f->lights[i].bell || bell_fd(f->lights[i].bell) < 0) continue;
        int presses = bell_presses(f->lights[i].bell, now, &fault);
        if (presses > 0) hush(f, f->lights[i].station);
        if (presses < 0) give_up(f, &f->lights[i], &fault, now);
    }
}

/* ---- the round --------------------------------------------------------------------------------------------------- */

static void close_bells(struct bell_follower *f)
{
    for (size_t i = 0; i < f->count; i++) {
        bell_close(f->lights[i].bell);
        f->lights[i].bell = NULL;
    }
}

static void round_of_bells(struct bell_follower *f, struct follower *thread)
{
    struct fault fault = {0};
    struct store *store = restaurant_reader(f->restaurant, &fault);
    if (!store) return;
    if ((follower_news(thread) & TOPIC_BIT(TOPIC_MENU)) && stations_changed(f, store)) {
        restaurant_reader_done(f->restaurant, store);
        close_bells(f);
        if (!hang_up(f) || !(store = restaurant_reader(f->restaurant, &fault))) return;
    }
    int64_t now = clock_monotonic_ms(f->restaurant->hub->clock);
    for (size_t i = 0; i < f->count; i++) {
        bool rings = false;
        if (!store_station_rings(store, f->lights[i].station, &rings)) ring(f, &f->lights[i], rings, now);
    }
    restaurant_reader_done(f->restaurant, store);
}

static int64_t next_due(const struct bell_follower *f)
{
    int64_t due = INT64_MAX;
    for (size_t i = 0; i < f->count; i++) {
        const struct station_light *light = &f->lights[i];
        int64_t own = light->bell ? bell_due_ms(light->bell) : light->retry_ms ? light->retry_ms : INT64_MAX;
        if (own < due) due = own;
    }
    return due;
}

static void bell_main(struct follower *thread, void *data)
{
    struct bell_follower *f = data;
    struct pollfd fds[BELLS_MAX];
    do {
        round_of_bells(f, thread);
        look_at_buttons(f, clock_monotonic_ms(f->restaurant->hub->clock));
        for (size_t i = 0; i < f->count; i++)
            fds[i] = (struct pollfd){.fd = f->lights[i].bell ? bell_fd(f->lights[i].bell) : -1};
    } while (follower_wait(thread, fds, f->count, next_due(f)));
    close_bells(f);
}

struct bell_follower *bell_follower_create(struct restaurant *restaurant)
{
    struct bell_follower *f = calloc(1, sizeof *f);
    if (!f) return NULL;
    f->restaurant = restaurant;
    static const struct follower_plan plan = {"bells", TOPIC_BIT(TOPIC_ORDERS) | TOPIC_BIT(TOPIC_MENU), 2, bell_main};
    if (hang_up(f)) f->thread = follower_create(restaurant, &plan, f);
    if (f->thread) return f;
    free(f);
    return NULL;
}

void bell_follower_destroy(struct bell_follower *f)
{
    if (!f) return;
    follower_destroy(f->thread);
    free(f);
}
