/* SPDX-License-Identifier: MIT */
/*
 * Bells and lamps as a port. A bell_port opens bells, a bell is one light or sounder with, perhaps, a button beside it.
 * Drivers: drivers/bell_gpiod (a pin of the box), drivers/bell_lamp (a lamp on a page), drivers/bell_fake (for tests).
 *
 * A bell belongs to one thread at a time (the bell follower). No call waits: each costs a system call or two at the
 * most. Times are the caller's monotonic milliseconds; no driver keeps a timer. So the follower's loop is:
 *     poll(bell_fd(), until bell_due_ms()); bell_presses(); bell_tick();
 * A bell is off after it was opened, after bell_stop() and after bell_close().
 */
#ifndef HUB_PORT_BELL_H
#define HUB_PORT_BELL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hub/bell_pattern.h"
#include "hub/err.h"

enum { BELL_DEBOUNCE_MS = 25 };

/* What is wrong with a bell and how to mend it, in plain words: `detail` and `fix` of a Device or an Alert. */
struct bell_fault {
    enum hub_err code;
    char detail[256];
    char fix[256];
};

/* Borrowed while open() runs. */
struct bell_config {
    const char *line;        /* the pin ("GPIO17"), or for a lamp the station's name */
    bool active_low;         /* on means low, as on most relay boards */
    const char *button;      /* pin of the button that acknowledges; NULL or "" = none */
    bool button_active_high; /* button to 3.3 V with a pull-down; else to ground with a pull-up */
    int debounce_ms;         /* how long a press must hold to count; 0 = BELL_DEBOUNCE_MS */
};

struct bell;
struct bell_ops {
    /* Switches the line. HUB_UNAVAILABLE, with the fault, when the device refuses or is gone. */
    enum hub_err (*set)(struct bell *bell, bool on, struct bell_fault *fault);
    int (*fd)(const struct bell *bell);
    int64_t (*button_due_ms)(const struct bell *bell);
    int (*presses)(struct bell *bell, int64_t now_ms, struct bell_fault *fault);
    void (*close)(struct bell *bell); /* frees it; the line is off already if the device still obeys */
};
/* Base of every driver's bell: zeroed but for `ops` when open() returns it. The fields are bell_port.c's. */
struct bell {
    const struct bell_ops *ops;
    const struct bell_pattern *pattern; /* playing; NULL = stopped */
    int64_t began_ms, due_ms;
    bool on;
};

struct bell_port;
struct bell_port_ops {
    enum hub_err (*open)(
        struct bell_port *port, const struct bell_config *config, struct bell **out, struct bell_fault *fault);
    void (*destroy)(struct bell_port *port);
};
struct bell_port {
    const struct bell_port_ops *ops;
};

/*
 * Opens a bell, switched off; the caller ends it with bell_close(). On failure *out is NULL and the fault says what to
 * do: VALIDATION_ERROR (no such name possible), NOT_FOUND (no chip, no line of that name), UNAVAILABLE (in use, not
 * allowed, ...). Trying again later is cheap, and right: chips and lines come back. The fault may be NULL here and
 * below.
 */
enum hub_err bell_open(
    struct bell_port *port, const struct bell_config *config, struct bell **out, struct bell_fault *fault);
/* Stops it (as far as the device obeys), gives the line back and frees it. NULL is fine. */
void bell_close(struct bell *bell);
/* Frees the port, after its bells. NULL is fine. */
void bell_port_destroy(struct bell_port *port);

/*
 * Plays the pattern (borrowed until it is stopped or replaced; NULL = steady) from its beginning. The pattern that is
 * playing already goes on without a hitch, unless it has an end: then it begins anew. UNAVAILABLE when the device
 * refuses.
 */
enum hub_err bell_play(struct bell *bell, const struct bell_pattern *pattern, int64_t now_ms, struct bell_fault *fault);
/* Off, always told to the device, whatever was played. */
enum hub_err bell_stop(struct bell *bell, struct bell_fault *fault);
/* Brings the line to where the pattern stands at `now_ms`. Early and late calls do no harm. */
enum hub_err bell_tick(struct bell *bell, int64_t now_ms, struct bell_fault *fault);
/* When to call bell_presses() and bell_tick() next; INT64_MAX = nothing is planned. */
int64_t bell_due_ms(const struct bell *bell);
/* Whether the line is switched on at this moment. */
bool bell_is_on(const struct bell *bell);

/* Readable when the button moved; -1 for a bell without one. */
int bell_fd(const struct bell *bell);
/*
 * How often the button was pressed since the last call: a press counts once, when it has held for the debounce time.
 * Call it when bell_fd() is readable and when bell_due_ms() has come. -1 with the fault when the device is gone.
 */
int bell_presses(struct bell *bell, int64_t now_ms, struct bell_fault *fault);

/* For drivers: fills the fault (NULL is allowed) and returns `code`. */
enum hub_err bell_fault_set(struct bell_fault *fault, enum hub_err code, const char *fix, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

#endif
