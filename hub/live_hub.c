/* SPDX-License-Identifier: MIT */
#include "hub/live_hub.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hub/credentials.h"
#include "hub/frame.h"
#include "hub/hub.h"
#include "hub/metrics.h"
#include "hub/port/clock.h"
#include "hub/restaurant.h"

enum { RESUME_MAX = 1000 };

static void revoked(void *data, int64_t credential_id)
{
    live_hub_close(data, credential_id, 0, LIVE_CLOSE_CREDENTIALS, "signed out");
}

struct live_hub *live_hub_create(struct restaurant *restaurant)
{
    struct live_hub *live = calloc(1, sizeof *live);
    if (!live) return NULL;
    live->restaurant = restaurant;
    pthread_mutex_init(&live->lock, NULL);
    if (restaurant->credentials) credentials_on_revoked(restaurant->credentials, revoked, live);
    return live;
}

void live_hub_destroy(struct live_hub *live)
{
    if (!live) return;
    pthread_mutex_destroy(&live->lock);
    free(live);
}

static bool same_person(const struct live_conn *conn, const struct actor *actor, int64_t credential_id)
{
    if (actor->kind == ACTOR_STAFF) return conn->actor.kind == ACTOR_STAFF && conn->actor.id == actor->id;
    return conn->credential_id == credential_id;
}

/* Lock held. */
static enum hub_err admit(struct live_hub *live, const struct live_conn *conn, struct fault *fault)
{
    const struct hub_config *config = &live->restaurant->hub->config;
    int own = 0;
    if (conn->poll) return HUB_OK;
    for (const struct live_conn *c = live->first; c; c = c->next)
        own += !c->poll && same_person(c, &conn->actor, conn->credential_id);
    if (live->sockets < config->max_sockets && own < config->max_sockets_per_token) return HUB_OK;
    fault_set(fault, HUB_UNAVAILABLE, NULL, "Too many screens are connected. Close one, or raise the limit.");
    fault->retry_after_s = 5;
    return HUB_UNAVAILABLE;
}

struct live_conn *live_conn_create(struct restaurant *restaurant, bool poll, const struct actor *actor,
    int64_t credential_id, const char *remote, struct fault *fault)
{
    struct live_hub *live = restaurant->live;
    struct live_conn *conn = calloc(1, sizeof *conn);
    if (!conn) {
        fault_set(fault, HUB_UNAVAILABLE, NULL, "Out of memory. Try again.");
        return NULL;
    }
    conn->restaurant = restaurant;
    conn->poll = poll;
    conn->actor = *actor;
    conn->credential_id = credential_id;
    conn->connected_at_ms = clock_wall_ms(restaurant->hub->clock);
    conn->references = 1;
    conn->sub.view = view_of_role(actor->role);
    event_filter_init(&conn->sub.filter);
    snprintf(conn->remote, sizeof conn->remote, "%s", remote ? remote : "");
    pthread_mutex_init(&conn->lock, NULL);
    pthread_mutex_lock(&live->lock);
    enum hub_err err = admit(live, conn, fault);
    if (!err) {
        conn->client_id = ++live->last_client_id;
        conn->next = live->first;
        if (live->first) live->first->previous = conn;
        live->first = conn;
        *(poll ? &live->polls : &live->sockets) += 1;
    }
    pthread_mutex_unlock(&live->lock);
    if (!err) return conn;
    pthread_mutex_destroy(&conn->lock);
    free(conn);
    return NULL;
}

void live_conn_ref(struct live_conn *conn)
{
    pthread_mutex_lock(&conn->lock);
    conn->references++;
    pthread_mutex_unlock(&conn->lock);
}

void live_conn_unref(struct live_conn *conn)
{
    pthread_mutex_lock(&conn->lock);
    bool last = --conn->references == 0;
    pthread_mutex_unlock(&conn->lock);
    if (!last) return;
    event_filter_finish(&conn->sub.filter);
    pthread_mutex_destroy(&conn->lock);
    free(conn);
}

void live_conn_send(struct live_conn *conn, const char *text, size_t length)
{
    struct frame *frame = frame_create(text, length);
    pthread_mutex_lock(&conn->lock);
    if (conn->sink && frame) {
        conn->sink->ops->send(conn->sink, frame);
        conn->sink->ops->flush(conn->sink);
    } else if (conn->sink) {
        conn->sink->ops->close(conn->sink, LIVE_CLOSE_SLOW, "out of memory");
    }
    pthread_mutex_unlock(&conn->lock);
    frame_unref(frame);
}

void live_conn_close(struct live_conn *conn, int code, const char *reason)
{
    pthread_mutex_lock(&conn->lock);
    if (conn->sink) conn->sink->ops->close(conn->sink, code, reason);
    pthread_mutex_unlock(&conn->lock);
}

bool live_hub_close(struct live_hub *live, int64_t credential_id, int64_t client_id, int code, const char *reason)
{
    bool found = false;
    pthread_mutex_lock(&live->lock);
    for (struct live_conn *c = live->first; c; c = c->next) {
        if (credential_id ? c->credential_id != credential_id : c->client_id != client_id) continue;
        live_conn_close(c, code, reason);
        found = true;
    }
    pthread_mutex_unlock(&live->lock);
    return found;
}

void live_hub_refresh(struct live_hub *live)
{
    struct restaurant *r = live->restaurant;
    pthread_mutex_lock(&live->lock);
    for (struct live_conn *c = live->first; c; c = c->next) {
        if (c->poll || !atomic_load(&c->started) || !(c->sub.filter.topics & TOPIC_BIT(TOPIC_DEVICES))) continue;
        struct json_writer w;
        uint64_t seq;
        json_writer_init(&w);
        if (live_snapshot(c, r->store, "requested", NULL, &seq, &w) == HUB_OK) live_conn_send(c, w.text, w.length);
        json_writer_finish(&w);
    }
    pthread_mutex_unlock(&live->lock);
}

static unsigned topics_of(enum role role)
{
    unsigned topics = TOPICS_ALL;
    if (!role_in(role, ROLES_WAITER)) topics &= ~TOPIC_BIT(TOPIC_METRICS);
    return topics;
}

enum hub_err live_conn_query(struct live_conn *conn, const char *query, struct fault *fault)
{
    char *station = http_query_get(query, "station"), *status = http_query_get(query, "status"),
         *topics = http_query_get(query, "topics");
    char *since = http_query_get(query, "since"), *log = http_query_get(query, "log");
    enum hub_err err =
        event_filter_parse(&conn->sub.filter, station, status, topics, topics_of(conn->actor.role), fault);
    if (since) {
        char *end;
        conn->has_since = true;
        conn->since = strtoull(since, &end, 10);
        if (!err && (!*since || *end || *since == '-'))
            err =
                fault_set(fault, HUB_VALIDATION_ERROR, "since", "\"since\" must be the number of the last event seen.");
    }
    if (log) snprintf(conn->log, sizeof conn->log, "%s", log);
    if (!err && !conn->poll && (conn->sub.filter.topics & TOPIC_BIT(TOPIC_METRICS))) {
        conn->sees_figures = true;
        metrics_watchers(conn->restaurant->metrics, 1);
    }
    free(station);
    free(status);
    free(topics);
    free(since);
    free(log);
    return err;
}

const char *live_resume_refused(struct live_conn *conn, uint64_t last)
{
    if (!conn->has_since) return "initial";
    if (conn->log[0] && strcmp(conn->log, conn->restaurant->log_id) != 0) return "other_log";
    if (conn->since > last) return "ahead";
    return last - conn->since > RESUME_MAX ? "too_old" : NULL;
}
