/* SPDX-License-Identifier: MIT */
/* /tables: the floor and what people do with it. */
#include <string.h>

#include "hub/api/answer.h"
#include "hub/api/order_command.h"
#include "hub/hub.h"
#include "hub/port/clock.h"
#include "hub/port/store_tables.h"
#include "hub/restaurant.h"

static enum hub_err get_tables(struct api_call *call)
{
    struct store *store = restaurant_reader(call->restaurant, &call->fault);
    if (!store) return call->fault.code;
    struct table *tables;
    size_t count;
    enum hub_err err = store_read_begin(store);
    if (!err) err = store_tables_load(store, &call->arena, &tables, &count);
    store_read_end(store);
    restaurant_reader_done(call->restaurant, store);
    if (err) return err;
    struct json_writer w;
    json_writer_init(&w);
    json_begin_object(&w);
    json_key(&w, "tables");
    json_begin_array(&w);
    for (size_t i = 0; i < count; i++)
        table_write(&tables[i], clock_wall_ms(call->hub->clock), &w);
    json_end_array(&w);
    json_end_object(&w);
    return api_answer_writer(call, 200, &w);
}

static enum hub_err act(
    struct api_call *call, enum table_verb verb, const struct json_field *fields, size_t field_count)
{
    struct order_command c;
    order_command_init(&c, TABLES_ACT, &call->actor);
    c.actions = arena_alloc(&c.arena, sizeof *c.actions);
    enum hub_err err = c.actions ? HUB_OK : HUB_UNAVAILABLE;
    cJSON *nothing = call->body ? NULL : cJSON_CreateObject();
    if (!err)
        err = json_decode(call->body ? call->body : nothing, fields, field_count, c.actions, NULL, &c.arena,
            call->hub->text, "", &call->fault);
    cJSON_Delete(nothing);
    if (!err) {
        c.actions->verb = verb;
        c.actions->table_id = call->id;
        c.action_count = 1;
        char operation[24] = "table_x";
        operation[6] = (char)('a' + verb);
        if (!order_command_key(&c, call->restaurant, operation, call->id, call->idempotency_key, call->body, NULL))
            err = HUB_UNAVAILABLE;
    }
    if (!err) return api_run(call, &c);
    order_command_finish(&c);
    return err;
}

static enum hub_err post_open(struct api_call *call)
{
    static const struct json_field fields[] = {
        {"guests", JSON_INT, offsetof(struct table_action, guests), 1, 999, NULL, false}};
    return act(call, TABLE_OPEN, fields, 1);
}
static enum hub_err post_close(struct api_call *call)
{
    static const struct json_field fields[] = {
        {"force", JSON_BOOL, offsetof(struct table_action, force), 0, 0, NULL, false}};
    return act(call, TABLE_CLOSE, fields, 1);
}
static enum hub_err post_move(struct api_call *call)
{
    static const struct json_field fields[] = {
        {"to_table_id", JSON_INT, offsetof(struct table_action, other_id), 1, INT64_C(1) << 53, NULL, true}};
    return act(call, TABLE_MOVE, fields, 1);
}
static enum hub_err post_merge(struct api_call *call)
{
    static const struct json_field fields[] = {
        {"into_table_id", JSON_INT, offsetof(struct table_action, other_id), 1, INT64_C(1) << 53, NULL, true}};
    return act(call, TABLE_MERGE, fields, 1);
}
static enum hub_err post_bill(struct api_call *call)
{
    return act(call, TABLE_ASK_BILL, NULL, 0);
}
static enum hub_err post_restore(struct api_call *call)
{
    return act(call, TABLE_RESTORE, NULL, 0);
}
static enum hub_err post_disable(struct api_call *call)
{
    return act(call, TABLE_DISABLE, NULL, 0);
}
static enum hub_err post_enable(struct api_call *call)
{
    return act(call, TABLE_ENABLE, NULL, 0);
}

const struct route table_routes[] = {
    {"GET", "/tables", ROLES_ANY, BODY_NONE, get_tables},
    {"POST", "/tables/{id}/open", ROLES_WAITER, BODY_OPTIONAL, post_open},
    {"POST", "/tables/{id}/bill", ROLES_WAITER, BODY_OPTIONAL, post_bill},
    {"POST", "/tables/{id}/close", ROLES_WAITER, BODY_OPTIONAL, post_close},
    {"POST", "/tables/{id}/restore", ROLES_WAITER, BODY_OPTIONAL, post_restore},
    {"POST", "/tables/{id}/move", ROLES_WAITER, BODY_JSON, post_move},
    {"POST", "/tables/{id}/merge", ROLES_WAITER, BODY_JSON, post_merge},
    {"POST", "/tables/{id}/disable", ROLES_MANAGER, BODY_OPTIONAL, post_disable},
    {"POST", "/tables/{id}/enable", ROLES_MANAGER, BODY_OPTIONAL, post_enable},
    {0},
};
