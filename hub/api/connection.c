/* SPDX-License-Identifier: MIT */
/* /events and /ws/orders/live/...: the log by HTTP, and who is connected. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hub/api/answer.h"
#include "hub/api/query.h"
#include "hub/frame.h"
#include "hub/hub.h"
#include "hub/live_hub.h"
#include "hub/order_json.h"
#include "hub/port/store.h"
#include "hub/port/store_events.h"
#include "hub/restaurant.h"

enum { PAGE_MAX = 500, WAIT_MAX_S = 25 };

static void begin(struct json_writer *w)
{
    json_writer_init(w);
    json_begin_object(w);
    json_key(w, "events");
    json_begin_array(w);
}

static enum hub_err finish(struct api_call *call, struct json_writer *w, uint64_t seq)
{
    json_end_array(w);
    json_put_int(w, "seq", (int64_t)seq);
    json_end_object(w);
    size_t length;
    char *text = json_writer_take(w, &length);
    http_res_json(call->res, 200, text, length); /* the frames are redacted already */
    return text ? HUB_OK : HUB_UNAVAILABLE;
}

static enum hub_err read_page(
    struct live_conn *conn, struct store *store, size_t limit, size_t *shown, uint64_t *last, struct json_writer *w)
{
    struct event **events = calloc(PAGE_MAX, sizeof *events);
    size_t count = 0;
    enum hub_err err = events ? store_event_read(store, conn->since, events, PAGE_MAX, &count) : HUB_UNAVAILABLE;
    for (size_t i = 0; i < count; i++) {
        if (!err && *shown < limit) {
            *last = events[i]->seq;
            struct frame *frame = event_matches(events[i]->route, events[i]->topic, &conn->sub.filter)
                                      ? event_frame(events[i], conn->sub.view)
                                      : NULL;
            if (frame) {
                json_raw(w, frame_text(frame), frame->length);
                (*shown)++;
            }
        }
        event_unref(events[i]);
    }
    free(events);
    return err;
}

static enum hub_err answer_now(
    struct api_call *call, struct live_conn *conn, struct store *store, size_t limit, int64_t wait_s, bool *park)
{
    struct json_writer w;
    uint64_t last = conn->since;
    size_t shown = 0;
    enum hub_err err = store_read_begin(store);
    uint64_t newest = 0;
    if (!err) err = store_event_last(store, &newest);
    const char *reason = live_resume_refused(conn, newest);
    begin(&w);
    if (!err && reason) {
        struct json_writer snapshot;
        json_writer_init(&snapshot);
        err = live_snapshot(conn, store, reason, NULL, &last, &snapshot);
        if (!err) json_raw(&w, snapshot.text, snapshot.length);
        json_writer_finish(&snapshot);
    } else if (!err) {
        err = read_page(conn, store, limit, &shown, &last, &w);
    }
    store_read_end(store);
    *park = !err && !reason && !shown && wait_s > 0;
    conn->since = last;
    if (!err && !*park) return finish(call, &w, last);
    json_writer_finish(&w);
    return err;
}

static enum hub_err get_events(struct api_call *call)
{
    int64_t limit = PAGE_MAX, wait_s = 0;
    enum hub_err err = api_query_int(call, "limit", 1, PAGE_MAX, &limit);
    if (!err) err = api_query_int(call, "wait_s", 0, WAIT_MAX_S, &wait_s);
    if (err) return err;
    struct live_conn *conn =
        live_conn_create(call->restaurant, true, &call->actor, call->credential_id, call->req->remote, &call->fault);
    if (!conn) return call->fault.code;
    bool park = false;
    err = live_conn_query(conn, call->req->query, &call->fault);
    struct store *store = err ? NULL : restaurant_reader(call->restaurant, &call->fault);
    if (store) {
        err = answer_now(call, conn, store, (size_t)limit, wait_s, &park);
        restaurant_reader_done(call->restaurant, store);
    } else if (!err) {
        err = call->fault.code;
    }
    conn->wait_ms = wait_s * 1000;
    if (park)
        call->res->parked = conn;
    else
        live_closed(conn);
    return err;
}

static enum hub_err get_status(struct api_call *call)
{
    struct live_hub *live = call->restaurant->live;
    struct json_writer w;
    json_writer_init(&w);
    pthread_mutex_lock(&live->lock);
    int sockets = live->sockets, polls = live->polls;
    pthread_mutex_unlock(&live->lock);
    json_begin_object(&w);
    json_put_int(&w, "connections", sockets);
    json_put_int(&w, "polls", polls);
    json_put_int(&w, "max_sockets", call->hub->config.max_sockets);
    json_put_int(&w, "max_sockets_per_token", call->hub->config.max_sockets_per_token);
    json_end_object(&w);
    return api_answer_writer(call, 200, &w);
}

static void write_connection(struct live_conn *conn, struct json_writer *w)
{
    size_t queued = 0;
    int64_t silent_ms = 0;
    pthread_mutex_lock(&conn->lock);
    if (conn->sink && conn->sink->ops->lag) conn->sink->ops->lag(conn->sink, &queued, &silent_ms);
    pthread_mutex_unlock(&conn->lock);
    json_begin_object(w);
    char client_id[24];
    snprintf(client_id, sizeof client_id, "%lld", (long long)conn->client_id);
    json_put_string(w, "client_id", client_id);
    json_key(w, "who");
    actor_write(&conn->actor, w);
    json_put_string(w, "role", role_name(conn->actor.role));
    json_put_string(w, "address", conn->remote);
    json_key(w, "since");
    json_time(w, conn->connected_at_ms);
    json_put_int(w, "lag", (int64_t)queued);
    json_end_object(w);
}

static enum hub_err get_connections(struct api_call *call)
{
    struct live_hub *live = call->restaurant->live;
    struct json_writer w;
    json_writer_init(&w);
    json_begin_object(&w);
    json_key(&w, "connections");
    json_begin_array(&w);
    pthread_mutex_lock(&live->lock);
    for (struct live_conn *c = live->first; c; c = c->next)
        if (!c->poll) write_connection(c, &w);
    pthread_mutex_unlock(&live->lock);
    json_end_array(&w);
    json_end_object(&w);
    return api_answer_writer(call, 200, &w);
}

static enum hub_err delete_connection(struct api_call *call)
{
    if (!live_hub_close(call->restaurant->live, 0, call->id, LIVE_CLOSE_RIGHTS, "disconnected by a manager"))
        return fault_set(
            &call->fault, HUB_NOT_FOUND, NULL, "There is no connection %lld any more.", (long long)call->id);
    call->res->status = 204;
    return HUB_OK;
}

/* The front door takes handshakes over before they get here (hub/live.h): this call came without one. */
static enum hub_err get_socket(struct api_call *call)
{
    return fault_set(&call->fault, HUB_VALIDATION_ERROR, "Upgrade",
        "This address speaks WebSocket: connect with the upgrade headers.");
}

const struct route event_routes[] = {{"GET", "/events", ROLES_ANY, BODY_NONE, get_events}, {0}};
const struct route connection_routes[] = {
    {"GET", "/ws/orders/live", ROLES_ANY, BODY_NONE, get_socket},
    {"GET", "/ws/orders/live/status", ROLES_MANAGER, BODY_NONE, get_status},
    {"GET", "/ws/orders/live/connections", ROLES_MANAGER, BODY_NONE, get_connections},
    {"DELETE", "/ws/orders/live/connections/{id}", ROLES_MANAGER, BODY_NONE, delete_connection},
    {0},
};
