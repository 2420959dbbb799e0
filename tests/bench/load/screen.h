/* SPDX-License-Identifier: MIT */
#pragma once

#include "load/connection.h"
#include "load/orders.h"
#include "load/samples.h"

/* One WebSocket, read as a kitchen screen would, or left unread if stuck. */
struct screen {
    struct source source;
    int epoll;
    const struct orders *orders;
    enum { SCREEN_CONNECTING, SCREEN_GREETED, SCREEN_LIVE, SCREEN_LOST } state;
    bool stuck;
    char why[64]; /* it was lost */
    char *buffer;
    size_t length, room;
    unsigned char *seen; /* how often each order came */
    long distinct, duplicates, frames;
    long long bytes;
    struct samples latency; /* of measured orders */
};

/* Connects and sends the handshake; false, with a line on standard error, when that fails. */
bool screen_init(struct screen *screen, int epoll, const struct orders *orders, bool stuck);
void screen_finish(struct screen *screen);
/* The socket has something to say, as told by epoll. */
void screen_event(struct screen *screen, unsigned events);
