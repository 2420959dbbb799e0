/* SPDX-License-Identifier: MIT */
/*
 * The HTTP side of the box: listens for staff and, on a second address, for guests; serves the built pages; hands API
 * calls to api_handle() and keeps WebSockets and waiting polls (hub/live.h) on one thread of its own.
 */
#ifndef DRIVERS_HTTP_CIVETWEB_FRONT_DOOR_H
#define DRIVERS_HTTP_CIVETWEB_FRONT_DOOR_H

#include <stdbool.h>
#include <stdint.h>

#include "hub/err.h"

struct hub;
struct front_door;

/* 0 or NULL picks the default of each. Texts are borrowed until front_door_close(). */
struct front_door_config {
    const char *listen;         /* "127.0.0.1:8080"; port 0 picks a free one, "*:8080" is every address */
    const char *guest_listen;   /* NULL: no guest door */
    const char *web_dir;        /* the built pages; NULL or missing: a page that says how to build them */
    int max_sockets;            /* WebSockets and waiting polls of both doors together; default 1024 */
    int workers, guest_workers; /* threads that answer requests; default 24 and 16 */
    int max_per_address;        /* connections in a worker's hand from one address; default 12; loopback is exempt */
    int body_timeout_ms;        /* a request's body must be in; default 10000 */
    int answer_timeout_ms;      /* an answer must be taken; default 30000 */
    int ping_ms, silence_ms;    /* default 15000 and 45000 */
    bool behind_proxy;          /* believe X-Forwarded-For and -Proto of peers on loopback */
};

/*
 * Opens both doors. From now on api_handle() and live_*() are called by the door's threads. UNAVAILABLE (the fault says
 * what to do) when an address is taken, not ours, not allowed or not an address.
 */
enum hub_err front_door_open(
    struct hub *hub, const struct front_door_config *config, struct front_door **out, struct fault *fault);
int front_door_port(const struct front_door *door);
int front_door_guest_port(const struct front_door *door); /* 0 without a guest door */

/*
 * Stops accepting, lets running requests end, answers waiting polls, sends what is queued and then 1001 to every
 * WebSocket. Returns when all threads are gone, within 5 s if no handler blocks. The writer must still run.
 */
void front_door_stop(struct front_door *door);
/* Stops if need be, frees. NULL is fine. */
void front_door_close(struct front_door *door);

/* Since the start, both doors together; any thread. */
struct front_door_stats {
    uint64_t requests;        /* answered */
    uint64_t connections_cut; /* too slow with a request or an answer, silent, or too many from one address */
    uint64_t sockets_opened;
    uint64_t sockets_slow;   /* closed with 4408: their queue was full */
    uint64_t sockets_silent; /* closed for 45 s of silence */
    uint64_t frames_sent, bytes_sent;
    uint64_t push_us_total, push_us_max; /* from send() until the kernel took it, over frames_sent */
    int sockets, polls;                  /* open now */
    int connections;                     /* in a worker's hand now */
    uint64_t queued_frames;              /* in all queues now */
};
void front_door_stats(struct front_door *door, struct front_door_stats *out);

#endif
