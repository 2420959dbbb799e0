/* SPDX-License-Identifier: MIT */
/* Tells presses from chatter: a level counts when it has held for a while. Pure: edges and times go in, presses come
 * out. */
#ifndef DRIVERS_BELL_GPIOD_DEBOUNCE_H
#define DRIVERS_BELL_GPIOD_DEBOUNCE_H

#include <stdbool.h>
#include <stdint.h>

struct debounce {
    int64_t hold_ms, since_ms; /* `seen` has held since then */
    bool seen, settled;        /* the last level heard of, and the last that counted */
    int presses;
};

/* Begins at `pressed`, which is not a press: a button that is held at the start must be let go first. */
void debounce_init(struct debounce *debounce, int hold_ms, bool pressed, int64_t now_ms);
/* The line took a level, at a time not before the last one. Levels it has already are ignored. */
void debounce_level(struct debounce *debounce, bool pressed, int64_t at_ms);
/* Lets what has held long enough count; returns the presses since the last call. */
int debounce_take(struct debounce *debounce, int64_t now_ms);
/* When a level that waits will have held long enough; INT64_MAX when none waits. */
int64_t debounce_due_ms(const struct debounce *debounce);

#endif
