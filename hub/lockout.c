/* SPDX-License-Identifier: MIT */
#include "hub/lockout.h"

#include <stdio.h>
#include <string.h>

enum { FORGET_MS = 2 * LOCKOUT_MAX_S * 1000 };

static struct lockout_count *device_find(struct lockout *lockout, const char *key)
{
    for (int i = 0; i < LOCKOUT_DEVICES; i++) {
        struct lockout_count *count = &lockout->devices[i];
        if (count->key[0] && strncmp(count->key, key, sizeof count->key - 1) == 0) return count;
    }
    return NULL;
}

/* Strangers go first, the longest unseen of them. */
static struct lockout_count *device_make(struct lockout *lockout, const char *key)
{
    struct lockout_count *victim = NULL;
    for (int i = 0; i < LOCKOUT_DEVICES; i++) {
        struct lockout_count *count = &lockout->devices[i];
        if (!count->key[0]) {
            victim = count;
            break;
        }
        if (!victim || count->known < victim->known ||
            (count->known == victim->known && count->last_ms < victim->last_ms))
            victim = count;
    }
    memset(victim, 0, sizeof *victim);
    snprintf(victim->key, sizeof victim->key, "%s", key);
    return victim;
}

static int wait_s(struct lockout_count *count, int64_t now_ms)
{
    if (now_ms - count->last_ms > FORGET_MS) count->wrong = 0;
    return count->locked_until_ms > now_ms ? (int)((count->locked_until_ms - now_ms + 999) / 1000) : 0;
}

static void count_wrong(struct lockout_count *count, int limit, int64_t now_ms)
{
    count->last_ms = now_ms;
    if (++count->wrong < limit) return;
    int doublings = count->wrong - limit;
    int seconds = doublings < 5 ? LOCKOUT_FIRST_S << doublings : LOCKOUT_MAX_S;
    count->locked_until_ms = now_ms + (int64_t)seconds * 1000;
}

/* No lock stood when the attempt began, so none that stands now was earned without it. */
static void uncount(struct lockout_count *count)
{
    if (count->wrong > 0) count->wrong--;
    count->locked_until_ms = 0;
}

int lockout_begin(struct lockout *lockout, const char *key, bool known, int64_t now_ms)
{
    if (!key || !key[0]) key = "?";
    struct lockout_count *device = device_find(lockout, key);
    if (!device) device = device_make(lockout, key);
    device->known = device->known || known;
    int own = wait_s(device, now_ms), shared = device->known ? 0 : wait_s(&lockout->strangers, now_ms);
    if (own || shared) return own > shared ? own : shared;
    count_wrong(device, LOCKOUT_DEVICE_LIMIT, now_ms);
    if (!device->known) count_wrong(&lockout->strangers, LOCKOUT_BOX_LIMIT, now_ms);
    return 0;
}

void lockout_right(struct lockout *lockout, const char *key)
{
    if (!key || !key[0]) key = "?";
    struct lockout_count *device = device_find(lockout, key);
    if (!device) return;
    if (!device->known) uncount(&lockout->strangers);
    device->known = true;
    device->wrong = 0;
    device->locked_until_ms = 0;
}

void lockout_undo(struct lockout *lockout, const char *key)
{
    if (!key || !key[0]) key = "?";
    struct lockout_count *device = device_find(lockout, key);
    if (!device) return;
    if (!device->known) uncount(&lockout->strangers);
    uncount(device);
}
