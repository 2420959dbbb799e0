/* SPDX-License-Identifier: MIT */
/* /devices and /alerts: what hangs on the box, and what people must know. */
#include <stddef.h>

#include "hub/api/answer.h"
#include "hub/api/device_command.h"
#include "hub/device_list.h"
#include "hub/hub.h"
#include "hub/port/store_devices.h"
#include "hub/port/store_orders.h"
#include "hub/port/store_print.h"
#include "hub/print_job.h"
#include "hub/restaurant.h"
#include "hub/watch.h"

typedef enum hub_err list_writer(struct restaurant *, struct store *, struct arena *, struct json_writer *);

static enum hub_err list(struct api_call *call, const char *key, list_writer *write)
{
    struct store *store = restaurant_reader(call->restaurant, &call->fault);
    if (!store) return call->fault.code;
    struct json_writer w;
    json_writer_init(&w);
    json_begin_object(&w);
    json_key(&w, key);
    enum hub_err err = write(call->restaurant, store, &call->arena, &w);
    json_end_object(&w);
    restaurant_reader_done(call->restaurant, store);
    if (!err) return api_answer_writer(call, 200, &w);
    json_writer_finish(&w);
    return err;
}

static enum hub_err get_devices(struct api_call *call)
{
    return list(call, "devices", device_list_write);
}

static enum hub_err get_alerts(struct api_call *call)
{
    return list(call, "alerts", alert_list_write);
}

/* ---- acknowledging ----------------------------------------------------------------------------------------------- */

/* The body has no members: whatever is there is refused. */
static enum hub_err no_members(struct api_call *call)
{
    if (!call->body) return HUB_OK;
    return json_decode(call->body, NULL, 0, NULL, NULL, &call->arena, call->hub->text, "", &call->fault);
}

static enum hub_err acknowledge(struct device_command *c, struct tx *tx, struct json_writer *answer)
{
    struct alert alert;
    enum hub_err err = alert_acknowledge(tx, c->id, &alert);
    if (err == HUB_NOT_FOUND)
        return fault_set(&c->command.fault, err, NULL, "There is no open alert with the id %lld.", (long long)c->id);
    if (!err) alert_write(&alert, answer);
    return err;
}

static enum hub_err post_acknowledge(struct api_call *call)
{
    struct alert unwritten;
    if (watch_unwritten(call->restaurant->watch, &unwritten) && unwritten.id == call->id)
        return fault_set(&call->fault, HUB_STORAGE_FULL, NULL, "%s %s", unwritten.detail, unwritten.fix);
    enum hub_err err = no_members(call);
    return err ? err : device_command_run(call, acknowledge, NULL);
}

/* ---- printers ---------------------------------------------------------------------------------------------------- */

static enum hub_err test(struct device_command *c, struct tx *tx, struct json_writer *answer)
{
    struct device device;
    enum hub_err err = print_job_test(tx, c->id, &c->command.fault);
    if (!err) err = store_device_load(tx->store, tx->arena, c->id, &device);
    if (!err) device_write(&device, answer);
    return err;
}

static enum hub_err post_test(struct api_call *call)
{
    enum hub_err err = no_members(call);
    return err ? err : device_command_run(call, test, NULL);
}

enum { HELD_ROOM = 1000 };

static enum hub_err write_held_ticket(
    struct store *store, struct arena *arena, const struct print_job *job, struct json_writer *w)
{
    struct order order;
    enum hub_err err = store_order_load(store, arena, job->order_id, &order);
    const struct ticket *ticket = err ? NULL : order_ticket(&order, job->ticket_id);
    if (err || !ticket) return err;
    json_begin_object(w);
    json_put_int(w, "ticket_id", ticket->id);
    json_put_int(w, "order_id", order.id);
    json_put_string(w, "station", ticket->station);
    json_put_int(w, "kot_number", ticket->kot_number);
    json_put_string(w, "kind", ticket_kind_names[ticket->kind]);
    json_put_string(w, "order_type", order_type_names[order.type]);
    json_put_string(w, "table_name", order.table_name);
    json_put_string(w, "order_status", status_names[order.status]);
    json_key(w, "created_at");
    json_time(w, ticket->created_at);
    json_end_object(w);
    return HUB_OK;
}

/* Each ticket once, however many pieces of paper it has. */
static enum hub_err write_held(struct store *store, struct arena *arena, int64_t device_id, struct json_writer *w)
{
    struct print_job *jobs;
    size_t count;
    enum hub_err err = store_print_held(store, device_id, arena, HELD_ROOM, &jobs, &count);
    json_begin_object(w);
    json_put_int(w, "device_id", device_id);
    json_key(w, "tickets");
    json_begin_array(w);
    for (size_t i = 0; i < count && !err; i++)
        if (i == 0 || jobs[i].ticket_id != jobs[i - 1].ticket_id) err = write_held_ticket(store, arena, &jobs[i], w);
    json_end_array(w);
    json_end_object(w);
    return err;
}

static enum hub_err get_held(struct api_call *call)
{
    struct store *store = restaurant_reader(call->restaurant, &call->fault);
    if (!store) return call->fault.code;
    struct device device;
    struct json_writer w;
    json_writer_init(&w);
    enum hub_err err = store_device_load(store, &call->arena, call->id, &device);
    if (err == HUB_NOT_FOUND || (!err && device.kind != DEVICE_PRINTER))
        err =
            fault_set(&call->fault, HUB_NOT_FOUND, NULL, "There is no printer with the id %lld.", (long long)call->id);
    if (!err) err = write_held(store, &call->arena, call->id, &w);
    restaurant_reader_done(call->restaurant, store);
    if (!err) return api_answer_writer(call, 200, &w);
    json_writer_finish(&w);
    return err;
}

struct decision {
    int action;
    struct json_ids ticket_ids;
};
static const char *const decisions[] = {"print", "discard", NULL};

static enum hub_err decide(struct device_command *c, struct tx *tx, struct json_writer *answer)
{
    const struct decision *d = c->request;
    size_t count;
    enum hub_err err = print_job_decide(tx, c->id, d->ticket_ids.ids, d->ticket_ids.count, d->action == 0, &count);
    return err ? err : write_held(tx->store, tx->arena, c->id, answer);
}

static enum hub_err post_held(struct api_call *call)
{
    static const struct json_field fields[] = {
        {"action", JSON_NAME_OF, offsetof(struct decision, action), 0, 0, decisions, true},
        {"ticket_ids", JSON_IDS, offsetof(struct decision, ticket_ids), 0, 500, NULL, false}};
    struct decision decision = {0};
    enum hub_err err =
        json_decode(call->body, fields, 2, &decision, NULL, &call->arena, call->hub->text, "", &call->fault);
    return err ? err : device_command_run(call, decide, &decision);
}

const struct route device_routes[] = {
    {"GET", "/devices", ROLES_ANY, BODY_NONE, get_devices},
    {"GET", "/alerts", ROLES_ANY, BODY_NONE, get_alerts},
    {"POST", "/alerts/{id}/acknowledge", ROLES_STAFF, BODY_OPTIONAL, post_acknowledge},
    {"POST", "/devices/{id}/test", ROLES_MANAGER, BODY_OPTIONAL, post_test},
    {"GET", "/devices/{id}/held", ROLES_STAFF, BODY_NONE, get_held},
    {"POST", "/devices/{id}/held", ROLES_STAFF, BODY_JSON, post_held},
    {0},
};
