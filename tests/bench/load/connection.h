/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* What epoll hands back: the first member of everything that owns a descriptor. */
struct source {
    enum { SOURCE_POSTER, SOURCE_SCREEN, SOURCE_TIMER } kind;
    int fd; /* -1: closed */
};

/* Connects to the loopback interface, then non-blocking. False, with errno, when that fails. */
bool source_connect(struct source *source, int port, int receive_buffer);
/* Sends all or nothing: what is sent here always fits an idle socket's buffer. */
bool source_send(struct source *source, const void *bytes, size_t length);
bool source_watch(struct source *source, int epoll, unsigned events, bool known);
/* Closes the descriptor, which also takes it out of epoll. */
void source_close(struct source *source);
