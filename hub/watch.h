/* SPDX-License-Identifier: MIT */
/*
 * Watches the box itself: is there room on its card? The box is a device of each restaurant. Looks after a commit, at
 * most every half minute, and by itself only while something is wrong.
 */
#ifndef HUB_WATCH_H
#define HUB_WATCH_H

struct restaurant;
struct watch;

/* NULL when memory, threads or the store fail. */
struct watch *watch_create(struct restaurant *restaurant);
void watch_destroy(struct watch *watch); /* NULL is fine */

#endif
