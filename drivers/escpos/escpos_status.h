/* SPDX-License-Identifier: MIT */
/*
 * What an ESC/POS printer says of itself, byte by byte. Pure; any thread. Bits are those of Epson's "ESC/POS Command
 * Reference for TM Printers": DLE EOT n (real-time status, answered even without paper), GS a (automatic status back),
 * GS r 1 (paper sensor, answered in the order of the data), GS ( H function 48 (process id, likewise), GS I 66 (the
 * maker).
 */
#ifndef DRIVERS_ESCPOS_STATUS_H
#define DRIVERS_ESCPOS_STATUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct escpos_status {
    bool offline, cover_open, paper_out, paper_near_end;
    bool cutter_error, error; /* error: any, the cutter's too */
};

enum { ESCPOS_STATUS_KINDS = 4 /* of DLE EOT: 1 printer, 2 why offline, 3 errors, 4 paper */ };
/* DLE EOT n: three bytes. */
void escpos_status_question(int kind, uint8_t out[3]);
/* Takes over the answer to DLE EOT `kind`; false: the byte is no such answer, nothing is changed. */
bool escpos_status_answer(struct escpos_status *status, int kind, uint8_t byte);
/* Ready to print: online, closed, with paper, without an error. */
bool escpos_status_ready(const struct escpos_status *status);

/* What comes from a printer, taken apart. */
enum escpos_word_kind {
    ESCPOS_WORD_NONE,     /* more bytes are needed */
    ESCPOS_WORD_REALTIME, /* an answer to DLE EOT: byte */
    ESCPOS_WORD_PAPER,    /* an answer to GS r 1: byte; everything before it was worked off */
    ESCPOS_WORD_PROCESS,  /* an answer to GS ( H: id */
    ESCPOS_WORD_AUTO,     /* automatic status back: status */
    ESCPOS_WORD_NAME,     /* an answer to GS I 65 to 69: name */
    ESCPOS_WORD_UNKNOWN   /* a byte that is none of these; skipped */
};
struct escpos_word {
    enum escpos_word_kind kind;
    uint8_t byte;
    char id[5];
    char name[32]; /* cut where it is longer */
    struct escpos_status status;
};

enum { ESCPOS_WORD_MAX = 82 /* bytes of the longest word: a name, by the reference up to 80 */ };
/* Collects bytes into words. A wrong or cut word costs its bytes, never the ones after it. */
struct escpos_reader {
    uint8_t held[ESCPOS_WORD_MAX];
    size_t count;
};
/* Gives the next byte; returns the word that it completes. */
struct escpos_word escpos_reader_take(struct escpos_reader *reader, uint8_t byte);

#endif
