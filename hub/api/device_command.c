/* SPDX-License-Identifier: MIT */
#include "hub/api/device_command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hub/api/answer.h"
#include "hub/hub.h"
#include "hub/restaurant.h"

static enum hub_err recall(struct device_command *c, struct tx *tx)
{
    const char *body;
    int status;
    enum hub_err err = tx_recall_answer(tx, &c->idempotency, &body, &status);
    if (err == HUB_IDEMPOTENCY_MISMATCH)
        return fault_set(&c->command.fault, err, "Idempotency-Key",
            "This key was used before for something else. Use a new key for a new request.");
    if (!err) json_raw(&c->answer, body, strlen(body));
    c->replayed = err == HUB_OK;
    return err;
}

static enum hub_err run(struct command *command, struct tx *tx)
{
    struct device_command *c = (struct device_command *)command;
    enum hub_err err = recall(c, tx);
    if (err != HUB_NOT_FOUND) return err;
    err = c->act(c, tx, &c->answer);
    if (err) return err;
    if (c->answer.failed) return HUB_UNAVAILABLE;
    return tx_remember_answer(tx, &c->idempotency, c->answer.text, c->answer.length, 200);
}

static bool hash_body(struct api_call *call, uint8_t content[CRYPTO_HASH_BYTES])
{
    struct crypto_port *crypto = call->hub->crypto;
    char *canonical = call->body ? json_canonical(call->body, NULL) : strdup("{}");
    if (!canonical) return false;
    crypto->ops->hash(crypto, canonical, strlen(canonical), content);
    free(canonical);
    return true;
}

enum hub_err device_command_run(struct api_call *call, device_act *act, const void *request)
{
    uint8_t content[CRYPTO_HASH_BYTES];
    const char *operation =
        arena_printf(&call->arena, "%s %s %lld", call->route->method, call->route->path, (long long)call->id);
    if (!operation || !hash_body(call, content)) return HUB_UNAVAILABLE;
    struct device_command c = {.command = {.run = run, .actor = call->actor},
        .id = call->id,
        .act = act,
        .request = request,
        .idempotency = {operation, call->idempotency_key, content}};
    json_writer_init(&c.answer);
    enum hub_err err = writer_run(call->restaurant->writer, &c.command);
    if (!err && c.replayed) http_res_header(call->res, "Idempotency-Replayed", "true");
    if (!err) return api_answer_writer(call, 200, &c.answer);
    call->fault = c.command.fault;
    json_writer_finish(&c.answer);
    return err;
}
