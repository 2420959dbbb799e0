/* SPDX-License-Identifier: MIT */
#include "hub/frame.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_FIN = 0x81, LENGTH_16 = 126, LENGTH_64 = 127 };

/* Writes the RFC 6455 length right before the payload and returns the header's size. */
static size_t write_head(unsigned char *end, size_t length)
{
    size_t extra = length < LENGTH_16 ? 0 : length <= UINT16_MAX ? 2 : 8;
    unsigned char *head = end - 2 - extra;
    head[0] = TEXT_FIN;
    head[1] = (unsigned char)(extra == 0 ? length : extra == 2 ? LENGTH_16 : LENGTH_64);
    for (size_t i = 0; i < extra; i++)
        head[2 + i] = (unsigned char)((uint64_t)length >> (8 * (extra - 1 - i)));
    return 2 + extra;
}

struct frame *frame_create(const char *text, size_t length)
{
    if (length > SIZE_MAX / 2) return NULL;
    struct frame *frame = malloc(sizeof *frame + FRAME_HEAD_MAX + length + 1);
    if (!frame) return NULL;
    atomic_init(&frame->references, 1);
    frame->length = length;
    frame->head_size = write_head((unsigned char *)frame->bytes + FRAME_HEAD_MAX, length);
    if (length) memcpy(frame->bytes + FRAME_HEAD_MAX, text, length);
    frame->bytes[FRAME_HEAD_MAX + length] = '\0';
    return frame;
}

struct frame *frame_ref(struct frame *frame)
{
    atomic_fetch_add_explicit(&frame->references, 1, memory_order_relaxed);
    return frame;
}

void frame_unref(struct frame *frame)
{
    if (frame && atomic_fetch_sub_explicit(&frame->references, 1, memory_order_acq_rel) == 1) free(frame);
}
