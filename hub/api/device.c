/* SPDX-License-Identifier: MIT */
/* /devices and /alerts: what hangs on the box, and what people must know. */
#include "hub/api/answer.h"
#include "hub/device_list.h"
#include "hub/port/store_devices.h"
#include "hub/restaurant.h"
#include "hub/writer.h"

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

struct acknowledgement {
    struct command command; /* first */
    int64_t id;
    struct json_writer answer;
};

static enum hub_err acknowledge(struct command *command, struct tx *tx)
{
    struct acknowledgement *a = (struct acknowledgement *)command;
    struct alert alert;
    enum hub_err err = alert_acknowledge(tx, a->id, &alert);
    if (err == HUB_NOT_FOUND)
        return fault_set(&command->fault, err, NULL, "There is no open alert with the id %lld.", (long long)a->id);
    if (!err) alert_write(&alert, &a->answer);
    return err;
}

static enum hub_err post_acknowledge(struct api_call *call)
{
    struct acknowledgement a = {.command = {.run = acknowledge, .actor = call->actor}, .id = call->id};
    json_writer_init(&a.answer);
    enum hub_err err = writer_run(call->restaurant->writer, &a.command);
    if (!err) return api_answer_writer(call, 200, &a.answer);
    call->fault = a.command.fault;
    json_writer_finish(&a.answer);
    return err;
}

const struct route device_routes[] = {
    {"GET", "/devices", ROLES_ANY, BODY_NONE, get_devices},
    {"GET", "/alerts", ROLES_ANY, BODY_NONE, get_alerts},
    {"POST", "/alerts/{id}/acknowledge", ROLES_STAFF, BODY_OPTIONAL, post_acknowledge},
    {0},
};
