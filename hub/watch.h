/* SPDX-License-Identifier: MIT */
/*
 * Watches the box itself: is there room on its card, and can orders be stored? The box is a device of each restaurant.
 *
 * Looks after a commit, at most every half minute, and by itself only while something is wrong; so an idle box that is
 * well is left asleep. What it tells:
 *
 * - DISK_NEARLY_FULL (warning) while less is free than hub_config says: the margin between this alert and the end, 50
 * MB on a card of ordinary size, is room for some ten thousand orders.
 * - DISK_FULL (critical) from the moment that SQLite really says so. Nothing is refused before that. It cannot be
 * written then, so it is shown from memory, by GET /alerts, in snapshots, and by a sync_state to every socket. Its id
 * is that of a row kept ready for it, so that it is the same alert when it can be written: with the next commit that
 * goes through it is in the log as alert_raised, and alert_cleared follows as soon as there is half the margin again.
 *
 * While commits fail it tries one itself with each look, so that orders go on, and /health says so, without anybody
 * sending one.
 */
#ifndef HUB_WATCH_H
#define HUB_WATCH_H

#include <stdbool.h>

#include "hub/alert.h"

struct restaurant;
struct watch;

/* NULL when memory, threads or the store fail. */
struct watch *watch_create(struct restaurant *restaurant);
void watch_destroy(struct watch *watch); /* NULL is fine */

/* Any thread: look again now, if the last look was a second ago or more. NULL is fine. */
void watch_poke(struct watch *watch);

/* Any thread: the alert that could not be written yet; false when there is none. Its texts are constant. NULL is fine.
 */
bool watch_unwritten(struct watch *watch, struct alert *alert);

#endif
