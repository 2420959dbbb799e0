/* SPDX-License-Identifier: MIT */
#pragma once

#include "load/connection.h"
#include "load/orders.h"

enum { REQUEST_MAX = 2048, REPLY_MAX = 65536 };

enum poster_event {
    POSTER_BUSY,   /* nothing to tell yet */
    POSTER_STORED, /* the order was answered with 201 (and then marked served, if asked) */
    POSTER_REFUSED /* anything else, also a connection that could not be had */
};

/* One waiter's tablet: a keep-alive connection with at most one request under way. */
struct poster {
    struct source source;
    int epoll;
    const struct orders *orders;
    bool busy;
    int tries;
    int served_steps; /* how often its status was set: the answer that is awaited is to the last of them */
    long order;
    char request[REQUEST_MAX], reply[REPLY_MAX + 1];
    size_t request_length, reply_length;
    long retried;    /* requests repeated on a new connection, under the same key */
    bool complained; /* told standard error of a refusal */
};

void poster_init(struct poster *poster, int epoll, const struct orders *orders);
void poster_finish(struct poster *poster);
/* Sends order `index`; POSTER_BUSY or POSTER_REFUSED. */
enum poster_event poster_start(struct poster *poster, long index);
/* The connection has something to say. */
enum poster_event poster_read(struct poster *poster);
