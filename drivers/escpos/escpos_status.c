/* SPDX-License-Identifier: MIT */
#include "drivers/escpos/escpos_status.h"

#include <stdio.h>
#include <string.h>

enum { DLE = 0x10, EOT = 0x04 };

/* Fixed bits by which answers are told apart: the reference's tables of DLE EOT, GS r and GS a. */
enum {
    FIXED_BITS = 0x93,
    REALTIME_FIXED = 0x12, /* 0xx1xx10 */
    AUTO_FIXED = 0x10,     /* 0xx1xx00, the first of four */
    PAPER_MASK = 0x90,     /* 0xx0xxxx */
    PROCESS_HEAD = 0x37,
    NAME_HEAD = 0x5f,
    PROCESS_MARK = 0x22
};

void escpos_status_question(int kind, uint8_t out[3])
{
    out[0] = DLE;
    out[1] = EOT;
    out[2] = (uint8_t)kind;
}

static void read_error(struct escpos_status *status, uint8_t byte)
{
    status->cutter_error = byte & 0x08;
    status->error = byte & (0x04 | 0x08 | 0x20 | 0x40); /* recoverable, cutter, unrecoverable, auto-recoverable */
}

bool escpos_status_answer(struct escpos_status *status, int kind, uint8_t byte)
{
    if ((byte & FIXED_BITS) != REALTIME_FIXED) return false;
    switch (kind) {
    case 1: status->offline = byte & 0x08; return true;
    case 2:
        status->cover_open = byte & 0x04;
        if (byte & 0x20) status->paper_out = true;
        if (byte & 0x40) status->error = true;
        return true;
    case 3: read_error(status, byte); return true;
    case 4:
        status->paper_near_end = byte & 0x0c;
        status->paper_out = byte & 0x60;
        return true;
    default: return false;
    }
}

bool escpos_status_ready(const struct escpos_status *s)
{
    return !s->offline && !s->cover_open && !s->paper_out && !s->error;
}

/* The four bytes of automatic status back. */
static struct escpos_status automatic(const uint8_t *bytes)
{
    struct escpos_status status = {.offline = bytes[0] & 0x08, .cover_open = bytes[0] & 0x20};
    status.cutter_error = bytes[1] & 0x08;
    status.error = bytes[1] & (0x08 | 0x20 | 0x40);
    status.paper_near_end = bytes[2] & 0x03;
    status.paper_out = bytes[2] & 0x0c;
    return status;
}

enum { PROCESS_LENGTH = 7 };

/* How many bytes a word that begins so has, a name at most; 0: none begins so. */
static size_t word_length(uint8_t first)
{
    if (first == PROCESS_HEAD) return PROCESS_LENGTH;
    if (first == NAME_HEAD) return ESCPOS_WORD_MAX;
    if ((first & FIXED_BITS) == AUTO_FIXED) return 4;
    if ((first & FIXED_BITS) == REALTIME_FIXED || (first & PAPER_MASK) == 0) return 1;
    return 0;
}

static bool printable(uint8_t byte)
{
    return byte >= 0x20 && byte < 0x7f;
}

static bool continues(const struct escpos_reader *r)
{
    const uint8_t *held = r->held;
    size_t last = r->count - 1;
    if (r->count < 2) return true;
    if (held[0] == NAME_HEAD) return held[last] == 0 || (printable(held[last]) && r->count < ESCPOS_WORD_MAX);
    if (held[0] != PROCESS_HEAD) return (held[last] & PAPER_MASK) == 0;
    if (last == 1) return held[1] == PROCESS_MARK;
    return last < 6 ? printable(held[last]) : held[6] == 0;
}

static struct escpos_word finish(const struct escpos_reader *r)
{
    struct escpos_word word = {.byte = r->held[0]};
    if (r->held[0] == PROCESS_HEAD) {
        word.kind = ESCPOS_WORD_PROCESS;
        memcpy(word.id, r->held + 2, 4);
    } else if (r->held[0] == NAME_HEAD) {
        word.kind = ESCPOS_WORD_NAME;
        snprintf(word.name, sizeof word.name, "%.*s", (int)r->count - 2, (const char *)r->held + 1);
    } else if (r->count == 4) {
        word.kind = ESCPOS_WORD_AUTO;
        word.status = automatic(r->held);
    } else {
        word.kind = (r->held[0] & FIXED_BITS) == REALTIME_FIXED ? ESCPOS_WORD_REALTIME : ESCPOS_WORD_PAPER;
    }
    return word;
}

struct escpos_word escpos_reader_take(struct escpos_reader *r, uint8_t byte)
{
    r->held[r->count++] = byte;
    if (!continues(r)) { /* what was begun is none: the new byte may begin another */
        r->held[0] = byte;
        r->count = 1;
    }
    size_t length = word_length(r->held[0]);
    struct escpos_word word = {.kind = ESCPOS_WORD_NONE};
    if (length == 0) {
        word.kind = ESCPOS_WORD_UNKNOWN;
        word.byte = r->held[0];
        r->count = 0;
    } else if (r->count == length || (r->held[0] == NAME_HEAD && r->count > 1 && byte == 0)) {
        word = finish(r);
        r->count = 0;
    }
    return word;
}
