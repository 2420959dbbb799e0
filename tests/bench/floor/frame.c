/* SPDX-License-Identifier: MIT */
#include "floor/frame.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { HEADER_MAX = 10, FIN_TEXT = 0x81 };

static size_t write_header(unsigned char *out, size_t length)
{
    size_t size_bytes = length < 126 ? 0 : length <= UINT16_MAX ? 2 : 8;
    out[0] = FIN_TEXT;
    out[1] = (unsigned char)(size_bytes == 0 ? length : size_bytes == 2 ? 126 : 127);
    for (size_t i = 0; i < size_bytes; i++)
        out[2 + i] = (unsigned char)((uint64_t)length >> (8 * (size_bytes - 1 - i)));
    return 2 + size_bytes;
}

struct frame *frame_create(const char *text, size_t length)
{
    struct frame *frame = malloc(sizeof *frame + HEADER_MAX + length);
    if (!frame) return NULL;
    atomic_init(&frame->holders, 1);
    size_t header = write_header(frame->bytes, length);
    memcpy(frame->bytes + header, text, length);
    frame->length = header + length;
    return frame;
}

struct frame *frame_hold(struct frame *frame)
{
    atomic_fetch_add(&frame->holders, 1);
    return frame;
}

void frame_drop(struct frame *frame)
{
    if (frame && atomic_fetch_sub(&frame->holders, 1) == 1) free(frame);
}
