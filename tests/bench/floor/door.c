/* SPDX-License-Identifier: MIT */
#include "floor/door.h"

#include <arpa/inet.h>
#include <civetweb.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <nettle/base64.h>
#include <nettle/sha1.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BODY_MAX = 65536, DESCRIPTORS_MAX = 4096, KEY_TEXT = 24, SEND_BUFFER = 65536 };

/* The product's own values, so that neither side gains by its settings; the port is put in front. */
static const char *const options[] = {"num_threads", "24", "tcp_nodelay", "1", "enable_keep_alive", "yes",
    "keep_alive_timeout_ms", "3000", "request_timeout_ms", "5000", "connection_queue", "50", "listen_backlog", "1024",
    "max_request_size", "16384", "decode_url", "no", NULL};

struct door {
    struct store *store;
    struct screens *screens;
    struct mg_context *context;
    int port;
};

static int reply(struct mg_connection *connection, int status, const char *body)
{
    char text[8192];
    int length =
        snprintf(text, sizeof text, "HTTP/1.1 %d %s\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
            status, status < 300 ? "OK" : "Failed", strlen(body), body);
    if (length < 0 || (size_t)length >= sizeof text) return 0;
    mg_write(connection, text, (size_t)length);
    return status;
}

static cJSON *read_order(struct mg_connection *connection)
{
    long long announced = mg_get_request_info(connection)->content_length;
    size_t length = announced > 0 && announced <= BODY_MAX ? (size_t)announced : 0, have = 0;
    char *body = length ? malloc(length) : NULL;
    if (!body) return NULL;
    while (have < length) {
        int count = mg_read(connection, body + have, length - have);
        if (count <= 0) break;
        have += (size_t)count;
    }
    cJSON *order = cJSON_ParseWithLength(body, have);
    free(body);
    return order;
}

static int on_order(struct mg_connection *connection, void *data)
{
    struct door *door = data;
    cJSON *order = read_order(connection);
    if (!order) return reply(connection, 400, "{}");
    char *stored = store_order(door->store, order);
    int status = reply(connection, stored ? 201 : 503, stored ? stored : "{}");
    free(stored);
    cJSON_Delete(order);
    return status;
}

/* civetweb tells no descriptor: it is the one whose peer is this request's. */
static int find_descriptor(const struct mg_request_info *info)
{
    for (int fd = 3; fd < DESCRIPTORS_MAX; fd++) {
        struct sockaddr_in peer, local;
        socklen_t peer_size = sizeof peer, local_size = sizeof local;
        if (getpeername(fd, (struct sockaddr *)&peer, &peer_size) || peer.sin_family != AF_INET) continue;
        if (getsockname(fd, (struct sockaddr *)&local, &local_size)) continue;
        if (ntohs(peer.sin_port) == info->remote_port && ntohs(local.sin_port) == info->server_port) return fd;
    }
    return -1;
}

/* Moves the connection out of civetweb's hands and leaves it an idle socket to close. */
static int take_over(const struct mg_request_info *info)
{
    int theirs = find_descriptor(info), room = SEND_BUFFER;
    int mine = theirs < 0 ? -1 : fcntl(theirs, F_DUPFD_CLOEXEC, 3);
    int dummy = mine < 0 ? -1 : socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (dummy < 0 || dup2(dummy, theirs) < 0) {
        if (mine >= 0) close(mine);
        mine = -1;
    }
    if (dummy >= 0) close(dummy);
    if (mine >= 0) (void)setsockopt(mine, SOL_SOCKET, SO_SNDBUF, &room, sizeof room);
    return mine;
}

static bool send_handshake(int fd, const char *key)
{
    static const char guid[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"; /* RFC 6455 section 1.3 */
    uint8_t digest[SHA1_DIGEST_SIZE];
    char accept[BASE64_ENCODE_RAW_LENGTH(SHA1_DIGEST_SIZE) + 1] = "", text[200];
    struct sha1_ctx hash;
    sha1_init(&hash);
    sha1_update(&hash, strlen(key), (const uint8_t *)key);
    sha1_update(&hash, sizeof guid - 1, (const uint8_t *)guid);
    sha1_digest(&hash, sizeof digest, digest);
    base64_encode_raw(accept, sizeof digest, digest);
    int length = snprintf(text, sizeof text,
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Accept: %s\r\n\r\n",
        accept);
    return send(fd, text, (size_t)length, MSG_NOSIGNAL | MSG_DONTWAIT) == length;
}

/* Non-zero in every case: civetweb then lets go of what it believes to be the connection. */
static int on_upgrade(const struct mg_connection *connection, void *data)
{
    static const char hello[] = "{\"type\":\"connection_established\"}";
    static const char state[] = "{\"type\":\"sync_state\",\"active_orders\":[]}";
    struct door *door = data;
    const char *key = mg_get_header(connection, "Sec-WebSocket-Key");
    int fd = key && strlen(key) == KEY_TEXT ? take_over(mg_get_request_info(connection)) : -1;
    if (fd < 0) return 1;
    struct frame *first = frame_create(hello, sizeof hello - 1), *second = frame_create(state, sizeof state - 1);
    if (first && second && send_handshake(fd, key))
        screens_adopt(door->screens, fd, first, second);
    else
        close(fd);
    frame_drop(first);
    frame_drop(second);
    return 1;
}

struct door *door_create(const char *listen, struct store *store, struct screens *screens)
{
    struct door *door = calloc(1, sizeof *door);
    const struct mg_callbacks callbacks = {0};
    const char *all[2 + sizeof options / sizeof *options] = {"listening_ports", listen};
    struct mg_server_port ports[2];
    if (!door) return NULL;
    memcpy(&all[2], options, sizeof options);
    door->store = store;
    door->screens = screens;
    mg_init_library(0);
    door->context = mg_start(&callbacks, NULL, all);
    if (!door->context || mg_get_server_ports(door->context, 2, ports) < 1) {
        door_destroy(door);
        return NULL;
    }
    door->port = ports[0].port;
    mg_set_request_handler(door->context, "/api/v1/orders$", on_order, door);
    mg_set_websocket_handler(door->context, "/api/v1/ws/orders/live", on_upgrade, NULL, NULL, NULL, door);
    return door;
}

int door_port(const struct door *door)
{
    return door->port;
}

void door_destroy(struct door *door)
{
    if (!door) return;
    if (door->context) mg_stop(door->context);
    mg_exit_library();
    free(door);
}
