/* SPDX-License-Identifier: MIT */
#include "hub/alert.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hub/log.h"
#include "hub/order_json.h"
#include "hub/port/store_devices.h"
#include "hub/restaurant.h"

const char *const severity_names[] = {"info", "warning", "critical", NULL};

void alert_write(const struct alert *alert, struct json_writer *w)
{
    json_begin_object(w);
    json_put_int(w, "id", alert->id);
    json_put_string(w, "code", alert->code);
    json_put_string(w, "severity", severity_names[alert->severity]);
    json_put_id_or_null(w, "device_id", alert->device_id);
    json_put_id_or_null(w, "order_id", alert->order_id);
    json_put_string(w, "detail", alert->detail);
    json_put_string(w, "fix", alert->fix);
    json_key(w, "since");
    json_time(w, alert->since);
    json_put_time_or_null(w, "acknowledged_at", alert->acknowledged_at);
    json_key(w, "acknowledged_by");
    if (alert->acknowledged_at)
        actor_write(&alert->acknowledged_by, w);
    else
        json_null(w);
    json_end_object(w);
}

static enum hub_err publish(struct tx *tx, const struct alert *alert)
{
    struct json_writer w;
    json_writer_init(&w);
    json_begin_object(&w);
    json_key(&w, "alert");
    alert_write(alert, &w);
    json_end_object(&w);
    enum hub_err err =
        w.failed ? HUB_UNAVAILABLE : tx_event(tx, TOPIC_DEVICES, "alert_raised", NULL, w.text + 1, w.length - 2);
    json_writer_finish(&w);
    return err;
}

enum hub_err alert_raise(struct tx *tx, const char *code, enum severity severity, int64_t device_id, int64_t order_id,
    const char *detail, const char *fix)
{
    struct alert alert = {0};
    enum hub_err err = store_alert_find(tx->store, tx->arena, code, device_id, order_id, &alert);
    if (err && err != HUB_NOT_FOUND) return err;
    if (!err && alert.severity == severity && strcmp(alert.detail, detail) == 0 && strcmp(alert.fix, fix) == 0)
        return HUB_OK;
    if (err) alert = (struct alert){.code = code, .device_id = device_id, .order_id = order_id, .since = tx->now_ms};
    alert.severity = severity;
    alert.detail = detail;
    alert.fix = fix;
    return alert_raise_as(tx, &alert);
}

enum hub_err alert_raise_as(struct tx *tx, struct alert *alert)
{
    enum hub_err err = store_alert_save(tx->store, alert);
    return err ? err : publish(tx, alert);
}

enum hub_err alert_clear(struct tx *tx, const char *code, int64_t device_id, int64_t order_id)
{
    struct alert alert;
    char members[40];
    enum hub_err err = store_alert_find(tx->store, tx->arena, code, device_id, order_id, &alert);
    if (err == HUB_NOT_FOUND) return HUB_OK;
    if (!err) err = store_alert_close(tx->store, alert.id, tx->now_ms);
    if (err) return err;
    int length = snprintf(members, sizeof members, "\"id\":%lld", (long long)alert.id);
    return tx_event(tx, TOPIC_DEVICES, "alert_cleared", NULL, members, (size_t)length);
}

enum hub_err alert_acknowledge(struct tx *tx, int64_t id, struct alert *alert)
{
    enum hub_err err = store_alert_load(tx->store, tx->arena, id, alert);
    if (err || alert->acknowledged_at) return err;
    alert->acknowledged_at = tx->now_ms;
    alert->acknowledged_by = tx->actor;
    err = store_alert_save(tx->store, alert);
    return err ? err : publish(tx, alert);
}

/* ---- from other threads ------------------------------------------------------------------------------------------ */

struct call_out {
    struct command command;
    struct restaurant *restaurant;
    char code[40], detail[360], fix[256];
    enum severity severity;
    int64_t device_id, order_id;
    bool clear;
};

static enum hub_err call_run(struct command *command, struct tx *tx)
{
    const struct call_out *c = (const struct call_out *)command;
    if (c->clear) return alert_clear(tx, c->code, c->device_id, c->order_id);
    return alert_raise(tx, c->code, c->severity, c->device_id, c->order_id, c->detail, c->fix);
}

static void call_done(struct command *command)
{
    struct call_out *c = (struct call_out *)command;
    if (command->result)
        log_restaurant(c->restaurant, LOG_LEVEL_ERROR, "the alert %s could not be %s (%s)", c->code,
            c->clear ? "cleared" : "raised", hub_err_name(command->result));
    fault_finish(&command->fault);
    free(c);
}

static void submit(struct restaurant *restaurant, const struct call_out *filled)
{
    struct call_out *c = malloc(sizeof *c);
    if (!c) {
        log_restaurant(restaurant, LOG_LEVEL_ERROR, "no memory for the alert %s", filled->code);
        return;
    }
    *c = *filled;
    c->command = (struct command){.run = call_run, .done = call_done, .actor = {.kind = ACTOR_SYSTEM}};
    c->restaurant = restaurant;
    writer_submit(restaurant->writer, &c->command);
}

void alert_raise_later(struct restaurant *restaurant, const char *code, enum severity severity, int64_t device_id,
    int64_t order_id, const char *detail, const char *fix)
{
    struct call_out c = {.severity = severity, .device_id = device_id, .order_id = order_id};
    snprintf(c.code, sizeof c.code, "%s", code);
    snprintf(c.detail, sizeof c.detail, "%s", detail);
    snprintf(c.fix, sizeof c.fix, "%s", fix);
    submit(restaurant, &c);
}

void alert_clear_later(struct restaurant *restaurant, const char *code, int64_t device_id, int64_t order_id)
{
    struct call_out c = {.clear = true, .device_id = device_id, .order_id = order_id};
    snprintf(c.code, sizeof c.code, "%s", code);
    submit(restaurant, &c);
}
