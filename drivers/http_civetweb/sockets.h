/* SPDX-License-Identifier: MIT */
/*
 * All WebSockets and parked polls, on one epoll thread. Whoever sends only appends a reference to a socket's queue;
 * that thread alone reads, writes, closes and frees.
 */
#ifndef DRIVERS_HTTP_CIVETWEB_SOCKETS_H
#define DRIVERS_HTTP_CIVETWEB_SOCKETS_H

#include <stdint.h>

#include "drivers/http_civetweb/front_door.h"

struct hub;
struct live_conn;
struct sockets;
struct socket;

enum { QUEUE_FRAMES_MAX = 128, QUEUE_BYTES_MAX = 2 << 20, MESSAGE_MAX = 256 << 10 };

struct sockets_config {
    struct hub *hub;
    int max, ping_ms, silence_ms;
    /* Runs on the epoll thread after sockets_arm(): returns ms until it wants to run again, or -1. */
    int (*tick)(void *data, int64_t now_ms);
    void *tick_data;
};

/* NULL when the thread or its descriptors cannot be had. */
struct sockets *sockets_create(const struct sockets_config *config);
/* Any thread, once: every WebSocket gets 1001 after what is queued, every poll its answer; so do later ones. */
void sockets_stop(struct sockets *sockets);
/* Waits until all are gone (at most some seconds), ends the thread, frees. After sockets_stop(); nobody may add any
 * more. */
void sockets_destroy(struct sockets *sockets);

/* Runs the tick in `ms` unless it is armed already. Any thread; cheap when armed. */
void sockets_arm(struct sockets *sockets, int ms);

enum socket_kind { SOCKET_WEB, SOCKET_POLL };
/*
 * Everything that can fail, done before the connection is taken over. NULL when full or out of memory. `greeting` (of a
 * WebSocket: the 101) goes out first. Ends in socket_start() or socket_cancel().
 */
struct socket *socket_prepare(
    struct sockets *sockets, enum socket_kind kind, const char *remote, const char *greeting, size_t length);
void socket_cancel(struct socket *socket);
/* Takes `fd` and `conn` over: calls live_start() or live_park(), then lets the epoll thread have it. */
void socket_start(struct socket *socket, int fd, struct live_conn *conn);

/* Fills the socket and queue figures. */
void sockets_stats(struct sockets *sockets, struct front_door_stats *out);

int64_t monotonic_ms(void);
int64_t monotonic_us(void);

#endif
