/* SPDX-License-Identifier: MIT */
/*
 * Live connections, seen from both sides. The driver owns sockets (one epoll thread, a bounded queue each); the hub
 * owns who may see what. A WebSocket:
 *
 *   worker thread:  live_open()    checks credentials, Origin and limits, reserves a place. Refused: answer `res`.
 *                   ... the driver takes the socket over and sends the 101 ...
 *                   live_start()   queues connection_established, then the missed events or the snapshot, and
 * subscribes. epoll thread:   live_message() one whole text message; never blocks. live_closed()  the socket is gone;
 * the driver may free its sink when this returns.
 *
 * A waiting long poll: api_handle() returns res->parked; the driver takes the socket over, then live_park(). When an
 * event comes, the hub sends one frame through the sink whose *payload* is the whole HTTP response, then calls close().
 * When the time is over the driver calls live_expired(), which does the same with an empty list.
 */
#ifndef HUB_LIVE_H
#define HUB_LIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hub/http.h"

struct hub;
struct frame;
struct live_conn;

enum live_close {
    LIVE_CLOSE_GOING_AWAY = 1001,
    LIVE_CLOSE_PROTOCOL = 1002,
    LIVE_CLOSE_TOO_BIG = 1009,
    LIVE_CLOSE_CREDENTIALS = 4401,
    LIVE_CLOSE_RIGHTS = 4403,
    LIVE_CLOSE_SLOW = 4408
};

/* The driver's side of one connection. Calls may come from any thread, also with the hub's feed lock held: never block.
 */
struct live_sink;
struct live_sink_ops {
    /* Queues a reference to the frame. A full queue closes the socket by itself (4408); the call still returns. */
    void (*send)(struct live_sink *sink, struct frame *frame);
    /* Sends what is queued, then a close frame (WebSocket) or nothing (poll), and hangs up. */
    void (*close)(struct live_sink *sink, int code, const char *reason);
    /* Wakes the epoll thread once after a burst of send()s to many sinks of the same driver. */
    void (*flush)(struct live_sink *sink);
    /* For GET .../connections: frames queued and not yet written, ms since the last frame came from the client. */
    void (*lag)(struct live_sink *sink, size_t *queued, int64_t *silent_ms);
};
struct live_sink {
    const struct live_sink_ops *ops;
};

/* Any worker thread. HUB_OK: *out is set and must end in live_closed(). Else `res` is the refusal to send. */
int live_open(struct hub *hub, const struct http_req *req, struct live_conn **out, struct http_res *res);
/* Any worker thread, once; from now on the sink may be called until live_closed() returned. */
void live_start(struct live_conn *conn, struct live_sink *sink);
/* Any worker thread, once: subscribes a parked poll; *wait_ms is when to call live_expired(). */
void live_park(struct live_conn *conn, struct live_sink *sink, int64_t *wait_ms);
void live_message(struct live_conn *conn, const char *text, size_t length);
void live_expired(struct live_conn *conn);
/* After this returns the sink is never called again; `conn` must not be used any more. */
void live_closed(struct live_conn *conn);

#endif
