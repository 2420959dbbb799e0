/* SPDX-License-Identifier: MIT */
/* Inside of the front door: one request's way from civetweb to the hub and back. */
#ifndef DRIVERS_HTTP_CIVETWEB_DOOR_H
#define DRIVERS_HTTP_CIVETWEB_DOOR_H

#include <civetweb.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "drivers/http_civetweb/front_door.h"
#include "drivers/http_civetweb/sockets.h"
#include "hub/http.h"

enum {
    BODY_MAX = 256 << 10,
    DISCARD_MAX = 2 << 20,
    ADDRESS_MAX = 48,
    TAKEN_OVER_FROM = 1024 /* sockets taken over get numbers from here, so that a scan for civetweb's stays short */
};

/* A connection in a civetweb worker's hand. Kept in the door's list while its descriptor is open. */
struct visit {
    struct visit *next, *previous;
    struct entrance *entrance;
    int fd; /* civetweb's; -1 before the first request, or not found. Written under visits_lock by its worker alone */
    bool begun;               /* its first request is in; written likewise */
    char remote[ADDRESS_MAX]; /* from the first request on; written likewise */
    int64_t opened_ms;
    int64_t deadline_ms; /* guarded by visits_lock; 0 = none */
    bool answering;      /* guarded by visits_lock: the deadline is the answer's, not the body's */
    atomic_bool cut;     /* the deadline passed, or it was refused */
};

/* One civetweb context: a bulkhead. */
struct entrance {
    struct front_door *door;
    struct mg_context *context;
    int listener;    /* civetweb's descriptor */
    atomic_int port; /* 0 until civetweb has opened it: threads look while it does */
    int workers;
    bool guest;
    atomic_int visits;
};

struct front_door {
    struct hub *hub;
    struct front_door_config config;
    struct sockets *sockets;
    int web_dir; /* descriptor of the built pages, or -1 */
    struct entrance staff, guests;
    pthread_mutex_t visits_lock;
    struct visit *visits;
    atomic_bool stopping;
    bool stopped;
    atomic_ullong requests, cut;
    char start_message[160]; /* what civetweb said while it started */
    atomic_bool started;
};

/* --- listener.c --- */
/* Splits and checks "ADDR:PORT" by binding it for a moment; `text` gets it in civetweb's form. */
enum hub_err listener_check(const char *listen, char *text, size_t size, struct fault *fault);
/* Finds the entrance's listening descriptor, and sets on it what accepted sockets inherit. */
void listener_tune(struct entrance *entrance);
/* The descriptor of an accepted connection, by both ends; -1 when it is gone. */
int connection_find(const char *remote, int remote_port, int local_port);
struct accepted {
    int fd;
    bool silent; /* not a byte came, for `silent_ms` or longer */
    char remote[ADDRESS_MAX];
};
/* Every connection that civetweb has accepted on one of the door's ports, those waiting for a worker included. */
void connections_scan(
    const struct front_door *door, int silent_ms, void (*each)(struct accepted *one, void *data), void *data);

/* --- visit.c --- */
struct visit *visit_open(struct entrance *entrance);
/* At each request: finds the descriptor when it is the first. False: too many from one address. */
bool visit_begin(struct visit *visit, const struct mg_request_info *info);
void visit_close(struct visit *visit);
/* Starts or (ms = 0) ends the time allowed for the body or for taking the answer. */
void visit_limit(struct visit *visit, int ms, bool answering);
/*
 * Ends the connection after what was sent. With `reset` at once: a client in the midst of a huge upload would else sit
 * before a closed window for minutes.
 */
void visit_hang_up(struct visit *visit, bool reset);
/* The epoll thread's tick: cuts what is late; ms until it wants to look again, or -1. */
int visits_tick(void *door, int64_t now_ms);
/* Ends all reading, so that idle keep-alive connections let their workers go. */
void visits_stop(struct front_door *door);
/*
 * Takes the socket away from civetweb, which is left with one that is closed. The caller's now. -1 on failure (errno),
 * with nothing changed.
 */
int visit_take_over(struct visit *visit);

/* --- request.c --- */
struct request {
    struct http_req req;
    struct visit *visit;
    struct mg_connection *connection;
    const struct mg_request_info *info;
    char *path, *body;
    char remote[ADDRESS_MAX];
    bool head;       /* HEAD: no body in the answer */
    bool unread;     /* some of the request's body was not read: the connection must end */
    bool flood;      /* so much is unread that the connection must be reset */
    bool taken_over; /* by upgrade.c: nothing is to be answered */
};
/* civetweb's begin_request: answers everything. */
int request_serve(struct mg_connection *connection);
/* civetweb's http_error: its own refusals in our form. */
int request_refused(struct mg_connection *connection, int status, const char *message);
/* An RFC 9457 problem for what the error table of hub/err.h does not name. */
void request_problem(struct http_res *res, int status, const char *code, const char *title, const char *detail);
bool address_is_loopback(const char *address);
bool header_has_token(const char *header, const char *token);

/* --- upgrade.c --- */
/* Is this the WebSocket's path (with or without /r/{slug})? */
bool upgrade_path(const char *path);
/* Fills `res` with a refusal, or takes the connection over. */
void upgrade_serve(struct request *request, struct http_res *res);
/* Takes the connection of a waiting poll over; on failure `res` is the refusal. */
void upgrade_park(struct request *request, struct http_res *res);

/* --- static_files.c --- */
void static_serve(const struct front_door *door, const struct http_req *req, struct http_res *res);

#endif
