/* SPDX-License-Identifier: MIT */
#include "fake_hub.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "hub/api/call.h"
#include "hub/frame.h"
#include "hub/live.h"

struct live_conn {
    struct fake_hub *fake;
    struct live_sink *sink;
    struct live_conn *next, *previous;
    bool poll, linked, answered;
};

static struct live_conn *conn_create(struct fake_hub *fake, bool poll)
{
    struct live_conn *conn = calloc(1, sizeof *conn);
    assert_non_null(conn);
    conn->fake = fake;
    conn->poll = poll;
    atomic_fetch_add(&fake->open_conns, 1);
    atomic_fetch_add(&fake->opened, 1);
    return conn;
}

/* Caller holds the lock. */
static void conn_link(struct live_conn *conn, struct live_sink *sink)
{
    conn->sink = sink;
    conn->linked = true;
    conn->next = conn->fake->conns;
    if (conn->next) conn->next->previous = conn;
    conn->fake->conns = conn;
}

static void send_text(struct live_conn *conn, const char *text, size_t length)
{
    struct frame *frame = frame_create(text, length);
    assert_non_null(frame);
    conn->sink->ops->send(conn->sink, frame);
    frame_unref(frame);
}

int live_open(struct hub *hub, const struct http_req *req, struct live_conn **out, struct http_res *res)
{
    struct fake_hub *fake = (struct fake_hub *)hub;
    if (req->query && strstr(req->query, "token=bad")) {
        struct fault fault = {0};
        fault_set(&fault, HUB_UNAUTHENTICATED, NULL, "Sign in first.");
        api_problem(res, &fault);
        return HUB_UNAUTHENTICATED;
    }
    *out = conn_create(fake, false);
    return HUB_OK;
}

void live_start(struct live_conn *conn, struct live_sink *sink)
{
    struct fake_hub *fake = conn->fake;
    pthread_mutex_lock(&fake->lock);
    conn_link(conn, sink);
    if (fake->first_size) {
        char *text = malloc(fake->first_size);
        assert_non_null(text);
        memset(text, 'x', fake->first_size);
        send_text(conn, text, fake->first_size);
        free(text);
    } else {
        send_text(conn, "hello", 5);
    }
    for (int i = 0; i < fake->backlog; i++) {
        char text[16];
        send_text(conn, text, (size_t)snprintf(text, sizeof text, "b%d", i));
    }
    pthread_mutex_unlock(&fake->lock);
}

static void answer_poll(struct live_conn *conn, const char *body)
{
    if (conn->answered) return;
    conn->answered = true;
    struct http_res res;
    size_t length = 0;
    http_res_init(&res);
    http_res_json(&res, 200, strdup(body), strlen(body));
    char *wire = http_res_render(&res, false, false, &length);
    assert_non_null(wire);
    send_text(conn, wire, length);
    conn->sink->ops->close(conn->sink, 0, "answered");
    free(wire);
    http_res_finish(&res);
}

void live_park(struct live_conn *conn, struct live_sink *sink, int64_t *wait_ms)
{
    pthread_mutex_lock(&conn->fake->lock);
    conn_link(conn, sink);
    *wait_ms = conn->fake->poll_wait_ms;
    pthread_mutex_unlock(&conn->fake->lock);
}

void live_message(struct live_conn *conn, const char *text, size_t length)
{
    struct fake_hub *fake = conn->fake;
    atomic_store(&fake->last_message_length, length);
    atomic_fetch_add(&fake->messages, 1);
    if (length == 4 && !memcmp(text, "kick", 4)) {
        conn->sink->ops->close(conn->sink, LIVE_CLOSE_CREDENTIALS, "signed out");
        return;
    }
    if (length > 1000) return;
    send_text(conn, text, length);
    conn->sink->ops->flush(conn->sink);
}

void live_expired(struct live_conn *conn)
{
    atomic_fetch_add(&conn->fake->expired, 1);
    pthread_mutex_lock(&conn->fake->lock);
    answer_poll(conn, "{\"events\":[]}");
    pthread_mutex_unlock(&conn->fake->lock);
}

void live_closed(struct live_conn *conn)
{
    struct fake_hub *fake = conn->fake;
    pthread_mutex_lock(&fake->lock);
    if (conn->linked) {
        if (conn->previous)
            conn->previous->next = conn->next;
        else
            fake->conns = conn->next;
        if (conn->next) conn->next->previous = conn->previous;
    }
    pthread_mutex_unlock(&fake->lock);
    free(conn);
    atomic_fetch_sub(&fake->open_conns, 1);
    atomic_fetch_add(&fake->closed, 1);
}

void api_problem(struct http_res *res, const struct fault *fault)
{
    char text[512];
    int length = snprintf(
        text, sizeof text, "{\"status\":%d,\"code\":\"%s\"}", hub_err_status(fault->code), hub_err_name(fault->code));
    http_res_json(res, hub_err_status(fault->code), strdup(text), (size_t)length);
    res->content_type = "application/problem+json";
}

void api_handle(struct hub *hub, const struct http_req *req, struct http_res *res)
{
    struct fake_hub *fake = (struct fake_hub *)hub;
    pthread_mutex_lock(&fake->lock);
    snprintf(fake->last_remote, sizeof fake->last_remote, "%s", req->remote);
    fake->last_secure = req->secure;
    fake->last_guest = req->guest_door;
    pthread_mutex_unlock(&fake->lock);
    if (strstr(req->path, "/events")) {
        res->parked = conn_create(fake, true);
    } else if (strstr(req->path, "/echo")) {
        char *copy = malloc(req->body_length + 1);
        assert_non_null(copy);
        if (req->body_length) memcpy(copy, req->body, req->body_length);
        http_res_json(res, 200, copy, req->body_length);
    } else if (strstr(req->path, "/big")) {
        char *big = malloc(8 << 20);
        assert_non_null(big);
        memset(big, ' ', 8 << 20);
        http_res_json(res, 200, big, 8 << 20);
    } else if (strstr(req->path, "/health")) {
        http_res_json(res, 200, strdup("{\"status\":\"ok\"}"), 15);
    } else {
        struct fault fault = {.code = HUB_NOT_FOUND};
        api_problem(res, &fault);
    }
}

void fake_hub_broadcast(struct fake_hub *fake, const char *text, size_t length)
{
    struct frame *frame = frame_create(text, length);
    assert_non_null(frame);
    struct live_conn *last = NULL;
    pthread_mutex_lock(&fake->lock);
    for (struct live_conn *conn = fake->conns; conn; conn = conn->next) {
        if (conn->poll) continue;
        conn->sink->ops->send(conn->sink, frame);
        last = conn;
    }
    if (last) last->sink->ops->flush(last->sink);
    pthread_mutex_unlock(&fake->lock);
    frame_unref(frame);
}

void fake_hub_wake_polls(struct fake_hub *fake)
{
    pthread_mutex_lock(&fake->lock);
    for (struct live_conn *conn = fake->conns; conn; conn = conn->next)
        if (conn->poll) answer_poll(conn, "{\"events\":[1]}");
    pthread_mutex_unlock(&fake->lock);
}

void fake_hub_lag(struct fake_hub *fake, size_t *queued, int64_t *silent_ms)
{
    pthread_mutex_lock(&fake->lock);
    assert_non_null(fake->conns);
    fake->conns->sink->ops->lag(fake->conns->sink, queued, silent_ms);
    pthread_mutex_unlock(&fake->lock);
}

/* Waits for as long as it takes, within reason; a test that waits in vain fails here. */
void fake_hub_wait_for(atomic_int *value, int wanted)
{
    for (int i = 0; i < 6000 && atomic_load(value) != wanted; i++)
        usleep(5000);
    assert_int_equal(atomic_load(value), wanted);
}

void fake_hub_init(struct fake_hub *fake)
{
    memset(fake, 0, sizeof *fake);
    log_init(&fake->hub.log, LOG_LEVEL_WARNING);
    pthread_mutex_init(&fake->lock, NULL);
    fake->poll_wait_ms = 25000;
}

void fake_hub_open(struct fake_hub *fake, const struct front_door_config *config)
{
    struct front_door_config own = config ? *config : (struct front_door_config){0};
    struct fault fault = {0};
    if (!own.listen) own.listen = "127.0.0.1:0";
    if (front_door_open(&fake->hub, &own, &fake->door, &fault)) fail_msg("%s", fault.detail);
    assert_true(front_door_port(fake->door) > 0);
}

void fake_hub_close(struct fake_hub *fake)
{
    front_door_close(fake->door);
    assert_int_equal(atomic_load(&fake->open_conns), 0);
    assert_null(fake->conns);
    pthread_mutex_destroy(&fake->lock);
}
