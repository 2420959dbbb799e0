/* SPDX-License-Identifier: MIT */
#include "drivers/bell_gpiod/debounce.h"

void debounce_init(struct debounce *debounce, int hold_ms, bool pressed, int64_t now_ms)
{
    *debounce = (struct debounce){.hold_ms = hold_ms, .since_ms = now_ms, .seen = pressed, .settled = pressed};
}

static void settle(struct debounce *debounce, int64_t now_ms)
{
    if (debounce->seen == debounce->settled || now_ms - debounce->since_ms < debounce->hold_ms) return;
    debounce->settled = debounce->seen;
    if (debounce->settled) debounce->presses++;
}

void debounce_level(struct debounce *debounce, bool pressed, int64_t at_ms)
{
    if (pressed == debounce->seen) return;
    settle(debounce, at_ms);
    debounce->seen = pressed;
    debounce->since_ms = at_ms;
}

int debounce_take(struct debounce *debounce, int64_t now_ms)
{
    settle(debounce, now_ms);
    int presses = debounce->presses;
    debounce->presses = 0;
    return presses;
}

int64_t debounce_due_ms(const struct debounce *debounce)
{
    return debounce->seen == debounce->settled ? INT64_MAX : debounce->since_ms + debounce->hold_ms;
}
