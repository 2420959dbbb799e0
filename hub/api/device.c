/* SPDX-License-Identifier: MIT */
/* /devices and /alerts: what hangs on the box, and what people must know. */
#include <stdio.h>
#include <string.h>

#include "hub/api/answer.h"
#include "hub/device_list.h"
#include "hub/hub.h"
#include "hub/port/crypto.h"
#include "hub/port/store_devices.h"
#include "hub/restaurant.h"
#include "hub/tx.h"
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

struct acknowledgement {
    struct command command; /* first */
    int64_t id;
    struct idempotency idempotency;
    struct json_writer answer;
    bool replayed;
};

static enum hub_err recall(struct acknowledgement *a, struct tx *tx)
{
    const char *body;
    int status;
    enum hub_err err = tx_recall_answer(tx, &a->idempotency, &body, &status);
    if (err == HUB_IDEMPOTENCY_MISMATCH)
        return fault_set(&a->command.fault, err, "Idempotency-Key",
            "This key was used before for something else. Use a new key for a new request.");
    if (!err) json_raw(&a->answer, body, strlen(body));
    a->replayed = err == HUB_OK;
    return err;
}

static enum hub_err acknowledge(struct command *command, struct tx *tx)
{
    struct acknowledgement *a = (struct acknowledgement *)command;
    struct alert alert;
    enum hub_err err = recall(a, tx);
    if (err != HUB_NOT_FOUND) return err;
    err = alert_acknowledge(tx, a->id, &alert);
    if (err == HUB_NOT_FOUND)
        return fault_set(&command->fault, err, NULL, "There is no open alert with the id %lld.", (long long)a->id);
    if (err) return err;
    alert_write(&alert, &a->answer);
    if (a->answer.failed) return HUB_UNAVAILABLE;
    return tx_remember_answer(tx, &a->idempotency, a->answer.text, a->answer.length, 200);
}

/* The body has no members: whatever is there is refused. */
static enum hub_err prepare(struct api_call *call, char *operation, size_t size, uint8_t content[CRYPTO_HASH_BYTES])
{
    struct alert unwritten;
    struct crypto_port *crypto = call->hub->crypto;
    if (watch_unwritten(call->restaurant->watch, &unwritten) && unwritten.id == call->id)
        return fault_set(&call->fault, HUB_STORAGE_FULL, NULL, "%s %s", unwritten.detail, unwritten.fix);
    snprintf(operation, size, "POST /alerts/%lld/acknowledge", (long long)call->id);
    crypto->ops->hash(crypto, "{}", 2, content);
    if (!call->body) return HUB_OK;
    return json_decode(call->body, NULL, 0, NULL, NULL, &call->arena, call->hub->text, "", &call->fault);
}

static enum hub_err post_acknowledge(struct api_call *call)
{
    char operation[64];
    uint8_t content[CRYPTO_HASH_BYTES];
    enum hub_err err = prepare(call, operation, sizeof operation, content);
    if (err) return err;
    struct acknowledgement a = {.command = {.run = acknowledge, .actor = call->actor},
        .id = call->id,
        .idempotency = {operation, call->idempotency_key, content}};
    json_writer_init(&a.answer);
    err = writer_run(call->restaurant->writer, &a.command);
    if (!err && a.replayed) http_res_header(call->res, "Idempotency-Replayed", "true");
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
