/* SPDX-License-Identifier: MIT */
/* /orders, /tickets/{id}/status, /items/{id}/status. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hub/api/answer.h"
#include "hub/api/order_codec.h"
#include "hub/api/order_command.h"
#include "hub/api/query.h"
#include "hub/hub.h"
#include "hub/order_json.h"
#include "hub/port/store_orders.h"
#include "hub/restaurant.h"

enum { LIST_DEFAULT = 50, LIST_MAX = 200 };

enum hub_err api_run(struct api_call *call, struct order_command *command)
{
    enum hub_err err = writer_run(call->restaurant->writer, &command->base);
    if (err) {
        call->fault = command->base.fault;
        memset(&command->base.fault, 0, sizeof command->base.fault);
    } else {
        if (command->replayed) http_res_header(call->res, "Idempotency-Replayed", "true");
        if (command->version) http_res_header(call->res, "ETag", "\"%lld\"", (long long)command->version);
        api_answer(call, command->status, command->body, command->body_length);
        command->body = NULL;
    }
    order_command_finish(command);
    return err;
}

/* If-Match: "5" or 5, or expected_version in the body. */
static int64_t if_match(struct api_call *call)
{
    const char *header = call->req->header(call->req, "If-Match");
    return header ? strtoll(header + (header[0] == '"'), NULL, 10) : 0;
}

static enum hub_err finish_decoding(
    struct api_call *call, struct order_command *c, enum hub_err err, const char *operation)
{
    if (!err && !order_command_key(c, call->restaurant, operation, call->id, call->idempotency_key, call->body, NULL))
        err = HUB_UNAVAILABLE;
    if (!err) return api_run(call, c);
    order_command_finish(c);
    return err;
}

static enum hub_err post_order(struct api_call *call)
{
    struct order_command c;
    order_command_init(&c, ORDER_CREATE, &call->actor);
    enum hub_err err = order_request_decode(call->body, &c.request, &c.arena, call->hub->text, &call->fault);
    return finish_decoding(call, &c, err, "submit_order");
}

static enum hub_err post_items(struct api_call *call)
{
    struct order_command c;
    order_command_init(&c, ORDER_ADD, &call->actor);
    c.order_id = call->id;
    enum hub_err err = items_request_decode(call->body, &c.request, &c.arena, call->hub->text, &call->fault);
    return finish_decoding(call, &c, err, "items");
}

static enum hub_err post_void(struct api_call *call)
{
    struct order_command c;
    order_command_init(&c, ORDER_VOID, &call->actor);
    c.order_id = call->id;
    enum hub_err err = void_request_decode(call->body, &c.voids, &c.arena, call->hub->text, &call->fault);
    return finish_decoding(call, &c, err, "void");
}

static enum hub_err post_fire(struct api_call *call)
{
    static const struct json_field fields[] = {
        {"course", JSON_INT, offsetof(struct order_command, course), 1, 20, NULL, true}};
    struct order_command c;
    order_command_init(&c, ORDER_FIRE, &call->actor);
    c.order_id = call->id;
    enum hub_err err = json_decode(call->body, fields, 1, &c, NULL, &c.arena, call->hub->text, "", &call->fault);
    return finish_decoding(call, &c, err, "fire");
}

static enum hub_err patch_order(struct api_call *call)
{
    struct order_command c;
    order_command_init(&c, ORDER_PATCH, &call->actor);
    c.order_id = call->id;
    c.expected_version = if_match(call);
    enum hub_err err = patch_decode(call->body, &c.patch, &c.expected_version, &c.arena, call->hub->text, &call->fault);
    return finish_decoding(call, &c, err, "patch");
}

static enum hub_err set_status(struct api_call *call, int kind, const char *operation)
{
    struct order_command c;
    order_command_init(&c, ORDER_STATUS, &call->actor);
    struct body {
        int status;
        int64_t version;
        bool notify;
    } body = {0, if_match(call), true};
    static const struct json_field fields[] = {
        {"status", JSON_NAME_OF, offsetof(struct body, status), 0, 0, status_names + 1, true},
        {"expected_version", JSON_INT, offsetof(struct body, version), 1, INT64_C(1) << 53, NULL, false},
        {"notify", JSON_BOOL, offsetof(struct body, notify), 0, 0, NULL, false},
    };
    enum hub_err err = json_decode(call->body, fields, 3, &body, NULL, &c.arena, call->hub->text, "", &call->fault);
    c.scope = (struct scope){kind, call->id};
    c.target = (enum status)(body.status + 1);
    c.expected_version = body.version;
    c.notify = body.notify;
    return finish_decoding(call, &c, err, operation);
}

static enum hub_err post_order_status(struct api_call *call)
{
    return set_status(call, SCOPE_ORDER, "order_status");
}
static enum hub_err post_ticket_status(struct api_call *call)
{
    return set_status(call, SCOPE_TICKET, "ticket_status");
}
static enum hub_err post_item_status(struct api_call *call)
{
    return set_status(call, SCOPE_ITEM, "item_status");
}

/* ---- reading ------------------------------------------------------------------------------------------------------
 */

static enum hub_err get_order(struct api_call *call)
{
    struct store *store = restaurant_reader(call->restaurant, &call->fault);
    if (!store) return call->fault.code;
    struct order order;
    enum hub_err err = store_read_begin(store);
    if (!err) err = store_order_load(store, &call->arena, call->id, &order);
    store_read_end(store);
    restaurant_reader_done(call->restaurant, store);
    if (err == HUB_NOT_FOUND)
        return fault_set(&call->fault, err, NULL, "There is no order with the id %lld.", (long long)call->id);
    if (err) return err;
    struct json_writer w;
    json_writer_init(&w);
    order_write(call->restaurant, &order, &w);
    http_res_header(call->res, "ETag", "\"%lld\"", (long long)order.version);
    return api_answer_writer(call, 200, &w);
}

static enum hub_err read_statuses(struct api_call *call, unsigned *statuses)
{
    char *list;
    enum hub_err err = api_query_text(call, "status", &list);
    for (char *at = err ? NULL : list, *next; at; at = next) {
        next = strchr(at, ',');
        if (next) *next++ = '\0';
        enum status status = status_from_name(at);
        if (!status)
            return fault_set(&call->fault, HUB_VALIDATION_ERROR, "status", "There is no status \"%.40s\".", at);
        *statuses |= 1u << status;
    }
    return err;
}

static enum hub_err read_query(struct api_call *call, struct order_query *q)
{
    int64_t limit = LIST_DEFAULT;
    char *station, *text;
    enum hub_err err = read_statuses(call, &q->statuses);
    if (!err) err = api_query_text(call, "station", &station);
    if (!err) err = api_query_text(call, "q", &text);
    if (!err) err = api_query_int(call, "table_id", 1, INT64_C(1) << 53, &q->table_id);
    if (!err) err = api_query_int(call, "cursor", 1, INT64_C(1) << 53, &q->before_id);
    if (!err) err = api_query_int(call, "limit", 1, LIST_MAX, &limit);
    if (!err) err = api_query_day(call, "day", &q->day);
    if (err) return err;
    q->station = station;
    q->text = text;
    q->limit = (int)limit;
    return HUB_OK;
}

static enum hub_err write_list(struct api_call *call, struct store *store, struct order_query *q, struct json_writer *w)
{
    int64_t *ids;
    size_t count, shown = (size_t)q->limit;
    q->limit++; /* one more tells whether there is a next page */
    enum hub_err err = store_order_ids(store, q, &call->arena, &ids, &count);
    if (err) return err;
    json_begin_object(w);
    json_key(w, "orders");
    json_begin_array(w);
    for (size_t i = 0; i < count && i < shown && !err; i++) {
        struct order order;
        err = store_order_load(store, &call->arena, ids[i], &order);
        if (!err) order_write(call->restaurant, &order, w);
    }
    json_end_array(w);
    char cursor[24];
    if (count > shown) snprintf(cursor, sizeof cursor, "%lld", (long long)ids[shown - 1]);
    json_put_string(w, "next_cursor", count > shown ? cursor : NULL);
    json_end_object(w);
    return err;
}

static enum hub_err get_orders(struct api_call *call)
{
    struct order_query q = {0};
    enum hub_err err = read_query(call, &q);
    struct store *store = err ? NULL : restaurant_reader(call->restaurant, &call->fault);
    if (!store) return call->fault.code;
    struct json_writer w;
    json_writer_init(&w);
    err = store_read_begin(store);
    if (!err) err = write_list(call, store, &q, &w);
    store_read_end(store);
    restaurant_reader_done(call->restaurant, store);
    if (!err) return api_answer_writer(call, 200, &w);
    json_writer_finish(&w);
    return err;
}

const struct route order_routes[] = {
    {"GET", "/orders", ROLES_ANY, BODY_NONE, get_orders},
    {"POST", "/orders", ROLES_WAITER, BODY_JSON, post_order},
    {"GET", "/orders/{id}", ROLES_ANY, BODY_NONE, get_order},
    {"PATCH", "/orders/{id}", ROLES_WAITER, BODY_JSON, patch_order},
    {"POST", "/orders/{id}/items", ROLES_WAITER, BODY_JSON, post_items},
    {"POST", "/orders/{id}/void", ROLES_WAITER, BODY_JSON, post_void},
    {"POST", "/orders/{id}/fire", ROLES_WAITER, BODY_JSON, post_fire},
    {"POST", "/orders/{id}/status", ROLES_STAFF, BODY_JSON, post_order_status},
    {"POST", "/tickets/{id}/status", ROLES_STAFF, BODY_JSON, post_ticket_status},
    {"POST", "/items/{id}/status", ROLES_STAFF, BODY_JSON, post_item_status},
    {0},
};
