/* SPDX-License-Identifier: MIT */
#include "tests/unit/bell/memory_lines.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct gpio_chip {
    struct memory_chip *memory;
};
struct gpio_line {
    struct memory_chip *chip;
    struct memory_line *memory;
};

struct memory_chip memory_chips[MEMORY_CHIPS];
static int open_count;

void memory_reset(void)
{
    memset(memory_chips, 0, sizeof memory_chips);
    open_count = 0;
}

int memory_open_count(void)
{
    return open_count;
}

void memory_move(struct memory_line *line, bool high, int ago_ms)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    line->level = high;
    if (line->edge_count == MEMORY_EDGES) return; /* as the kernel: a full queue drops */
    int64_t at_ns = (int64_t)now.tv_sec * 1000000000 + now.tv_nsec - (int64_t)ago_ms * 1000000;
    line->edges[line->edge_count++] = (struct gpio_edge){.at_ns = (uint64_t)at_ns, .active = high != line->active_low};
}

const char *gpio_library_version(void)
{
    return "in memory";
}

const char *gpio_kernel_lacks(void)
{
    return "it lacks what the test says";
}

const char *gpio_kernel_remedy(void)
{
    return "Take another kernel.";
}

struct gpio_chip *gpio_chip_open(const char *path)
{
    struct memory_chip *memory = &memory_chips[strtoul(strstr(path, "gpiochip") + strlen("gpiochip"), NULL, 10)];
    errno = memory->open_errno ? memory->open_errno : ENOTTY;
    if (memory->open_errno || !memory->label) return NULL;
    struct gpio_chip *chip = calloc(1, sizeof *chip);
    if (!chip) abort();
    chip->memory = memory;
    open_count++;
    return chip;
}

void gpio_chip_close(struct gpio_chip *chip)
{
    if (!chip) return;
    open_count--;
    free(chip);
}

const char *gpio_chip_label(const struct gpio_chip *chip)
{
    return chip->memory->label;
}

unsigned gpio_chip_line_count(const struct gpio_chip *chip)
{
    (void)chip;
    return MEMORY_LINES;
}

int gpio_chip_find(struct gpio_chip *chip, const char *name)
{
    errno = chip->memory->find_errno ? chip->memory->find_errno : ENOENT;
    if (chip->memory->find_errno) return -1;
    for (int i = 0; i < MEMORY_LINES; i++)
        if (chip->memory->lines[i].name && strcmp(chip->memory->lines[i].name, name) == 0) return i;
    return -1;
}

void gpio_chip_consumer(struct gpio_chip *chip, unsigned offset, char *out, size_t size)
{
    const char *consumer = chip->memory->lines[offset].consumer;
    snprintf(out, size, "%s", consumer ? consumer : "");
    errno = ENODEV; /* libraries leave anything here */
}

static struct gpio_line *claim(struct gpio_chip *chip, unsigned offset, bool active_low)
{
    struct memory_line *memory = &chip->memory->lines[offset];
    errno = chip->memory->claim_errno ? chip->memory->claim_errno : EBUSY;
    if (chip->memory->claim_errno || memory->consumer) return NULL;
    struct gpio_line *line = calloc(1, sizeof *line);
    if (!line) abort();
    *line = (struct gpio_line){.chip = chip->memory, .memory = memory};
    memory->consumer = GPIO_CONSUMER;
    memory->active_low = active_low;
    free(chip); /* the line counts in its place */
    return line;
}

struct gpio_line *gpio_line_output(struct gpio_chip *chip, unsigned offset, bool active_low)
{
    struct gpio_line *line = claim(chip, offset, active_low);
    if (line) line->memory->level = active_low;
    return line;
}

struct gpio_line *gpio_line_button(struct gpio_chip *chip, unsigned offset, bool active_high)
{
    return claim(chip, offset, !active_high);
}

void gpio_line_release(struct gpio_line *line)
{
    if (!line) return;
    line->memory->consumer = NULL;
    open_count--;
    free(line);
}

int gpio_line_set(struct gpio_line *line, bool active)
{
    errno = line->chip->use_errno;
    if (errno) return -1;
    line->memory->level = active != line->memory->active_low;
    return 0;
}

int gpio_line_get(struct gpio_line *line)
{
    errno = line->chip->use_errno;
    return errno ? -1 : line->memory->level != line->memory->active_low;
}

int gpio_line_fd(const struct gpio_line *line)
{
    (void)line;
    return 77;
}

int gpio_line_edges(struct gpio_line *line, struct gpio_edge *out, size_t max)
{
    struct memory_line *memory = line->memory;
    errno = line->chip->use_errno;
    if (errno) return -1;
    size_t count = memory->edge_count < max ? memory->edge_count : max;
    memcpy(out, memory->edges, count * sizeof *out);
    memory->edge_count -= count;
    memmove(memory->edges, memory->edges + count, memory->edge_count * sizeof *out);
    return (int)count;
}
