/* SPDX-License-Identifier: MIT */
#include "drivers/http_civetweb/door.h"

#include <nettle/base64.h>
#include <nettle/sha1.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "hub/live.h"

enum { KEY_BYTES = 16, KEY_TEXT = 24, ACCEPT_TEXT = BASE64_ENCODE_RAW_LENGTH(SHA1_DIGEST_SIZE) };

bool upgrade_path(const char *path)
{
    if (!strncmp(path, "/r/", 3)) {
        path = strchr(path + 3, '/');
        if (!path) return false;
    }
    return !strcmp(path, "/api/v1/ws/orders/live");
}

static bool key_valid(const char *key)
{
    uint8_t bytes[BASE64_DECODE_LENGTH(KEY_TEXT)];
    size_t size = sizeof bytes;
    struct base64_decode_ctx decoder;
    if (!key || strlen(key) != KEY_TEXT) return false;
    base64_decode_init(&decoder);
    return base64_decode_update(&decoder, &size, bytes, KEY_TEXT, key) && base64_decode_final(&decoder) &&
           size == KEY_BYTES;
}

static void accept_key(const char *key, char out[ACCEPT_TEXT + 1])
{
    static const char guid[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"; /* RFC 6455 section 1.3 */
    uint8_t digest[SHA1_DIGEST_SIZE];
    struct sha1_ctx hash;
    sha1_init(&hash);
    sha1_update(&hash, KEY_TEXT, (const uint8_t *)key);
    sha1_update(&hash, sizeof guid - 1, (const uint8_t *)guid);
    sha1_digest(&hash, sizeof digest, digest);
    base64_encode_raw(out, sizeof digest, digest);
    out[ACCEPT_TEXT] = '\0';
}

static void refuse_version(struct http_res *res, const char *detail)
{
    request_problem(res, 422, "VALIDATION_ERROR", "Not valid", detail);
    http_res_header(res, "Sec-WebSocket-Version", "13");
    http_res_header(res, "Upgrade", "websocket");
}

/* False, with `res` filled, when this is no WebSocket handshake. */
static bool handshake_valid(const struct http_req *req, struct http_res *res)
{
    const char *version = req->header(req, "Sec-WebSocket-Version");
    if (!header_has_token(req->header(req, "Upgrade"), "websocket") ||
        !header_has_token(req->header(req, "Connection"), "upgrade")) {
        refuse_version(res, "This address speaks WebSocket: connect with the upgrade headers.");
        return false;
    }
    if (!version || strcmp(version, "13")) {
        refuse_version(res, "Only version 13 of the WebSocket protocol is spoken here.");
        return false;
    }
    if (!key_valid(req->header(req, "Sec-WebSocket-Key"))) {
        request_problem(res, 400, "VALIDATION_ERROR", "Not valid", "Sec-WebSocket-Key must be 16 bytes in base64.");
        return false;
    }
    return true;
}

static void refuse_full(struct http_res *res)
{
    http_res_finish(res);
    request_problem(res, 503, "UNAVAILABLE", "Not available now",
        "As many screens are connected as this box can hold. Close one, or try again in a moment.");
    http_res_header(res, "Retry-After", "5");
}

/* Gives the connection to the sockets' thread; false when it cannot be had. */
static bool hand_over(struct request *request, struct socket *socket, struct live_conn *conn)
{
    int fd = socket ? visit_take_over(request->visit) : -1;
    if (fd < 0) {
        if (socket) socket_cancel(socket);
        live_closed(conn);
        return false;
    }
    request->taken_over = true;
    socket_start(socket, fd, conn);
    return true;
}

void upgrade_serve(struct request *request, struct http_res *res)
{
    struct front_door *door = request->visit->entrance->door;
    char accept[ACCEPT_TEXT + 1], greeting[200];
    struct live_conn *conn = NULL;
    if (!handshake_valid(&request->req, res)) return;
    if (live_open(door->hub, &request->req, &conn, res)) return;
    accept_key(request->req.header(&request->req, "Sec-WebSocket-Key"), accept);
    int length = snprintf(greeting, sizeof greeting,
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
        "%s\r\n\r\n",
        accept);
    struct socket *socket = socket_prepare(door->sockets, SOCKET_WEB, request->remote, greeting, (size_t)length);
    if (!hand_over(request, socket, conn)) refuse_full(res);
}

void upgrade_park(struct request *request, struct http_res *res)
{
    struct front_door *door = request->visit->entrance->door;
    struct live_conn *conn = res->parked;
    res->parked = NULL;
    if (!hand_over(request, socket_prepare(door->sockets, SOCKET_POLL, request->remote, NULL, 0), conn))
        refuse_full(res);
}
