/* SPDX-License-Identifier: MIT */
/*
 * The little of libgpiod that bells need, the same for both of its versions: bell_gpiod2.c and bell_gpiod1.c implement
 * it. Functions that fail leave the reason in errno. No call waits.
 */
#ifndef DRIVERS_BELL_GPIOD_GPIO_LINES_H
#define DRIVERS_BELL_GPIOD_GPIO_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GPIO_CONSUMER "servery"
enum { GPIO_NAME_SIZE = 32 }; /* the kernel's, with the NUL */

struct gpio_chip;
struct gpio_line;
struct gpio_edge {
    uint64_t at_ns; /* CLOCK_MONOTONIC */
    bool active;
};

const char *gpio_library_version(void);
/* What a kernel lacks that answers this library with EINVAL, and the remedy. */
const char *gpio_kernel_lacks(void);
const char *gpio_kernel_remedy(void);

/* NULL on failure; ENOTTY or ENODEV: no GPIO chip at all. Ended by gpio_chip_close() unless a request took it over. */
struct gpio_chip *gpio_chip_open(const char *path);
void gpio_chip_close(struct gpio_chip *chip);
const char *gpio_chip_label(const struct gpio_chip *chip); /* the chip's; never NULL */
unsigned gpio_chip_line_count(const struct gpio_chip *chip);
/* Offset of the first line of that name; -1 with ENOENT when there is none, with another errno when the chip does not
 * tell. */
int gpio_chip_find(struct gpio_chip *chip, const char *name);
/* Who holds the line, "" when the kernel does not say. */
void gpio_chip_consumer(struct gpio_chip *chip, unsigned offset, char *out, size_t size);

/* Claim a line: switched off, or watched for both edges with a pull to its idle level. On success the line owns the
 * chip. */
struct gpio_line *gpio_line_output(struct gpio_chip *chip, unsigned offset, bool active_low);
struct gpio_line *gpio_line_button(struct gpio_chip *chip, unsigned offset, bool active_high);
void gpio_line_release(struct gpio_line *line); /* NULL is fine */

int gpio_line_set(struct gpio_line *line, bool active);
int gpio_line_get(struct gpio_line *line); /* 1 active, 0 not, -1 failed */
int gpio_line_fd(const struct gpio_line *line);
/* The edges that wait, oldest first, `max` at the most; 0 when there are none, -1 on failure. */
int gpio_line_edges(struct gpio_line *line, struct gpio_edge *out, size_t max);

#endif
