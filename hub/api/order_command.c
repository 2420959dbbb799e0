/* SPDX-License-Identifier: MIT */
#include "hub/api/order_command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hub/hub.h"
#include "hub/order_json.h"
#include "hub/port/store_tables.h"
#include "hub/print_job.h"
#include "hub/restaurant.h"
#include "hub/tx.h"

static enum hub_err act(struct order_command *c, struct tx *tx, struct order *order)
{
    struct fault *fault = &c->base.fault;
    switch (c->verb) {
    case ORDER_CREATE: return desk_create(tx, &c->request, order, fault);
    case ORDER_ADD: return desk_add_items(tx, c->order_id, &c->request, order, fault);
    case ORDER_VOID: return desk_void(tx, c->order_id, &c->voids, order, fault);
    case ORDER_FIRE: return desk_fire(tx, c->order_id, c->course, order, fault);
    case ORDER_PATCH: return desk_patch(tx, c->order_id, c->expected_version, &c->patch, order, fault);
    case ORDER_STATUS: return desk_set_status(tx, c->scope, c->target, c->expected_version, c->notify, order, fault);
    case ORDER_REPRINT: return print_job_copy(tx, c->scope.id, order, fault);
    case ORDER_BILL: return print_job_bill(tx, c->order_id, order, fault);
    case TABLES_ACT: break;
    }
    return HUB_UNAVAILABLE;
}

void order_command_blame(struct fault *fault, size_t action)
{
    char field[sizeof fault->field];
    snprintf(field, sizeof field, "actions[%zu]%s%.60s", action, fault->field[0] ? "." : "", fault->field);
    snprintf(fault->field, sizeof fault->field, "%s", field);
}

/* All or none; the answer is each changed table once, as it is at the end. */
static enum hub_err act_tables(struct order_command *c, struct tx *tx, struct json_writer *w)
{
    int64_t *ids = arena_array(tx->arena, c->action_count * 2 + 2, sizeof *ids);
    size_t count = 0;
    if (!ids) return HUB_UNAVAILABLE;
    for (size_t i = 0; i < c->action_count; i++) {
        size_t changed = 0;
        enum hub_err err = table_act(tx, &c->actions[i], ids + count, &changed, &c->base.fault);
        if (err && c->listed) order_command_blame(&c->base.fault, i);
        if (err) return err;
        count += changed;
    }
    json_begin_object(w);
    json_key(w, "tables");
    json_begin_array(w);
    for (size_t i = 0; i < count; i++) {
        bool later = false;
        for (size_t j = i + 1; j < count; j++)
            later = later || ids[j] == ids[i];
        struct table table;
        if (later) continue;
        enum hub_err err = store_table_load(tx->store, tx->arena, ids[i], &table);
        if (err) return err;
        table_write(&table, tx->now_ms, w);
    }
    json_end_array(w);
    json_end_object(w);
    return HUB_OK;
}

static enum hub_err recall(struct order_command *c, struct tx *tx, const struct idempotency *idem)
{
    const char *body = NULL;
    enum hub_err err = tx_recall_answer(tx, idem, &body, &c->status);
    if (err == HUB_IDEMPOTENCY_MISMATCH)
        return fault_set(&c->base.fault, err, "Idempotency-Key",
            "This key was used before for something else. Use a new key for a new request.");
    if (err) return err;
    c->body = body ? strdup(body) : NULL;
    c->body_length = body ? strlen(body) : 0;
    /* The first answer's version stands in its text; nothing else there is called so. */
    const char *version = body ? strstr(body, "\"version\":") : NULL;
    c->version = version && c->verb != TABLES_ACT ? strtoll(version + 10, NULL, 10) : 0;
    c->replayed = true;
    return c->body ? HUB_OK : HUB_UNAVAILABLE;
}

static enum hub_err run(struct command *command, struct tx *tx)
{
    struct order_command *c = (struct order_command *)command;
    struct idempotency idem = {c->operation, c->key[0] ? c->key : NULL, c->content};
    enum hub_err err = recall(c, tx, &idem);
    if (err != HUB_NOT_FOUND) return err;
    struct json_writer w;
    json_writer_init(&w);
    struct order order;
    err = c->verb == TABLES_ACT ? act_tables(c, tx, &w) : act(c, tx, &order);
    if (!err && c->verb != TABLES_ACT) {
        order_write(tx->restaurant, &order, &w);
        c->version = order.version;
    }
    c->status = c->verb == ORDER_CREATE ? 201 : 200;
    if (!err && w.failed) err = HUB_UNAVAILABLE;
    if (!err) err = tx_remember_answer(tx, &idem, w.text, w.length, c->status);
    if (!err) c->body = json_writer_take(&w, &c->body_length);
    json_writer_finish(&w);
    return err;
}

void order_command_init(struct order_command *command, enum order_verb verb, const struct actor *actor)
{
    memset(command, 0, sizeof *command);
    command->base.run = run;
    command->base.actor = *actor;
    command->verb = verb;
    command->notify = true;
    arena_init(&command->arena);
}

void order_command_finish(struct order_command *command)
{
    fault_finish(&command->base.fault);
    arena_finish(&command->arena);
    free(command->body);
    command->body = NULL;
}

bool order_command_key(struct order_command *command, struct restaurant *restaurant, const char *operation, int64_t id,
    const char *key, const cJSON *content, const char *const *skip)
{
    if (!key) return true;
    struct crypto_port *crypto = restaurant->hub->crypto;
    cJSON *nothing = content ? NULL : cJSON_CreateObject();
    char *canonical = json_canonical(content ? content : nothing, skip);
    cJSON_Delete(nothing);
    if (!canonical) return false;
    crypto->ops->hash(crypto, canonical, strlen(canonical), command->content);
    free(canonical);
    if (id)
        snprintf(command->operation, sizeof command->operation, "%s/%lld", operation, (long long)id);
    else
        snprintf(command->operation, sizeof command->operation, "%s", operation);
    snprintf(command->key, sizeof command->key, "%s", key);
    return true;
}
