/* SPDX-License-Identifier: MIT */
#include "load/poster.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>

enum { TRIES_MAX = 3, BODY_MAX = 1024, SERVED_STEPS = 2 };

void poster_init(struct poster *poster, int epoll, const struct orders *orders)
{
    *poster = (struct poster){.source = {.kind = SOURCE_POSTER, .fd = -1}, .epoll = epoll, .orders = orders};
}

void poster_finish(struct poster *poster)
{
    source_close(&poster->source);
}

static void build(struct poster *poster, const char *path, const char *key, const char *body)
{
    const struct settings *settings = poster->orders->settings;
    const char *token = settings->token ? settings->token : "";
    int length = snprintf(poster->request, sizeof poster->request,
        "POST %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n%s%s%sContent-Type: application/json\r\nIdempotency-Key: %s\r\n"
        "Content-Length: %zu\r\n\r\n%s",
        path, settings->port, *token ? "Authorization: Bearer " : "", token, *token ? "\r\n" : "", key, strlen(body),
        body);
    poster->request_length = (size_t)length < sizeof poster->request ? (size_t)length : 0;
}

static enum poster_event refused(struct poster *poster, const char *why)
{
    if (!poster->complained) fprintf(stderr, "servery-loadgen: order not stored: %s\n", why);
    poster->complained = true;
    poster->busy = false;
    return POSTER_REFUSED;
}

/* A server may close an idle connection at any moment: the same request goes out again, under the same key. */
static enum poster_event dispatch(struct poster *poster)
{
    while (poster->tries++ < TRIES_MAX) {
        poster->reply_length = 0;
        if (poster->source.fd < 0 && (!source_connect(&poster->source, poster->orders->settings->port, 0) ||
                                         !source_watch(&poster->source, poster->epoll, EPOLLIN, false)))
            return refused(poster, strerror(errno));
        if (poster->request_length && source_send(&poster->source, poster->request, poster->request_length))
            return POSTER_BUSY;
        source_close(&poster->source);
    }
    return refused(poster, "the connection breaks every time");
}

enum poster_event poster_start(struct poster *poster, long index)
{
    char mark[MARK_SIZE], body[BODY_MAX];
    poster->busy = true;
    poster->served_steps = 0;
    poster->order = index;
    poster->tries = 0;
    orders_mark(poster->orders, index, mark);
    orders_body(poster->orders, index, body, sizeof body);
    build(poster, "/api/v1/orders", mark, body);
    return dispatch(poster);
}

/* Cooked, then carried out: nothing is served that was not ready. */
static enum poster_event serve(struct poster *poster, const char *body)
{
    static const char *const steps[] = {
        "{\"status\":\"ready\",\"notify\":false}", "{\"status\":\"served\",\"notify\":false}"};
    cJSON *order = cJSON_Parse(body);
    const cJSON *id = cJSON_GetObjectItemCaseSensitive(order, "id");
    char path[80], mark[MARK_SIZE], key[MARK_SIZE + 4];
    bool found = cJSON_IsNumber(id);
    if (found) snprintf(path, sizeof path, "/api/v1/orders/%.0f/status", id->valuedouble);
    cJSON_Delete(order);
    if (!found) return refused(poster, "the answer has no id");
    orders_mark(poster->orders, poster->order, mark);
    snprintf(key, sizeof key, "%s-s%d", mark, poster->served_steps);
    build(poster, path, key, steps[poster->served_steps++]);
    poster->tries = 0;
    return dispatch(poster);
}

/* The body's first byte once all of it is there; NULL before. Sets -1 as length when the reply cannot be read. */
static const char *reply_body(const struct poster *poster, long *length)
{
    const char *end = strstr(poster->reply, "\r\n\r\n");
    const char *header = strcasestr(poster->reply, "\r\nContent-Length:");
    *length = 0;
    if (!end) return NULL;
    *length = header && header < end ? strtol(header + strlen("\r\nContent-Length:"), NULL, 10) : -1;
    const char *body = end + 4;
    if (*length < 0 || body + *length > poster->reply + REPLY_MAX) *length = -1;
    if (*length < 0 || poster->reply + poster->reply_length >= body + *length) return body;
    return NULL;
}

static enum poster_event finish_reply(struct poster *poster, const char *body)
{
    const char *close_line = strcasestr(poster->reply, "\r\nConnection: close");
    long status = strtol(poster->reply + strcspn(poster->reply, " "), NULL, 10);
    if (close_line && close_line < body) source_close(&poster->source);
    if (status != (poster->served_steps ? 200 : 201)) return refused(poster, poster->reply);
    if (poster->orders->settings->serve && poster->served_steps < SERVED_STEPS) return serve(poster, body);
    poster->busy = false;
    return POSTER_STORED;
}

enum poster_event poster_read(struct poster *poster)
{
    long length;
    ssize_t count =
        recv(poster->source.fd, poster->reply + poster->reply_length, REPLY_MAX - poster->reply_length, MSG_DONTWAIT);
    if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) return POSTER_BUSY;
    if (count <= 0) {
        source_close(&poster->source);
        if (!poster->busy) return POSTER_BUSY;
        if (poster->reply_length) return refused(poster, "the answer was cut short");
        poster->retried++;
        return dispatch(poster);
    }
    poster->reply_length += (size_t)count;
    poster->reply[poster->reply_length] = '\0';
    const char *body = reply_body(poster, &length);
    if (!body) return POSTER_BUSY;
    if (length < 0) {
        source_close(&poster->source);
        return refused(poster, "the answer has no usable length");
    }
    return finish_reply(poster, body);
}
