/* SPDX-License-Identifier: MIT */
/*
 * What the backend remembers of a queue over its own end and CUPS': which jobs were begun and which the printer has
 * worked off (by job UUID), and whether the printer answers at all. One small file a queue, fsynced line by line; the
 * newest lines count. One program at a time works for a queue: a CUPS that was killed leaves its backend running, and
 * the next one starts another for the same job.
 */
#ifndef DRIVERS_ESCPOS_LEDGER_H
#define DRIVERS_ESCPOS_LEDGER_H

#include <stdbool.h>

enum ledger_state { LEDGER_NEW, LEDGER_BEGUN, LEDGER_DONE };

struct ledger {
    int lock;       /* held by us; -1: not yet, or there is nothing to lock */
    char path[512]; /* "": nothing can be remembered, and every job is new */
    bool answers;   /* this printer has answered before */
    enum { PROCESS_ID_UNKNOWN, PROCESS_ID_YES, PROCESS_ID_NO } process_id; /* does it know GS ( H? */
};

/* Finds what is remembered of a queue in that folder (CUPS_CACHEDIR). NULL folder or queue: remembers nothing. */
void ledger_open(struct ledger *ledger, const char *folder, const char *queue);
/* Takes the queue for this program, and reads what its last owner wrote. False: another one has it. */
bool ledger_lock(struct ledger *ledger);
void ledger_close(struct ledger *ledger);
enum ledger_state ledger_look(const struct ledger *ledger, const char *uuid);
/* On disk when it returns true. */
bool ledger_write(const struct ledger *ledger, const char *uuid, enum ledger_state state);
bool ledger_answers(struct ledger *ledger);
/* It was asked, and does, or does not. The last word counts. */
bool ledger_process_id(struct ledger *ledger, bool known);

#endif
