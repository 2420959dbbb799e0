/* SPDX-License-Identifier: MIT */
/* All live connections of one restaurant: who is connected, limits, ending them. Any thread. */
#ifndef HUB_LIVE_HUB_H
#define HUB_LIVE_HUB_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hub/feed.h"
#include "hub/json.h"
#include "hub/live.h"
#include "hub/role.h"

struct restaurant;
struct store;

struct live_hub {
    struct restaurant *restaurant;
    pthread_mutex_t lock;
    struct live_conn *first; /* live_conn::next */
    int sockets, polls;
    int64_t last_client_id;
};

struct live_conn {
    struct feed_sub sub; /* first: the feed hands it back */
    struct restaurant *restaurant;
    struct live_conn *next, *previous; /* live_hub::first */
    struct actor actor;
    int64_t credential_id, client_id, connected_at_ms;
    char remote[64];
    bool poll;
    bool has_since;
    uint64_t since;
    char log[37];
    int64_t wait_ms, limit;
    pthread_mutex_t lock; /* guards sink, references and answered */
    struct live_sink *sink;
    int references;
    bool answered;              /* a poll got its answer */
    bool sees_figures;          /* a socket that gets metrics_update; fixed after live_conn_query() */
    atomic_ullong figures_mark; /* of the figures it was shown last; 0 = none yet */
    atomic_bool started;        /* its first frames are queued and it is subscribed */
    int64_t bad_since_ms;       /* epoll thread only */
    int bad_frames;
};

struct live_hub *live_hub_create(struct restaurant *restaurant);
void live_hub_destroy(struct live_hub *live);
/* A new connection, counted; NULL with RATE_LIMITED or UNAVAILABLE when there are too many. */
struct live_conn *live_conn_create(struct restaurant *restaurant, bool poll, const struct actor *actor,
    int64_t credential_id, const char *remote, struct fault *fault);
void live_conn_ref(struct live_conn *conn);
void live_conn_unref(struct live_conn *conn);
/* Copies and sends, if the socket is still there. */
void live_conn_send(struct live_conn *conn, const char *text, size_t length);
void live_conn_close(struct live_conn *conn, int code, const char *reason);
/* Closes the sockets of a credential (credential_id) or of a client (client_id); true if there was one. */
bool live_hub_close(struct live_hub *live, int64_t credential_id, int64_t client_id, int code, const char *reason);
/* Writer's thread: shows every socket the whole picture anew, for news that cannot be written to the log. */
void live_hub_refresh(struct live_hub *live);
/* Reads since, log, station, status and topics of a query. */
enum hub_err live_conn_query(struct live_conn *conn, const char *query, struct fault *fault);

/*
 * Writes a sync_state of what this connection may see, as of *seq. The store must be in a stable view: inside
 * store_read_begin(), or the writer's own between two batches.
 */
enum hub_err live_snapshot(struct live_conn *conn, struct store *store, const char *reason, const char *request_id,
    uint64_t *seq, struct json_writer *w);
/* Why a resume is refused; NULL when it is fine. */
const char *live_resume_refused(struct live_conn *conn, uint64_t last);

#endif
