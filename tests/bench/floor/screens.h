/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

#include "floor/frame.h"

/* The WebSockets: one epoll thread writes to all of them from bounded queues; nobody else touches the network. */
struct screens;

/* Starts the thread; NULL when that fails. */
struct screens *screens_create(void);
/* Takes the descriptor over in any case. The two greetings are the screen's first frames. Any thread. */
bool screens_adopt(struct screens *screens, int fd, struct frame *first, struct frame *second);
/* Queues one frame for every screen; a screen with a full queue is dropped. Any thread, never blocks on the network. */
void screens_publish(struct screens *screens, struct frame *frame);
/* Wakes the epoll thread for everything published so far. */
void screens_flush(struct screens *screens);
/* Stops the thread and closes every screen; NULL is legal. */
void screens_destroy(struct screens *screens);
