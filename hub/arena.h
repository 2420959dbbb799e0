/* SPDX-License-Identifier: MIT */
/*
 * One request's memory: allocations are bumped off chunks and freed all at once. Not thread-safe.
 */
#ifndef HUB_ARENA_H
#define HUB_ARENA_H

#include <stdbool.h>
#include <stddef.h>

struct arena_chunk;
struct arena {
    struct arena_chunk *head; /* newest chunk */
    bool failed;              /* an allocation failed since init or reset: what was built must not be used */
};

void arena_init(struct arena *arena);
/* Frees all but one small chunk for the next use. */
void arena_reset(struct arena *arena);
void arena_finish(struct arena *arena);

/* Zeroed memory, aligned for any type. NULL (and `failed`) when memory is short. */
void *arena_alloc(struct arena *arena, size_t size);
/* An array of count elements of zeroed memory; NULL on overflow or no memory. */
void *arena_array(struct arena *arena, size_t count, size_t size);
/* Copies; NULL stays NULL. */
char *arena_strdup(struct arena *arena, const char *text);
char *arena_strndup(struct arena *arena, const char *text, size_t length);
char *arena_printf(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
