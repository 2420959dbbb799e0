/* SPDX-License-Identifier: MIT */
/* GPIO chips in memory, in the place of libgpiod: what a real kernel cannot be made to do at will. */
#ifndef TESTS_UNIT_BELL_MEMORY_LINES_H
#define TESTS_UNIT_BELL_MEMORY_LINES_H

#include "drivers/bell_gpiod/gpio_lines.h"

enum { MEMORY_CHIPS = 12, MEMORY_LINES = 28, MEMORY_EDGES = 200 };

struct memory_line {
    const char *name;     /* NULL = none */
    const char *consumer; /* who holds it; NULL = free */
    bool active_low, level;
    struct gpio_edge edges[MEMORY_EDGES];
    size_t edge_count;
};
struct memory_chip {
    const char *label; /* NULL = not a GPIO chip */
    int open_errno, find_errno, claim_errno, use_errno;
    struct memory_line lines[MEMORY_LINES];
};

/* The chip behind "gpiochip<n>", for n below MEMORY_CHIPS. memory_reset() clears them all. */
extern struct memory_chip memory_chips[MEMORY_CHIPS];
void memory_reset(void);
/* How many chips and lines the driver has open. */
int memory_open_count(void);
/* The line takes a level `ago_ms` before now, and an edge is queued for it. */
void memory_move(struct memory_line *line, bool high, int ago_ms);

#endif
