/* SPDX-License-Identifier: MIT */
#include "load/screen.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

enum { ROOM_FIRST = 16384, ROOM_MAX = 8 << 20, STUCK_BUFFER = 4096, PONG_MAX = 125 };
enum { OP_TEXT = 1, OP_CLOSE = 8, OP_PING = 9, OP_PONG = 10, FIN = 0x80, MASKED = 0x80 };

static void screen_lose(struct screen *screen, const char *why)
{
    if (screen->state == SCREEN_LOST) return;
    snprintf(screen->why, sizeof screen->why, "%s", why);
    screen->state = SCREEN_LOST;
    source_close(&screen->source);
}

bool screen_init(struct screen *screen, int epoll, const struct orders *orders, bool stuck)
{
    const struct settings *settings = orders->settings;
    char request[1024];
    *screen =
        (struct screen){.source = {.kind = SOURCE_SCREEN, .fd = -1}, .epoll = epoll, .orders = orders, .stuck = stuck};
    screen->room = ROOM_FIRST;
    screen->buffer = malloc(screen->room);
    screen->seen = calloc((size_t)orders->count, 1);
    int length = snprintf(request, sizeof request,
        "GET /api/v1/ws/orders/live%s%s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: c2VydmVyeSBiZW5jaCAwMQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
        settings->token ? "?token=" : "", settings->token ? settings->token : "", settings->port);
    if (screen->buffer && screen->seen && (size_t)length < sizeof request &&
        source_connect(&screen->source, settings->port, stuck ? STUCK_BUFFER : 0) &&
        source_send(&screen->source, request, (size_t)length) && source_watch(&screen->source, epoll, EPOLLIN, false))
        return true;
    perror("servery-loadgen: screen");
    screen_finish(screen);
    return false;
}

void screen_finish(struct screen *screen)
{
    source_close(&screen->source);
    free(screen->buffer);
    free(screen->seen);
    samples_finish(&screen->latency);
    screen->buffer = NULL;
    screen->seen = NULL;
    screen->state = SCREEN_LOST;
}

static void take_text(struct screen *screen, const char *text, size_t length, int64_t now)
{
    const struct orders *orders = screen->orders;
    static const char state[] = "\"sync_state\"";
    if (screen->state == SCREEN_GREETED && memmem(text, length, state, sizeof state - 1)) {
        screen->state = SCREEN_LIVE;
        return;
    }
    long index = orders_find(orders, text, length);
    if (index < 0) return;
    if (screen->seen[index] < UINT8_MAX) screen->seen[index]++;
    if (screen->seen[index] > 1) {
        screen->duplicates++;
        return;
    }
    screen->distinct++;
    if (orders->measured[index]) samples_add(&screen->latency, (double)(now - orders->due_ns[index]) / 1e6);
}

static void answer_ping(struct screen *screen, const char *payload, size_t length)
{
    unsigned char pong[6 + PONG_MAX] = {FIN | OP_PONG, (unsigned char)(MASKED | length)}; /* the mask is four zeros */
    if (length > PONG_MAX) return;
    memcpy(pong + 6, payload, length);
    if (!source_send(&screen->source, pong, 6 + length)) screen_lose(screen, "it cannot be written to");
}

static void take_frame(struct screen *screen, unsigned first, const char *payload, size_t length, int64_t now)
{
    char why[40];
    screen->frames++;
    switch (first) {
    case FIN | OP_TEXT: take_text(screen, payload, length, now); break;
    case FIN | OP_PING: answer_ping(screen, payload, length); break;
    case FIN | OP_PONG: break;
    case FIN | OP_CLOSE:
        snprintf(why, sizeof why, "close code %d",
            length < 2 ? 0 : (unsigned char)payload[0] << 8 | (unsigned char)payload[1]);
        screen_lose(screen, why);
        break;
    default: screen_lose(screen, "a frame this program cannot read");
    }
}

/* The frame's header, or 0 when not all of it is there yet. */
static size_t frame_header(const unsigned char *bytes, size_t have, size_t *length)
{
    size_t size_bytes = have < 2 ? 0 : bytes[1] == 126 ? 2 : bytes[1] == 127 ? 8 : 0;
    uint64_t value = 0;
    if (have < 2 + size_bytes) return 0;
    for (size_t i = 0; i < size_bytes; i++)
        value = value << 8 | bytes[2 + i];
    *length = size_bytes ? (size_t)value : bytes[1] & 0x7f;
    return 2 + size_bytes;
}

static size_t take_frames(struct screen *screen, size_t from, int64_t now)
{
    while (screen->state != SCREEN_LOST) {
        unsigned char bytes[10];
        size_t left = screen->length - from, length = 0;
        memcpy(bytes, screen->buffer + from, left < sizeof bytes ? left : sizeof bytes);
        size_t header = left < 2 ? 0 : frame_header(bytes, left, &length);
        if (!header || length > left - header) break;
        take_frame(screen, bytes[0], screen->buffer + from + header, length, now);
        from += header + length;
    }
    return from;
}

static size_t take_handshake(struct screen *screen)
{
    const char *end = memmem(screen->buffer, screen->length, "\r\n\r\n", 4);
    if (!end) return 0;
    if (strncmp(screen->buffer, "HTTP/1.1 101", strlen("HTTP/1.1 101"))) {
        fprintf(stderr, "%.*s\n", (int)screen->length, screen->buffer);
        screen_lose(screen, "the server refused it");
        return 0;
    }
    screen->state = SCREEN_GREETED;
    return (size_t)(end + 4 - screen->buffer);
}

/* True while there may be more to read. */
static bool screen_fill(struct screen *screen)
{
    if (screen->length == screen->room) {
        char *bigger = screen->room < ROOM_MAX ? realloc(screen->buffer, screen->room * 2) : NULL;
        if (!bigger) {
            screen_lose(screen, "a frame over 8 MB");
            return false;
        }
        screen->buffer = bigger;
        screen->room *= 2;
    }
    ssize_t count =
        recv(screen->source.fd, screen->buffer + screen->length, screen->room - screen->length, MSG_DONTWAIT);
    if (count > 0) {
        screen->length += (size_t)count;
        screen->bytes += count;
        return true;
    }
    if (count == 0 || (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR))
        screen_lose(screen, count ? strerror(errno) : "the server closed it");
    return false;
}

void screen_event(struct screen *screen, unsigned events)
{
    if (screen->stuck && screen->state == SCREEN_LIVE) {
        if (events & (EPOLLERR | EPOLLHUP | EPOLLRDHUP)) screen_lose(screen, "dropped");
        return;
    }
    while (screen->state != SCREEN_LOST && screen_fill(screen)) {
        size_t used = screen->state == SCREEN_CONNECTING ? take_handshake(screen) : 0;
        if (screen->state != SCREEN_CONNECTING) used = take_frames(screen, used, now_ns());
        memmove(screen->buffer, screen->buffer + used, screen->length - used);
        screen->length -= used;
    }
    if (screen->stuck && screen->state == SCREEN_LIVE)
        source_watch(&screen->source, screen->epoll, EPOLLRDHUP, true); /* from here on it reads nothing */
}
