/* SPDX-License-Identifier: MIT */
/* Bells for tests: what was done to them is written down, failures are ordered, buttons are pressed by a call.
 * Thread-safe. */
#ifndef DRIVERS_BELL_FAKE_H
#define DRIVERS_BELL_FAKE_H

#include "hub/port/bell.h"

enum bell_fake_what { BELL_FAKE_OPEN, BELL_FAKE_ON, BELL_FAKE_OFF, BELL_FAKE_CLOSE };
struct bell_fake_call {
    enum bell_fake_what what;
    char line[32];
};

/* Ended with bell_port_destroy() after its bells. NULL when memory or descriptors are short. */
struct bell_port *bell_fake_create(void);

/* Copies up to `max` calls, oldest first, and returns how many were made in all (the first 256 are kept). */
size_t bell_fake_calls(struct bell_port *port, struct bell_fake_call *out, size_t max);
void bell_fake_forget(struct bell_port *port); /* empties that list */

/* How many bells are open, and whether the line of that name is open and switched on. */
size_t bell_fake_open_count(struct bell_port *port);
bool bell_fake_is_on(struct bell_port *port, const char *line);

/* The next `times` opens (switchings) of any bell fail with HUB_UNAVAILABLE; they are not written down. */
void bell_fake_fail_open(struct bell_port *port, unsigned times);
void bell_fake_fail_set(struct bell_port *port, unsigned times);

/* Presses the button of that line: bell_fd() becomes readable. False when no open bell of that name has a button. */
bool bell_fake_press(struct bell_port *port, const char *line);

#endif
