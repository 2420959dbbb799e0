/* SPDX-License-Identifier: MIT */
/*
 * A conversation with an ESC/POS printer over a file descriptor: is it ready, here is a ticket, have you worked it off?
 * One thread at a time. Waits are bounded by the caller; nothing is printed by asking.
 */
#ifndef DRIVERS_ESCPOS_DIALOGUE_H
#define DRIVERS_ESCPOS_DIALOGUE_H

#include "drivers/escpos/escpos_status.h"

enum escpos_result {
    ESCPOS_DONE,
    ESCPOS_SILENT, /* no answer in time: it may be stuck, or be one that never answers */
    ESCPOS_LOST    /* the connection is gone: what was sent last may or may not be on paper */
};

struct escpos_dialogue {
    int in, out; /* what it says, what it is told: one descriptor mostly; non-blocking; borrowed */
    struct escpos_reader reader;
    struct escpos_status status; /* the latest known, also by automatic status back */
    bool answered;               /* it has ever said anything */
    bool acknowledged;           /* it has answered the question at the end of the data */
    char process_id[5];          /* of that answer, where it came as one */
    char maker[32];              /* as it calls itself; "": not asked, or no answer */
};

/* Connects to a printer on the network within that time, IPv4 or IPv6. -1 with errno; else a non-blocking descriptor.
 */
int escpos_dial(const char *host, int port, int wait_ms);

void escpos_dialogue_init(struct escpos_dialogue *d, int in, int out);
/* Asks DLE EOT 1 to 4, waiting so long for each answer. The answers are in d->status. */
enum escpos_result escpos_ask_status(struct escpos_dialogue *d, int wait_ms);
/*
 * Sends as much as the printer takes within that time; *sent grows. DONE when all is sent, SILENT when it takes no more
 * for now (paper out, cover open, busy: ask and go on), LOST.
 */
enum escpos_result escpos_send(
    struct escpos_dialogue *d, const uint8_t *bytes, size_t length, size_t *sent, int wait_ms);
/* Asks who made it (GS I 66); answered in the order of the data, so only a ready printer is asked. DONE: d->maker. */
enum escpos_result escpos_ask_maker(struct escpos_dialogue *d, int wait_ms);
/*
 * The questions that are answered when all data before them is worked off: GS r 1, and before it GS ( H with this id
 * where the printer knows it (others would print what they do not know). Returns how many bytes.
 */
size_t escpos_question_at_end(uint8_t out[16], const char id[4], bool with_process_id);
/* Waits for their answer. DONE: all was worked off. */
enum escpos_result escpos_await_answer(struct escpos_dialogue *d, int wait_ms);

#endif
