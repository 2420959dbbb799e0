/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdatomic.h>
#include <stddef.h>

/* A WebSocket text frame, built once and shared by every screen. Any thread. */
struct frame {
    atomic_int holders;
    size_t length;
    unsigned char bytes[];
};

/* The caller holds the first reference; NULL when memory is short. */
struct frame *frame_create(const char *text, size_t length);
struct frame *frame_hold(struct frame *frame);
/* Frees the frame with its last reference; NULL is legal. */
void frame_drop(struct frame *frame);
