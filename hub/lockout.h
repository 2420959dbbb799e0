/* SPDX-License-Identifier: MIT */
/*
 * Counts wrong PINs: five from a device lock it for 30 s, doubling to 15 min with each further one. Devices that have
 * never signed in share a count of twenty besides, so that changing addresses buys nothing; one that has signed in
 * before has its own count alone, so that a stranger's phone cannot lock the staff out. Not thread-safe.
 */
#ifndef HUB_LOCKOUT_H
#define HUB_LOCKOUT_H

#include <stdbool.h>
#include <stdint.h>

enum {
    LOCKOUT_DEVICES = 128,
    LOCKOUT_DEVICE_LIMIT = 5,
    LOCKOUT_BOX_LIMIT = 20,
    LOCKOUT_FIRST_S = 30,
    LOCKOUT_MAX_S = 900
};

struct lockout_count {
    char key[64]; /* empty = free */
    bool known;   /* has signed in before */
    int wrong;
    int64_t locked_until_ms, last_ms; /* monotonic */
};

struct lockout {
    struct lockout_count devices[LOCKOUT_DEVICES];
    struct lockout_count strangers;
};

/*
 * Before a PIN is looked at: 0 when it may be, else seconds to wait. An allowed attempt counts as wrong until one of
 * the two below says otherwise, so that many at once cannot slip through. `known`: the device proves that it has signed
 * in before; one that has since the hub started need not.
 */
int lockout_begin(struct lockout *lockout, const char *key, bool known, int64_t now_ms);
/* The PIN was right. */
void lockout_right(struct lockout *lockout, const char *key);
/* The PIN was not looked at after all. */
void lockout_undo(struct lockout *lockout, const char *key);

#endif
