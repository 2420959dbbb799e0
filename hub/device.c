/* SPDX-License-Identifier: MIT */
#include "hub/device.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hub/log.h"
#include "hub/port/store_devices.h"
#include "hub/restaurant.h"

const char *const device_kind_names[] = {"screen", "printer", "bell", "box", NULL};
const char *const device_state_names[] = {"ok", "warning", "failed", "silent", NULL};

void device_write(const struct device *device, struct json_writer *w)
{
    json_begin_object(w);
    json_put_int(w, "id", device->id);
    json_put_string(w, "kind", device_kind_names[device->kind]);
    json_put_string(w, "name", device->name);
    json_put_string(w, "station", device->station);
    json_put_string(w, "state", device_state_names[device->state]);
    json_put_string(w, "detail", device->detail && *device->detail ? device->detail : NULL);
    json_put_string(w, "fix", device->fix && *device->fix ? device->fix : NULL);
    json_key(w, "since");
    json_time(w, device->since);
    if (device->kind == DEVICE_BELL) json_put_bool(w, "lit", device->lit);
    json_end_object(w);
}

static enum hub_err publish(struct tx *tx, const struct device *device)
{
    struct json_writer w;
    json_writer_init(&w);
    json_begin_object(&w);
    json_key(&w, "device");
    device_write(device, &w);
    json_end_object(&w);
    enum hub_err err =
        w.failed ? HUB_UNAVAILABLE : tx_event(tx, TOPIC_DEVICES, "device_update", NULL, w.text + 1, w.length - 2);
    json_writer_finish(&w);
    return err;
}

static bool same(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "") == 0;
}

enum hub_err device_put(struct tx *tx, const struct device *config, int64_t *id)
{
    struct device device = *config, old = {0};
    device.since = tx->now_ms;
    enum hub_err err = store_device_find(tx->store, config->kind, config->name, &device.id);
    if (err && err != HUB_NOT_FOUND) return err;
    if (!err) err = store_device_load(tx->store, tx->arena, device.id, &old);
    if (err && err != HUB_NOT_FOUND) return err;
    if (!err) {
        bool unchanged = same(old.station, device.station) && same(old.driver, device.driver) &&
                         same(old.address, device.address) && old.width == (device.width ? device.width : 576);
        *id = device.id;
        if (unchanged) return HUB_OK;
        device.state = old.state;
        device.detail = old.detail;
        device.fix = old.fix;
        device.since = old.since;
        device.lit = old.lit;
    }
    err = store_device_save(tx->store, &device);
    *id = device.id;
    return err ? err : publish(tx, &device);
}

enum hub_err device_report(
    struct tx *tx, int64_t id, enum device_state state, const char *detail, const char *fix, bool lit)
{
    struct device device;
    enum hub_err err = store_device_load(tx->store, tx->arena, id, &device);
    if (err) return err == HUB_NOT_FOUND ? HUB_OK : err; /* taken out of use meanwhile */
    bool news = device.state != state;
    if (!news && same(device.detail, detail) && same(device.fix, fix) && device.lit == lit) return HUB_OK;
    if (news) device.since = tx->now_ms;
    device.state = state;
    device.detail = detail;
    device.fix = fix;
    device.lit = lit;
    err = store_device_save(tx->store, &device);
    return err ? err : publish(tx, &device);
}

/* ---- from other threads ------------------------------------------------------------------------------------------ */

struct report {
    struct command command;
    struct restaurant *restaurant;
    int64_t id;
    enum device_state state;
    char detail[360], fix[256];
    bool lit;
};

static enum hub_err report_run(struct command *command, struct tx *tx)
{
    const struct report *r = (const struct report *)command;
    return device_report(tx, r->id, r->state, r->detail, r->fix, r->lit);
}

static void report_done(struct command *command)
{
    struct report *r = (struct report *)command;
    if (command->result)
        log_restaurant(r->restaurant, LOG_LEVEL_WARNING, "device %lld is %s, but that could not be stored (%s)",
            (long long)r->id, device_state_names[r->state], hub_err_name(command->result));
    fault_finish(&command->fault);
    free(r);
}

void device_report_later(
    struct restaurant *restaurant, int64_t id, enum device_state state, const char *detail, const char *fix, bool lit)
{
    struct report *r = calloc(1, sizeof *r);
    if (!r) {
        log_restaurant(restaurant, LOG_LEVEL_ERROR, "no memory to tell how device %lld fares", (long long)id);
        return;
    }
    r->command = (struct command){.run = report_run, .done = report_done, .actor = {.kind = ACTOR_SYSTEM}};
    r->restaurant = restaurant;
    r->id = id;
    r->state = state;
    snprintf(r->detail, sizeof r->detail, "%s", detail);
    snprintf(r->fix, sizeof r->fix, "%s", fix);
    r->lit = lit;
    writer_submit(restaurant->writer, &r->command);
}
