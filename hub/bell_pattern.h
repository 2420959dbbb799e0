/* SPDX-License-Identifier: MIT */
/* What a bell does over time, as data. Pure: no clock, no device. */
#ifndef HUB_BELL_PATTERN_H
#define HUB_BELL_PATTERN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { BELL_BEATS_MAX = 16, BELL_SPAN_MIN_MS = 20, BELL_SPAN_MAX_MS = 60000 };

/* On, then off. */
struct bell_beat {
    uint32_t on_ms, off_ms;
};

struct bell_pattern {
    const char *name;
    struct bell_beat beats[BELL_BEATS_MAX];
    size_t count;     /* 0 = steady: on until it is stopped */
    uint32_t repeats; /* how often the beats are played; 0 = until it is stopped */
};

/* On until acknowledged: the default. */
extern const struct bell_pattern bell_pattern_steady;
/* Half a second on, half a second off, until acknowledged. */
extern const struct bell_pattern bell_pattern_flash;

/* One of the patterns above by its name ("steady", "flash"); NULL when there is none of that name. */
const struct bell_pattern *bell_pattern_by_name(const char *name);

/* False when there are too many beats, or one is shorter or longer than a bell can make sense of. */
bool bell_pattern_valid(const struct bell_pattern *pattern);

/*
 * Whether the bell is on `elapsed_ms` after the pattern began (negative counts as 0). *next_ms becomes the elapsed time
 * at which to look again, INT64_MAX when it never changes any more. An invalid pattern is played as steady: a bell
 * fails loud, not silent.
 */
bool bell_pattern_at(const struct bell_pattern *pattern, int64_t elapsed_ms, int64_t *next_ms);

#endif
