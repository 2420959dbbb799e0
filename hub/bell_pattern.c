/* SPDX-License-Identifier: MIT */
#include "hub/bell_pattern.h"

#include <string.h>

const struct bell_pattern bell_pattern_steady = {.name = "steady"};
const struct bell_pattern bell_pattern_flash = {.name = "flash", .beats = {{500, 500}}, .count = 1};

const struct bell_pattern *bell_pattern_by_name(const char *name)
{
    static const struct bell_pattern *const all[] = {&bell_pattern_steady, &bell_pattern_flash};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (name && strcmp(all[i]->name, name) == 0) return all[i];
    return NULL;
}

static bool span_valid(uint32_t ms)
{
    return ms >= BELL_SPAN_MIN_MS && ms <= BELL_SPAN_MAX_MS;
}

bool bell_pattern_valid(const struct bell_pattern *pattern)
{
    if (pattern->count > BELL_BEATS_MAX) return false;
    for (size_t i = 0; i < pattern->count; i++)
        if (!span_valid(pattern->beats[i].on_ms) || !span_valid(pattern->beats[i].off_ms)) return false;
    return true;
}

bool bell_pattern_at(const struct bell_pattern *pattern, int64_t elapsed_ms, int64_t *next_ms)
{
    *next_ms = INT64_MAX;
    if (pattern->count == 0 || !bell_pattern_valid(pattern)) return true;
    if (elapsed_ms < 0) elapsed_ms = 0;

    int64_t round_ms = 0;
    for (size_t i = 0; i < pattern->count; i++)
        round_ms += (int64_t)pattern->beats[i].on_ms + pattern->beats[i].off_ms;
    int64_t end_ms = pattern->repeats > 0 ? round_ms * (int64_t)pattern->repeats : INT64_MAX;
    if (elapsed_ms >= end_ms) return false;

    int64_t edge = elapsed_ms - elapsed_ms % round_ms;
    for (size_t i = 0; i < pattern->count; i++) {
        edge += pattern->beats[i].on_ms;
        *next_ms = edge;
        if (elapsed_ms < edge) return true;
        edge += pattern->beats[i].off_ms;
        *next_ms = edge < end_ms ? edge : INT64_MAX; /* off it stays */
        if (elapsed_ms < edge) return false;
    }
    return false; /* not reached: the elapsed time lies within the round */
}
