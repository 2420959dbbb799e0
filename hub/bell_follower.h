/* SPDX-License-Identifier: MIT */
/*
 * Rings each station's bell while a new ticket of the station waits for somebody: on at a ticket that rings, off when
 * all of them were touched, moved on or cancelled, or the button beside the bell was pressed. A station without a pin
 * has a lamp on the page. All bells are off before the first look and after the last.
 */
#ifndef HUB_BELL_FOLLOWER_H
#define HUB_BELL_FOLLOWER_H

struct restaurant;
struct bell_follower;

/* Uses hub->bell_lines and hub->bell_lamps; either may be NULL. NULL when memory or threads are short. */
struct bell_follower *bell_follower_create(struct restaurant *restaurant);
/* Switches everything off and ends the thread. NULL is fine. */
void bell_follower_destroy(struct bell_follower *follower);

#endif
