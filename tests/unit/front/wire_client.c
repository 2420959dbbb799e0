/* SPDX-License-Identifier: MIT */
#include "wire_client.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cmocka.h>

enum { HANG_S = 30 /* a guard against hanging for ever, no measure of speed */ };

static int connect_with(int port, int receive_buffer)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct timeval hang = {.tv_sec = HANG_S};
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_true(fd >= 0);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &hang, sizeof hang);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &hang, sizeof hang);
    if (receive_buffer) setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

int client_connect(int port)
{
    return connect_with(port, 0);
}

int client_connect_small(int port)
{
    return connect_with(port, 4096);
}

void client_send(int fd, const void *bytes, size_t length)
{
    const char *at = bytes;
    while (length) {
        ssize_t sent = send(fd, at, length, MSG_NOSIGNAL);
        if (sent < 0 && (errno == EPIPE || errno == ECONNRESET)) return; /* the other side may hang up any time */
        assert_true(sent > 0);
        at += sent;
        length -= (size_t)sent;
    }
}

void client_print(int fd, const char *format, ...)
{
    char text[4096];
    va_list args;
    va_start(args, format);
    int length = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    client_send(fd, text, (size_t)length);
}

/* False at the end of the connection. */
static bool read_exactly(int fd, void *bytes, size_t length)
{
    char *at = bytes;
    while (length) {
        ssize_t got = recv(fd, at, length, 0);
        if (got < 0 && errno == EAGAIN) fail_msg("nothing came in %d s", HANG_S);
        if (got <= 0) return false;
        at += got;
        length -= (size_t)got;
    }
    return true;
}

void client_response(int fd, bool head_only, struct response *out)
{
    memset(out, 0, sizeof *out);
    size_t used = 0;
    while (used < 4 || memcmp(out->head + used - 4, "\r\n\r\n", 4)) {
        assert_true(used + 1 < sizeof out->head);
        if (!read_exactly(fd, out->head + used, 1)) return;
        used++;
    }
    out->status = (int)strtol(out->head + 9, NULL, 10);
    if (out->status == 100) {
        client_response(fd, head_only, out);
        return;
    }
    const char *length = strcasestr(out->head, "\r\nContent-Length:");
    out->length = length && !head_only ? strtoul(length + 17, NULL, 10) : 0;
    out->body = calloc(1, out->length + 1);
    assert_non_null(out->body);
    assert_true(read_exactly(fd, out->body, out->length));
}

void response_finish(struct response *response)
{
    free(response->body);
    response->body = NULL;
}

int client_request(int port, const char *text, struct response *out)
{
    struct response own;
    int fd = client_connect(port);
    client_send(fd, text, strlen(text));
    client_response(fd, !strncmp(text, "HEAD", 4), &own);
    close(fd);
    if (out)
        *out = own;
    else
        response_finish(&own);
    return own.status;
}

int client_get(int port, const char *path)
{
    char text[1024];
    snprintf(text, sizeof text, "GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", path);
    return client_request(port, text, NULL);
}

void client_upgrade(int fd)
{
    struct response response;
    client_print(fd, "GET /api/v1/ws/orders/live HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
                     "Connection: keep-alive, Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                     "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
    client_response(fd, true, &response);
    assert_int_equal(response.status, 101);
    /* the answer to the key of RFC 6455's example */
    assert_non_null(strstr(response.head, "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"));
    response_finish(&response);
}

int client_websocket(int port)
{
    int fd = client_connect(port);
    client_upgrade(fd);
    return fd;
}

void client_frame(int fd, int first, const void *payload, size_t length)
{
    static const unsigned char mask[4] = {0x12, 0x34, 0x56, 0x78};
    unsigned char *frame = malloc(length + 14);
    assert_non_null(frame);
    size_t head = 2, extra = length < 126 ? 0 : length < 65536 ? 2 : 8;
    frame[0] = (unsigned char)first;
    frame[1] = (unsigned char)(0x80 | (extra == 0 ? length : extra == 2 ? 126 : 127));
    for (size_t i = 0; i < extra; i++)
        frame[head++] = (unsigned char)((uint64_t)length >> (8 * (extra - 1 - i)));
    memcpy(frame + head, mask, 4);
    head += 4;
    for (size_t i = 0; i < length; i++)
        frame[head + i] = ((const unsigned char *)payload)[i] ^ mask[i % 4];
    client_send(fd, frame, head + length);
    free(frame);
}

void client_read(int fd, struct message *out)
{
    unsigned char head[2], extra[8];
    *out = (struct message){.opcode = -1};
    if (!read_exactly(fd, head, 2)) return;
    assert_int_equal(head[1] & 0x80, 0); /* a server never masks */
    size_t length = head[1] & 0x7f, count = length == 126 ? 2 : length == 127 ? 8 : 0;
    if (count) {
        if (!read_exactly(fd, extra, count)) return;
        length = 0;
        for (size_t i = 0; i < count; i++)
            length = length << 8 | extra[i];
    }
    out->payload = calloc(1, length + 1);
    assert_non_null(out->payload);
    if (!read_exactly(fd, out->payload, length)) {
        message_finish(out);
        return;
    }
    out->opcode = head[0] & 15;
    out->length = length;
}

void message_finish(struct message *message)
{
    free(message->payload);
    message->payload = NULL;
    message->opcode = -1;
}

void client_expect(int fd, const char *text)
{
    struct message message;
    client_read(fd, &message);
    assert_int_equal(message.opcode, 1);
    assert_string_equal(message.payload, text);
    message_finish(&message);
}

int client_close_code(int fd)
{
    for (;;) {
        struct message message;
        client_read(fd, &message);
        int opcode = message.opcode;
        int code = opcode == 8 && message.length >= 2
                       ? ((unsigned char)message.payload[0] << 8) | (unsigned char)message.payload[1]
                       : 0;
        message_finish(&message);
        if (opcode == 8 || opcode < 0) return code;
    }
}

void client_expect_end(int fd)
{
    char byte[512];
    ssize_t got;
    while ((got = recv(fd, byte, sizeof byte, 0)) > 0) {
    }
    if (got < 0 && errno == EAGAIN) fail_msg("the connection did not end in %d s", HANG_S);
}
