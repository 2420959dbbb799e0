/* SPDX-License-Identifier: MIT */
#include "hub/live.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hub/api/auth.h"
#include "hub/credentials.h"
#include "hub/frame.h"
#include "hub/hub.h"
#include "hub/live_hub.h"
#include "hub/metrics.h"
#include "hub/port/clock.h"
#include "hub/port/store.h"
#include "hub/port/store_events.h"
#include "hub/restaurant.h"

enum { HEARTBEAT_S = 15, PAGE = 500 };

/* ---- opening ------------------------------------------------------------------------------------------------------
 */

static enum hub_err identify(struct hub *hub, const struct http_req *req, struct restaurant *r, struct actor *actor,
    int64_t *credential_id, struct fault *fault)
{
    if (!host_allowed(hub, req)) return fault_set(fault, HUB_FORBIDDEN, "Host", "The box does not go by that name.");
    int origin = origin_of_request(req);
    if (origin < 0) return fault_set(fault, HUB_FORBIDDEN, "Origin", "This page comes from another web site.");
    char *token = http_query_get(req->query, "token"), *ticket = http_query_get(req->query, "ticket");
    enum hub_err err;
    if (ticket)
        err = credentials_ticket_take(r->credentials, ticket, actor, credential_id, fault);
    else
        err = api_authenticate(r, req, token, actor, credential_id, fault);
    if (!err && origin == 0 && !token && !ticket && !req->header(req, "Authorization"))
        err = fault_set(fault, HUB_FORBIDDEN, "Origin", "Without an Origin only a token opens a socket.");
    if (!err && !role_in(actor->role, ROLES_ANY))
        err = fault_set(fault, HUB_FORBIDDEN, NULL, "Guests have no live connection.");
    free(token);
    free(ticket);
    return err;
}

int live_open(struct hub *hub, const struct http_req *req, struct live_conn **out, struct http_res *res)
{
    struct fault fault = {0};
    struct actor actor = {0};
    int64_t credential_id = 0;
    const char *rest;
    struct restaurant *r = restaurant_of_path(hub, req->path, &rest);
    enum hub_err err =
        r ? HUB_OK : fault_set(&fault, HUB_NOT_FOUND, NULL, "There is no restaurant of that name on this box.");
    if (!err && req->guest_door)
        err = fault_set(&fault, HUB_NOT_FOUND, NULL, "There is nothing at this address for guests.");
    if (!err) err = identify(hub, req, r, &actor, &credential_id, &fault);
    *out = err ? NULL : live_conn_create(r, false, &actor, credential_id, req->remote, &fault);
    if (*out && (err = live_conn_query(*out, req->query, &fault))) {
        live_closed(*out);
        *out = NULL;
    }
    if (*out) return HUB_OK;
    api_problem(res, &fault);
    err = fault.code;
    fault_finish(&fault);
    return err;
}

/* ---- the first frames ---------------------------------------------------------------------------------------------
 */

static void greet(struct live_conn *conn)
{
    struct restaurant *r = conn->restaurant;
    struct json_writer w;
    json_writer_init(&w);
    json_begin_object(&w);
    json_put_string(&w, "type", "connection_established");
    json_put_string(&w, "restaurant_id", r->slug);
    json_put_string(&w, "role", role_name(conn->actor.role));
    char client_id[24];
    snprintf(client_id, sizeof client_id, "%lld", (long long)conn->client_id);
    json_put_string(&w, "client_id", client_id);
    json_put_int(&w, "protocol", 1);
    json_put_int(&w, "heartbeat_s", HEARTBEAT_S);
    json_key(&w, "server_time");
    json_time(&w, clock_wall_ms(r->hub->clock));
    json_put_string(&w, "log_id", r->log_id);
    json_end_object(&w);
    if (!w.failed) live_conn_send(conn, w.text, w.length);
    json_writer_finish(&w);
}

static void deliver(struct feed_sub *sub, struct event *event)
{
    struct live_conn *conn = (struct live_conn *)sub;
    struct frame *frame = event_frame(event, sub->view);
    if (frame)
        conn->sink->ops->send(conn->sink, frame);
    else
        conn->sink->ops->close(conn->sink, LIVE_CLOSE_SLOW, "out of memory");
}

static void flush(struct feed_sub *sub)
{
    struct live_conn *conn = (struct live_conn *)sub;
    conn->sink->ops->flush(conn->sink);
}

/* From the log on disk up to where the feed takes over; *since is moved on. */
static enum hub_err replay(struct live_conn *conn, struct store *store, uint64_t *since)
{
    size_t count;
    struct event **events = calloc(PAGE, sizeof *events);
    enum hub_err err = events ? HUB_OK : HUB_UNAVAILABLE;
    do {
        count = 0;
        if (!err) err = store_event_read(store, *since, events, PAGE, &count);
        for (size_t i = 0; i < count; i++) {
            *since = events[i]->seq;
            if (event_matches(events[i]->route, events[i]->topic, &conn->sub.filter)) deliver(&conn->sub, events[i]);
            event_unref(events[i]);
        }
    } while (!err && count == PAGE);
    free(events);
    return err;
}

static enum hub_err send_snapshot(struct live_conn *conn, struct store *store, const char *reason, uint64_t *seq)
{
    struct json_writer w;
    json_writer_init(&w);
    enum hub_err err = store_read_begin(store);
    if (!err) err = live_snapshot(conn, store, reason, NULL, seq, &w);
    store_read_end(store);
    if (!err) live_conn_send(conn, w.text, w.length);
    json_writer_finish(&w);
    return err;
}

/* metrics_update, to those who have not seen these figures yet. */
static void tell(struct feed_sub *sub, const void *data)
{
    struct live_conn *conn = (struct live_conn *)sub;
    const struct metrics_news *news = data;
    if (!conn->sees_figures || atomic_exchange(&conn->figures_mark, news->mark) == news->mark) return;
    conn->sink->ops->send(conn->sink, news->frame);
}

static void start(struct live_conn *conn)
{
    struct restaurant *r = conn->restaurant;
    const char *reason = live_resume_refused(conn, feed_last_seq(r->feed));
    uint64_t since = conn->since;
    if (!reason && feed_subscribe(r->feed, &conn->sub, since)) return;
    struct store *store = restaurant_reader(r, NULL);
    enum hub_err err = store ? HUB_OK : HUB_UNAVAILABLE;
    if (!err) err = reason ? send_snapshot(conn, store, reason, &since) : replay(conn, store, &since);
    /* A burst longer than the ring between snapshot and subscription is replayed from the log. */
    while (!err && !feed_subscribe(r->feed, &conn->sub, since))
        err = replay(conn, store, &since);
    if (store) restaurant_reader_done(r, store);
    if (err) live_conn_close(conn, LIVE_CLOSE_SLOW, "try again");
}

void live_start(struct live_conn *conn, struct live_sink *sink)
{
    conn->sink = sink;
    conn->sub.deliver = deliver;
    conn->sub.flush = flush;
    conn->sub.tell = tell;
    greet(conn);
    start(conn);
    atomic_store(&conn->started, true);
    if (conn->sees_figures) metrics_joined(conn->restaurant->metrics);
}

/* ---- long polls ---------------------------------------------------------------------------------------------------
 */

/* Sends one HTTP answer; the feed lock may be held. */
static void answer_poll(struct live_conn *conn, struct event *event, uint64_t seq)
{
    if (conn->answered || !conn->sink) return;
    conn->answered = true;
    struct json_writer w;
    json_writer_init(&w);
    json_begin_object(&w);
    json_key(&w, "events");
    json_begin_array(&w);
    struct frame *shown = event ? event_frame(event, conn->sub.view) : NULL;
    if (shown) json_raw(&w, frame_text(shown), shown->length);
    json_end_array(&w);
    json_put_int(&w, "seq", (int64_t)seq);
    json_end_object(&w);
    struct http_res res;
    http_res_init(&res);
    size_t length, wire_length;
    char *body = json_writer_take(&w, &length);
    http_res_json(&res, 200, body, length);
    char *wire = http_res_render(&res, false, false, &wire_length);
    struct frame *frame = wire ? frame_create(wire, wire_length) : NULL;
    if (frame) conn->sink->ops->send(conn->sink, frame);
    conn->sink->ops->close(conn->sink, 0, "");
    frame_unref(frame);
    free(wire);
    http_res_finish(&res);
}

static void deliver_poll(struct feed_sub *sub, struct event *event)
{
    struct live_conn *conn = (struct live_conn *)sub;
    answer_poll(conn, event, event->seq);
}

void live_park(struct live_conn *conn, struct live_sink *sink, int64_t *wait_ms)
{
    pthread_mutex_lock(&conn->lock);
    conn->sink = sink;
    pthread_mutex_unlock(&conn->lock);
    conn->sub.deliver = deliver_poll;
    conn->sub.flush = flush;
    *wait_ms = conn->wait_ms;
    if (!feed_subscribe(conn->restaurant->feed, &conn->sub, conn->since)) *wait_ms = 1;
}

void live_expired(struct live_conn *conn)
{
    feed_unsubscribe(conn->restaurant->feed, &conn->sub);
    answer_poll(conn, NULL, conn->since);
}

void live_closed(struct live_conn *conn)
{
    struct live_hub *live = conn->restaurant->live;
    feed_unsubscribe(conn->restaurant->feed, &conn->sub);
    pthread_mutex_lock(&live->lock);
    if (conn->previous)
        conn->previous->next = conn->next;
    else
        live->first = conn->next;
    if (conn->next) conn->next->previous = conn->previous;
    *(conn->poll ? &live->polls : &live->sockets) -= 1;
    pthread_mutex_unlock(&live->lock);
    if (conn->sees_figures) metrics_watchers(conn->restaurant->metrics, -1);
    pthread_mutex_lock(&conn->lock);
    conn->sink = NULL;
    pthread_mutex_unlock(&conn->lock);
    live_conn_unref(conn);
}
