/* SPDX-License-Identifier: MIT */
/*
 * Takes the print ledger's rows to the printers: one thread a printer, so that none waits for another. A row goes
 * queued -> sending (written before the transport is asked) -> sent -> confirmed. What was being sent when the box lost
 * its power is looked up at the transport by its UUID, and otherwise printed again, marked POSSIBLE DUPLICATE.
 */
#ifndef HUB_PRINT_FOLLOWER_H
#define HUB_PRINT_FOLLOWER_H

struct restaurant;
struct print_follower;

/* NULL when memory or threads are short. */
struct print_follower *print_follower_create(struct restaurant *restaurant);
/* Ends all threads; a call to a printer that is under way is waited for (hub/port/printer.h bounds it). NULL is fine.
 */
void print_follower_destroy(struct print_follower *follower);

#endif
