/* SPDX-License-Identifier: MIT */
/* An immutable text message with its WebSocket header, built once and shared by reference between all sockets. */
#ifndef HUB_FRAME_H
#define HUB_FRAME_H

#include <stdatomic.h>
#include <stddef.h>

enum { FRAME_HEAD_MAX = 10 };

struct frame {
    atomic_int references;
    size_t length;    /* of the payload */
    size_t head_size; /* of the RFC 6455 header (unmasked text frame, FIN) that ends right before the payload */
    char bytes[];     /* FRAME_HEAD_MAX bytes, of which the last head_size are the header; then the payload; then NUL */
};

/* Copies the text; one reference, dropped with frame_unref(). NULL when memory is short. */
struct frame *frame_create(const char *text, size_t length);
struct frame *frame_ref(struct frame *frame);
void frame_unref(struct frame *frame); /* NULL is fine */

static inline const char *frame_text(const struct frame *frame)
{
    return frame->bytes + FRAME_HEAD_MAX;
}
/* Header and payload as they go over the wire. */
static inline const char *frame_wire(const struct frame *frame)
{
    return frame->bytes + FRAME_HEAD_MAX - frame->head_size;
}
static inline size_t frame_wire_length(const struct frame *frame)
{
    return frame->head_size + frame->length;
}

#endif
