/* SPDX-License-Identifier: MIT */
#include "drivers/http_civetweb/door.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "hub/api/call.h"

enum { PIECE = 16 << 10, SMALL_ANSWER = 32 << 10, SPARE_WORKERS = 4 };

void request_problem(struct http_res *res, int status, const char *code, const char *title, const char *detail)
{
    char text[600];
    int length = snprintf(text, sizeof text,
        "{\"type\":\"about:blank\",\"title\":\"%s\",\"status\":%d,\"code\":\"%s\",\"detail\":\"%s\"}", title, status,
        code, detail);
    http_res_json(res, status, length > 0 && (size_t)length < sizeof text ? strdup(text) : NULL, (size_t)length);
    res->content_type = "application/problem+json";
}

bool header_has_token(const char *header, const char *token)
{
    size_t wanted = strlen(token);
    while (header && *header) {
        header += strspn(header, ", \t");
        size_t length = strcspn(header, ", \t");
        if (length == wanted && !strncasecmp(header, token, length)) return true;
        header += length;
    }
    return false;
}

static const char *get_header(const struct http_req *req, const char *name)
{
    return mg_get_header(req->driver, name);
}

bool address_is_loopback(const char *address)
{
    return !strncmp(address, "127.", 4) || !strcmp(address, "::1") || !strncmp(address, "::ffff:127.", 11);
}

static bool is_address(const char *text)
{
    struct in6_addr address;
    return inet_pton(AF_INET, text, &address) == 1 || inet_pton(AF_INET6, text, &address) == 1;
}

/* The last address of X-Forwarded-For is the one our own proxy saw; those before it are the client's tale. */
static void set_remote(struct request *request)
{
    const char *peer = request->info->remote_addr;
    if (!strncasecmp(peer, "::ffff:", 7) && strchr(peer, '.')) peer += 7;
    snprintf(request->remote, sizeof request->remote, "%s", peer);
    request->req.remote = request->remote;
    if (!request->visit->entrance->door->config.behind_proxy || !address_is_loopback(peer)) return;
    const char *proto = mg_get_header(request->connection, "X-Forwarded-Proto");
    request->req.secure = proto && !strcasecmp(proto, "https");
    const char *forwarded = mg_get_header(request->connection, "X-Forwarded-For");
    if (!forwarded) return;
    const char *last = strrchr(forwarded, ',');
    last = last ? last + 1 : forwarded;
    last += strspn(last, " \t");
    char address[ADDRESS_MAX];
    snprintf(address, sizeof address, "%.*s", (int)strcspn(last, " \t"), last);
    if (is_address(address)) memcpy(request->remote, address, sizeof address);
}

static void refuse_too_large(struct http_res *res)
{
    struct fault fault = {0};
    fault_set(&fault, HUB_PAYLOAD_TOO_LARGE, NULL, "A request may hold at most 256 KiB. Send less at a time.");
    api_problem(res, &fault);
    fault_finish(&fault);
}

static bool grow(char **buffer, size_t *room, size_t needed)
{
    if (needed <= *room) return true;
    size_t larger = *room ? *room * 2 : PIECE;
    if (larger < needed) larger = needed;
    char *moved = realloc(*buffer, larger);
    if (!moved) return false;
    *buffer = moved;
    *room = larger;
    return true;
}

/*
 * Reads the body in pieces; the reaper ends a drip. What is too large is read and dropped up to a point, so that the
 * client gets to see its answer. False: `res` is filled.
 */
static bool read_body(struct request *request, struct http_res *res)
{
    long long expected = request->info->content_length; /* -1: chunked or none */
    size_t length = 0, room = 0, total = 0;
    char waste[4096];
    int got = 1;
    while (got > 0 && (expected < 0 || total < (size_t)expected) && total <= DISCARD_MAX) {
        bool keep = (expected <= BODY_MAX) && length <= BODY_MAX;
        size_t piece = keep ? PIECE : sizeof waste;
        if (expected >= 0 && piece > (size_t)expected - total) piece = (size_t)expected - total;
        if (keep && !grow(&request->body, &room, length + piece)) {
            request->unread = true;
            http_res_json(res, 503, NULL, 0);
            return false;
        }
        got = mg_read(request->connection, keep ? request->body + length : waste, piece);
        if (got > 0) total += (size_t)got;
        if (got > 0 && keep) length += (size_t)got;
    }
    request->flood = total > DISCARD_MAX;
    bool broken =
        atomic_load(&request->visit->cut) || got < 0 || (expected >= 0 && got <= 0 && total < (size_t)expected);
    if (total > BODY_MAX && !broken) {
        request->unread = expected < 0 ? got > 0 : total < (size_t)expected;
        refuse_too_large(res);
        return false;
    }
    if (broken) {
        request->unread = true;
        request_problem(res, 408, "UNAVAILABLE", "Request timeout", "The request did not arrive whole. Send it again.");
        return false;
    }
    request->req.body = length ? request->body : NULL;
    request->req.body_length = length;
    return true;
}

static bool receive_body(struct request *request, struct http_res *res)
{
    struct front_door *door = request->visit->entrance->door;
    const char *encoding = mg_get_header(request->connection, "Transfer-Encoding");
    const char *length = mg_get_header(request->connection, "Content-Length");
    if (!encoding && (!length || request->info->content_length == 0)) return true;
    if (encoding && (length || strcasecmp(encoding, "chunked"))) {
        request->unread = true;
        request_problem(
            res, 400, "MALFORMED_JSON", "Bad request", "Send the body with Content-Length, or chunked, not both.");
        return false;
    }
    if (header_has_token(mg_get_header(request->connection, "Expect"), "100-continue"))
        mg_write(request->connection, "HTTP/1.1 100 Continue\r\n\r\n", 25);
    visit_limit(request->visit, door->config.body_timeout_ms, false);
    bool whole = read_body(request, res);
    visit_limit(request->visit, 0, false);
    return whole;
}

static bool is_api(const char *path)
{
    if (!strcmp(path, "/metrics")) return true;
    if (!strncmp(path, "/r/", 3)) {
        path = strchr(path + 3, '/');
        if (!path) return false;
    }
    return !strcmp(path, "/api") || !strncmp(path, "/api/", 5);
}

static bool is_get(const char *method)
{
    return !strcmp(method, "GET") || !strcmp(method, "HEAD");
}

static void dispatch(struct request *request, struct http_res *res)
{
    struct front_door *door = request->visit->entrance->door;
    const struct http_req *req = &request->req;
    if (upgrade_path(req->path) && is_get(req->method)) {
        upgrade_serve(request, res);
    } else if (is_api(req->path)) {
        api_handle(door->hub, req, res);
        if (res->parked) upgrade_park(request, res);
    } else {
        static_serve(door, req, res);
    }
}

/* Keeping a connection keeps a worker: not when the last ones would go. */
static bool may_keep_alive(const struct request *request)
{
    const struct entrance *entrance = request->visit->entrance;
    if (request->unread || request->visit->fd < 0 || atomic_load(&request->visit->cut)) return false;
    if (atomic_load(&entrance->door->stopping)) return false;
    if (strcmp(request->info->http_version, "1.1")) return false;
    if (header_has_token(mg_get_header(request->connection, "Connection"), "close")) return false;
    return atomic_load(&entrance->visits) <= entrance->workers - SPARE_WORKERS;
}

static void answer(struct request *request, const struct http_res *res)
{
    struct visit *visit = request->visit;
    struct front_door *door = visit->entrance->door;
    bool keep_alive = may_keep_alive(request);
    size_t length = 0;
    char *wire = http_res_render(res, keep_alive, request->head, &length);
    if (wire) {
        bool large = length > SMALL_ANSWER;
        if (large) visit_limit(visit, door->config.answer_timeout_ms, true);
        mg_write(request->connection, wire, length);
        if (large) visit_limit(visit, 0, true);
    }
    free(wire);
    atomic_fetch_add_explicit(&door->requests, 1, memory_order_relaxed);
    if (!wire || !keep_alive) visit_hang_up(visit, request->flood);
}

int request_serve(struct mg_connection *connection)
{
    const struct mg_request_info *info = mg_get_request_info(connection);
    struct visit *visit = mg_get_user_connection_data(connection);
    if (!visit || atomic_load(&visit->cut)) return 503; /* its socket is shut down already, or memory is out */
    struct request request = {.visit = visit, .connection = connection, .info = info};
    struct http_res res;
    http_res_init(&res);
    request.head = !strcmp(info->request_method, "HEAD");
    request.path = info->local_uri ? http_percent_decode(info->local_uri, strlen(info->local_uri), false) : NULL;
    request.req = (struct http_req){.method = info->request_method,
        .path = request.path,
        .query = info->query_string,
        .guest_door = visit->entrance->guest,
        .driver = connection,
        .header = get_header};
    set_remote(&request);
    if (!visit_begin(visit, info)) {
        request.unread = true;
        request_problem(&res, 503, "UNAVAILABLE", "Not available now", "Too many connections come from this device.");
    } else if (!request.path) {
        request.unread = true;
        request_problem(&res, 404, "NOT_FOUND", "Not found", "There is nothing at this address.");
    } else if (receive_body(&request, &res)) {
        dispatch(&request, &res);
    }
    if (!request.taken_over) answer(&request, &res);
    int status = request.taken_over ? 101 : res.status;
    http_res_finish(&res);
    free(request.path);
    free(request.body);
    return status;
}

int request_refused(struct mg_connection *connection, int status, const char *message)
{
    struct visit *visit = mg_get_user_connection_data(connection);
    struct http_res res;
    size_t length = 0;
    (void)message; /* it may quote the request */
    http_res_init(&res);
    request_problem(&res, status,
        status == 413   ? "PAYLOAD_TOO_LARGE"
        : status >= 500 ? "UNAVAILABLE"
                        : "MALFORMED_JSON",
        "Bad request", "This is no request that can be understood.");
    char *wire = http_res_render(&res, false, false, &length);
    if (wire) mg_write(connection, wire, length);
    free(wire);
    http_res_finish(&res);
    if (visit) visit_hang_up(visit, false);
    return 0;
}
